"""One run of a program over bars, interpreted or compiled, with everything that can be seen of it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan
from struct import pack
from types import ModuleType
from typing import Any

from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.nodes import BoundUnit, CapKind, NodeId, Program
from stratc.compiler.ir.uses import clock_requests
from stratc.compiler.judge.bounds import sheet_of
from stratc.compiler.judge.remedies import Clause, with_clause
from stratc.runtime.engine import codes, facts
from stratc.runtime.engine.book import Book
from stratc.runtime.engine.columns import Columns, pack_row
from stratc.runtime.engine.loop import run_rows
from stratc.runtime.executor.terms import AccountKind
from tests.bounds.keeping import Seen as Orders
from tests.bounds.keeping import keep
from tests.differential.bars import COLUMNS, Bars
from tests.differential.compiled import watchable

STEPS = [0.01, 0.001, 1.0, 1.0]
SLOTS = 12
MONEY_CENTS = 100_000_00
GROSS_CAP = Clause(
    text="cap gross 150% of equity", kind=CapKind.GROSS, bound=1.5, unit=BoundUnit.RATIO_OF_EQUITY, sessions=0
)
WIDTHS = {
    "fills": (codes.LOG_FILLS, codes.FILL_WIDTH),
    "closings": (codes.LOG_CLOSINGS, codes.CLOSING_WIDTH),
    "orders": (codes.LOG_ORDERS, codes.PLACED_WIDTH),
    "denials": (codes.LOG_DENIALS, codes.DENIAL_WIDTH),
    "notes": (codes.LOG_NOTES, codes.NOTE_WIDTH),
}


@dataclass(frozen=True)
class Seen:
    """`values` are the watched nodes' values by row and node: bits of doubles, with one pattern for unknown."""

    totals: list[int]
    logs: tuple[list[int], ...]
    equity: list[int]
    values: dict[NodeId, list[bytes]]


def bits(value: float | bool | None) -> bytes:
    """A value as it is compared: unknowns alike, truth values as generated code keeps them."""
    if value is None:
        return pack("d", 0.0)
    if isinstance(value, bool):
        return pack("d", 1.0 if value else -1.0)
    return b"unknown" if isnan(value) else pack("d", value)


