"""Interval arithmetic for proofs: closed intervals of exact numbers, comparisons that may be unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.observer import Operator


@dataclass(frozen=True, slots=True)
class Interval:
    """Closed; None is unbounded."""

    low: Fraction | None
    high: Fraction | None


ANY: Final = Interval(None, None)
COUNT: Final = Interval(Fraction(0), None)


def calculate(operator: Operator, one: Interval, two: Interval) -> Interval:
    match operator:
        case Operator.ADD:
            return Interval(_plus(one.low, two.low), _plus(one.high, two.high))
        case Operator.SUBTRACT:
            return Interval(_minus(one.low, two.high), _minus(one.high, two.low))
        case Operator.MULTIPLY:
            return _product(one, two)
        case Operator.MINIMUM:
            highs = [each for each in (one.high, two.high) if each is not None]
            low = None if one.low is None or two.low is None else min(one.low, two.low)
            return Interval(low, min(highs, default=None))
        case Operator.MAXIMUM:
            lows = [each for each in (one.low, two.low) if each is not None]
            high = None if one.high is None or two.high is None else max(one.high, two.high)
            return Interval(max(lows, default=None), high)
        case _:
            return ANY


def _product(one: Interval, two: Interval) -> Interval:
    """Of two intervals without negative numbers; anything else is unbounded."""
    if one.low is None or two.low is None or one.low < 0 or two.low < 0:
        return ANY
    if 0 in {one.high, two.high}:
        return Interval(Fraction(0), Fraction(0))
    high = None if one.high is None or two.high is None else one.high * two.high
    return Interval(one.low * two.low, high)


def _plus(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    return None if one is None or two is None else one + two


def _minus(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    return None if one is None or two is None else one - two


def compare(operator: Operator, one: Interval, two: Interval) -> bool | None:
    match operator:
        case Operator.LESS_EQUAL:
            return _ordered(one, two, strict=False)
        case Operator.GREATER_EQUAL:
            return _ordered(two, one, strict=False)
        case Operator.LESS:
            return _ordered(one, two, strict=True)
        case Operator.GREATER:
            return _ordered(two, one, strict=True)
        case Operator.EQUAL | Operator.NOT_EQUAL:
            same = _same(one, two)
            return same if same is None or operator is Operator.EQUAL else not same
        case _:
            return None


def _ordered(one: Interval, two: Interval, *, strict: bool) -> bool | None:
    """Whether every number of one is below every number of the other, or none is."""
    if one.high is not None and two.low is not None and (one.high < two.low or (one.high == two.low and not strict)):
        return True
    if one.low is not None and two.high is not None and (one.low > two.high or (one.low == two.high and strict)):
        return False
    return None


def _same(one: Interval, two: Interval) -> bool | None:
    if one.low is not None and one.low == one.high == two.low == two.high:
        return True
    return False if _ordered(one, two, strict=True) or _ordered(two, one, strict=True) else None
