"""Which pairs convert the money of a run, read from the same `--data` as its prices.

What is traded converts too, so that USD/JPY needs no second file. Of the pairs that are found only those on the
shortest way between two currencies are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from stratc.compiler.ir.nodes import Program
from stratc.runtime.executor.conversion import (
    NS_PER_HOUR,
    Conversion,
    CurrencyRates,
    PairPrices,
    conversion_of,
    paths,
)
from stratc.runtime.executor.market import Market
from stratc.runtime.feeds.bars import BarTable, Stamp, read_bars
from stratc.runtime.model.instrument import Instrument, InstrumentKind, identify
from stratc.runtime.model.money import paid_in

BY_WAY_OF: Final = ("USD", "EUR")


def other_currencies(instruments: Sequence[Instrument], account: str) -> tuple[str, ...]:
    """The currencies beside the account's that instruments pay in, in their order."""
    paid = dict.fromkeys(paid_in(instrument.currency) for instrument in instruments)
    return tuple(currency for currency in paid if currency != account)


def pairs_wanted(instruments: Sequence[Instrument], account: str) -> tuple[str, ...]:
    """The pairs whose prices could convert, the direct ones first."""
    wanted: dict[str, None] = {}
    for currency in other_currencies(instruments, account):
        wanted |= dict.fromkeys((f"{currency}/{account}", f"{account}/{currency}"))
        for third in BY_WAY_OF:
            if third not in (currency, account):
                wanted |= dict.fromkeys(
                    (f"{currency}/{third}", f"{third}/{currency}", f"{account}/{third}", f"{third}/{account}")
                )
    return tuple(wanted)


def is_pair(instrument: Instrument) -> bool:
    return instrument.kind in (InstrumentKind.FOREX, InstrumentKind.CRYPTO) and None not in (
        instrument.base,
        instrument.quote,
    )


def read_pairs(
    program: Program,
    traded: Sequence[Instrument],
    files: Mapping[str, Path],
    own: Mapping[str, Instrument] | None,
    *,
    timezone: str | None,
    stamp: Stamp,
    columns: Mapping[str, str],
) -> tuple[tuple[Instrument, BarTable], ...]:
    """The pairs that are not traded and are needed, each at the interval of its own file."""
    known = [each for each in traded if is_pair(each)]
    names = {each.symbol for each in traded}
    known += [found for symbol in files if symbol not in names and (found := identify(symbol, own)) and is_pair(found)]
    ends = [(str(each.base), str(each.quote)) for each in known]
    needed = set()
    for currency in other_currencies(traded[: len(program.instruments)], program.currency):
        way = next(paths(currency, program.currency, ends), ())
        needed |= {known[index].symbol for index, _ in way}
    return tuple(
        (
            pair,
            read_bars(
                files[pair.symbol],
                instrument=pair,
                interval_ns=None,
                timezone=timezone,
                stamp=stamp,
                columns=columns,
                regular_session=False,
                volume_needed=False,
            ),
        )
        for pair in known
        if pair.symbol in needed and pair.symbol not in names
    )


def conversion(
    market: Market, traded: int, account: str, tables: Sequence[tuple[Instrument, BarTable]], fresh_hours: int
) -> Conversion:
    """The rates of the market's other currencies at its rows; the first `traded` of its instruments need them.

    What is only read needs no rate: where there is none for its currency, that is what the run is told.
    """
    if not other_currencies(market.instruments, account):
        return Conversion(rates=())
    wanted = other_currencies(market.instruments[:traded], account)
    only_read = [each for each in other_currencies(market.instruments, account) if each not in wanted]
    import polars as pl

    pairs = [_prices(pair, table) for pair, table in tables if is_pair(pair)]
    opens, closes = (pl.Series(column, dtype=pl.Int64) for column in (market.opens_ns, market.closes_ns))
    found = conversion_of(opens, closes, wanted, account, pairs, fresh_hours * NS_PER_HOUR)
    return Conversion(rates=(*found.rates, *(_no_rates(currency, len(opens)) for currency in only_read)))


def _no_rates(currency: str, rows: int) -> CurrencyRates:
    unknown = [float("nan")] * rows
    return CurrencyRates(currency=currency, at_open=unknown, at_close=unknown, rate_max=0.0, source="")


def _prices(pair: Instrument, table: BarTable) -> PairPrices:
    return PairPrices(
        symbol=pair.symbol,
        base=str(pair.base),
        quote=str(pair.quote),
        opens_ns=table.opens_ns,
        closes_ns=table.closes_ns,
        open=table.open,
        close=table.close,
    )
