"""Overnight interest: what a unit of a currency pair earns when it is held over 17:00 New York, a row a row.

A trading day of forex ends at 17:00 New York, so the first bar of an instrument's next day is where the nights before
it are booked. A night's interest is either stated as swap points, or follows from the interest rates of the pair's two
currencies: the price times the difference, less the broker's markup, by each currency's own day count. A rate holds
from its date until the next, no longer than `fresh_days`; without one the interest is unknown (NaN).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from stratc.runtime.engine.codes import (
    ROW_DAY_SHIFT,
    ROW_INSTRUMENT_SHIFT,
    ROW_INSTRUMENTS,
    ROW_SESSION_START,
)
from stratc.runtime.model.instrument import Instrument, InstrumentKind
from stratc.runtime.model.money import worth_of_one
from stratc.runtime.model.record import record
from stratc.runtime.model.value_date import nights, spot_days

if TYPE_CHECKING:
    import polars as pl

EPOCH: Final = date(1970, 1, 1)
# Money markets that count 365 days a year; all others count 360.
DAYS_365: Final = frozenset({"GBP", "AUD", "NZD", "CAD", "HKD", "SGD", "ZAR", "PLN"})
UNKNOWN: Final = float("nan")


@record
class Interest:
    """What one unit of a position earns in the nights before each row's bar, in its instrument's currency.

    Below nought it costs; 0 where no night has passed; NaN where it is not known.
    """

    long: Sequence[float] | pl.Series
    short: Sequence[float] | pl.Series


@record
class RateHistory:
    """Interest rates of a currency in percent a year: each holds from its date on."""

    dates: tuple[date, ...]
    percent: tuple[float, ...]

    def on(self, day: date, fresh_days: int) -> float:
        """The rate in force on a day; NaN where there is none, or where it is too old."""
        at = bisect_right(self.dates, day) - 1
        return self.percent[at] if at >= 0 and (day - self.dates[at]).days <= fresh_days else UNKNOWN


@record
class InterestRates:
    """What a broker's interest follows from."""

    histories: Mapping[str, RateHistory]
    markup_percent: Decimal
    fresh_days: int


def bears_interest(instrument: Instrument, rates: InterestRates | None) -> bool:
    """Whether anything is known of the instrument's overnight interest."""
    if instrument.swap_long is not None and instrument.swap_short is not None:
        return True
    pair = instrument.kind is InstrumentKind.FOREX
    return pair and rates is not None and {instrument.base, instrument.quote} <= set(rates.histories)


def interest_of(
    instruments: Sequence[Instrument],
    rows: Sequence[int] | pl.Series,
    closes: Sequence[float] | pl.Series,
    rates: InterestRates | None,
) -> Interest | None:
    """The interest of a market's rows; None where nothing is known of any of its instruments."""
    bearing = [bears_interest(instrument, rates) for instrument in instruments]
    if not any(bearing):
        return None
    long, short = [0.0] * len(rows), [0.0] * len(rows)
    day_before: dict[int, date] = {}
    price: dict[int, float] = {}
    for row, (packed, close) in enumerate(zip(rows, closes, strict=True)):
        index = (packed >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS
        if bearing[index] and packed & ROW_SESSION_START:
            day = EPOCH + timedelta(days=packed >> ROW_DAY_SHIFT)
            if index in day_before:
                instrument, before = instruments[index], day_before[index]
                long[row], short[row] = earned(instrument, before, day, price.get(index, UNKNOWN), rates)
            day_before[index] = day
        price[index] = close if close == close else price.get(index, UNKNOWN)
    return Interest(long=long, short=short)


def earned(
    instrument: Instrument, before: date, day: date, price: float, rates: InterestRates | None
) -> tuple[float, float]:
    """Of a unit, long and short, from the close of one trading day into another."""
    base, quote = str(instrument.base), str(instrument.quote)
    days = instrument.settlement_days
    count = nights(before, day, spot_days(base, quote) if days is None else days, base, quote)
    if instrument.swap_long is not None and instrument.swap_short is not None:
        pip = (instrument.pip or instrument.tick) * worth_of_one(instrument.currency)
        return float(instrument.swap_long * pip * count), float(instrument.swap_short * pip * count)
    assert rates is not None
    of_base, of_quote = (_fraction(currency, before, count, rates) for currency in (base, quote))
    markup = float(rates.markup_percent) / 100 * count / 360
    return price * (of_base - of_quote - markup), price * (of_quote - of_base - markup)


def _fraction(currency: str, day: date, count: int, rates: InterestRates) -> float:
    """The interest of so many nights, as a part of the amount."""
    return rates.histories[currency].on(day, rates.fresh_days) / 100 * count / (365 if currency in DAYS_365 else 360)