def happenings(bars: Bars, instruments: int) -> list[int]:
    """Splits, dividends and borrow terms on days in the middle of the bars, in order of day."""
    days = sorted(set(bars.day))
    middle = days[len(days) // 3], days[len(days) // 2], days[-1]
    events: list[int] = []
    for day, kind, new, old, amount in (
        (days[0], codes.EVENT_BORROW, 300_000, 0, 40),
        (middle[0], codes.EVENT_SPLIT, 3, 2, 0),
        (middle[1], codes.EVENT_DIVIDEND, 0, 0, 35),
        (middle[2], codes.EVENT_SPLIT, 1, 4, 0),
    ):
        for i in range(0, instruments, 2):
            events += (i, day, kind, new, old, amount, 0)
    return events


def is_brought_back(program: Program) -> bool:
    """Whether the cap of `prepare` says `then reduce` for this program; passes leave the number of its rules."""
    return len(program.rules) % 2 == 0


def prepare(engine: Any, book: Book, instruments: int, events: list[int], *, reduces: bool) -> None:
    """A cash-like account in cents with caps, halts, costs and slippage that bind now and then."""
    for i in range(instruments):
        book.set_instrument(i, 100.0, 1.0, 0.25, 1, 10_000_000, 1_000_000)
        prices = (codes.PRICES_SPLIT_ADJUSTED, codes.PRICES_RAW, codes.PRICES_TOTAL_RETURN)[i % 3]
        engine.set_holding(book, i, prices, 1 - i % 2, 3_000)
        engine.set_notional_min(book, i, 20_000 if i == 1 else 0)
    engine.set_events(book, events)
    for setting, value in (
        (codes.SETTING_ACCOUNT, codes.ACCOUNT_MARGINED),
        (codes.SETTING_LIMIT_FILL, codes.LIMIT_TOUCH),
        (codes.SETTING_SLIP_TICKS, 1.0),
        (codes.SETTING_FEE_PER_ORDER, 35.0),
        (codes.SETTING_FEE_RATE, 0.0005),
        (codes.SETTING_FEE_MINIMUM, -1.0),
        (codes.SETTING_FEE_RATE_MAX, -1.0),
    ):
        book.set_setting(setting, float(value))
    for setting in range(codes.SETTING_CAP_POSITION_RATIO, codes.SETTINGS):
        book.set_setting(setting, -1.0)
    book.set_setting(codes.SETTING_CAP_GROSS_RATIO, GROSS_CAP.bound)
    # Below the cap itself, so that it is met more often.
    book.set_setting(codes.SETTING_REDUCE_GROSS_RATIO, 0.4 if reduces else -1.0)
    book.set_setting(codes.SETTING_MARGIN_RATE, 65_000.0)
    book.add_halt(codes.BASELINE_LAST_CLOSE, 0.02, 1, codes.UNTIL_NEXT_SESSION)
    book.add_halt(codes.BASELINE_NONE, 0.0, 0, codes.UNTIL_NEXT_SESSION)
    book.start(MONEY_CENTS, 100.0)


def keep_bounds(program: Program, book: Book, bars: Bars) -> None:
    """No run comes to more than is stated of its program with the cap of `prepare`."""
    capped = with_clause(program, GROSS_CAP)
    reduces = is_brought_back(program)
    capped = replace(capped, caps=tuple(replace(cap, reduces=reduces) for cap in capped.caps))
    sheet = sheet_of(capped, AccountKind.MARGINED, None)
    log, rows = book.log(codes.LOG_ORDERS), range(len(bars))
    keep(program, sheet, Orders(order_log=log, quanta=100, steps=[1] * 9, days=bars.day, seconds=rows))


def logs_of(book: Book) -> tuple[list[int], ...]:
    return tuple(book.log(which) for which in range(codes.LOGS))


class Watching(InterpretedStrategy):
    """Writes down every watched value of every bar."""

    def watch(self, nodes: Sequence[NodeId], rows: int) -> None:
        self.seen: dict[NodeId, list[bytes]] = {node: [b""] * rows for node in nodes}

    def signals(self, book: Book, r: int, i: int) -> None:
        super().signals(book, r, i)
        self.write_down(i)

    def join_bars(self, book: Book) -> None:
        """What reads other instruments is known when all bars of the moment are in."""
        super().join_bars(book)
        for i in range(self.instruments):
            if book.fresh[i]:
                self.write_down(i)

    def write_down(self, i: int) -> None:
        for node, column in self.seen.items():
            column[self.rows[i]] = bits(self.values[i][node])


def parameters(program: Program) -> list[float]:
    return [declared.default for declared in program.inputs]


def run_interpreted(program: Program, bars: Bars, events: list[int] | None = None) -> Seen:
    """One run; `events` are the made-up ones in the middle of the bars where none are given."""
    instruments = len(program.named)
    equity = [0] * len(bars)
    seen = [list(bars.columns[n]) for n in COLUMNS]
    columns = Columns(*(bars.columns[n] for n in COLUMNS), packed(bars), equity, seen)
    strategy = Watching(program, columns, bars.clocks(program), parameters(program), STEPS * instruments)
    strategy.watch(watchable(program), len(bars))
    book = Book(instruments, SLOTS, len(program.rules) + len(program.flows))
    happened = happenings(bars, instruments) if events is None else events
    prepare(facts, book, instruments, happened, reduces=is_brought_back(program))
    run_rows(book, strategy, columns, 0, len(bars))
    keep_bounds(program, book, bars)
    return Seen(book.totals(), logs_of(book), equity, strategy.seen)


def run_compiled(
    module: ModuleType, name: str, program: Program, bars: Bars, watched: Sequence[NodeId] | None = None
) -> Seen:
    watched = watchable(program) if watched is None else watched
    instruments, rows = len(program.named), len(bars)
    equity = array("q", bytes(8 * rows))
    held = [array("d", bars.columns[n]) for n in COLUMNS]
    held += [array("q", packed(bars)), equity]
    times = len(clock_requests(program))
    clocks = [array("q" if k < times else "d", column) for k, column in enumerate(bars.clocks(program))]
    watches = [array("d", bytes(8 * rows)) for _ in watched]
    seen = [array("d", bars.columns[n]) for n in COLUMNS]
    columns = module.engine.Columns(*map(address, held), [address(column) for column in seen])
    strategy = getattr(module, name)(
        columns, list(map(address, clocks)), parameters(program), STEPS * instruments, list(map(address, watches))
    )
    book = module.engine.Book(instruments, SLOTS, len(program.rules) + len(program.flows))
    prepare(module.engine, book, instruments, happenings(bars, instruments), reduces=is_brought_back(program))
    module.run_rows(book, strategy, columns, 0, rows)
    keep_bounds(program, book, bars)
    values = {node: [bits(value) for value in column] for node, column in zip(watched, watches, strict=True)}
    return Seen(book.totals(), logs_of(book), list(equity), values)


def packed(bars: Bars) -> list[int]:
    return [pack_row(*row) for row in zip(bars.day, bars.instrument, bars.flags, strict=True)]


def address(values: array[float] | array[int]) -> int:
    return values.buffer_info()[0]


def difference(program: Program, interpreted: Seen, compiled: Seen) -> str:
    """The first thing in which two runs differ, in words; nothing where they are equal."""
    for node, column in interpreted.values.items():
        for row, (left, right) in enumerate(zip(column, compiled.values[node], strict=True)):
            if left != right:
                return f"node {node}, {program.nodes[node]}, row {row}: interpreted {left!r}, compiled {right!r}"
    for name, (which, width) in WIDTHS.items():
        left, right = (
            [log[at : at + width] for at in range(0, len(log), width)]
            for log in (interpreted.logs[which], compiled.logs[which])
        )
        for row, (first, second) in enumerate(zip(left, right, strict=False)):
            if first != second:
                return f"{name}[{row}]: interpreted {first}, compiled {second}"
        if len(left) != len(right):
            return f"{name}: interpreted {len(left)} rows, compiled {len(right)}"
    if interpreted.equity != compiled.equity:
        return "equity differs"
    return "" if interpreted.totals == compiled.totals else f"totals: {interpreted.totals}, {compiled.totals}"
