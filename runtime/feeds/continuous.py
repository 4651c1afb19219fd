"""Continuous futures: from the bars of single contracts to the prices of one root, rolls included.

What is traded at any time are the bars of one contract, as they were. What a strategy reads are the same bars on one
scale: a roll's gap, new close less old close at the last common close, is taken off everything that follows (by
difference), or everything that follows is multiplied by old over new (by ratio). So a value that was read once never
changes, and at every bar the past lies where a chart that is adjusted back from this very contract would have it: only
rolls that are done are in it, whatever data come later.

A roll by volume or open interest looks at whole sessions that are over: it happens at the close of the session after
the one in which the next contract had more. At the latest it happens on the day that the rule names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.bars import BarTable
from stratc.runtime.feeds.clock import clock_columns
from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.clock import TradingDate
from stratc.runtime.model.contracts import Adjustment, Contract, LeaveRule, RollBy, RollRule, last_session
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, Session
from stratc.runtime.model.zone import date_of, days_since_epoch

if TYPE_CHECKING:
    import polars as pl

PRICES: Final = ("open", "high", "low", "close")
# Prices as near to a whole tick as this lie on it, as in `engine.quantize`.
GRID: Final = 0.001
COLUMNS: Final = ("opens_ns", "closes_ns", *PRICES, "volume")


@record
class Held:
    """A contract and its bars."""

    contract: Contract
    table: BarTable


@record
class Turn:
    """From `old` to `new` (None: out of the last) between bar `bar` - 1 and bar `bar`, at these closes, and why then.

    What the strategy reads from then on is `(price - shift) x scale`. A way out happens at the close of bar `bar`.
    """

    bar: int
    day: date
    old: str
    new: str | None
    old_close: float
    new_close: float
    shift_ticks: int
    scale: float
    why: str


@record
class Signals:
    """Open, high, low and close as the strategy reads them, bar for bar those of the table."""

    open: pl.Series
    high: pl.Series
    low: pl.Series
    close: pl.Series


@record
class Continuous:
    """A root's bars, each of the contract that was held then, and what the strategy reads in their place."""

    table: BarTable
    signals: Signals | None
    turns: tuple[Turn, ...]
    first: str


@record
class _Stretch:
    """Bars `start` to `stop` of one contract, and the last day in it with the reason for leaving it."""

    held: Held
    start: int
    stop: int
    day: date
    why: str


def continuous(root: str, contracts: Sequence[Held], rule: RollRule, sessions: Calendar, tick: float) -> Continuous:
    """The root's bars under the rule; raises `DataRefused` where two contracts have no close in common at a roll."""
    days = [_days(held.table, sessions) for held in contracts]
    stretches = list(_stretches(contracts, days, rule, sessions))
    if not stretches:
        message = "no contract has bars before it must be left"
        raise DataRefused("D021", message, source=root, row=None, remedy="add earlier contracts, or another roll")
    turns = _turns(stretches, rule, tick)
    table = _joined(root, stretches)
    return Continuous(
        table=table, signals=_signals(table, turns, tick), turns=turns, first=stretches[0].held.contract.symbol
    )


def leaving(held: Held, rule: LeaveRule, sessions: Calendar) -> Continuous:
    """A single contract's bars up to the session in which it is left; at its last bar there is a way out.

    Where the file ends inside that session, its last bar is not there yet, and nothing was left.
    """
    last = last_session(held.contract, rule.sessions, rule.before)
    days = _days(held.table, sessions)
    stop = len(days) if last is None else _count_to(days, last)
    if not stop:
        message = f"`{held.contract.symbol}` has no bars before it must be left, on {last}"
        raise DataRefused("D021", message, source=held.table.symbol, row=None, remedy="give earlier bars")
    table = sliced(held.table, 0, stop)
    close = float(table.close[stop - 1])
    if last is not None and date_of(days[stop - 1]) == last and _is_over(held.table, stop, sessions.session(last)):
        why = f"{rule.sessions} sessions before {rule.before}"
        out = Turn(
            bar=stop - 1,
            day=last,
            old=held.contract.symbol,
            new=None,
            old_close=close,
            new_close=close,
            shift_ticks=0,
            scale=1.0,
            why=why,
        )
        return Continuous(table=table, signals=None, turns=(out,), first=held.contract.symbol)
    return Continuous(table=table, signals=None, turns=(), first=held.contract.symbol)


def _is_over(table: BarTable, stop: int, session: Session | None) -> bool:
    """Whether a session is known to be over by what the table holds: its last bar, or one that comes after it."""
    closed: int = table.closes_ns[stop - 1]
    return stop < len(table) or session is None or closed >= session.close_ns


