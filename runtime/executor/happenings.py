"""What happens to instruments during a run: decimal events as the engine's whole numbers, and copies for signals."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any

from stratc.runtime.engine import codes, facts
from stratc.runtime.executor.market import Event, EventKind, Market
from stratc.runtime.executor.scale import VALUE_MAX, InstrumentScale, Scale
from stratc.runtime.executor.terms import Terms
from stratc.runtime.model.action import SignalPrices
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.money import paid_in

if TYPE_CHECKING:
    import polars as pl

ANY_NUMBER = -1
PRICES = {
    SignalPrices.RAW: codes.PRICES_RAW,
    SignalPrices.SPLIT_ADJUSTED: codes.PRICES_SPLIT_ADJUSTED,
    SignalPrices.TOTAL_RETURN: codes.PRICES_TOTAL_RETURN,
}


def millionths(rate_percent: Decimal) -> int:
    """A rate in percent as whole millionths, rounded half-even: 85.25 % is 852500."""
    return int((rate_percent * 10_000).to_integral_value(ROUND_HALF_EVEN))


def amounts_paid(market: Market) -> tuple[tuple[str, Decimal], ...]:
    """What dividends and locates come to a quantity step: money has as many digits as they need."""
    dividends = ((e.instrument, e.amount or Decimal(0)) for e in market.events if e.kind is EventKind.DIVIDEND)
    fees = ((e.instrument, e.locate_fee) for e in market.events if e.kind is EventKind.BORROW)
    each = ((market.instruments[i], amount) for i, amount in (*dividends, *fees))
    return tuple((paid_in(one.currency), amount * one.quantity_step) for one, amount in each)


def set_happenings(module: ModuleType | None, book: Any, market: Market, scaled: Scale, terms: Terms) -> None:
    """Tell the book, which is of the artefact's own type where a `module` is given, what happens to its instruments."""
    engine: Any = module.engine if module else facts
    for i, instrument in enumerate(market.instruments):
        restrictable = 1 if instrument.us_listed_share else 0
        engine.set_holding(book, i, PRICES[instrument.signal_prices], restrictable, millionths(terms.borrow_rate))
        if instrument.notional_min is not None:
            digits = digits_of(scaled.instruments[i], scaled)
            least = int(instrument.notional_min.scaleb(digits).to_integral_value(ROUND_UP))
            engine.set_notional_min(book, i, min(least, VALUE_MAX + 1))  # above it nothing can be ordered anyway
    sectors = list(dict.fromkeys(each.sector for each in market.instruments if each.sector is not None))
    for i, instrument in enumerate(market.instruments):
        if instrument.sector is not None:
            engine.set_sector(book, i, sectors.index(instrument.sector) + 1)
    if market.events:
        engine.set_events(book, [number for event in market.events for number in _row(event, scaled)])


def _row(event: Event, scaled: Scale) -> tuple[int, ...]:
    """One event, as `codes` says its fields."""
    numbers = scaled.instruments[event.instrument]
    new, old = event.new, event.old
    if event.kind is EventKind.BORROW:
        new, old = (
            millionths(event.rate_percent),
            int((event.locate_fee * numbers.step).scaleb(digits_of(numbers, scaled))),
        )
    return event.instrument, event.day, int(event.kind), new, old, _amount(event, numbers, scaled), 0


def digits_of(numbers: InstrumentScale, scaled: Scale) -> int:
    """Of the currency that an instrument pays in."""
    return scaled.other_digits[numbers.currency - 1] if numbers.currency else scaled.digits


def _amount(event: Event, numbers: InstrumentScale, scaled: Scale) -> int:
    if event.amount is None:
        return ANY_NUMBER if event.kind is EventKind.BORROW else 0
    match event.kind:
        case EventKind.DIVIDEND:
            return int((event.amount * numbers.step).scaleb(digits_of(numbers, scaled)))
        case EventKind.END:
            return int(event.amount / numbers.tick)
        case EventKind.BORROW:
            return int(event.amount / numbers.step)
        case EventKind.SPLIT:
            return 0


def restates(event: Event, instruments: Sequence[Instrument]) -> bool:
    """Whether an event restates what signals have seen."""
    match instruments[event.instrument].signal_prices:
        case SignalPrices.RAW:
            return False
        case SignalPrices.SPLIT_ADJUSTED:
            return event.kind is EventKind.SPLIT
        case SignalPrices.TOTAL_RETURN:
            return event.kind in (EventKind.SPLIT, EventKind.DIVIDEND)


def columns_for_signals(market: Market) -> tuple[Sequence[float] | pl.Series, ...]:
    """Prices and volume as signals read them: copies where an event restates them; none where all are as traded."""
    prices = market.signals or (market.open, market.high, market.low, market.close)
    if any(restates(event, market.instruments) for event in market.events):
        return tuple(array("d", column) for column in (*prices, market.volume))
    return (*prices, market.volume) if market.signals else ()
