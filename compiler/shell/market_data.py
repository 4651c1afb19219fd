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
from typing import Final

from stratc.compiler.ir.nodes import Column, Indicate, Program
from stratc.compiler.ir.uses import clock_requests
from stratc.compiler.shell.rates import conversion, pairs_wanted, read_pairs
from stratc.compiler.workbench.running import Feed
from stratc.dsl.stdlib import catalogue
from stratc.runtime.executor.conversion import FRESH_HOURS_DEFAULT
from stratc.runtime.executor.interest import InterestRates, interest_of
from stratc.runtime.executor.timeline import market_of, spread
from stratc.runtime.feeds.bars import BarTable, DataRefused, Stamp, read_bars, session_calendar
from stratc.runtime.feeds.clock import clock_columns
from stratc.runtime.feeds.data_option import resolve_data
from stratc.runtime.model.instrument import Instrument, identify
from stratc.runtime.model.own_days import on_own_days
from stratc.runtime.model.record import record
from stratc.runtime.model.session import calendar
from stratc.runtime.reports.summary import Prices

NS_PER_SECOND: Final = 1_000_000_000
DAY_SECONDS: Final = 86_400
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SAMPLE_FOLDERS: Final = {DAY_SECONDS: "daily", 43_200: "12hour", 3_600: "hourly", 300: "5min"}


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
    instruments: tuple[Instrument, ...]
    sample: bool
    pairs: tuple[BarTable, ...]

    @property
    def digest(self) -> str:
        """One digest of all prices, in the order of the instruments, those that only convert money behind them."""
        digests = [table.digest for table in (*self.tables, *self.pairs)]
        return digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode("ascii")).hexdigest()

    def prices(self) -> tuple[Prices, ...]:
        """The bars as the report shows them."""
        return tuple(_prices(*pair) for pair in zip(self.instruments, self.tables, strict=True))

    def notes(self) -> tuple[str, ...]:
        """What must be said of the data: made up, left out, unknown."""
        told = []
        for table in (*self.tables, *self.pairs):
            told += [f"{table.symbol}: the prices are synthetic"] if table.synthetic else []
            left_out = f"{table.symbol}: {table.outside_session:,} bars outside the regular session were left out"
            told += [left_out] if table.outside_session else []
            told += [f"{table.symbol}: {table.unknown_values:,} values are missing"] if table.unknown_values else []
            told += [f"{table.symbol}: {note}" for note in table.notes]
        return tuple(told)

    def conversions(self, fresh_hours: int) -> tuple[str, ...]:
        """What other currencies are counted at."""
        return tuple(
            f"{each.currency} is counted at the last known price of {each.source}, while no older than "
            f"{fresh_hours} hours; an opening order without such a rate is denied"
            for each in self.feed.market.conversion.rates
            if each.source
        )


def read_market(
    program: Program,
    own: Mapping[str, Instrument] | None,
    strategy: Path,
    options: DataOptions,
    fresh_hours: int = FRESH_HOURS_DEFAULT,
    rates: InterestRates | None = None,
) -> MarketData:
    """The market that the program trades and reads, with the rates of its currencies; raises `DataRefused`."""
    found = tuple(_instrument(symbol, own, program.day_start) for symbol in program.named)
    files = _files(program, strategy, options, pairs_wanted(found[: len(program.instruments)], program.currency))
    tables = tuple(_table(program, instrument, files[instrument.symbol], options) for instrument in found)
    calendars = [session_calendar(instrument, regular_session=program.regular_session) for instrument in found]
    market, timeline = market_of(found, tables, calendars)
    requests = clock_requests(program)
    each = [
        clock_columns(table.opens_ns, table.closes_ns, calendar, requests)
        for table, calendar in zip(tables, calendars, strict=True)
    ]
    clocks = {request: spread([columns[request] for columns in each], timeline) for request in requests}
    pairs = read_pairs(
        program, found, files, own, timezone=options.timezone, stamp=options.stamp, columns=options.columns
    )
    given = (*zip(found, tables, strict=True), *pairs)
    converted = replace(
        market,
        conversion=conversion(market, len(program.instruments), program.currency, given, fresh_hours),
        interest=interest_of(found, market.rows, market.close, rates),
    )
    return MarketData(
        feed=Feed(market=converted, clocks=clocks),
        tables=tables,
        instruments=found,
        sample=not options.data,
        pairs=tuple(table for _, table in pairs),
    )


def _instrument(symbol: str, own: Mapping[str, Instrument] | None, day_start: str) -> Instrument:
    found = identify(symbol, own)
    if found is None:
        raise DataRefused(
            "D019", f"`{symbol}` is no instrument", source=symbol, row=None, remedy="see instruments.toml"
        )
    return on_own_days(found, day_start)


def _files(program: Program, strategy: Path, options: DataOptions, pairs: Sequence[str]) -> Mapping[str, Path]:
    if options.data:
        return resolve_data(options.data, program.named, folder=Path(), optional=pairs)
    folder = sample_folder(program, strategy)
    if folder is None:
        symbols = ", ".join(program.named)
        message = f"no prices are given for {symbols}"
        remedy = " ".join(f"--data {symbol}=FILE.csv" for symbol in program.named)
        raise DataRefused("D019", message, source="--data", row=None, remedy=f"name them: {remedy}, or --data FOLDER")
    return resolve_data((str(folder),), program.named, folder=Path(), optional=pairs)


def sample_folder(program: Program, strategy: Path) -> Path | None:
    """The sample prices of the strategy's interval, where it is one of the examples that carry them."""
    # Days of one's own are made from hours.
    name = SAMPLE_FOLDERS.get(3_600 if program.day_start else program.interval_seconds)
    home = strategy.resolve().parent.parent
    folder = home / "prices" / str(name)
    carried = home.name == "examples" and (folder / "prices.toml").is_file()
    return folder if name and carried else None


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
