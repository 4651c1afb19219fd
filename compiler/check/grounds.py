"""Grounds: on which bars a value stands, and what can be read of another instrument or of longer bars.

A ground is an instrument and a length of bars: the rule's own, or those that `of QQQ` and `on 1 day` name. What is
calculated over several bars (an indicator, a history, a condition that lasts) is calculated on the ground of all that
it reads, where there is only one: `sma(close of QQQ, 20)` averages 20 bars of QQQ, `sma(close on 1 day, 20)` 20 days.
Where the grounds differ it is calculated on the rule's own bars. What begins anew with each session, a window or
`vwap()`, is always made of the rule's own bars: on longer ones it is its value when each of them closed. Assumes that
bindings can be followed; those that cannot stand on no ground.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stratc.compiler.resolve.header import SECONDS
from stratc.compiler.resolve.symbols import DAY_SECONDS, Resolved
from stratc.compiler.resolve.words import BUILT_IN, COLUMNS, WORDS
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import (
    AtEntry,
    Baseline,
    Call,
    ChangesSign,
    Expression,
    HeldFor,
    History,
    InUniverse,
    LastClose,
    Member,
    Name,
    Node,
    Number,
    OfInstrument,
    OnBars,
    Over,
    SinceEntry,
    children,
)
from stratc.dsl.types import EACH
from stratc.runtime.model.clock import HigherBar, Period, PeriodOfSessions, SessionPart
from stratc.runtime.model.record import record


@record
class Ground:
    """The symbol of an instrument, or `EACH` for the one that the rule is tried for; None for the program's bars."""

    instrument: str
    bars: HigherBar | None


OWN: Final = Ground(instrument=EACH, bars=None)
PERIODS: Final = {"week": Period.WEEK, "month": Period.MONTH}


def higher_bar(interval: Number, base_seconds: int) -> HigherBar | None:
    """The longer bars that `on 1 day` names; None where bars of `base_seconds` cannot be joined to them."""
    if interval.unit in PERIODS and interval.value == 1:
        return PeriodOfSessions(period=PERIODS[interval.unit])
    seconds = interval.value * SECONDS.get(interval.unit, 0)
    whole = int(seconds)
    fits = whole == seconds and base_seconds and whole > base_seconds and whole % base_seconds == 0
    return SessionPart(seconds=whole) if fits and DAY_SECONDS % whole == 0 else None


def grounds(node: Node, resolved: Resolved, at: Ground = OWN) -> frozenset[Ground]:
    """Where all that a value reads stands, when it is itself read on `at`; nothing for what reads no bars."""
    found = _own_grounds(node, resolved)
    return found if at == OWN else frozenset(_moved(ground, at) for ground in found)


def _own_grounds(node: Node, resolved: Resolved) -> frozenset[Ground]:
    """Where a value stands by itself, found once: functions written out share their parts many times over."""
    known: frozenset[Ground] | None = resolved.remembered.get(node)
    if known is None:
        found = {OWN} if reads_bar(node, resolved) else set()
        for child in below(node, resolved):
            found |= grounds(child, resolved, _ground_below(node, resolved))
        known = resolved.remembered[node] = frozenset(found)
    return known


def _moved(ground: Ground, at: Ground) -> Ground:
    """A ground of something that is itself read on `at`."""
    return Ground(
        instrument=at.instrument if ground.instrument == EACH else ground.instrument,
        bars=at.bars if ground.bars is None else ground.bars,
    )


def _ground_below(node: Node, resolved: Resolved) -> Ground:
    match node:
        case OfInstrument(instrument=named):
            return Ground(instrument=named.symbol, bars=None)
        case OnBars(interval=interval):
            return Ground(instrument=EACH, bars=higher_bar(interval, resolved.header.interval_seconds))
        case _:
            return OWN


def below(node: Node, resolved: Resolved) -> Iterator[Node]:
    """What a value is computed from, bindings followed; names of functions, outputs and instruments are none."""
    match node:
        case Name(text=text):
            value = resolved.binding(text)
            if value is not None:
                yield value
        case Call(arguments=arguments):
            yield from (argument.value for argument in arguments)
        case Member(base=base):
            yield base
        case LastClose():
            return
        case _:
            yield from children(node)


def reads_bar(node: Node, resolved: Resolved) -> bool:
    """Whether a value reads the bar or the account itself, not through its parts."""
    match node:
        case Name(text=text):
            return (text in WORDS and text not in resolved.declared) or resolved.table(text) is not None
        case Call():
            return bool(columns_of(node))
        case LastClose() | Baseline() | InUniverse() | AtEntry():
            return True
        case _:
            return False


def columns_of(call: Call) -> tuple[str, ...]:
    """The columns of the bar that a call reads without naming them."""
    indicator = None if call.function.text in BUILT_IN else catalogue.lookup(call.function.text)
    return () if indicator is None else tuple(item.column for item in indicator.inputs if item.column)


def place_of(node: Expression, resolved: Resolved, at: Ground) -> Ground:
    """The ground on which a value is calculated when it is read on `at`."""
    if at.bars is not None and is_anchored(node, resolved):
        return Ground(instrument=at.instrument, bars=None)
    if not isinstance(node, Call | History | HeldFor | ChangesSign | Member | OfInstrument | OnBars):
        return at
    found = grounds(node, resolved, at)
    instruments, bars = {ground.instrument for ground in found}, {ground.bars for ground in found}
    return Ground(
        instrument=instruments.pop() if len(instruments) == 1 else at.instrument,
        bars=bars.pop() if len(bars) == 1 else at.bars,
    )


def is_anchored(node: Node, resolved: Resolved) -> bool:
    """Whether a value begins anew at a moment of the clock, so that it is made of the rule's own bars wherever it is
    read."""
    match node:
        case Over(window=SinceEntry()):
            return False
        case Over():
            return True
        case Call():
            return "session_start" in columns_of(node)
        case Member(base=Name(text=text)):
            bound = resolved.binding(text)
            return bound is not None and is_anchored(bound, resolved)
        case Member(base=base):
            return is_anchored(base, resolved)
        case _:
            return False


def counts_sessions(node: History, resolved: Resolved) -> bool:
    """`close[2 sessions]` on bars shorter than a day; on daily ones a session is a bar."""
    header = resolved.header
    return bool(header.interval_seconds) and not header.daily and unit_of(node.offset, resolved) == "session"


def unit_of(offset: Expression, resolved: Resolved) -> str:
    """The unit that a history is counted in, without its plural; empty where none is written."""
    units = (each.unit for each in reached(offset, resolved) if isinstance(each, Number) and each.unit)
    return next(units, "").removesuffix("s")


def account_words(node: Node, resolved: Resolved) -> Iterator[Node]:
    """The parts of a value that no bar of an instrument tells: words of the account and of the clock, and
    tables of the whole market."""
    for each in reached(node, resolved):
        match each:
            case Name(text=text) if (table := resolved.table(text)) is not None:
                if not table.each:
                    yield each
            case Name(text=text) if reads_bar(each, resolved) and text not in COLUMNS:
                yield each
            case AtEntry():
                yield each
            case LastClose() | Baseline() | Over(window=SinceEntry()):
                yield each
            case _:
                pass


def reached(node: Node, resolved: Resolved) -> Iterator[Node]:
    """A value and everything that it is computed from, each once."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting.extend(below(each, resolved))
