"""What a program reads: the values of its nodes, bar after bar, and what a rule asks of them at its moment.

What depends only on bars is computed once a bar; what reads the account is computed where a rule needs it, so that a
rule sees the orders of the rules before it. What is remembered (delays, windows, indicators) of the account is its
value when the bar came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import Final, assert_never

from stratc.compiler.delegates import NO_GUARDS, Guards
from stratc.compiler.ir.meaning import calculate, combine, compare, compare_across
from stratc.compiler.ir.memory import LongerBar, Memory, Value, memory_of, numbers
from stratc.compiler.ir.nodes import (
    Across,
    Among,
    Anchor,
    Arithmetic,
    AtEntry,
    Book,
    Column,
    Compare,
    Constant,
    Datum,
    Delay,
    Follow,
    Indicate,
    IsKnown,
    Kind,
    Logic,
    Node,
    NodeId,
    Of,
    OfLeg,
    Output,
    Parameter,
    PriceStep,
    Program,
    Reached,
    Sample,
    Select,
    Since,
    SinceEntry,
    Step,
    Time,
)
from stratc.compiler.ir.uses import (
    SEEN,
    column_requests,
    comparing,
    ending_requests,
    joining,
    legs_of,
    longer_bars,
    reading_book,
    recomputed,
    remembering,
    roots,
    sampling,
    tried,
)
from stratc.dsl.stdlib import catalogue
from stratc.runtime.engine import words
from stratc.runtime.engine.book import Book as Account
from stratc.runtime.engine.columns import Columns
from stratc.runtime.model import clock
from stratc.runtime.model.clock import HigherBar

UNKNOWN: Final[dict[Kind, Value]] = {Kind.NUMBER: nan, Kind.TRUTH: None}


class Values:
    """The values of one run. `clocks` are sequences instead of the addresses that the generated class takes.

    `values` may be read: the values of the last bar, a list an instrument, by node id, unless they read the account.
    """

    def __init__(
        self,
        program: Program,
        columns: Columns,
        clocks: Sequence[Sequence[float]],
        parameters: Sequence[float],
        steps: Sequence[float],
        guards: Guards = NO_GUARDS,
    ) -> None:
        self.program, self.columns = program, columns
        self.instruments = len(steps) // len(Step)
        self.steps = [
            dict(zip(Step, steps[len(Step) * i : len(Step) * (i + 1)], strict=True)) for i in range(self.instruments)
        ]
        self.clocks = dict(zip(column_requests(program), clocks, strict=True))
        self.parameters = dict(zip((declared.name for declared in program.inputs), parameters, strict=True))
        self.books = reading_book(program)
        self.recomputed = {node: recomputed(program, node, self.books) for node in roots(program)}
        needed = remembering(program)
        computed = [node for node in program.nodes if node.id in needed or node.id not in self.books]
        joined, longer = joining(program), longer_bars(program)
        self.fixed = {
            node.id: (node.operation, node.kind)
            for node in computed
            if isinstance(node.operation, Constant | Parameter | PriceStep)
        }
        sampled = sampling(program)
        self.sampled = [node for node in computed if node.bars is None and node.id in sampled and node.id not in joined]
        computed = [node for node in computed if node.id not in self.fixed]
        of_bar = [node for node in computed if node.bars is None and node.id not in joined]
        self.per_bar = [node for node in of_bar if node.id not in sampled]
        compared = comparing(program)
        self.per_moment = [node for node in computed if node.id in joined - compared]
        self.compared = [node for node in computed if node.id in compared]
        self.per_close = {bars: [node for node in computed if node.bars == bars] for bars in longer}
        self.longer: list[dict[HigherBar, LongerBar]] = [{} for _ in range(self.instruments)]
        self.memory: list[dict[NodeId, Memory]] = [{} for _ in range(self.instruments)]
        self.values: list[list[Value]] = [[] for _ in range(self.instruments)]
        self.outputs: list[dict[NodeId, tuple[float, ...]]] = [{} for _ in range(self.instruments)]
        for i in range(self.instruments):
            self.begin_again(None, i)
        self.rows, self.ends = [0] * self.instruments, ending_requests(program)
        self.deny_opening = guards.deny_opening
        self.observe_order = guards.observe_order
        self.observe_order_done = guards.observe_order_done
        self.observe_fill = guards.observe_fill
        self.observe_locate = guards.observe_locate
        self.observe_flow = guards.observe_flow
        self.observe_new_day = guards.observe_new_day
        self.observe_mark = guards.observe_mark

    @property
    def values_a_bar(self) -> int:
        """How many values are computed on each bar."""
        return len(self.per_bar) + len(self.sampled) + len(self.per_moment) + len(self.compared)

    def begin_again(self, book: Account | None, i: int) -> None:
        """Nothing is remembered of instrument `i`."""
        kept = ((node.id, memory_of(node, self.parameters)) for node in self.program.nodes)
        self.memory[i] = {node: memory for node, memory in kept if memory}
        self.longer[i] = {bars: LongerBar() for bars in self.per_close}
        self.values[i], self.outputs[i] = [UNKNOWN[node.kind] for node in self.program.nodes], {}
        for fixed, (operation, kind) in self.fixed.items():
            self.values[i][fixed] = self._fixed_value(i, operation, kind)

    def signals(self, book: Account, r: int, i: int) -> None:
        """Takes in bar `r` of instrument `i`, after its fills and its mark."""
        self.rows[i] = r
        for bars in self.per_close:
            self._begin(book, i, bars)
        self._evaluate(book, i, self.sampled)
        for bars in self.per_close:
            self._take_in(book, i, bars)
        self._evaluate(book, i, self.per_bar)
        if self.ends:
            book.ends[i] = sum(1 << bit for bit, request in enumerate(self.ends) if self.clocks[request][r] == 1)
        if self.program.entry_hours:
            request, start, end = self.program.entry_hours
            second = self.clocks[request][r]
            inside = start <= second < end if start < end else second >= start or second < end
            book.outside_hours[i] = 0 if inside else 1

    def _evaluate(self, book: Account, i: int, nodes: Sequence[Node]) -> None:
        for node in nodes:
            self.values[i][node.id] = self._on_bar(book, i, node)

    def _phase(self, i: int, bars: HigherBar) -> int:
        return int(self.clocks[clock.Window(kind=bars)][self.rows[i]])

    def _begin(self, book: Account, i: int, bars: HigherBar) -> None:
        """Begins a longer bar; the one before, where its last part is missing, closes with the first bar after it."""
        if self._phase(i, bars) & clock.BEGUN:
            longer = self.longer[i][bars]
            self._evaluate(book, i, self.per_close[bars] if longer.taken else ())
            longer.begin()

    def _take_in(self, book: Account, i: int, bars: HigherBar) -> None:
        """Joins the bar to the longer one, and what is sampled on it; the last one closes it."""
        longer, phase = self.longer[i][bars], self._phase(i, bars)
        if phase & clock.INSIDE and longer.begun:
            longer.take(*(float(getattr(self.columns, SEEN[name])[self.rows[i]]) for name in LongerBar.COLUMNS))
            longer.samples = {node.id: self.values[i][node.id] for node in self.sampled}
        if phase & clock.ENDED and longer.taken:
            self._evaluate(book, i, self.per_close[bars])
            longer.end()

    def _on_bar(self, book: Account, i: int, node: Node) -> Value:
        """The node's value when the bar comes in, from the values before it in the list."""
        given = [self.values[i][argument] for argument in node.arguments]
        memory = self.memory[i].get(node.id)
        if memory is None:
            return self._value(book, i, node, given)
        if isinstance(node.operation, Anchor):
            given.append(float(self.clocks[node.operation.window][self.rows[i]]))
        if isinstance(node.operation, SinceEntry):
            given.append(float(words.phase_since_entry(book, i)))
        if isinstance(node.operation, AtEntry):
            given.append(float(words.phase_at_entry(book, i)))
        result = memory.push(given)
        if isinstance(result, tuple):
            self.outputs[i][node.id] = result
            return result[0]
        return result

    def _value(self, book: Account, i: int, node: Node, given: Sequence[Value]) -> Value:
        """The value of a node without memory, from the values of its arguments."""
        match node.operation:
            case Arithmetic(operator=arithmetic):
                return calculate(arithmetic, numbers(given))
            case Compare(operator=comparison):
                return compare(comparison, *given)
            case Logic(operator=logic):
                return combine(logic, [None if value is None else bool(value) for value in given])
            case Book(leg=int()) | OfLeg() if i >= len(self.program.instruments):
                return UNKNOWN[node.kind]  # what is only read has no legs
            case Book(word=word, leg=leg):
                said: Value = getattr(words, f"word_{word}")(book, i if leg is None else i // 2 * 2 + leg)
                return said
            case Column(name=name) if node.bars is not None:
                return self.longer[i][node.bars].value(name)
            case Sample():
                assert node.bars is not None
                return self.longer[i][node.bars].samples[node.arguments[0]]
            case Column(name=name):
                return float(getattr(self.columns, SEEN[name])[self.rows[i]])
            case Time(request=request) | Datum(request=request):
                return float(self.clocks[request][self.rows[i]])
            case IsKnown():
                return given[0] is not None and given[0] == given[0]
            case Among(instruments=those):
                return i in those
            case Select():
                return UNKNOWN[node.kind] if given[0] is None else given[1] if given[0] else given[2]
            case Of(instrument=number):
                return self.values[number][node.arguments[0]]
            case OfLeg(leg=leg):
                return self.values[i // 2 * 2 + leg][node.arguments[0]]
            case Across(beside=beside):
                place = i // 2 if self.program.pairs else i
                return compare_across(beside, place, self._of_all(book, node.arguments[0]))
            case Output(name=name):
                return self._output(i, node.arguments[0], name)
            case Reached(step=step):
                return bool(int(given[0] or 0) >> step & 1)
            case Constant() | Parameter() | PriceStep():
                return self.values[i][node.id]
            case Indicate() | Delay() | Anchor() | Follow() | Since() | SinceEntry() | AtEntry():
                return self.values[i][node.id]
            case _:
                assert_never(node.operation)

    def _fixed_value(self, i: int, operation: Constant | Parameter | PriceStep, kind: Kind) -> Value:
        """What never changes in a run."""
        match operation:
            case Constant(value=value):
                return value
            case Parameter(name=name):
                value = self.parameters[name]
                return value if kind is Kind.NUMBER else value != 0.0
            case PriceStep(step=size):
                return self.steps[i][size]

    def _of_all(self, book: Account, node: NodeId) -> list[Value]:
        """A node's value for each traded instrument, or pair, unknown where it has no bar at this moment."""
        return [self.values[j][node] if self.is_fresh(book, j) else None for j in tried(self.program)]

    def is_fresh(self, book: Account, i: int) -> bool:
        """Whether what rules are tried for has a bar at this moment: an instrument, or both legs of a pair."""
        return all(book.fresh[j] for j in legs_of(self.program, i))

    def _output(self, i: int, source: NodeId, name: str) -> float:
        operation = self.program.nodes[source].operation
        assert isinstance(operation, Indicate)
        indicator = catalogue.lookup(operation.stem)
        assert indicator is not None
        values = self.outputs[i].get(source, numbers([self.values[i][source]]) * len(indicator.outputs))
        return values[[output.name for output in indicator.outputs].index(name)]

    def asked(self, book: Account, i: int, node: NodeId) -> Value:
        """The node's value at this moment, for a rule."""
        values, fresh = self.values[i], dict[NodeId, Value]()
        for each in self.recomputed[node]:
            asked = self.program.nodes[each]
            given = [fresh[a] if a in self.books else values[a] for a in asked.arguments]
            fresh[each] = self._value(book, i, asked, given)
        return fresh[node] if node in self.books else values[node]

    def number(self, book: Account, i: int, node: NodeId | None) -> float:
        """An amount or a price, nan where unknown; 0 where the intent has none, and says so by its kind."""
        return 0.0 if node is None else numbers([self.asked(book, i, node)])[0]

    def join_bars(self, book: Account) -> None:
        """All bars of a moment are in: what reads other instruments is computed."""
        for nodes in (self.per_moment, self.compared):
            for i in range(self.instruments if nodes else 0):
                if book.fresh[i]:
                    self._evaluate(book, i, nodes)
