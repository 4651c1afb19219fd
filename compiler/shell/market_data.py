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
from stratc.compiler.ir.uses import clock_requests
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.compiler.shell.happenings import read_happenings
from stratc.compiler.shell.missed import missed_notes
from stratc.compiler.shell.rates import conversion, pairs_wanted, read_pairs
from stratc.compiler.shell.run_report import instrument_of_row, split_basis
from stratc.compiler.shell.table_data import columns_of, notes_of, read_beside, tables_of
from stratc.compiler.workbench.running import Feed
from stratc.dsl.stdlib import catalogue
from stratc.runtime.engine.codes import ROW_DAY_SHIFT
from stratc.runtime.executor.conversion import FRESH_HOURS_DEFAULT
from stratc.runtime.executor.interest import InterestRates, interest_of
from stratc.runtime.executor.timeline import market_of, spread
from stratc.runtime.feeds.bars import BarTable, DataRefused, Stamp, read_bars, session_calendar
from stratc.runtime.feeds.clock import clock_columns
from stratc.runtime.feeds.continuous import Continuous, Held, continuous, cut_to, leaving
from stratc.runtime.feeds.contract_files import contract_files
from stratc.runtime.feeds.data_option import resolve_data
from stratc.runtime.feeds.known_table import KnownTable
from stratc.runtime.model.contracts import RollBy, is_root, split
from stratc.runtime.model.instrument import Instrument, identify
from stratc.runtime.model.own_days import on_own_days
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, calendar
from stratc.runtime.reports.summary import Prices

if TYPE_CHECKING:
    import polars as pl

    from stratc.runtime.model.clock import Request as ClockRequest
    from stratc.runtime.model.known import Request as KnownRequest

