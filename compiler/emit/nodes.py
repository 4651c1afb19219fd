"""Number nodes as C expressions: one function per kind of operation.

A `Scope` is one place of the generated code at which nodes are read: `signals`, a rule's condition, an intent. In it a
node that is read more than once is a local variable; what is remembered from bar to bar is a field of the instrument's
state. nan is unknown, and `known(x)` makes what is no finite number unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stratc.compiler.bug import StratcBug
from stratc.compiler.emit.layout import Layout, asked, is_first_output, is_looked_up
from stratc.compiler.ir.nodes import (
    Across,
    Anchor,
    Arithmetic,
    ArithmeticOperator,
    AtEntry,
    Book,
    Column,
    Constant,
    Datum,
    Delay,
    Follow,
    Indicate,
    Kind,
    Node,
    NodeId,
    Of,
    OfLeg,
    Output,
    Parameter,
    PriceStep,
    Select,
    Since,
    SinceEntry,
    Time,
)
from stratc.runtime.model.record import record

# An expression nested deeper is cut by a variable: compilers recurse.
NESTED_MAX: Final = 20
CLOSED = {ArithmeticOperator.ADD: "+", ArithmeticOperator.SUBTRACT: "-", ArithmeticOperator.MULTIPLY: "*"}
CALLED = {
    ArithmeticOperator.DIVIDE: "quotient",
    ArithmeticOperator.MINIMUM: "lesser",
    ArithmeticOperator.MAXIMUM: "greater",
}


@record
class Scope:
    """`row` is the text of the instrument's row; `variables` the nodes that are local variables here."""

    layout: Layout
    row: str
    variables: Mapping[NodeId, str]

    def node(self, node: NodeId) -> Node:
        return self.layout.node(node)


def rule_scope(layout: Layout, starts: tuple[NodeId, ...]) -> Scope:
    """The scope of a rule's condition or of an intent that reads `starts`."""
    uses = asked(layout.program, starts)
    depth: dict[NodeId, int] = {}
    variables: dict[NodeId, str] = {}
    for node in sorted(uses):
        computed = is_computed(layout.node(node))
        depth[node] = max((depth.get(argument, 0) for argument in layout.node(node).arguments), default=0) + computed
        if computed and (uses[node] > 1 or depth[node] > NESTED_MAX):
            variables[node] = layout.names[node]
            depth[node] = 0
    return Scope(layout=layout, row="row", variables=variables)


def is_computed(node: Node) -> bool:
    """Whether the node is worth a variable: it is no constant and no plain look-up."""
    plain = Constant | Column | Parameter | PriceStep | Time | Datum
    return not (is_looked_up(node) or isinstance(node.operation, plain))


def number(scope: Scope, node: NodeId) -> str:
    """The node's value as a C expression of type double."""
    if node in scope.variables:
        return scope.variables[node]
    if scope.node(node).bars is not None:
        return f"s.{scope.layout.names[node]}"
    return expression(scope, scope.node(node))


def expression(scope: Scope, node: Node) -> str:
    match node.operation:
        case Constant():
            return constant(node)
        case Parameter(name=name):
            return f"self.{scope.layout.input(name)}"
        case PriceStep(step=step):
            return f"s.{step}"
        case Column(name=name) if node.bars is not None:
            return f"s.{scope.layout.longer_name(node.bars)}.{name}"
        case Column(name=name):
            return f"self.{name}[{scope.row}]"
        case Time(request=request):
            return f"<double>{scope.layout.clock(request)}[{scope.row}]"
        case Datum(request=asked):
            return f"{scope.layout.datum(asked)}[{scope.row}]"
        case Book(word=word, leg=leg):
            said = f"word_{word}(book, {leg_place(leg)})"
            return said if leg is None else known_of_legs(scope.layout, said)
        case Arithmetic(operator=operator):
            return arithmetic(operator, [number(scope, argument) for argument in node.arguments])
        case Indicate() | Delay() | Anchor() | Follow() | Since() | SinceEntry() | Across() | AtEntry():
            return f"s.{scope.layout.names[node.id]}"
        case Output(name=name):
            return output(scope, node, name)
        case Select():
            # Conditions are made of numbers and these numbers of conditions: one of the two is imported late.
            from stratc.compiler.emit.truth import number_of_choice

            return number_of_choice(scope, node)
        case Of():
            return of_other(scope.layout, node)
        case OfLeg():
            return known_of_legs(scope.layout, of_other(scope.layout, node))
        case _:
            raise StratcBug(f"node {node.id}, {node.operation}, is no number")


def of_other(layout: Layout, node: Node) -> str:
    """What another instrument shows of itself; of longer bars it keeps the value anyway."""
    match node.operation:
        case Of(instrument=number):
            place = str(number)
        case OfLeg(leg=leg):
            place = leg_place(leg)
        case _:
            raise StratcBug(f"node {node.id} reads no other instrument")
    return f"self.state[{place}].{shown_field(layout, node.arguments[0])}"


def leg_place(leg: int | None) -> str:
    """The place of instrument `i`, or of a leg of its pair: pairs begin at even numbers."""
    return "i" if leg is None else "(i | 1)" if leg else "(i & -2)"


def known_of_legs(layout: Layout, text: str) -> str:
    """A number of a leg; what is only read stands behind the pairs and has none."""
    return f"({text} if i < {len(layout.program.instruments)} else NAN)" if layout.program.reads else text


def true_of_legs(layout: Layout, text: str) -> str:
    """The same of a condition, which is neither true nor false then."""
    return f"(i < {len(layout.program.instruments)} and {text})" if layout.program.reads else text


def shown_field(layout: Layout, node: NodeId) -> str:
    """Where an instrument shows a value of its bars to others."""
    return layout.names[node] + ("_shown" if layout.node(node).bars is None else "")


def constant(node: Node) -> str:
    if not isinstance(node.operation, Constant):
        raise StratcBug(f"node {node.id} is no constant")
    text = repr(float(node.operation.value))
    return f"({text})" if text.startswith("-") else text


def output(scope: Scope, node: Node, name: str) -> str:
    """A field of the indicator's state, read after its push; the first output is the push's result."""
    if is_first_output(scope.layout.program, node):
        return number(scope, node.arguments[0])
    return f"s.{scope.layout.names[node.arguments[0]]}_state.{name}"


def arithmetic(operator: ArithmeticOperator, values: list[str]) -> str:
    if operator is ArithmeticOperator.NEGATE:
        return f"(-{values[0]})"
    if operator is ArithmeticOperator.ABSOLUTE:
        return f"fabs({values[0]})"
    if operator in CLOSED:
        return f"known({f' {CLOSED[operator]} '.join(values)})"
    return f"{CALLED[operator]}({', '.join(values)})"


def kind_declaration(node: Node, name: str) -> str:
    """The declaration of a node's variable: truth values are -1, 0 and 1."""
    return f"cdef double {name}" if node.kind is Kind.NUMBER else f"cdef int {name}"
