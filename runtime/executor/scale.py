"""From decimal instruments and money to the engine's whole numbers, with the bounds that keep 64 bits safe.

Money is counted in 10^-k of its currency, k the smallest for which tick x step x multiplier of every instrument that
pays in it is whole, and no less than the currency's own digits. A run whose money would not fit, or whose currencies
have no rates, is refused by name, not rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from stratc.runtime.executor.conversion import Conversion
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.money import minor_digits, paid_in, worth_of_one
from stratc.runtime.model.record import record

VALUE_MAX: Final = 1 << 56  # quanta: the largest value of a whole portfolio's positions
EQUITY_MAX: Final = 1 << 58
PRICE_ROOM: Final = 4  # orders may name prices up to so many times the largest of the data


class RunRefused(ValueError):
    """A run that the engine cannot do: `code` says why in one word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@record
class InstrumentScale:
    """One instrument in whole numbers; `tick_value` in quanta, of its own currency, per tick and lot (quantity step).

    `currency` is that currency's place: 0 for the account's.
    """

    ticks_per_unit: float
    step: Decimal
    tick: Decimal
    tick_value: int
    ticks_max: int
    lots_max: int
    currency: int


@record
class Scale:
    """A run in whole numbers: `digits` is k of the account's currency, `other_digits` those of the others."""

    digits: int
    start: int
    instruments: tuple[InstrumentScale, ...]
    other_digits: tuple[int, ...]

    def quanta_for_quantum(self, place: int) -> float:
        """Quanta of the account's currency for a quantum of another, where one unit of each is worth the same."""
        return 10.0 ** (self.digits - self.other_digits[place - 1])

    def money(self, quanta: int) -> Decimal:
        """Exact amount in the account's currency."""
        return Decimal(quanta).scaleb(-self.digits)

    def quanta(self, money: Decimal) -> float:
        """An amount in quanta, as the engine's settings take it."""
        return float(money.scaleb(self.digits))


NO_CONVERSION: Final = Conversion(rates=())


def scale(
    instruments: Sequence[Instrument],
    price_max: Sequence[float],
    currency: str,
    equity: Decimal,
    conversion: Conversion = NO_CONVERSION,
    amounts: Sequence[tuple[str, Decimal]] = (),
) -> Scale:
    """The whole numbers of a run; raises `RunRefused` for a currency without rates, or for money that does not fit.

    `amounts` are further amounts, each with the currency that it is paid in, that must be whole: a dividend a step.
    """
    for instrument in instruments:
        paid = paid_in(instrument.currency)
        if paid != currency and not conversion.place_of(paid):
            raise RunRefused(
                "currency",
                f"`{instrument.symbol}` pays in {paid} and the account is kept in {currency}, and no rate between them "
                f"is known: name the prices of a pair, as in `--data {paid}/{currency}=FILE`",
            )
    steps = [(paid_in(each.currency), value_of_tick(each)) for each in instruments]
    own = [amount for paid, amount in (*steps, *amounts) if paid == currency]
    digits = max(_digits(currency, own), _places(equity))
    start = int(equity.scaleb(digits))
    if abs(start) >= EQUITY_MAX:
        raise RunRefused("money", f"{equity} {currency} in steps of 10^-{digits} does not fit into 64 bits")
    others = tuple(
        _digits(each.currency, [amount for paid, amount in (*steps, *amounts) if paid == each.currency])
        for each in conversion.rates
    )
    scaled = []
    for instrument, largest in zip(instruments, price_max, strict=True):
        place = 0 if paid_in(instrument.currency) == currency else conversion.place_of(paid_in(instrument.currency))
        worth = conversion.rates[place - 1].rate_max * 10.0 ** (digits - others[place - 1]) if place else 1.0
        places = others[place - 1] if place else digits
        scaled.append(_instrument(instrument, largest, places, len(instruments), place, worth))
    return Scale(digits=digits, start=start, instruments=tuple(scaled), other_digits=others)


def value_of_tick(instrument: Instrument) -> Decimal:
    """Money that one tick moves one quantity step, in the currency that is paid."""
    return instrument.tick * instrument.quantity_step * instrument.multiplier * worth_of_one(instrument.currency)


def _digits(currency: str, tick_values: Sequence[Decimal]) -> int:
    return max(minor_digits(currency), *(_places(value) for value in tick_values), 0)


def _instrument(
    instrument: Instrument, price_max: float, digits: int, count: int, place: int, worth: float
) -> InstrumentScale:
    """`worth` is the most quanta of the account's currency that one of the instrument's is worth in the run."""
    tick_value = int(value_of_tick(instrument).scaleb(digits))
    ticks_max = int(PRICE_ROOM * Decimal(price_max) / instrument.tick) + 1
    lots_max = int(VALUE_MAX // (ticks_max * tick_value * count) / max(worth, 1.0))
    if lots_max < 1:
        raise RunRefused("money", f"one step of `{instrument.symbol}` at its highest price does not fit into 64 bits")
    return InstrumentScale(
        ticks_per_unit=float(1 / instrument.tick),
        step=instrument.quantity_step,
        tick=instrument.tick,
        tick_value=tick_value,
        ticks_max=ticks_max,
        lots_max=lots_max,
        currency=place,
    )


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
