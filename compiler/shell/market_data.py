"""From the `--data` of a command to a feed: files found, read, placed in sessions and merged.

Without `--data` an example of the repository runs on the sample prices beside it, and nothing else does. What is wrong
with data is a `DataRefused`, with the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.ir.nodes import Column, Indicate, Program
from stratc.compiler.ir.uses import clock_requests, known_requests
from stratc.compiler.workbench.running import Feed
from stratc.dsl.stdlib import catalogue
from stratc.runtime.executor.timeline import market_of, spread
from stratc.runtime.feeds.bars import BarTable, DataRefused, Stamp, read_bars, session_calendar
from stratc.runtime.feeds.clock import clock_columns
from stratc.runtime.feeds.data_option import resolve_data
from stratc.runtime.feeds.known import Bars, answer, read_tables
from stratc.runtime.feeds.known_table import KnownTable, sources_said
from stratc.runtime.model.instrument import Instrument, identify
from stratc.runtime.model.known import MemberReading
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, calendar
from stratc.runtime.reports.summary import Prices

if TYPE_CHECKING:
    import polars as pl

    from stratc.runtime.feeds.merge import Timeline
    from stratc.runtime.model.clock import Request as ClockRequest
    from stratc.runtime.model.known import Request as KnownRequest

NS_PER_SECOND: Final = 1_000_000_000
DAY_SECONDS: Final = 86_400
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SAMPLE_FOLDERS: Final = {DAY_SECONDS: "daily", 300: "5min"}


@record
class DataOptions:
    """What a command says of its data, in the order of its options; `first` and `last` are days, both included."""

    data: tuple[str, ...]
    columns: Mapping[str, str]
    timezone: str | None
    stamp: Stamp
    first: date | None
    last: date | None


@record
class MarketData:
    """The feed of a run and the tables that it was made of, in the order of the instruments."""

    feed: Feed
    tables: tuple[BarTable, ...]
    beside: tuple[KnownTable, ...]
    instruments: tuple[Instrument, ...]
    sample: bool

    @property
    def digest(self) -> str:
        """One digest of all prices, in the order of the instruments, and of the tables beside them."""
        digests = [table.digest for table in self.tables] + [table.digest for table in self.beside]
        return digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode("ascii")).hexdigest()

    def prices(self) -> tuple[Prices, ...]:
        """The bars as the report shows them."""
        return tuple(_prices(*pair) for pair in zip(self.instruments, self.tables, strict=True))

    def notes(self) -> tuple[str, ...]:
        """What must be said of the data: made up, left out, unknown."""
        told = []
        for table in self.tables:
            told += [f"{table.symbol}: the prices are synthetic"] if table.synthetic else []
            left_out = f"{table.symbol}: {table.outside_session:,} bars outside the regular session were left out"
            told += [left_out] if table.outside_session else []
            told += [f"{table.symbol}: {table.unknown_values:,} values are missing"] if table.unknown_values else []
            told += [f"{table.symbol}: {note}" for note in table.notes]
        for beside in self.beside:
            told += [f"{beside.name}: the table is synthetic"] if beside.synthetic else []
            told.append(f"{beside.name}: {_rows_said(beside)}")
            told += [f"{beside.name}: {note}" for note in beside.notes]
        return tuple(told)


def read_market(
    program: Program, own: Mapping[str, Instrument] | None, strategy: Path, options: DataOptions
) -> MarketData:
    """The market that the program trades and reads; raises `DataRefused`."""
    found = tuple(_instrument(symbol, own) for symbol in program.named)
    files = _files(program, strategy, options)
    tables = tuple(_table(program, instrument, files[instrument.symbol], options) for instrument in found)
    calendars = [session_calendar(instrument, regular_session=program.regular_session) for instrument in found]
    market, timeline = market_of(found, tables, calendars)
    beside = read_tables(known_requests(program), files, timezone=options.timezone)
    columns = _times(program, tables, calendars, timeline) | _known(program, tables, calendars, beside, timeline)
    return MarketData(
        feed=Feed(market=market, columns=columns),
        tables=tables,
        beside=tuple(beside.values()),
        instruments=found,
        sample=not options.data,
    )


def _times(
    program: Program, tables: Sequence[BarTable], calendars: Sequence[Calendar], timeline: Timeline
) -> dict[ClockRequest | KnownRequest, pl.Series]:
    """What the program asks of time, in the order of the timeline's rows."""
    requests = clock_requests(program)
    each = [
        clock_columns(table.opens_ns, table.closes_ns, calendar, requests)
        for table, calendar in zip(tables, calendars, strict=True)
    ]
    return {request: spread([columns[request] for columns in each], timeline) for request in requests}


def _known(
    program: Program,
    tables: Sequence[BarTable],
    calendars: Sequence[Calendar],
    beside: Mapping[str, KnownTable],
    timeline: Timeline,
) -> dict[ClockRequest | KnownRequest, pl.Series]:
    """What the program asks of tables beside prices, in the order of the timeline's rows."""
    bars = [
        Bars(symbol=table.symbol, closes_ns=table.closes_ns, calendar=calendar)
        for table, calendar in zip(tables, calendars, strict=True)
    ]
    return {
        request: spread([answer(request, beside[request.table], each) for each in bars], timeline)
        for request in known_requests(program)
    }


def _rows_said(table: KnownTable) -> str:
    """How many rows a table has, how many of them revise, and who says so."""
    sources = sources_said(table.rows["source"].to_list())
    return f"{table.rows.height:,} rows, {table.revised:,} of them revisions; sources: {sources}"


