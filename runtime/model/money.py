"""Money at the edges: between decimal amounts of a currency and whole minor units.

Inside the engine money is a whole number of minor units (cents; yen have none), outside it is `Decimal`. These two
functions are exact: an amount that is no whole number of minor units is refused here, because rounding is decided where
an intent becomes an order and nowhere else.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

# ISO 4217 currencies without cents or with three digits, and coins; everything else has two digits.
DIGITS: Final = {"JPY": 0, "KRW": 0, "HUF": 2, "ISK": 0, "KWD": 3, "BHD": 3, "USDT": 6, "USDC": 6, "BTC": 8, "ETH": 8}
USUAL_DIGITS: Final = 2
# What shares are quoted in where it is a hundredth of the currency that they are paid in: pence, cents, agorot.
MINOR_UNITS: Final = {"GBX": "GBP", "ZAC": "ZAR", "ILA": "ILS"}
MINOR_UNITS_OF_ONE: Final = 100


class InexactMoney(ValueError):
    """An amount that is no whole number of its currency's minor units."""


def minor_digits(currency: str) -> int:
    """Decimal digits of the smallest amount that is booked in this currency."""
    return DIGITS.get(currency, USUAL_DIGITS)


def paid_in(currency: str) -> str:
    """The currency that a price's money is: pounds for what is quoted in pence."""
    return MINOR_UNITS.get(currency, currency)


def worth_of_one(currency: str) -> Decimal:
    """What one of what a price is quoted in is worth in the currency that it is paid in: 0.01 for pence, else 1."""
    return Decimal(1) / MINOR_UNITS_OF_ONE if currency in MINOR_UNITS else Decimal(1)


def to_minor(amount: Decimal, currency: str) -> int:
    """The amount in whole minor units; raises `InexactMoney` where it is none."""
    scaled = amount.scaleb(minor_digits(currency))
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise InexactMoney(f"{amount} {currency} is no whole number of minor units ({minor_digits(currency)} digits)")
    return int(scaled)


def from_minor(units: int, currency: str) -> Decimal:
    """The decimal amount of so many minor units, with the currency's digits."""
    return Decimal(units).scaleb(-minor_digits(currency))