def sliced(table: BarTable, first: int, count: int) -> BarTable:
    """So many bars of a table, from one on."""
    columns: dict[str, pl.Series] = {name: getattr(table, name).slice(first, count) for name in COLUMNS}
    return _with_columns(table, columns)


def _with_columns(table: BarTable, columns: dict[str, pl.Series]) -> BarTable:
    return replace(
        table,
        opens_ns=columns["opens_ns"],
        closes_ns=columns["closes_ns"],
        open=columns["open"],
        high=columns["high"],
        low=columns["low"],
        close=columns["close"],
        volume=columns["volume"],
    )


def _days(table: BarTable, sessions: Calendar) -> Sequence[int]:
    """The trading day of every bar, days since 1970-01-01."""
    columns = clock_columns(table.opens_ns, table.closes_ns, sessions, (TradingDate(),))
    return columns[TradingDate()].to_list()


def _count_to(days: Sequence[int], last: date) -> int:
    """How many bars lie on days up to that one."""
    return sum(day <= days_since_epoch(last) for day in days)


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stretches(
    contracts: Sequence[Held], days: Sequence[Sequence[int]], rule: RollRule, sessions: Calendar
) -> list[_Stretch]:
    """Each contract from where the one before it ended; the last one ends by the rule too, or with its bars."""
    found: list[_Stretch] = []
    after = -1
    for number, held in enumerate(contracts):
        latest = last_session(held.contract, rule.sessions, rule.before)
        if latest is None:
            message = f"the calendar `{sessions.name}` does not reach to the end of `{held.contract.symbol}`"
            raise DataRefused("D017", message, source=held.table.symbol, row=None, remedy="leave that contract out")
        start = sum(day <= after for day in days[number])
        day, why = latest, f"{rule.sessions} sessions before {rule.before}"
        if rule.by is not RollBy.DAYS and number + 1 < len(contracts):
            overtaken = _overtaken(
                (held, days[number]), (contracts[number + 1], days[number + 1]), rule, after, sessions
            )
            if overtaken is not None and overtaken < latest:
                day, why = overtaken, f"more {rule.by} in the next contract in the session before"
        stop = _count_to(days[number], day)
        if stop <= start:
            continue
        found.append(_Stretch(held=held, start=start, stop=stop, day=day, why=why))
        after = days[number][stop - 1]
    return found


def _overtaken(
    old: tuple[Held, Sequence[int]], new: tuple[Held, Sequence[int]], rule: RollRule, after: int, sessions: Calendar
) -> date | None:
    """The session after the first one in which the next contract had more."""
    ours, theirs = _activity(*old, rule), _activity(*new, rule)
    for day in sorted(ours):
        if day > after and theirs.get(day, 0.0) > ours[day]:
            following = sessions.next_session(date_of(day))
            return None if following is None else following.date
    return None


def _activity(held: Held, days: Sequence[int], rule: RollRule) -> dict[int, float]:
    """Each day's volume, or its last open interest."""
    column = held.table.volume if rule.by is RollBy.VOLUME else held.table.open_interest
    if column is None or column.is_nan().all():
        wanted = "volume" if rule.by is RollBy.VOLUME else "open_interest"
        message = f"`{held.contract.symbol}` has no column `{wanted}`, and the strategy rolls by it"
        raise DataRefused("D016", message, source=held.table.symbol, row=None, remedy="roll before expiry instead")
    told: dict[int, float] = {}
    for day, value in zip(days, column.to_list(), strict=True):
        if value == value:
            told[day] = told.get(day, 0.0) + value if rule.by is RollBy.VOLUME else value
    return told


# ── at what price ────────────────────────────────────────────────────────────────────────────────────────────────────


def _turns(stretches: Sequence[_Stretch], rule: RollRule, tick: float) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    bar, shift, scale = 0, 0, 1.0
    for before, after in pairwise(stretches):
        bar += before.stop - before.start
        old, new = _closes(before, after.held)
        if rule.adjusted is Adjustment.RATIO:
            if old <= 0.0 or new <= 0.0:
                message = f"at the roll of {before.day} a price is not above zero, so no ratio means anything"
                raise DataRefused(
                    "D021", message, source=after.held.table.symbol, row=None, remedy="adjust by difference"
                )
            scale *= old / new
        else:
            shift += round(new / tick) - round(old / tick)
        turns.append(
            Turn(
                bar=bar,
                day=before.day,
                old=before.held.contract.symbol,
                new=after.held.contract.symbol,
                old_close=old,
                new_close=new,
                shift_ticks=shift,
                scale=scale,
                why=before.why,
            )
        )
    return tuple(turns)


