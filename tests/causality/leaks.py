"""Mistakes that let the future in, each planted by itself: the harness proves that it would see them.

A leak is a small change to the compiler or the engine in one process. Most read a bar, a row or a day too early; two of
them do not read too early and act too early instead, which cutting cannot show: an order that fills on the bar on whose
close it was decided, and a trailing stop that knows the high of the bar that it is hit on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest

from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.nodes import Across, Anchor, Column, Follow, Indicate, Node, NodeId, Program, Since
from stratc.compiler.shell import happenings
from stratc.runtime.engine import loop
from stratc.runtime.engine.codes import ROW_DAY_SHIFT, ROW_INSTRUMENT_SHIFT, ROW_INSTRUMENTS, ROW_SESSION_END
from stratc.runtime.engine.protection import follow
from stratc.runtime.executor import backtest, conversion, timeline
from stratc.runtime.executor.interest import RateHistory
from stratc.runtime.executor.market import EventKind
from stratc.runtime.feeds import clock, continuous, known
from stratc.runtime.model.clock import SessionSoFar, Window

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Leak:
    """`fits` says of a strategy's text whether it could show the leak; what is `quick` is planted in every suite."""

    name: str
    fits: tuple[str, ...]
    plant: Callable[[Patch], None]
    quick: bool = False


# ── nodes that read the next bar ─────────────────────────────────────────────────────────────────────────────────────


