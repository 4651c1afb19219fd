"""Bars that came by a feed, or that a record kept, as tables: what a report shows, and what a backtest of them runs on.

Bars of files may come first: the feed goes on where they end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.ir.nodes import Program
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.market_data import (
    NS_PER_SECOND,
    Beside,
    DataOptions,
    MarketData,
    Read,
    calendars_of,
    instruments_of,
    is_chained,
    put_together,
    read_files,
    reads_volume,
    table_places,
)
from stratc.runtime.executor.interest import InterestRates
from stratc.runtime.executor.paper.record import SUFFIX, Record, RecordRefused, read_record
from stratc.runtime.executor.paper.told import PRICE_ROOM_UNTOLD
from stratc.runtime.feeds.bars import VALUES, BarTable, Stamp, content_digest
from stratc.runtime.feeds.live.wire import Fed, FedBar, LineRefused, Wire
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.session import calendar

if TYPE_CHECKING:
    import polars as pl

COLUMNS: Final = ("opens_ns", "closes_ns", *VALUES)
Rows = Sequence[tuple[int, int, float, float, float, float, float]]


def split_records(options: DataOptions) -> tuple[DataOptions, tuple[Path, ...]]:
    """The `--data` that are files of prices, and those that are records of paper runs."""
    records = tuple(Path(each) for each in options.data if each.endswith(SUFFIX) and "=" not in each)
    return replace(options, data=tuple(each for each in options.data if Path(each) not in records)), records


def refuse_unfed(program: Program, found: Sequence[Instrument]) -> None:
    """What no feed of bars can say yet, by name."""
    chained = [each.symbol for each in found if is_chained(program, each)]
    if chained:
        raise Refused(
            f"{', '.join(chained)} changes contracts, and a feed of single contracts is not read",
            "name one contract in the text, without `roll` and `leave`, or replay files: leave `--feed` out",
        )
    if program.day_start and program.interval_seconds == DAY_SECONDS:
        raise Refused(
            f"days that begin at {program.day_start} are joined of hours, which is not done of a feed",
            "write the strategy `on 1 hour`, or replay files: leave `--feed` out",
        )


def history(program: Program, own: Mapping[str, Instrument] | None, strategy: Path, options: DataOptions) -> Read:
    """The bars of files that come before those of a feed; none where `--data` names no file."""
    found = instruments_of(program, own)
    refuse_unfed(program, found)
    if options.data:
        return read_files(program, own, strategy, options)
    return Read(
        found=found,
        tables=tuple(table_of(each.symbol, program.interval_seconds * NS_PER_SECOND, (), "") for each in found),
        calendars=calendars_of(program, found),
        contracts=tuple(None for _ in found),
        files={},
        pairs=(),
    )


def beside_of(
    program: Program, strategy: Path, options: DataOptions, fresh_hours: int, rates: InterestRates | None
) -> Beside:
    """Tables beside prices lie in the folders that `--data` names."""
    places = table_places(program, strategy, options) if options.data else ()
    return Beside(places=places, timezone=options.timezone, fresh_hours=fresh_hours, rates=rates)


def wire_of(program: Program, read: Read, stamp: Stamp) -> Wire:
    """Who reads the lines of a feed of this program; pairs that only convert come at the interval of their files."""
    fed = {
        each.symbol: Fed(instrument=each, calendar=sessions, interval_ns=program.interval_seconds * NS_PER_SECOND)
        for each, sessions in zip(read.found, read.calendars, strict=True)
    }
    for pair, table in read.pairs:
        fed[pair.symbol] = Fed(instrument=pair, calendar=calendar(pair.calendar), interval_ns=table.interval_ns)
    return Wire(fed, stamp=stamp, volume_needed=reads_volume(program))


def joined(read: Read, fed: Mapping[str, Rows], source: str) -> Read:
    """The same with the bars of a feed behind those of files."""
    tables = {each.symbol: with_rows(each, fed.get(each.symbol, ()), source) for each in read.tables}
    pairs = tuple((pair, with_rows(table, fed.get(pair.symbol, ()), source)) for pair, table in read.pairs)
    return replace(read, tables=tuple(tables[each.symbol] for each in read.tables), pairs=pairs)


def with_rows(table: BarTable, rows: Rows, source: str) -> BarTable:
    if not rows:
        return table
    import polars as pl

    added = table_of(table.symbol, table.interval_ns, rows, source)
    if not len(table):
        return added
    columns = {name: pl.concat([getattr(table, name), getattr(added, name)]) for name in COLUMNS}
    return replace(
        table,
        **columns,
        digest=content_digest(table.symbol, table.interval_ns, pl.DataFrame(columns)),
        unknown_values=table.unknown_values + added.unknown_values,
        open_interest=None,
        notes=(*table.notes, *added.notes),
    )


def table_of(symbol: str, interval_ns: int, rows: Rows, source: str) -> BarTable:
    """A table of rows in any order, none twice."""
    import polars as pl

    types = dict.fromkeys(COLUMNS[:2], pl.Int64) | dict.fromkeys(VALUES, pl.Float64)
    frame = pl.DataFrame(sorted(rows), schema=types, orient="row").rechunk()
    column: Mapping[str, pl.Series] = {name: frame.get_column(name) for name in COLUMNS}
    told = [column[name] for name in VALUES]
    return BarTable(
        symbol=symbol,
        interval_ns=interval_ns,
        **column,
        digest=content_digest(symbol, interval_ns, frame),
        source=source,
        licence="",
        synthetic=False,
        outside_session=0,
        unknown_values=sum(int(each.is_nan().sum()) for each in told[:4]),
        notes=(),
    )


def read_recorded(
    program: Program,
    own: Mapping[str, Instrument] | None,
    strategy: Path,
    options: DataOptions,
    fresh_hours: int,
    rates: InterestRates | None,
) -> MarketData:
    """The market of `--data` in which a record of a paper run is named, as that run took it."""
    plain, (path, *more) = split_records(options)
    if more:
        raise Refused("two records are named", "a run has one record: name one")
    try:
        kept = read_record(path)
    except RecordRefused as problem:
        raise Refused(str(problem), "name the record as the paper run wrote it") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(f"the record {path} cannot be read: {problem}", "check the path") from None
    before = history(program, own, strategy, plain)
    if list(dict.fromkeys(each.symbol for each in before.found)) != list(kept.head.symbols)[: len(set(program.named))]:
        raise Refused(
            f"the record is of {', '.join(kept.head.symbols)} and the strategy trades {', '.join(program.named)}",
            "name the strategy that was run",
        )
    read = joined(before, rows_by_symbol(bars_of_record(program, before, kept, path)), path.name)
    market = put_together(
        program,
        read,
        beside_of(program, strategy, plain, fresh_hours, rates),
        sample=False,
        nominal=kept.head.nominal,
        bounds=bounds_of(read, kept.head.price_max),
    )
    cut = f"the record {path.name} has no end: its run was killed, or its last lines were taken away"
    return market if kept.whole else replace(market, told=(*market.told, cut))


def bars_of_record(program: Program, read: Read, kept: Record, path: Path) -> list[FedBar]:
    """The bars that counted; what the run could read can be read again."""
    wire = wire_of(program, read, Stamp(kept.head.stamp))
    found = []
    try:
        for number, line in kept.lines:
            bar = wire.read(line, number)
            found += [] if bar is None else [bar]
    except LineRefused as problem:
        raise Refused(f"{path.name}: {problem}", problem.remedy) from None
    return found


def rows_by_symbol(bars: Iterable[FedBar]) -> dict[str, Rows]:
    found: dict[str, list[tuple[int, int, float, float, float, float, float]]] = {}
    for bar in bars:
        found.setdefault(bar.symbol, []).append((bar.opened, bar.closed, *bar.values))
    return dict(found)


def bounds_of(read: Read, told: Sequence[float]) -> tuple[float, ...]:
    """Bounds of prices as a run had them: told, or a multiple of the first price that came."""
    return tuple(bound or first_bound(table) for bound, table in zip(told, read.tables, strict=True))


def first_bound(table: BarTable) -> float:
    columns = [getattr(table, name).to_list() for name in ("open", "high", "low", "close")]
    for bar in zip(*columns, strict=True):
        known = [abs(price) for price in bar if price == price]
        if known:
            return float(PRICE_ROOM_UNTOLD * max(known))
    return 0.0


def room_above(table: BarTable) -> float:
    """The bound of what is still to come, after the bars of a file; 0 where there are none."""
    import polars as pl

    tops = [pl.Series(getattr(table, name)).abs().fill_nan(None).max() for name in ("open", "high", "low", "close")]
    return PRICE_ROOM_UNTOLD * max((float(top) for top in tops if isinstance(top, float)), default=0.0)
