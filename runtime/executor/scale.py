"""From decimal instruments and money to the engine's whole numbers, with the bounds that keep 64 bits safe.

Money is counted in 10^-k of the currency, k the smallest for which tick x step x multiplier of every instrument is
whole, and no less than the currency's own digits. A run whose money would not fit is refused by name, not rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.money import minor_digits
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
    """One instrument in whole numbers; `tick_value` in quanta per tick and lot (quantity step)."""

    ticks_per_unit: float
    step: Decimal
    tick: Decimal
    tick_value: int
    ticks_max: int
    lots_max: int


@record
class Scale:
    """A run in whole numbers: `digits` is k."""

    digits: int
    start: int
    instruments: tuple[InstrumentScale, ...]

    def money(self, quanta: int) -> Decimal:
        """Exact amount in the account's currency."""
        return Decimal(quanta).scaleb(-self.digits)

    def quanta(self, money: Decimal) -> float:
        """An amount in quanta, as the engine's settings take it."""
        return float(money.scaleb(self.digits))


def scale(
    instruments: Sequence[Instrument],
    price_max: Sequence[float],
    currency: str,
    equity: Decimal,
    amounts: Sequence[Decimal] = (),
) -> Scale:
    """The whole numbers of a run; raises `RunRefused` for another currency, or for money that does not fit.

    `amounts` are further amounts of money that must be whole, such as a dividend a quantity step.
    """
    for instrument in instruments:
        if instrument.currency != currency:
            raise RunRefused(
                "currency",
                f"`{instrument.symbol}` is quoted in {instrument.currency} and the account is kept in {currency}: "
                f"conversion is not supported yet; use an account in {instrument.currency}",
            )
    digits = max(minor_digits(currency), *(_places(value_of_tick(instrument)) for instrument in instruments))
    digits = max(digits, _places(equity), *(_places(amount) for amount in amounts))
    start = int(equity.scaleb(digits))
    if abs(start) >= EQUITY_MAX:
        raise RunRefused("money", f"{equity} {currency} in steps of 10^-{digits} does not fit into 64 bits")
    scaled = [
        _instrument(instrument, largest, digits, len(instruments))
        for instrument, largest in zip(instruments, price_max, strict=True)
    ]
    return Scale(digits=digits, start=start, instruments=tuple(scaled))


def value_of_tick(instrument: Instrument) -> Decimal:
    """Money that one tick moves one quantity step."""
    return instrument.tick * instrument.quantity_step * instrument.multiplier


def _instrument(instrument: Instrument, price_max: float, digits: int, count: int) -> InstrumentScale:
    tick_value = int(value_of_tick(instrument).scaleb(digits))
    ticks_max = int(PRICE_ROOM * Decimal(price_max) / instrument.tick) + 1
    lots_max = VALUE_MAX // (ticks_max * tick_value * count)
    if lots_max < 1:
        raise RunRefused("money", f"one step of `{instrument.symbol}` at its highest price does not fit into 64 bits")
    return InstrumentScale(
        ticks_per_unit=float(1 / instrument.tick),
        step=instrument.quantity_step,
        tick=instrument.tick,
        tick_value=tick_value,
        ticks_max=ticks_max,
        lots_max=lots_max,
    )


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