def peeking(chosen: Callable[[Node], bool]) -> Callable[[Patch], None]:
    """What these nodes are computed from reads the instrument's next bar, where there is one."""

    def columns(program: Program) -> frozenset[NodeId]:
        waiting = [node.id for node in program.nodes if chosen(node)]
        seen = set[NodeId]()
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += program.nodes[node].arguments
        return frozenset(node for node in seen if isinstance(program.nodes[node].operation, Column))

    def nexts(rows: Any) -> list[int]:
        """The instrument's next row, of each row."""
        told, after = list(range(len(rows))), dict[int, int]()
        for row in reversed(range(len(rows))):
            of = (rows[row] >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS
            told[row] = after.get(of, row)
            after[of] = row
        return told

    def plant(patch: Patch) -> None:
        value = InterpretedStrategy._value

        def early(self: Any, book: Any, i: int, node: Node, given: Any) -> Any:
            if not hasattr(self, "peeked"):
                self.next_rows, self.peeked = nexts(list(self.columns.rows)), columns(self.program)
            if node.id not in self.peeked:
                return value(self, book, i, node, given)
            now = self.rows[i]
            self.rows[i] = self.next_rows[now]
            try:
                return value(self, book, i, replace(node, bars=None), given)
            finally:
                self.rows[i] = now

        patch.setattr(InterpretedStrategy, "_value", early)

    return plant


def so_far(node: Node) -> bool:
    match node.operation:
        case Anchor(window=Window(kind=SessionSoFar())):
            return True
    return False


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def a_bar_early(module: Any, name: str, fill: Any) -> Callable[[Patch], None]:
    """A column of which each bar is told what is true of the next one."""

    def plant(patch: Patch) -> None:
        right = getattr(module, name)
        patch.setattr(module, name, lambda *given: right(*given).shift(-1, fill_value=fill))

    return plant


def last_bar_ends_the_session(patch: Patch) -> None:
    right = timeline._marks

    def marks(table: Any, calendar: Any) -> pl.Series:
        told = right(table, calendar)
        days = told // (1 << ROW_DAY_SHIFT)
        over = (days != days.shift(-1)).fill_null(value=True)
        ended = (told // ROW_SESSION_END) % 2
        return told + (over.cast(pl.Int64) - ended) * ROW_SESSION_END

    patch.setattr(timeline, "_marks", marks)


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def known_from_the_start(name: str, place: int) -> Callable[[Patch], None]:
    """The rows of a table count before they were known."""

    def plant(patch: Patch) -> None:
        right = getattr(known, name)

        def early(*given: Any) -> Any:
            rows = given[place].with_columns(pl.lit(0, dtype=pl.Int64).alias("known_at"))
            return right(*given[:place], rows, *given[place + 1 :])

        patch.setattr(known, name, early)

    return plant


def revised_by_its_date(patch: Patch) -> None:
    right = known._series_answer

    def early(request: Any, rows: pl.DataFrame, closes_ns: pl.Series) -> pl.Series:
        if rows["as_of"].null_count() < rows.height:
            about = pl.col("as_of").cast(pl.Datetime("ns")).to_physical()
            rows = rows.with_columns(about.alias("known_at")).unique("as_of", keep="last", maintain_order=True)
        return right(request, rows, closes_ns)

    patch.setattr(known, "_series_answer", early)


# ── what happens to instruments and money ────────────────────────────────────────────────────────────────────────────


def split_before_its_day(patch: Patch) -> None:
    right = happenings._event
    patch.setattr(happenings, "_event", lambda i, action: replace(right(i, action), day=right(i, action).day - 4))


def adjusted_for_what_comes(patch: Patch) -> None:
    """Prices are read in the shares of the end, as from a file that was adjusted backwards."""
    right = backtest.columns_for_signals

    def early(market: Any) -> Any:
        told = [list(column) for column in right(market)]
        for event in market.events:
            for row, packed in enumerate(market.rows):
                of = (packed >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS
                if event.kind is EventKind.SPLIT and of == event.instrument and packed >> ROW_DAY_SHIFT < event.day:
                    for column in told[:4]:
                        column[row] *= event.old / event.new
        return told

    patch.setattr(backtest, "columns_for_signals", early)


def rolled_by_what_comes(patch: Patch) -> None:
    right = continuous._overtaken

    def early(old: Any, new: Any, rule: Any, after: int, sessions: Any) -> Any:
        day = right(old, new, rule, after, sessions)
        for _ in range(6):
            day = None if day is None else sessions.previous_session(day).date
        return day

    patch.setattr(continuous, "_overtaken", early)


def rate_of_days_to_come(patch: Patch) -> None:
    right = RateHistory.on

    def early(self: RateHistory, day: Any, fresh_days: int) -> float:
        later = [percent for date, percent in zip(self.dates, self.percent, strict=True) if date > day]
        return later[1] if len(later) > 1 else right(self, day, fresh_days)

    patch.setattr(RateHistory, "on", early)


# ── acting too early ─────────────────────────────────────────────────────────────────────────────────────────────────


def filled_where_it_was_decided(patch: Patch) -> None:
    right, fill = loop.process_row, loop.fill_bar

    def early(book: Any, strategy: Any, columns: Any, number: int, r: int) -> None:
        right(book, strategy, columns, number, r)
        row = columns.rows[r]
        fill(book, strategy, columns, r, (row >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS, row & 7)

    patch.setattr(loop, "process_row", early)


def trailing_by_its_own_bar(patch: Patch) -> None:
    right = loop.fill_bar

    def early(book: Any, strategy: Any, columns: Any, r: int, i: int, flags: int) -> None:
        follow(book, strategy, columns, r, i)
        right(book, strategy, columns, r, i, flags)

    patch.setattr(loop, "fill_bar", early)


LEAKS = (
    Leak("a longer bar is read while it grows", (" on 1 week", " on 90 min"), peeking(lambda n: n.bars is not None)),
    Leak("extremes of the session so far are those of the whole", ("session so far",), peeking(so_far)),
    Leak("a rank reads the next bar", ("across instruments",), peeking(lambda n: isinstance(n.operation, Across))),
    Leak("a pivot is known at its centre", ("pivot_",), peeking(lambda n: isinstance(n.operation, Since))),
    Leak("a sequence sees its next step", ("sequence ",), peeking(lambda n: isinstance(n.operation, Follow))),
    Leak("an indicator reads the next bar", ("let value_",), peeking(lambda n: isinstance(n.operation, Indicate))),
    Leak("a window is known before it ends", (" over ",), a_bar_early(clock, "_window", 0)),
    Leak("a schedule sees the bar to come", ("every session", "every day"), a_bar_early(clock, "_schedule", 0)),
    Leak("the last bar that there is ends the session", ("after start\n  when short\n",), last_bar_ends_the_session),
    Leak("a revision counts from the day that it is about", ("analysts",), revised_by_its_date),
    Leak("an event is known before it is announced", ("events ",), known_from_the_start("_event_answer", 1)),
    Leak("members are those of the whole table", ("trade universe",), known_from_the_start("_member_answer", 0)),
    Leak("a split counts before its day", ("trade ACME",), split_before_its_day),
    Leak("prices are adjusted for splits to come", ("trade ACME",), adjusted_for_what_comes),
    Leak("a contract is left for what it will trade", ("roll by",), rolled_by_what_comes),
    Leak("interest is that of days to come", ("EUR/USD",), rate_of_days_to_come, quick=True),
    Leak("money is converted at the next price", ("account margin EUR",), a_bar_early(conversion, "last_known", None),
         quick=True),
    Leak("an order fills on the bar of its decision", ("at market",), filled_where_it_was_decided),
    Leak("a trailing stop knows the high of its own bar", ("trailing stop 2%", "trailing stop 0.2%"),
         trailing_by_its_own_bar, quick=True),
)  # fmt: skip
