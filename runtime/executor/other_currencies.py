"""Rates and overnight interest as the engine takes them: one flat column of doubles each, in quanta."""

from __future__ import annotations

from array import array
from typing import Any

from stratc.runtime.engine import codes
from stratc.runtime.executor.market import Market
from stratc.runtime.executor.scale import RunRefused, Scale
from stratc.runtime.executor.terms import Exchange


def lay_out(book: Any, market: Market, scaled: Scale, exchange: Exchange, *, compiled: bool) -> list[array[float]]:
    """Give the book the market's rates and interest; what is returned must outlive the run."""
    kept = []
    rates = market.conversion.rates
    if len(rates) > codes.CURRENCIES:
        raise RunRefused("currency", f"a run has at most {codes.CURRENCIES} other currencies, not {len(rates)}")
    if rates:
        column = array("d", bytes(8 * len(market.rows) * len(rates) * codes.RATE_WIDTH))
        for place, each in enumerate(rates):
            factor = scaled.quanta_for_quantum(place + 1)
            for field, values in ((codes.RATE_AT_OPEN, each.at_open), (codes.RATE_AT_CLOSE, each.at_close)):
                scaled_values = array("d", [value * factor for value in values])
                column[place * codes.RATE_WIDTH + field :: len(rates) * codes.RATE_WIDTH] = scaled_values
        given = column.buffer_info()[0] if compiled else column
        book.set_currencies(given, len(rates), exchange.every_fill, float(exchange.cost))
        kept.append(column)
    if market.interest is not None:
        column = interest_column(market, scaled)
        book.set_interest(column.buffer_info()[0] if compiled else column)
        kept.append(column)
    return kept


def interest_column(market: Market, scaled: Scale) -> array[float]:
    """What a lot earns in the nights before a row, long and short, in quanta of its instrument's currency."""
    assert market.interest is not None
    digits = [scaled.other_digits[one.currency - 1] if one.currency else scaled.digits for one in scaled.instruments]
    quanta = [float(one.step) * 10.0**places for one, places in zip(scaled.instruments, digits, strict=True)]
    column = array("d", bytes(8 * len(market.rows) * codes.INTEREST_WIDTH))
    for row, packed in enumerate(market.rows):
        by = quanta[(packed >> codes.ROW_INSTRUMENT_SHIFT) & codes.ROW_INSTRUMENTS]
        column[row * codes.INTEREST_WIDTH] = market.interest.long[row] * by
        column[row * codes.INTEREST_WIDTH + 1] = market.interest.short[row] * by
    return column