NS_PER_SECOND: Final = 1_000_000_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SAMPLE_FOLDERS: Final = {DAY_SECONDS: "daily", 43_200: "12hour", 3_600: "hourly", 300: "5min", 60: "1min"}


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
    """The feed of a run and the tables that it was made of, in the order of the instruments; `converting` are those of
    `pairs`."""

    feed: Feed
    tables: tuple[BarTable, ...]
    instruments: tuple[Instrument, ...]
    sample: bool
    pairs: tuple[BarTable, ...]
    beside: tuple[KnownTable, ...]
    calendars: tuple[Calendar, ...]
    converting: tuple[Instrument, ...]
    told: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """One digest of all prices, in the order of the instruments, those that only convert money and the
        tables beside them behind them, those of actions and borrowing last."""
        digests = [table.digest for table in (*self.tables, *self.pairs)] + [table.digest for table in self.beside]
        digests += self.digests
        return digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode("ascii")).hexdigest()

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last trading day."""
        import polars as pl

        packed = pl.Series(self.feed.market.rows, dtype=pl.Int64)
        rows = (packed.arg_min() or 0, packed.arg_max() or 0)
        first, last = (EPOCH.date() + timedelta(packed.item(row) >> ROW_DAY_SHIFT) for row in rows)
        return first, last

    def prices(self) -> tuple[Prices, ...]:
        """The bars as the report shows them: those before a split in shares of the end; once where sleeves share."""
        basis, of_row = split_basis(self.feed.market), instrument_of_row(self.feed.market)
        made: dict[str, Prices] = {}
        for i, (instrument, table) in enumerate(zip(self.instruments, self.tables, strict=True)):
            if instrument.symbol not in made:
                made[instrument.symbol] = _prices(instrument, table, basis.filter(of_row == i))
        return tuple(made.values())

    def notes(self) -> tuple[str, ...]:
        """What must be said of the data: made up, left out, unknown."""
        told = []
        for table in (*self.tables, *self.pairs):
            told += [f"{table.symbol}: the prices are synthetic"] if table.synthetic else []
            left_out = f"{table.symbol}: {table.outside_session:,} bars outside the regular session were left out"
            told += [left_out] if table.outside_session else []
            told += [f"{table.symbol}: {table.unknown_values:,} values are missing"] if table.unknown_values else []
            told += [f"{table.symbol}: {note}" for note in table.notes]
        return tuple(dict.fromkeys((*told, *(note for table in self.beside for note in notes_of(table)), *self.told)))

    def conversions(self, fresh_hours: int) -> tuple[str, ...]:
        """What other currencies are counted at."""
        return tuple(
            f"{each.currency} is counted at the last known price of {each.source}, while no older than "
            f"{fresh_hours} hours; an opening order without such a rate is denied"
            for each in self.feed.market.conversion.rates
            if each.source
        )


@record
class Read:
    """What was read of prices: an instrument and a table a place, the contracts that some were made of, the files, and
    the pairs that only convert. `until_ns` is how far the bars go."""

    found: tuple[Instrument, ...]
    tables: tuple[BarTable, ...]
    calendars: tuple[Calendar, ...]
    contracts: tuple[Continuous | None, ...]
    files: Mapping[str, Path]
    pairs: tuple[tuple[Instrument, BarTable], ...]

    @property
    def until_ns(self) -> int:
        tables = (*self.tables, *(table for _, table in self.pairs))
        return max((int(table.closes_ns[-1]) for table in tables if len(table)), default=0)


@record
class Beside:
    """What is taken beside prices: where tables lie, how old a rate may be, what nights earn."""

    places: tuple[str, ...]
    timezone: str | None
    fresh_hours: int
    rates: InterestRates | None


def read_market(
    program: Program,
    own: Mapping[str, Instrument] | None,
    strategy: Path,
    options: DataOptions,
    fresh_hours: int = FRESH_HOURS_DEFAULT,
    rates: InterestRates | None = None,
) -> MarketData:
    """The market that the program trades and reads, with the rates of its currencies; raises `DataRefused`."""
    beside = Beside(
        places=table_places(program, strategy, options),
        timezone=options.timezone,
        fresh_hours=fresh_hours,
        rates=rates,
    )
    return put_together(program, read_files(program, own, strategy, options), beside, sample=not options.data)


def instruments_of(program: Program, own: Mapping[str, Instrument] | None) -> tuple[Instrument, ...]:
    """What the program trades and reads, in its order."""
    return tuple(_instrument(symbol, own, program.day_start) for symbol in program.named)


def calendars_of(program: Program, found: Sequence[Instrument]) -> tuple[Calendar, ...]:
    return tuple(session_calendar(each, regular_session=program.regular_session) for each in found)


def read_files(program: Program, own: Mapping[str, Instrument] | None, strategy: Path, options: DataOptions) -> Read:
    """The bars of the files that `--data` names; raises `DataRefused`."""
    found = instruments_of(program, own)
    chained = {instrument.symbol for instrument in found if is_chained(program, instrument)}
    pairs_needed = pairs_wanted(found[: len(program.instruments)], program.currency)
    alone = tuple(each for each in program.named if each not in chained)
    files = _files(program, strategy, options, pairs_needed, alone)
    contracts = tuple(
        read_contracts(program, each, _places(program, strategy, options), options) if each.symbol in chained else None
        for each in found
    )
    # An instrument that stands in several sleeves or pairs is read once.
    first = [program.named.index(each.symbol) for each in found]
    read = {
        place: _table(program, found[place], files[found[place].symbol], options) if made is None else made.table
        for place, made in enumerate(contracts)
        if first[place] == place
    }
    pairs = read_pairs(
        program, found, files, own, timezone=options.timezone, stamp=options.stamp, columns=options.columns
    )
    return Read(
        found=found,
        tables=tuple(read[place] for place in first),
        calendars=calendars_of(program, found),
        contracts=contracts,
        files=files,
        pairs=pairs,
    )


def put_together(
    program: Program,
    read: Read,
    beside: Beside,
    *,
    sample: bool,
    nominal: bool = False,
    goes_on: bool = False,
    bounds: tuple[float, ...] | None = None,
) -> MarketData:
    """One market of what was read, with everything that the program asks of its rows; raises `DataRefused`.

    `nominal`: schedules followed the wall clock. `goes_on`: more bars will come, so that announcements for later days
    count. `bounds` are those of prices that the run was told, where not the prices themselves say them.
    """
    found, tables, calendars = read.found, read.tables, read.calendars
    market, timeline = market_of(found, tables, calendars, read.contracts)
    happened = read_happenings(found, tables, read.files, market.rows, goes_on=goes_on)
    market = replace(market, events=happened.events, price_max=bounds or market.price_max)
    requests = clock_requests(program)
    first = [program.named.index(each.symbol) for each in found]
    timed = {
        place: clock_columns(
            tables[place].opens_ns,
            tables[place].closes_ns,
            calendars[place],
            requests,
            until_ns=read.until_ns,
            nominal=nominal,
        )
        for place in sorted(set(first))
    }
    clocks: dict[ClockRequest | KnownRequest, pl.Series] = {
        request: spread([timed[place][request] for place in first], timeline) for request in requests
    }
    given = (*zip(found, tables, strict=True), *read.pairs)
    converted = replace(
        market,
        conversion=conversion(market, len(program.instruments), program.currency, given, beside.fresh_hours),
        interest=interest_of(found, market.rows, market.close, beside.rates),
    )
    kept = read_beside(program, beside.places, beside.timezone)
    known = columns_of(program, tables, calendars, kept, timeline)
    return MarketData(
        feed=Feed(market=converted, columns=clocks | known),
        tables=tables,
        instruments=found,
        sample=sample,
        pairs=tuple(table for _, table in read.pairs),
        beside=tuple(kept.values()),
        calendars=calendars,
        converting=tuple(pair for pair, _ in read.pairs),
        told=(*happened.told, *missed_notes(program, tables, calendars)),
        digests=happened.digests,
    )


def _instrument(symbol: str, own: Mapping[str, Instrument] | None, day_start: str) -> Instrument:
    found = identify(symbol, own)
    if found is None:
        raise DataRefused(
            "D019", f"`{symbol}` is no instrument", source=symbol, row=None, remedy="see instruments.toml"
        )
    return on_own_days(found, day_start)


def _files(
    program: Program, strategy: Path, options: DataOptions, pairs: Sequence[str], symbols: tuple[str, ...]
) -> Mapping[str, Path]:
    """The file of each of these symbols, and of the pairs that convert money where there are any."""
    places = _places(program, strategy, options)
    chained = [each for each in program.instruments if each not in symbols]
    elsewhere = (*chained, *tables_of(program))
    own = tuple(place for place in places if place.partition("=")[0] not in elsewhere or "=" not in place)
    return resolve_data(own, symbols, folder=Path(), optional=pairs) if symbols or pairs else {}


def _places(program: Program, strategy: Path, options: DataOptions) -> tuple[str, ...]:
    """The values of `--data`, or the folder of sample prices where there are none."""
    if options.data:
        return options.data
    folders = sample_folders(program, strategy)
    if not folders:
        symbols = ", ".join(program.named)
        message = f"no prices are given for {symbols}"
        remedy = " ".join(f"--data {symbol}=FILE.csv" for symbol in program.named)
        raise DataRefused("D019", message, source="--data", row=None, remedy=f"name them: {remedy}, or --data FOLDER")
    return tuple(map(str, folders))


def table_places(program: Program, strategy: Path, options: DataOptions) -> tuple[str, ...]:
    """Where tables beside prices are looked for: `--data`, or the folder of an example that carries its own."""
    names = tables_of(program)
    stated = tuple(place for place in options.data if "=" not in place or place.partition("=")[0] in names)
    return stated if options.data else (str(strategy.parent),)


def sample_folders(program: Program, strategy: Path) -> tuple[Path, ...]:
    """Where an example's sample prices lie: its own, then those of its interval that the examples share.

    Empty for any other strategy, and for an example without prices.
    """
    # Days of one's own are made from hours.
    plain = SAMPLE_FOLDERS.get(3_600 if program.day_start else program.interval_seconds, "none")
    name = f"{plain}_futures" if program.roll or program.leave else plain
    own, home = strategy.parent / "prices", strategy.resolve().parent.parent
    carried = (folder for folder in (own, home / "prices" / name) if (folder / "prices.toml").is_file())
    return tuple(carried) if home.name == "examples" else ()


def _table(program: Program, instrument: Instrument, path: Path, options: DataOptions) -> BarTable:
    return cut(read_whole(program, instrument, path, options), options.first, options.last)


def read_whole(program: Program, instrument: Instrument, path: Path, options: DataOptions) -> BarTable:
    """All bars of a file, as the strategy wants them."""
    return read_bars(
        path,
        instrument=instrument,
        interval_ns=program.interval_seconds * NS_PER_SECOND,
        timezone=options.timezone,
        stamp=options.stamp,
        columns=options.columns,
        regular_session=program.regular_session,
        volume_needed=reads_volume(program),
    )


def is_chained(program: Program, instrument: Instrument) -> bool:
    """Whether an instrument is read contract by contract: a root that is rolled, or a contract that is left."""
    rolled = program.roll is not None and is_root(instrument)
    return rolled or (program.leave is not None and split(instrument.symbol) is not None)


def read_contracts(
    program: Program, instrument: Instrument, places: tuple[str, ...], options: DataOptions
) -> Continuous:
    """The bars of a root over its contracts, or of one contract up to where it is left, cut to the days asked for."""
    single = split(instrument.symbol)
    files = contract_files(places, instrument.symbol if single is None else single[0], folder=Path())
    wanted = [file for file in files if single is None or file.contract.symbol == instrument.symbol]
    if not wanted:
        message = f"there are no prices for `{instrument.symbol}`"
        raise DataRefused("D019", message, source="--data", row=None, remedy="add its file to the folder")
    held = [
        Held(
            contract=file.contract,
            table=read_whole(program, replace(instrument, symbol=file.contract.symbol), file.path, options),
        )
        for file in wanted
    ]
    sessions = session_calendar(instrument, regular_session=program.regular_session)
    if program.roll is not None and single is None:
        found = continuous(instrument.symbol, held, program.roll, sessions, float(instrument.tick))
    elif program.leave is not None:
        found = leaving(held[0], program.leave, sessions)
    else:
        raise AssertionError(f"`{instrument.symbol}` is neither rolled nor left")
    if options.first is None and options.last is None:
        return found
    keep = kept_between(found.table, options.first, options.last)
    first = keep.arg_max() or 0
    return cut_to(found, first, int(keep.sum()))


def reads_volume(program: Program) -> bool:
    """Whether any value of the program needs volume, or its rolls do."""
    if program.roll is not None and program.roll.by is RollBy.VOLUME:
        return True
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
    if first is None and last is None:
        return table
    keep = kept_between(table, first, last)
    names = ("opens_ns", "closes_ns", "open", "high", "low", "close", "volume")
    return replace(table, **{name: getattr(table, name).filter(keep) for name in names})


def kept_between(table: BarTable, first: date | None, last: date | None) -> pl.Series:
    """Which bars close within these days; raises `DataRefused` where none does."""
    start = _nanoseconds(first) if first else None
    end = _nanoseconds(last + timedelta(days=1)) if last else None
    closes = table.closes_ns
    keep = (closes > start if start is not None else closes >= 0) & (closes <= end if end is not None else closes >= 0)
    if not keep.any():
        message = f"it has no bars from {first or 'its start'} to {last or 'its end'}"
        raise DataRefused("D019", message, source=table.symbol, row=None, remedy="choose other dates")
    return keep


def _nanoseconds(day: date) -> int:
    return int((datetime.combine(day, time(), UTC) - EPOCH).total_seconds()) * NS_PER_SECOND


def _prices(instrument: Instrument, table: BarTable, basis: pl.Series) -> Prices:
    volume = (table.volume * basis).to_list()
    return Prices(
        symbol=instrument.symbol,
        currency=instrument.currency,
        zone=calendar(instrument.calendar).zone,
        daily=table.interval_ns >= DAY_SECONDS * NS_PER_SECOND,
        decimals=max(0, -int(instrument.tick.as_tuple().exponent)),
        opens_utc_ns=table.opens_ns.to_list(),
        closes_utc_ns=table.closes_ns.to_list(),
        open=(table.open / basis).to_list(),
        high=(table.high / basis).to_list(),
        low=(table.low / basis).to_list(),
        close=(table.close / basis).to_list(),
        volume=None if all(each != each for each in volume) else volume,
        source=table.source,
        licence=table.licence,
        synthetic=table.synthetic,
    )