def _closes(before: _Stretch, after: Held) -> tuple[float, float]:
    """The closes of both contracts at the last bar in the old one."""
    moment = before.held.table.closes_ns[before.stop - 1]
    old = float(before.held.table.close[before.stop - 1])
    place = after.table.closes_ns.search_sorted(moment)
    there = place < len(after.table) and after.table.closes_ns[place] == moment
    new = float(after.table.close[place]) if there else float("nan")
    if old != old or new != new:
        names = f"`{before.held.contract.symbol}` and `{after.contract.symbol}`"
        message = f"{names} have no close in common at the roll of {before.day}"
        remedy = f"add bars of `{after.contract.symbol}` for that day, or a contract between the two"
        raise DataRefused("D021", message, source=after.table.symbol, row=None, remedy=remedy)
    return old, new


# ── one after the other ──────────────────────────────────────────────────────────────────────────────────────────────


def _joined(root: str, stretches: Sequence[_Stretch]) -> BarTable:
    """The bars of all stretches as those of the root."""
    import polars as pl

    tables = [stretch.held.table for stretch in stretches]

    def joined(name: str) -> pl.Series:
        parts: list[pl.Series] = [getattr(s.held.table, name).slice(s.start, s.stop - s.start) for s in stretches]
        return pl.concat([part.alias(name) for part in parts], rechunk=True)

    digests = "\n".join(f"{stretch.start} {stretch.stop} {stretch.held.table.digest}" for stretch in stretches)
    notes = [f"{table.symbol}: {note}" for table in tables for note in table.notes if not table.synthetic]
    return replace(
        _with_columns(tables[0], {name: joined(name) for name in COLUMNS}),
        symbol=root,
        digest=sha256(f"contracts 1\n{root}\n{digests}".encode("ascii")).hexdigest(),
        source=f"{len(tables)} contracts, {tables[0].symbol} to {tables[-1].symbol}; the first: {tables[0].source}",
        synthetic=any(table.synthetic for table in tables),
        outside_session=sum(table.outside_session for table in tables),
        unknown_values=sum(table.unknown_values for table in tables),
        open_interest=None,
        notes=(*tables[0].notes, *notes),
    )


def _signals(table: BarTable, turns: Sequence[Turn], tick: float) -> Signals | None:
    """What the strategy reads; differences are taken off in whole ticks, so that the way back is exact."""
    import polars as pl

    if not turns:
        return None
    bars = len(table)
    number = pl.select(pl.int_range(bars, dtype=pl.Int64)).to_series()
    turn = pl.Series([each.bar for each in turns], dtype=pl.Int64).search_sorted(number, side="right")
    shift = pl.Series([0, *(each.shift_ticks for each in turns)], dtype=pl.Float64).gather(turn)
    scale = pl.Series([1.0, *(each.scale for each in turns)], dtype=pl.Float64).gather(turn)
    per_unit = 1.0 / tick
    moved = any(each.shift_ticks for each in turns)

    def seen(name: str) -> pl.Series:
        prices: pl.Series = getattr(table, name)
        return (_in_ticks(prices, per_unit) - shift) / per_unit if moved else prices * scale

    return Signals(open=seen("open"), high=seen("high"), low=seen("low"), close=seen("close"))


def _in_ticks(prices: pl.Series, per_unit: float) -> pl.Series:
    """Prices in ticks; those on the grid are whole, so that equal prices stay equal over a roll."""
    ticks = prices * per_unit
    whole = ticks.round()
    return whole.zip_with((ticks - whole).abs() < GRID, ticks)


def cut_to(found: Continuous, first: int, count: int) -> Continuous:
    """Bars `first` to `first + count`; turns before them only say on which scale the first one stands."""
    table, signals = sliced(found.table, first, count), found.signals
    cut = None
    if signals is not None:
        cut = Signals(
            open=signals.open.slice(first, count),
            high=signals.high.slice(first, count),
            low=signals.low.slice(first, count),
            close=signals.close.slice(first, count),
        )
    turns = tuple(replace(turn, bar=max(turn.bar - first, -1)) for turn in found.turns if turn.bar < first + count)
    held = [turn.new for turn in found.turns if turn.bar <= first and turn.new is not None]
    return Continuous(table=table, signals=cut, turns=turns, first=held[-1] if held else found.first)
