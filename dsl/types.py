"""The types of the language: units, and the algebra of units.

Every expression has one of these types. A type says what a number measures, so that `close + volume` cannot be said.
`of` names the instrument that a price, a price difference or a quantity belongs to; `EACH` stands for the instrument a
rule is being tried for. `currency` is what a price is quoted in, empty where the instruments differ or are not known.
Numbers without a unit are `NUMBER`; whole numbers of things are `COUNT` and fit wherever a `NUMBER` does. A `RATIO` is
no `NUMBER`: `rsi(close, 14) < 30%` is a mistake. `UNKNOWN` is the type of what could not be typed: it fits everywhere,
so one mistake is said once.
"""

from __future__ import annotations

from typing import Final, assert_never

from stratc.runtime.model.record import short_record

EACH: Final = "each"


@short_record
class Plain:
    """A type that belongs to no instrument and no currency."""

    name: str

    def __str__(self) -> str:
        return self.name


@short_record
class Price:
    """Money per unit of one instrument."""

    of: str
    currency: str = ""

    def __str__(self) -> str:
        return "price" if self.of == EACH else f"price of {self.of}"


@short_record
class PriceDiff:
    """A distance between two prices of one instrument: ticks, pips, points, an average true range."""

    of: str
    currency: str = ""

    def __str__(self) -> str:
        return "price difference" if self.of == EACH else f"price difference of {self.of}"


@short_record
class Quantity:
    """So many shares, contracts, units, coins or lots; `unit` is empty where the instrument decides it (volume)."""

    of: str
    unit: str = ""

    def __str__(self) -> str:
        whose = "" if self.of == EACH else f" of {self.of}"
        return f"quantity{whose} in {self.unit}" if self.unit else f"quantity{whose}"


@short_record
class Money:
    """An amount of one currency."""

    currency: str

    def __str__(self) -> str:
        return f"money in {self.currency}" if self.currency else "money"


@short_record
class Stated:
    """An amount as it is written, `2 USD`: money, or a price or a price difference quoted in that currency."""

    currency: str

    def __str__(self) -> str:
        return f"amount in {self.currency}"


Type = Plain | Price | PriceDiff | Quantity | Money | Stated

BOOL: Final = Plain("condition")
NUMBER: Final = Plain("number")
COUNT: Final = Plain("whole number")
RATIO: Final = Plain("ratio")
R_MULTIPLE: Final = Plain("multiple of the initial risk")
BARS: Final = Plain("number of bars")
SESSIONS: Final = Plain("number of sessions")
DURATION: Final = Plain("duration")
TIME: Final = Plain("time of day")
DATE: Final = Plain("date")
TEXT: Final = Plain("text")
UNKNOWN: Final = Plain("unknown")

DIMENSIONLESS: Final = frozenset({NUMBER, COUNT})
UNSCALABLE: Final = frozenset({BOOL, TIME, DATE, TEXT})


def is_number(kind: Type) -> bool:
    return kind in DIMENSIONLESS


def fits(actual: Type, wanted: Type) -> bool:
    """Whether a value of type `actual` may stand where `wanted` is asked for."""
    if UNKNOWN in (actual, wanted) or actual == wanted:
        return True
    match actual, wanted:
        case Stated(currency=a), Money(currency=b) | Price(currency=b) | PriceDiff(currency=b):
            return "" in (a, b) or a == b
        case Quantity(of=a, unit=m), Quantity(of=b, unit=n):
            return a == b and (m == n or "" in (m, n))
        case Plain(), Plain():
            return actual == COUNT and wanted in (NUMBER, BARS, SESSIONS)
    return False


def add(left: Type, right: Type) -> Type | None:
    """The type of `left + right`, or None where the sum means nothing."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    match left, right:
        case Price(), PriceDiff() | Stated() if fits(right, difference_of(left)):
            return left
        case PriceDiff() | Stated(), Price() if fits(left, difference_of(right)):
            return right
        case Price(), _:
            return None
        case _ if (left, right) == (TIME, DURATION):
            return TIME
        case _ if left in UNSCALABLE:
            return None
    return _joined(left, right)


def subtract(left: Type, right: Type) -> Type | None:
    """The type of `left - right`, or None where the difference means nothing."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    match left, right:
        case Price(), Price() if left == right:
            return difference_of(left)
        case Price(), PriceDiff() | Stated() if fits(right, difference_of(left)):
            return left
        case Stated(), Price() if fits(left, right):
            return difference_of(right)
        case Price(), _:
            return None
        case _ if (left, right) == (TIME, TIME):
            return DURATION
        case _ if (left, right) == (TIME, DURATION):
            return TIME
        case _ if left in UNSCALABLE:
            return None
    return _joined(left, right)


def _joined(left: Type, right: Type) -> Type | None:
    """The common type of two amounts of the same kind of thing."""
    if is_number(left) and is_number(right):
        return left if left == right else NUMBER
    if isinstance(left, Price) or isinstance(right, Price):
        return None
    if isinstance(left, Quantity) and fits(left, right):
        return left if left.unit else right
    if fits(left, right):
        return right
    return left if fits(right, left) else None


def multiply(left: Type, right: Type) -> Type | None:
    """The type of `left * right`; a number or a ratio scales anything that can be scaled."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    if is_number(left) and is_number(right):
        return left if left == right else NUMBER
    if {left, right} <= DIMENSIONLESS | {RATIO}:
        return RATIO if left == right else NUMBER
    for scale, other in ((left, right), (right, left)):
        if scale in DIMENSIONLESS | {RATIO} and other not in UNSCALABLE:
            return other
        match scale, other:
            case Quantity(of=a), (Price(of=b, currency=currency) | PriceDiff(of=b, currency=currency)) if a == b:
                return Money(currency)
    return None


def divide(left: Type, right: Type) -> Type | None:
    """The type of `left / right`; equal units cancel to a ratio."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    if is_number(left) and is_number(right):
        return NUMBER
    if left in UNSCALABLE or right in UNSCALABLE:
        return None
    if is_number(right) or (right == RATIO and left != RATIO):
        return NUMBER if left == COUNT else left
    match left, right:
        case ((Price(of=a) | PriceDiff(of=a)), (Price(of=b) | PriceDiff(of=b))) if a == b:
            return RATIO
        case Price(currency=a), Price(currency=b) if a and a == b:
            # Two instruments are compared by the ratio of their prices, in one currency.
            return RATIO
        case Money(currency=a), Price(of=of, currency=b) | PriceDiff(of=of, currency=b) if a == b:
            return Quantity(of)
    return RATIO if not is_number(left) and (fits(left, right) or fits(right, left)) else None


def comparable(left: Type, right: Type) -> bool:
    """Whether `left < right` means something."""
    if UNKNOWN in (left, right):
        return True
    if left in (BOOL, TEXT) or right in (BOOL, TEXT):
        return False
    return fits(left, right) or fits(right, left)


def pinned(kind: Type, symbol: str, currency: str) -> Type:
    """The type of a value of the rule's own instrument, read of another one instead."""
    match kind:
        case Price(of="each"):
            return Price(symbol, currency)
        case PriceDiff(of="each"):
            return PriceDiff(symbol, currency)
        case Quantity(of="each", unit=unit):
            return Quantity(symbol, unit)
        case _:
            return kind


def difference_of(kind: Type) -> Type:
    """The type of a spread of values of type `kind`: prices differ by price differences, all else by itself."""
    match kind:
        case Price(of=of, currency=currency):
            return PriceDiff(of, currency)
        case PriceDiff() | Quantity() | Money() | Stated() | Plain():
            return kind
        case _:
            assert_never(kind)
