"""Rates of other currencies and interest of nights, one row after another: what `conversion.py` and `interest.py` give
for columns (a property test each).

All bars of a moment are taken before its rows are answered: at a close every price that closed by then is known.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from math import inf, nan

from stratc.runtime.engine import codes
from stratc.runtime.executor.interest import EPOCH, InterestRates, bears_interest, earned
from stratc.runtime.executor.paper.told import CurrencyTold
from stratc.runtime.executor.scale import Scale
from stratc.runtime.model.instrument import Instrument


class PairPrices:
    """What is known of one pair: its closes in order, and the open of each bar by when it began."""

    def __init__(self, fresh_ns: int) -> None:
        self.fresh_ns = fresh_ns
        self.closes_ns: list[int] = []
        self.prices: list[float] = []
        self.opens: dict[int, tuple[float, int]] = {}

    def take(self, opened: int, closed: int, open_price: float, close: float) -> None:
        if 0.0 < close < inf:
            self.closes_ns.append(closed)
            self.prices.append(close)
        if 0.0 < open_price < inf:
            self.opens.setdefault(opened, (open_price, closed))

    def last_known(self, moment_ns: int) -> float:
        """The last close by a moment; nan where there is none or where it is too old."""
        at = bisect_right(self.closes_ns, moment_ns) - 1
        return self.prices[at] if at >= 0 and moment_ns - self.closes_ns[at] <= self.fresh_ns else nan

    def at_open(self, opened: int, closed: int) -> float:
        """The open of the bar that begins with a row's and ends no later, else the last close known by then."""
        price, ends = self.opens.get(opened, (nan, inf))
        return price if ends <= closed else self.last_known(opened)


class Rates:
    """The rates of all currencies of a run, written into the column that the engine reads."""

    def __init__(
        self, currencies: Sequence[CurrencyTold], pairs: Sequence[PairPrices], scaled: Scale, column: array[float]
    ) -> None:
        self.currencies, self.pairs = currencies, pairs
        self.factors = [scaled.quanta_for_quantum(place + 1) for place in range(len(currencies))]
        self.column = column

    def put(self, at: int, opened: int, closed: int) -> None:
        column = self.column
        first = at * len(self.currencies) * codes.RATE_WIDTH
        for place, told in enumerate(self.currencies):
            cell = first + place * codes.RATE_WIDTH
            column[cell + codes.RATE_AT_OPEN] = self._rate(told, opened, closed, opening=True) * self.factors[place]
            column[cell + codes.RATE_AT_CLOSE] = self._rate(told, opened, closed, opening=False) * self.factors[place]

    def _rate(self, told: CurrencyTold, opened: int, closed: int, *, opening: bool) -> float:
        product = nan
        for step, (number, forwards) in enumerate(told.way):
            pair = self.pairs[number]
            price = pair.at_open(opened, closed) if opening else pair.last_known(closed)
            turned = price if forwards else 1.0 / price
            product = turned if step == 0 else product * turned
        return product


class Nights:
    """What a lot of each instrument earns in the nights before a row, in quanta of its currency."""

    def __init__(
        self,
        instruments: Sequence[Instrument],
        rates: InterestRates | None,
        scaled: Scale,
        column: array[float],
    ) -> None:
        self.instruments, self.rates, self.column = instruments, rates, column
        digits = [
            scaled.other_digits[one.currency - 1] if one.currency else scaled.digits for one in scaled.instruments
        ]
        self.quanta = [float(one.step) * 10.0**k for one, k in zip(scaled.instruments, digits, strict=True)]
        self.bearing = [bears_interest(each, rates) for each in instruments]
        self.day_before: dict[int, date] = {}
        self.price: dict[int, float] = {}

    def put(self, at: int, i: int, packed: int, close: float) -> None:
        long = short = 0.0
        if self.bearing[i] and packed & codes.ROW_SESSION_START:
            day = EPOCH + timedelta(days=packed >> codes.ROW_DAY_SHIFT)
            if i in self.day_before:
                price = self.price.get(i, nan)
                long, short = earned(self.instruments[i], self.day_before[i], day, price, self.rates)
            self.day_before[i] = day
        column = self.column
        column[at * codes.INTEREST_WIDTH] = long * self.quanta[i]
        column[at * codes.INTEREST_WIDTH + 1] = short * self.quanta[i]
        if close == close:
            self.price[i] = close
