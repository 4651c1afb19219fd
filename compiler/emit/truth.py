"""Truth nodes by polarity: Kleene's logic at no cost.

`is_true` and `is_false` write the C condition under which a node is true, and under which it is false; where neither
holds it is unknown. A comparison with nan is false in C, so `a > b` is exactly "known and greater", and `not` only
changes sides. Truth values that are kept are -1, 0 (unknown) and 1.
"""

from __future__ import annotations

from stratc.compiler.bug import StratcBug
from stratc.compiler.emit.nodes import Scope, leg_place, number, of_other, true_of_legs
from stratc.compiler.ir.nodes import (
    Among,
    Book,
    Compare,
    ComparisonOperator,
    Constant,
    Delay,
    IsKnown,
    Kind,
    Logic,
    LogicOperator,
    Node,
    NodeId,
    Of,
    OfLeg,
    Parameter,
    Reached,
    Select,
)

OPPOSITE = {
    ComparisonOperator.LESS: ">=",
    ComparisonOperator.LESS_EQUAL: ">",
    ComparisonOperator.GREATER: "<=",
    ComparisonOperator.GREATER_EQUAL: "<",
}


def number_of_choice(scope: Scope, node: Node) -> str:
    """A number that depends on a truth value, unknown where that is."""
    given, then, otherwise = node.arguments
    rest = f"({number(scope, otherwise)} if {is_false(scope, given)} else NAN)"
    return f"({number(scope, then)} if {is_true(scope, given)} else {rest})"


def is_true(scope: Scope, node: NodeId) -> str:
    return _condition(scope, node, wanted=True)


def is_false(scope: Scope, node: NodeId) -> str:
    return _condition(scope, node, wanted=False)


def kleene(scope: Scope, node: Node) -> str:
    """The node's value as -1, 0 or 1."""
    return f"1 if {_fresh(scope, node, wanted=True)} else (-1 if {_fresh(scope, node, wanted=False)} else 0)"


def _condition(scope: Scope, node: NodeId, *, wanted: bool) -> str:
    if node in scope.variables:
        return f"{scope.variables[node]} {'>' if wanted else '<'} 0"
    if scope.node(node).bars is not None:
        return f"s.{scope.layout.names[node]} {'>' if wanted else '<'} 0"
    return _fresh(scope, scope.node(node), wanted=wanted)


def _fresh(scope: Scope, node: Node, *, wanted: bool) -> str:
    match node.operation:
        case Constant(value=value):
            return "True" if bool(value) is wanted else "False"
        case Parameter(name=name):
            return f"self.{scope.layout.input(name)} {'!=' if wanted else '=='} 0.0"
        case Book(word=word, leg=leg):
            said = f"{'' if wanted else 'not '}word_{word}(book, {leg_place(leg)})"
            return said if leg is None else true_of_legs(scope.layout, said)
        case Delay():
            return f"s.{scope.layout.names[node.id]} {'>' if wanted else '<'} 0"
        case Reached(step=step):
            bit = f"<long>{number(scope, node.arguments[0])} & {1 << step}"
            return f"({bit}) {'!=' if wanted else '=='} 0"
        case Among(instruments=those):
            return f"({' or '.join(f'i == {each}' for each in those)})" if wanted else _none_of(those)
        case IsKnown():
            return _known(scope, node.arguments[0], wanted=wanted)
        case Of():
            return f"{of_other(scope.layout, node)} {'>' if wanted else '<'} 0"
        case OfLeg():
            return true_of_legs(scope.layout, f"{of_other(scope.layout, node)} {'>' if wanted else '<'} 0")
        case Select():
            given, then, otherwise = node.arguments
            first = f"{is_true(scope, given)} and {_condition(scope, then, wanted=wanted)}"
            second = f"{is_false(scope, given)} and {_condition(scope, otherwise, wanted=wanted)}"
            return f"(({first}) or ({second}))"
        case Compare(operator=operator):
            if scope.node(node.arguments[0]).kind is Kind.TRUTH:
                return _alike(scope, node, wanted=wanted is (operator is ComparisonOperator.EQUAL))
            return _comparison(scope, node, operator, wanted=wanted)
        case Logic(operator=LogicOperator.NOT):
            return _condition(scope, node.arguments[0], wanted=not wanted)
        case Logic(operator=logic):
            # A conjunction is true when all are true and false when one is false; a disjunction mirrors it.
            joint = "and" if (logic is LogicOperator.AND) is wanted else "or"
            parts = [_condition(scope, argument, wanted=wanted) for argument in node.arguments]
            return parts[0] if len(parts) == 1 else f"({f' {joint} '.join(parts)})"
        case _:
            raise StratcBug(f"node {node.id}, {node.operation}, is no truth value")


def _none_of(those: tuple[int, ...]) -> str:
    return f"({' and '.join(f'i != {each}' for each in those)})"


def _known(scope: Scope, argument: NodeId, *, wanted: bool) -> str:
    if scope.node(argument).kind is Kind.NUMBER:
        return f"{'not ' if wanted else ''}isnan({number(scope, argument)})"
    either = f"({is_true(scope, argument)} or {is_false(scope, argument)})"
    return either if wanted else f"not {either}"


def _comparison(scope: Scope, node: Node, operator: ComparisonOperator, *, wanted: bool) -> str:
    left, right = (number(scope, argument) for argument in node.arguments)
    match operator:
        case ComparisonOperator.EQUAL | ComparisonOperator.NOT_EQUAL:
            if wanted is (operator is ComparisonOperator.EQUAL):
                return f"{left} == {right}"
            # Not `!=`, which is true of nan.
            return f"({left} < {right} or {left} > {right})"
        case _:
            return f"{left} {operator if wanted else OPPOSITE[operator]} {right}"


def _alike(scope: Scope, node: Node, *, wanted: bool) -> str:
    """Two truth values that are known and equal, or known and different."""
    left, right = node.arguments
    pairs = ((True, wanted), (False, not wanted))
    both = [f"({_condition(scope, left, wanted=a)} and {_condition(scope, right, wanted=b)})" for a, b in pairs]
    return f"({' or '.join(both)})"