def _instrument(symbol: str, own: Mapping[str, Instrument] | None) -> Instrument:
    found = identify(symbol, own)
    if found is None:
        raise DataRefused(
            "D019", f"`{symbol}` is no instrument", source=symbol, row=None, remedy="see instruments.toml"
        )
    return found


def _files(program: Program, strategy: Path, options: DataOptions) -> Mapping[str, Path]:
    names = tables_of(program)
    if options.data:
        return resolve_data(options.data, program.named, names, folder=Path())
    places = sample_folders(program, strategy)
    if not places:
        symbols = ", ".join(program.named)
        message = f"no prices are given for {symbols}"
        remedy = " ".join(f"--data {symbol}=FILE.csv" for symbol in program.named)
        raise DataRefused("D019", message, source="--data", row=None, remedy=f"name them: {remedy}, or --data FOLDER")
    return resolve_data(tuple(map(str, places)), program.named, names, folder=Path())


def members_of(
    program: Program, own: Mapping[str, Instrument] | None, strategy: Path, options: DataOptions
) -> tuple[str, ...]:
    """Every symbol that the table of the program's universe ever names, in the order of the alphabet.

    One without prices is refused when its file is looked for: leaving out those that are gone is survivorship.
    """
    places = options.data or (str(strategy.parent),)
    table = MemberReading(table=program.universe)
    known = [value for value in places if "=" not in value or value.startswith(f"{table.table}=")]
    files = resolve_data(known, (), (table.table,), folder=Path())
    found = read_tables((table,), files, timezone=options.timezone)[table.table]
    members = tuple(sorted(set(found.rows["symbol"].to_list())))
    _check_alike(found, members, own)
    return members


def _check_alike(table: KnownTable, members: Sequence[str], own: Mapping[str, Instrument] | None) -> None:
    """Rules and units are the same for all members: each is what the first one is, but for its name."""
    first = replace(_instrument(members[0], own), symbol="", source="")
    for symbol in members[1:]:
        if replace(_instrument(symbol, own), symbol="", source="") != first:
            message = f"`{symbol}` is not an instrument of the same kind as `{members[0]}`"
            remedy = "a universe holds instruments of one kind, currency, tick and calendar; make two of it"
            raise DataRefused("D028", message, source=table.file, row=None, remedy=remedy)


def tables_of(program: Program) -> tuple[str, ...]:
    """The names of the tables that a program reads, in the order of the text."""
    return tuple(dict.fromkeys(request.table for request in known_requests(program)))


def sample_folders(program: Program, strategy: Path) -> tuple[Path, ...]:
    """Where an example's sample data lie: prices of its own, those of its interval, tables beside its text.

    Empty for any other strategy, and for an example without prices.
    """
    own, home = strategy.parent / "prices", strategy.resolve().parent.parent
    shared = home / "prices" / SAMPLE_FOLDERS.get(program.interval_seconds, "none")
    found = tuple(folder for folder in (own, shared) if (folder / "prices.toml").is_file())
    return (*found, strategy.parent) if home.name == "examples" and found else ()


def _table(program: Program, instrument: Instrument, path: Path, options: DataOptions) -> BarTable:
    table = read_bars(
        path,
        instrument=instrument,
        interval_ns=program.interval_seconds * NS_PER_SECOND,
        timezone=options.timezone,
        stamp=options.stamp,
        columns=options.columns,
        regular_session=program.regular_session,
        volume_needed=reads_volume(program),
    )
    return cut(table, options.first, options.last)


def reads_volume(program: Program) -> bool:
    """Whether any value of the program needs volume."""
    for node in program.nodes:
        match node.operation:
            case Column(name="volume"):
                return True
            case Indicate(stem=stem):
                declared = catalogue.lookup(stem)
                if declared is not None and any(each.column == "volume" for each in declared.inputs):
                    return True
    return False


def cut(table: BarTable, first: date | None, last: date | None) -> BarTable:
    """The bars that close within these days (UTC), both included; the warm-up is taken from the first of them."""
    start = _nanoseconds(first) if first else None
    end = _nanoseconds(last + timedelta(days=1)) if last else None
    if start is None and end is None:
        return table
    closes = table.closes_ns
    keep = (closes > start if start is not None else closes >= 0) & (closes <= end if end is not None else closes >= 0)
    if not keep.any():
        message = f"it has no bars from {first or 'its start'} to {last or 'its end'}"
        raise DataRefused("D019", message, source=table.symbol, row=None, remedy="choose other dates")
    names = ("opens_ns", "closes_ns", "open", "high", "low", "close", "volume")
    return replace(table, **{name: getattr(table, name).filter(keep) for name in names})


def _nanoseconds(day: date) -> int:
    return int((datetime.combine(day, time(), UTC) - EPOCH).total_seconds()) * NS_PER_SECOND


def _prices(instrument: Instrument, table: BarTable) -> Prices:
    volume = table.volume.to_list()
    return Prices(
        symbol=instrument.symbol,
        currency=instrument.currency,
        zone=calendar(instrument.calendar).zone,
        daily=table.interval_ns >= DAY_SECONDS * NS_PER_SECOND,
        decimals=max(0, -int(instrument.tick.as_tuple().exponent)),
        opens_utc_ns=table.opens_ns.to_list(),
        closes_utc_ns=table.closes_ns.to_list(),
        open=table.open.to_list(),
        high=table.high.to_list(),
        low=table.low.to_list(),
        close=table.close.to_list(),
        volume=None if all(each != each for each in volume) else volume,
        source=table.source,
        licence=table.licence,
        synthetic=table.synthetic,
    )
