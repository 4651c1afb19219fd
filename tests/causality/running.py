"""One run of a made-up strategy on its files, from the text to what was done: interpreted, and with everything seen.

The whole way is taken that `stratc run` takes: blocks, tables, calendars, rolls and actions are read from a folder.
What is seen is told by instrument and by time, since a market that is cut has other rows.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from stratc.compiler.driver import Compilation, compile_source
from stratc.compiler.ir.nodes import NodeId, Program
from stratc.compiler.ir.uses import clock_requests, column_requests
from stratc.compiler.judge.limits import caps_of, halts_of
from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.interest import read_interest
from stratc.compiler.shell.market_data import DataOptions, MarketData, read_market
from stratc.compiler.shell.reading import read_instruments, read_profile
from stratc.compiler.shell.table_data import members_of
from stratc.compiler.workbench.running import terms_for
from stratc.runtime.engine import codes
from stratc.runtime.executor.backtest import hand_over, run_backtest
from stratc.runtime.executor.interest import InterestRates
from stratc.runtime.executor.market import steps_of
from stratc.runtime.executor.results import Backtest
from stratc.runtime.executor.terms import Terms, exchange_of
from stratc.runtime.feeds.bars import Stamp
from tests.causality.files import Files
from tests.causality.strategies import Strategy
from tests.differential.compiled import watchable
from tests.differential.running import Watching, bits

EQUITY = Decimal(100_000)
Key = tuple[str, int]


@dataclass(frozen=True)
class Compiled:
    """A strategy and its program, for the instruments that the files name."""

    strategy: Strategy
    compilation: Compilation
    program: Program


@dataclass(frozen=True)
class Ready:
    """A program with the market and the terms that it runs on."""

    compiled: Compiled
    market: MarketData
    backtest: Callable[..., Backtest]
    terms: Terms
    rates: InterestRates | None

    @property
    def program(self) -> Program:
        return self.compiled.program

    @property
    def symbols(self) -> tuple[str, ...]:
        return places_of(self.program)


def places_of(program: Program) -> tuple[str, ...]:
    """What each instrument is called: by its symbol, and where pairs are traded by its pair too."""
    if not program.pairs:
        return program.named
    legs = (f"{symbol} of pair {place // 2}" for place, symbol in enumerate(program.instruments))
    return (*legs, *program.reads)


@dataclass(frozen=True)
class Log:
    """What is written down of a kind: the fields that hold rows, that of the instrument; `until`: known at once."""

    name: str
    width: int
    until: int
    row: int
    rows: tuple[int, ...]
    instrument: int


def log(name: str, prefix: str, row: str, rows: Sequence[str] = (), until: str = "WIDTH") -> Log:
    def place(field: str) -> int:
        found = getattr(codes, f"{prefix}_{field}")
        assert isinstance(found, int)
        return found

    return Log(name, place("WIDTH"), place(until), place(row), tuple(map(place, (row, *rows))), place("INSTRUMENT"))


LOGS = (
    log("fills", "FILL", "ROW"),
    log("closings", "CLOSING", "ROW_OUT", ("ROW_IN",)),
    log("orders", "PLACED", "ROW", until="STATUS"),
    log("denials", "DENIAL", "ROW"),
    log("rolls", "ROLL", "ROW"),
    log("carries", "CARRY", "ROW"),
    log("notes", "NOTE", "ROW"),
)


@dataclass(frozen=True)
class Seen:
    """What can be seen of a run: nodes' values by instrument and time, as bits; equity by time; and every log.

    `first` are the values as they were when they were known first, `last` as they were told last: a split tells them
    again in new shares.
    """

    ready: Ready
    result: Backtest
    first: dict[NodeId, dict[Key, bytes]]
    last: dict[NodeId, list[bytes]]

    @cached_property
    def closes(self) -> list[int]:
        return list(self.result.closes_ns)

    def equity(self) -> list[tuple[int, str]]:
        """At the end of each moment, in the account's money."""
        scale = 10**self.result.scale.digits
        told = dict(zip(self.closes, self.result.equity, strict=True))
        return [(moment, f"{amount / scale!r}") for moment, amount in told.items()]

    def log(self, which: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each line of a log with the moment at which it was written, rows as times and instruments as symbols."""
        found, told = LOGS[which], self.logs[which]
        for at in range(0, len(told), found.width):
            line = list(told[at : at + found.until])
            for place in found.rows:
                line[place] = self.closes[line[place]] if line[place] >= 0 else -1
            line[found.instrument] = 0
            of = told[at + found.instrument]
            symbol = self.ready.symbols[of] if of >= 0 else "the account"
            yield line[found.row], (symbol, *line)

    @cached_property
    def logs(self) -> tuple[Sequence[int], ...]:
        found = self.result
        return (
            found.fill_log, found.closing_log, found.order_log, found.denial_log, found.roll_log, found.carry_log,
            found.note_log,
        )  # fmt: skip


class Remembering(Watching):
    """Keeps the values of a bar as they were when they were known first, and as they were told last."""

    def begin(self, program: Program, market: MarketData) -> None:
        rows = len(market.feed.market.rows)
        self.watch(watchable(program), rows)
        self.closes = list(market.feed.market.closes_ns)
        self.places = places_of(program)
        self.known: dict[NodeId, dict[Key, bytes]] = {node: {} for node in self.seen}
        self.newest, self.again = [-1] * self.instruments, [False] * self.instruments

    def begin_again(self, book: Any, i: int) -> None:
        super().begin_again(book, i)
        if book is not None:
            self.again[i] = True

    def write_down(self, i: int) -> None:
        super().write_down(i)
        row = self.rows[i]
        if self.again[i] and row <= self.newest[i]:
            return
        self.newest[i], self.again[i] = row, False
        key = (self.places[i], self.closes[row])
        for node, column in self.known.items():
            column[key] = bits(self.values[i][node])


def compile_in(folder: Path, strategy: Strategy) -> Compiled:
    """The program of a text and of the files beside it."""
    path = folder / "strategy.strat"
    path.write_text(strategy.text, encoding="utf-8")
    source, own = read_strategy(path), read_instruments(None, None, path)
    compilation = compile_source(source, own)
    if compilation.program is not None and compilation.program.universe:
        members = members_of(compilation.program, own, (str(folder),), None)
        compilation = compile_source(source, own, members)
    program = compilation.program
    assert program is not None, [f"{each.code} {each.message}" for each in compilation.diagnostics] + [strategy.text]
    return Compiled(strategy, compilation, program)


def ready(folder: Path, compiled: Compiled) -> Ready:
    """The market of the files in a folder, read as `stratc run` reads it."""
    path, program = folder / "strategy.strat", compiled.program
    profile = read_profile(None, path)
    assert profile is not None
    own, rates = read_instruments(profile, None, path), read_interest(profile, None, path)
    exchange = exchange_of(profile)
    options = DataOptions(data=(str(folder),), columns={}, timezone=None, stamp=Stamp.OPEN, first=None, last=None)
    market = read_market(program, own, path, options, exchange.fresh_hours, rates)
    terms = terms_for(program, profile, EQUITY, None)

    def backtest(make: Callable[[Any], Any], module: Any = None) -> Backtest:
        return run_backtest(
            market.feed.market,
            terms,
            caps_of(program),
            halts_of(program),
            rules=tuple(rule.name for rule in program.rules),
            planned_flows=len(program.flows),
            make_strategy=make,
            module=module,
            pairs=program.pairs,
        )

    return Ready(compiled, market, backtest, terms, rates)


def prepared(strategy: Strategy, files: Files, known: Compiled | None = None) -> Ready:
    """Written to a folder that is gone afterwards, compiled and read; `known` is its program where files tell none."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        files.write(folder)
        if known is None or known.program.universe:
            return ready(folder, compile_in(folder, strategy))
        return ready(folder, known)


def files_of(strategy: Strategy) -> Files:
    return strategy.world.make_files(Random(strategy.seed))


def given(found: Ready, *, compiled: bool) -> tuple[list[Any], list[object]]:
    """The columns that a program asks for, as the engine takes them, and what keeps them alive."""
    program, times = found.program, len(clock_requests(found.program))
    pairs = [
        hand_over(found.market.feed.columns[request], "q" if place < times else "d", compiled=compiled)
        for place, request in enumerate(column_requests(program))
    ]
    return [each for each, _ in pairs], [kept for _, kept in pairs]


def interpret(found: Ready) -> Seen:
    """The run in plain Python, every value written down."""
    program, made = found.program, list[Remembering]()
    columns, kept = given(found, compiled=False)
    steps = steps_of(found.market.feed.market.instruments)

    def make(table: Any) -> Remembering:
        made.append(Remembering(program, table, columns, [each.default for each in program.inputs], steps))
        made[0].begin(program, found.market)
        return made[0]

    result = found.backtest(make)
    del kept
    return Seen(found, result, made[0].known, made[0].seen)


def first_difference(whole: Seen, part: Seen, moment: int) -> str:
    """The first thing known by the moment that the two runs do not agree on, in words; nothing where there is none."""
    there = set(part.ready.symbols)  # a member that joins later is no instrument of the run that was cut
    for node, column in part.first.items():
        left = {key: value for key, value in whole.first[node].items() if key[1] <= moment and key[0] in there}
        right = {key: value for key, value in column.items() if key[1] <= moment}
        if left != right:
            key = min(key for key in left.keys() | right.keys() if left.get(key) != right.get(key))
            return f"node {node}, {part.ready.program.nodes[node].operation}, of {key}"
    for which, found in enumerate(LOGS):
        lines = ([line for at, line in seen.log(which) if at <= moment] for seen in (whole, part))
        for left_line, right_line in zip_longest(*lines):
            if left_line != right_line:
                return f"{found.name}: {left_line}, {right_line}"
    before, after = ([line for line in seen.equity() if line[0] <= moment] for seen in (whole, part))
    return "equity" if before != after else ""


def run_compiled(found: Ready, module: Any, number: int) -> tuple[Backtest, dict[NodeId, list[bytes]]]:
    """The run of the strategy of this number in a module of several; with the watched values as they were told last."""
    program, watched = found.program, watchable(found.program)
    columns, kept = given(found, compiled=True)
    rows = len(found.market.feed.market.rows)
    watches = [array("d", bytes(8 * rows)) for _ in watched]
    steps = steps_of(found.market.feed.market.instruments)

    def make(table: Any) -> Any:
        addresses = [column.buffer_info()[0] for column in watches]
        inputs = [each.default for each in program.inputs]
        return getattr(module, f"Strategy{number}")(table, columns, inputs, steps, addresses)

    result = found.backtest(make, module)
    del kept
    return result, {node: [*map(bits, column)] for node, column in zip(watched, watches, strict=True)}


def difference(interpreted: Seen, compiled: tuple[Backtest, dict[NodeId, list[bytes]]]) -> str:
    """The first thing in which the compiled run is not the interpreted one, in words."""
    result, values = compiled
    for node, column in interpreted.last.items():
        for row, (left, right) in enumerate(zip(column, values[node], strict=True)):
            if left != right:
                return f"node {node}, {interpreted.ready.program.nodes[node]}, row {row}: {left!r}, {right!r}"
    other = Seen(interpreted.ready, result, {}, {})
    for found, left, right in zip(LOGS, interpreted.logs, other.logs, strict=True):
        if list(left) != list(right):
            return f"{found.name} differ"
    if list(interpreted.result.equity) != list(result.equity):
        return "equity differs"
    return "" if interpreted.result.totals == result.totals else f"{interpreted.result.totals}, {result.totals}"
