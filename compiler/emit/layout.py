"""Where everything of a program stands in generated code: names, what is kept from bar to bar, what is looked up.

A node is called after its binding or its operation, and its id, so names are unique, readable and no word of C.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum

from stratc.compiler.ir.nodes import (
    Across,
    Anchor,
    Book,
    Column,
    Compare,
    ComparisonOperator,
    Constant,
    Datum,
    Delay,
    Follow,
    Indicate,
    IsKnown,
    Node,
    NodeId,
    Output,
    Parameter,
    PriceStep,
    Program,
    Select,
    Since,
    SinceEntry,
)
from stratc.compiler.ir.uses import (
    MEMORY,
    OTHERS,
    clock_requests,
    column_requests,
    comparing,
    ending_requests,
    joining,
    longer_bars,
    reach,
    reading_book,
    remembering,
    roots,
    sampling,
)
from stratc.dsl.stdlib import catalogue
from stratc.runtime.model.clock import HigherBar
from stratc.runtime.model.clock import Request as ClockRequest
from stratc.runtime.model.known import Request as KnownRequest
from stratc.runtime.model.record import record

COLUMNS = ("open", "high", "low", "close", "volume")
PLAIN = Constant | Parameter | PriceStep

# A ring keeps values of a node, one for each of the bars that its delays count: the program's own, or longer ones.
Ring = tuple[NodeId, HigherBar | None]


class Step(IntEnum):
    """When a value is computed: with its bar, with all bars of the moment, with what these came to."""

    BAR = 0
    JOINED = 1
    COMPARED = 2


@record
class Layout:
    """What is computed a bar, what is kept of it, and where.

    `remembered` nodes are computed on every bar, `kept` ones among them are read by rules; `rings` tells how many bars
    of a node are kept. `ends` are the clock requests that end orders, in the order of their bits in `book.ends`. Nodes
    on `longer` bars are computed when one closes, and `joined` ones, which read another instrument, when all bars of a
    moment are in; the `compared` ones among them when all other joined ones are. `shown` nodes are read of another
    instrument; of `sampled` ones longer bars take samples. `watched` nodes are computed a bar and written out, for
    tests and for explanations of a run.
    """

    program: Program
    names: tuple[str, ...]
    remembered: frozenset[NodeId]
    books: frozenset[NodeId]
    requests: tuple[ClockRequest | KnownRequest, ...]
    rings: Mapping[Ring, int]
    kept: frozenset[NodeId]
    ends: tuple[ClockRequest, ...]
    watched: tuple[NodeId, ...]
    longer: tuple[HigherBar, ...]
    joined: frozenset[NodeId]
    compared: frozenset[NodeId]
    shown: tuple[NodeId, ...]
    sampled: frozenset[NodeId]

    def node(self, node: NodeId) -> Node:
        return self.program.nodes[node]

    def step(self, node: NodeId) -> Step:
        """When a node on the program's own bars is computed."""
        if node in self.compared:
            return Step.COMPARED
        return Step.JOINED if node in self.joined else Step.BAR

    def clock(self, request: ClockRequest) -> str:
        return f"self.clock_{self.requests.index(request)}"

    def datum(self, request: KnownRequest) -> str:
        return f"self.datum_{self.requests.index(request)}"

    @property
    def times(self) -> int:
        """How many of the requests are of time, and answered by whole numbers; they come first."""
        return len(clock_requests(self.program))

    def input(self, name: str) -> str:
        index = [declared.name for declared in self.program.inputs].index(name)
        return f"input_{plain(name)}_{index}"

    def longer_name(self, bars: HigherBar) -> str:
        return f"longer_{self.longer.index(bars)}"

    def ring_name(self, ring: Ring) -> str:
        node, bars = ring
        return self.names[node] if bars is None else f"{self.names[node]}_{self.longer_name(bars)}"

    @property
    def columns(self) -> tuple[str, ...]:
        read = {node.operation.name for node in self.program.nodes if isinstance(node.operation, Column)}
        return tuple(name for name in COLUMNS if name in read or self.longer)


