"""Rates for made-up bars: a pair's own bars where it is joined to the account's currency, else a constant.

A market of the search is any market that could be: what no bar of it says, a rate between two other currencies, may be
any positive number. Rates are read as a run reads them: a bar's open for its fills, its close for its mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stratc.runtime.engine.codes import ROW_INSTRUMENT_SHIFT, ROW_INSTRUMENTS
from stratc.runtime.executor.conversion import Conversion, CurrencyRates
from stratc.runtime.executor.market import Market
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.money import paid_in

MADE_RATE: Final = 1.25


def made_conversion(market: Market, account: str) -> Conversion:
    """Rates of every other currency that the market's instruments pay in."""
    paid = dict.fromkeys(paid_in(instrument.currency) for instrument in market.instruments)
    return Conversion(rates=tuple(_rates(market, currency, account) for currency in paid if currency != account))


def _rates(market: Market, currency: str, account: str) -> CurrencyRates:
    source = next((i for i, each in enumerate(market.instruments) if _joins(each, currency, account)), None)
    if source is None:
        constant = [MADE_RATE] * len(market.rows)
        return CurrencyRates(
            currency=currency, at_open=constant, at_close=constant, rate_max=MADE_RATE, source="a made-up rate"
        )
    forwards = market.instruments[source].base == currency
    opens = _last(market, list(market.open), source, forwards=forwards)
    closes = _last(market, list(market.close), source, forwards=forwards)
    largest = max((rate for rate in (*opens, *closes) if rate == rate), default=0.0)
    symbol = market.instruments[source].symbol
    return CurrencyRates(currency=currency, at_open=opens, at_close=closes, rate_max=largest, source=symbol)


def _joins(instrument: Instrument, currency: str, account: str) -> bool:
    return {instrument.base, instrument.quote} == {currency, account}


def _last(market: Market, prices: Sequence[float], source: int, *, forwards: bool) -> list[float]:
    """The source's last price at each row, as a rate; NaN before the first."""
    rate, told = float("nan"), []
    for row, packed in enumerate(market.rows):
        if (packed >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS == source and prices[row] > 0:
            rate = prices[row] if forwards else 1.0 / prices[row]
        told.append(rate)
    return told
