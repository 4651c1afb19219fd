"""The list of nodes while it is written: every node behind its arguments, each with its kind and its warm-up."""

from __future__ import annotations

from dataclasses import dataclass, field

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.checked import Checked
from stratc.compiler.check.grounds import OWN, Ground
from stratc.compiler.check.timing.known import default_parameters
from stratc.compiler.ir.nodes import (
    TRUTH_WORDS,
    Among,
    ArithmeticOperator,
    Book,
    Compare,
    Constant,
    Delay,
    Indicate,
    IsKnown,
    Kind,
    Logic,
    Node,
    NodeId,
    Of,
    OfLeg,
    Operation,
    Parameter,
    PriceStep,
    Reached,
    Sample,
    Select,
)
from stratc.compiler.ir.nodes import Arithmetic as ArithmeticOperation
from stratc.dsl.source import Span
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import Expression
from stratc.dsl.types import UNKNOWN, Type


@dataclass(slots=True)
class Builder:
    """Nodes in evaluation order, and which expression and which sequence became which node.

    `at` is the ground that is lowered on, `levels` how many levels of ladders have a number.
    """

    checked: Checked
    nodes: list[Node] = field(default_factory=list)
    made: dict[tuple[Expression, Ground], NodeId] = field(default_factory=dict)
    sequences: dict[str, NodeId] = field(default_factory=dict)
    at: Ground = OWN
    levels: int = 0

    def add(self, operation: Operation, arguments: tuple[NodeId, ...], span: Span) -> NodeId:
        node = Node(
            id=len(self.nodes),
            operation=operation,
            arguments=arguments,
            kind=self._kind(operation, arguments),
            span=span,
            warmup=self._warmup(operation, arguments),
            bars=None if isinstance(operation, Constant | Parameter | PriceStep | Of | OfLeg) else self.at.bars,
        )
        self.nodes.append(node)
        return node.id

    def warmup_of(self, node: NodeId) -> int:
        """The bars after which a node may be known; how many bars a longer one has depends on the data."""
        found = self.nodes[node]
        return found.warmup if found.bars is None else 1

    def constant(self, value: float, span: Span) -> NodeId:
        return self.add(Constant(value), (), span)

    def arithmetic(self, operator: ArithmeticOperator, span: Span, *arguments: NodeId) -> NodeId:
        return self.add(ArithmeticOperation(operator), arguments, span)

    def type_of(self, expression: Expression) -> Type:
        found = self.checked.types.get(expression, UNKNOWN)
        if found == UNKNOWN:
            raise StratcBug(f"an expression without a type was lowered: {expression}")
        return found

    def _kind(self, operation: Operation, arguments: tuple[NodeId, ...]) -> Kind:
        match operation:
            case Constant(value=value):
                return Kind.TRUTH if isinstance(value, bool) else Kind.NUMBER
            case Compare() | Logic() | IsKnown() | Among() | Reached():
                return Kind.TRUTH
            case Book(word=word):
                return Kind.TRUTH if word in TRUTH_WORDS else Kind.NUMBER
            case Delay() | Of() | OfLeg() | Sample():
                return self.nodes[arguments[0]].kind
            case Select():
                return self.nodes[arguments[1]].kind
            case _:
                return Kind.NUMBER

    def _warmup(self, operation: Operation, arguments: tuple[NodeId, ...]) -> int:
        counts = self.warmup_of if self.at.bars is None else (lambda node: self.nodes[node].warmup)
        base = max((counts(argument) for argument in arguments), default=1)
        match operation:
            case Of() | Sample():
                # The bars of another instrument are others, and longer ones too.
                return 1
            case Delay(bars=bars):
                return base + bars
            case Indicate(stem=stem, params=params):
                indicator = catalogue.lookup(stem)
                if indicator is None:
                    raise StratcBug(f"the standard library has no `{stem}`")
                return base + indicator.warmup(*default_parameters(indicator, params, self.checked.resolved)) - 1
            case _:
                return base