def plan(program: Program, watched: tuple[NodeId, ...] = ()) -> Layout:
    names = {binding.node: binding.name for binding in reversed(program.bindings)}
    rings: dict[Ring, int] = {}
    for node in program.nodes:
        if isinstance(node.operation, Delay):
            ring = node.arguments[0], node.bars
            rings[ring] = max(rings.get(ring, 0), node.operation.bars)
    joined, compared = joining(program), comparing(program)
    remembered = remembering(program) | reach(program, watched)
    shown = tuple(dict.fromkeys(node.arguments[0] for node in program.nodes if isinstance(node.operation, OTHERS)))
    return Layout(
        program=program,
        names=tuple(_name(names.get(node.id) or _hint(node), node.id) for node in program.nodes),
        remembered=remembered,
        books=reading_book(program),
        requests=column_requests(program),
        rings=rings,
        kept=_kept(program) | _handed_over(program, joined, remembered) | _handed_over(program, compared, remembered),
        ends=ending_requests(program),
        watched=watched,
        longer=longer_bars(program),
        joined=joined,
        compared=compared,
        shown=shown,
        sampled=sampling(program),
    )


def _kept(program: Program) -> frozenset[NodeId]:
    """The remembered nodes that rules read; an output is read of its indicator's state, the first of its value."""
    starts = asked(program, roots(program))
    read = {node for node in starts if isinstance(program.nodes[node].operation, MEMORY) and on_own(program, node)}
    sources = {program.nodes[node].arguments[0] for node in read if isinstance(program.nodes[node].operation, Output)}
    return frozenset(read | sources)


def _handed_over(program: Program, later: frozenset[NodeId], remembered: frozenset[NodeId]) -> frozenset[NodeId]:
    """What nodes that are computed later read of what was computed before: it is kept until then."""
    read = {argument for node in later & remembered for argument in program.nodes[node].arguments}
    sources = {program.nodes[node].arguments[0] for node in read if isinstance(program.nodes[node].operation, Output)}
    handed = (read | sources) - later
    return frozenset(node for node in handed if not isinstance(program.nodes[node].operation, PLAIN))


def is_first_output(program: Program, node: Node) -> bool:
    """Whether the node is the output that its indicator's own value is."""
    source = program.nodes[node.arguments[0]].operation
    indicator = catalogue.lookup(source.stem) if isinstance(source, Indicate) else None
    return (
        indicator is not None
        and isinstance(node.operation, Output)
        and (node.operation.name == indicator.outputs[0].name)
    )


def asked(program: Program, starts: Iterable[NodeId]) -> Mapping[NodeId, int]:
    """How often each node is read when `starts` are computed from what is remembered; arguments of memory are not."""
    uses: dict[NodeId, int] = {}
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        uses[node] = uses.get(node, 0) + 1
        if uses[node] == 1 and not is_looked_up(program.nodes[node]):
            waiting.extend(program.nodes[node].arguments * _mentions(program.nodes[node]))
    return uses


def is_looked_up(node: Node) -> bool:
    """Whether a node's value is found in some instrument's state instead of being computed where it is asked for."""
    return isinstance(node.operation, (*MEMORY, *OTHERS)) or node.bars is not None


def _mentions(node: Node) -> int:
    """How often the text of a node names each of its arguments: known and different needs two comparisons."""
    match node.operation:
        case Compare(operator=ComparisonOperator.EQUAL | ComparisonOperator.NOT_EQUAL) | IsKnown():
            return 2
        case Select():
            return 2
        case _:
            return 1


def on_own(program: Program, node: NodeId) -> bool:
    """Whether a node stands on the program's own bars."""
    return program.nodes[node].bars is None


def _hint(node: Node) -> str:
    match node.operation:
        case Column(name=name) | Parameter(name=name) | Output(name=name):
            return name
        case Indicate(stem=stem):
            return stem
        case Book(word=word):
            return word
        case Datum(request=request):
            return request.table
        case Delay():
            return "earlier"
        case Anchor(aggregate=aggregate) | SinceEntry(aggregate=aggregate):
            return aggregate
        case Follow():
            return "sequence"
        case Across(beside=beside):
            return f"{beside}_across"
        case Since(gathered=gathered):
            return f"{gathered}_since"
        case _:
            return type(node.operation).__name__.lower()


def _name(hint: str, node: NodeId) -> str:
    return f"{plain(hint)}_{node}"


def plain(name: str) -> str:
    """The name in letters that C takes, whatever script it is written in; made unique by a number beside it."""
    return re.sub("[^a-z0-9_]", "_", name.lower())
