"""What nodes with memory keep from bar to bar: indicators, delays, windows, sequences and what entries keep.

Each takes a bar's argument values in and gives the node's value on that bar. Generated code keeps the same in structs
of C; these are the definition.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from math import isnan, nan
from typing import Final, Protocol, assert_never

from stratc.compiler.bug import StratcBug
from stratc.compiler.ir.meaning import Progress, Truth, calculate, follow, gather, known
from stratc.compiler.ir.nodes import (
    Aggregate,
    Anchor,
    ArithmeticOperator,
    AtEntry,
    Delay,
    Follow,
    Gathered,
    Indicate,
    Kind,
    Node,
    NodeId,
    Since,
    SinceEntry,
)
from stratc.dsl.stdlib import catalogue
from stratc.runtime.model.clock import BEGUN, ENDED, INSIDE

Value = float | Truth


def numbers(values: Sequence[Value]) -> tuple[float, ...]:
    """Values as doubles, nan where unknown."""
    return tuple(nan if value is None else float(value) for value in values)


class Memory(Protocol):
    """What a node keeps from bar to bar: the bar's argument values in, the node's value out."""

    def push(self, values: Sequence[Value]) -> Value | tuple[float, ...]: ...


class Ring:
    """The argument's values of the last bars."""

    def __init__(self, bars: int, unknown: Value) -> None:
        self.values: deque[Value] = deque([unknown] * bars, maxlen=bars)

    def push(self, values: Sequence[Value]) -> Value:
        oldest = self.values[0]
        self.values.append(values[0])
        return oldest


class Feed:
    """The series that an indicator's reference pulls from: always the present bar's value."""

    value: float = nan

    def __iter__(self) -> Iterator[float]:
        return self

    def __next__(self) -> float:
        return self.value


class Driven:
    """An indicator's reference, driven a bar at a time."""

    def __init__(self, stem: str, params: Sequence[float]) -> None:
        indicator = catalogue.lookup(stem)
        if indicator is None:
            raise StratcBug(f"no indicator is called {stem}")
        self.feeds = [Feed() for _ in indicator.inputs]
        given = [int(value) if param.whole else value for param, value in zip(indicator.params, params, strict=True)]
        self.results = indicator.reference(*self.feeds, *given)

    def push(self, values: Sequence[Value]) -> float | tuple[float, ...]:
        for feed, value in zip(self.feeds, numbers(values), strict=True):
            feed.value = value
        result: float | tuple[float, ...] = next(self.results)
        return result


class LongerBar:
    """The bar that is being joined from shorter ones: its columns, of which an unknown part makes the whole unknown,
    and what was sampled on the last of them."""

    COLUMNS: Final = ("open", "high", "low", "close", "volume")

    def __init__(self) -> None:
        self.begun = False
        self.taken = 0
        self.samples: dict[NodeId, Value] = {}
        self.columns: tuple[float, ...] = (nan,) * len(self.COLUMNS)

    def begin(self) -> None:
        self.begun, self.taken = True, 0

    def end(self) -> None:
        self.begun, self.taken = False, 0

    def take(self, opened: float, high: float, low: float, close: float, volume: float) -> None:
        self.taken += 1
        if self.taken == 1:
            self.columns = opened, high, low, close, volume
            return
        first, highest, lowest, _, total = self.columns
        highest = calculate(ArithmeticOperator.MAXIMUM, (highest, high))
        lowest = calculate(ArithmeticOperator.MINIMUM, (lowest, low))
        self.columns = first, highest, lowest, close, calculate(ArithmeticOperator.ADD, (total, volume))

    def value(self, name: str) -> float:
        return self.columns[self.COLUMNS.index(name)]


class Window:
    """An aggregate over an anchored window; the second value pushed is the bar's phase."""

    def __init__(self, aggregate: Aggregate) -> None:
        self.aggregate = aggregate
        self.total = self.published = nan
        self.count = 0

    def push(self, values: Sequence[Value]) -> float:
        value, phase = values[0], int(values[1] or 0)
        if phase & BEGUN:
            self.total = self.published = nan
            self.count = 0
        if phase & INSIDE and not (value is None or value is False or isnan(value)):
            self.total = self._with(float(value))
            self.count += 1
        if phase & ENDED:
            self.published = float(self.count) if self.aggregate is Aggregate.COUNT else known(self.total)
        return self.published

    def _with(self, value: float) -> float:
        if self.count == 0:
            return value
        match self.aggregate:
            case Aggregate.HIGHEST:
                return value if value > self.total else self.total
            case Aggregate.LOWEST:
                return value if value < self.total else self.total
            case Aggregate.FIRST:
                return self.total
            case Aggregate.LAST | Aggregate.COUNT:
                return value
            case Aggregate.SUM:
                return self.total + value
            case _:
                assert_never(self.aggregate)


class Following:
    """How far a sequence has come; the values pushed are its steps' conditions and, last, the one that cancels it."""

    def __init__(self, operation: Follow) -> None:
        self.operation = operation
        self.progress = Progress()

    def push(self, values: Sequence[Value]) -> float:
        holds = [None if value is None else bool(value) for value in values]
        cancel = holds.pop() if self.operation.cancel else False
        self.progress, came_true = follow(self.operation.steps, self.progress, holds, cancel)
        return float(came_true)


class Gatherer:
    """What was gathered since a condition was last true; the values pushed are the condition and, if any, a number."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self.value = nan

    def push(self, values: Sequence[Value]) -> float:
        begins = None if values[0] is None else bool(values[0])
        value = numbers(values[1:])[0] if len(values) > 1 else nan
        self.value = gather(self.gathered, self.value, begins, value)
        return self.value


class AtDecision:
    """A number at the decision that opened the position; pushed are it, what it was a bar ago, and the phase."""

    def __init__(self) -> None:
        self.held = nan

    def push(self, values: Sequence[Value]) -> float:
        now, before, phase = numbers(values)
        self.held = hold(self.held, now, before, int(phase))
        return self.held if int(phase) & 4 else nan


def hold(held: float, now: float, before: float, phase: int) -> float:
    """1, the bar is flat: its value is kept; 2, that of the bar before; 4, there is a position."""
    return now if phase & 1 else before if phase & 2 else held


def memory_of(node: Node, parameters: Mapping[str, float]) -> Memory | None:
    """What a node keeps from bar to bar, as it is before the first; None where it keeps nothing."""
    match node.operation:
        case Indicate(stem=stem, params=params):
            return Driven(stem, [parameters[param] if isinstance(param, str) else param for param in params])
        case Delay(bars=bars):
            return Ring(bars, nan if node.kind is Kind.NUMBER else None)
        case Anchor(aggregate=aggregate) | SinceEntry(aggregate=aggregate):
            return Window(aggregate)
        case Follow() as operation:
            return Following(operation)
        case AtEntry():
            return AtDecision()
        case Since(gathered=gathered):
            return Gatherer(gathered)
        case _:
            return None
