"""Conversion: from the prices of currency pairs to the rates of a run, one row a bar, point in time.

`conversion_of` maps the rows of a market and the pairs whose prices were given to the account's worth of one unit of
each other currency. A rate at a bar's close is the pair's last close that was known by then; a rate at a bar's
beginning is the open of the pair's bar that begins with it and ends no later, else the last close known by then. What
is older than `fresh_ns` is unknown (NaN), as is everything before the first price: never 1.

A rate is the pair's price, its reciprocal where the pair is quoted the other way round, or, where no pair joins the two
currencies, the product of two such rates by way of a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from stratc.runtime.model.record import record

if TYPE_CHECKING:
    import polars as pl

FRESH_HOURS_DEFAULT: Final = 96  # from a Friday's last price to a Tuesday after a long weekend
NS_PER_HOUR: Final = 3_600_000_000_000


@record
class PairPrices:
    """The bars of a currency pair in order of time: one of `base` costs so many of `quote`."""

    symbol: str
    base: str
    quote: str
    opens_ns: pl.Series
    closes_ns: pl.Series
    open: pl.Series
    close: pl.Series


@record
class CurrencyRates:
    """What one unit of `currency` is worth in the account's, a row a row, NaN where it is not known.

    `at_open` counts for what happens in the row's bar, `at_close` for its mark. `source` says whose prices they are.
    """

    currency: str
    at_open: Sequence[float] | pl.Series
    at_close: Sequence[float] | pl.Series
    rate_max: float
    source: str


@record
class Conversion:
    """The rates of a run, in the order in which the engine counts currencies (from 1)."""

    rates: tuple[CurrencyRates, ...]

    def place_of(self, currency: str) -> int:
        """The engine's number of a currency: 0 where there are no rates for it."""
        names = [each.currency for each in self.rates]
        return names.index(currency) + 1 if currency in names else 0


@record
class _Step:
    """One pair, read forwards (price) or backwards (reciprocal)."""

    pair: PairPrices
    forwards: bool


def paths(currency: str, account: str, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[int, bool], ...]]:
    """The ways from a currency to the account's, shortest first: indices of pairs, each read forwards or not."""
    legs = [(index, forwards) for index in range(len(pairs)) for forwards in (True, False)]

    def ends(leg: tuple[int, bool]) -> tuple[str, str]:
        base, quote = pairs[leg[0]]
        return (base, quote) if leg[1] else (quote, base)

    yield from ((leg,) for leg in legs if ends(leg) == (currency, account))
    for one in legs:
        for two in legs:
            if ends(one)[0] == currency and ends(one)[1] == ends(two)[0] and ends(two)[1] == account:
                yield (one, two)


def conversion_of(
    opens_ns: pl.Series,
    closes_ns: pl.Series,
    currencies: Iterable[str],
    account: str,
    pairs: Sequence[PairPrices],
    fresh_ns: int,
) -> Conversion:
    """The rates of these currencies at these rows; a currency to which no pair leads has none and is left out."""
    found = []
    for currency in currencies:
        way = next(paths(currency, account, [(pair.base, pair.quote) for pair in pairs]), None)
        if way is not None:
            steps = [_Step(pair=pairs[index], forwards=forwards) for index, forwards in way]
            found.append(_rates(currency, steps, opens_ns, closes_ns, fresh_ns))
    return Conversion(rates=tuple(found))


def _rates(
    currency: str, steps: Sequence[_Step], opens_ns: pl.Series, closes_ns: pl.Series, fresh_ns: int
) -> CurrencyRates:
    at_close = _product(_turned(step, last_known(step.pair, closes_ns, fresh_ns)) for step in steps)
    at_open = _product(
        _turned(step, known_at_open(step.pair, opens_ns, closes_ns, fresh_ns).fill_nan(None)) for step in steps
    )
    largest = max((float(top) for each in (at_open, at_close) if isinstance(top := each.max(), float)), default=0.0)
    return CurrencyRates(
        currency=currency,
        at_open=at_open.fill_null(float("nan")),
        at_close=at_close.fill_null(float("nan")),
        rate_max=largest,
        source=" and ".join(step.pair.symbol for step in steps),
    )


def last_known(pair: PairPrices, moments_ns: pl.Series, fresh_ns: int) -> pl.Series:
    """The pair's last known close at each moment, null where there is none or where it is too old."""
    import polars as pl

    known = pl.DataFrame({"at": pair.closes_ns, "since": pair.closes_ns, "price": pair.close})
    known = known.filter(pl.col("price").is_finite() & (pl.col("price") > 0))
    asked = pl.DataFrame({"at": moments_ns}).with_row_index("row").sort("at")
    joined = asked.join_asof(known, on="at", strategy="backward").sort("row")
    fresh = pl.col("at") - pl.col("since") <= fresh_ns
    return joined.select(pl.when(fresh).then(pl.col("price"))).to_series()


def known_at_open(pair: PairPrices, opens_ns: pl.Series, closes_ns: pl.Series, fresh_ns: int) -> pl.Series:
    """The open of the pair's bar that begins with the row's and ends no later, else the last close known by then."""
    import polars as pl

    begun = pl.DataFrame({"at": pair.opens_ns, "ends": pair.closes_ns, "price": pair.open})
    begun = begun.filter(pl.col("price").is_finite() & (pl.col("price") > 0)).unique("at", keep="first")
    asked = pl.DataFrame({"at": opens_ns, "close": closes_ns})
    joined = asked.join(begun, on="at", how="left", maintain_order="left")
    here = joined.select(pl.when(pl.col("ends") <= pl.col("close")).then(pl.col("price"))).to_series()
    return here.fill_null(last_known(pair, opens_ns, fresh_ns))


def _turned(step: _Step, price: pl.Series) -> pl.Series:
    return price if step.forwards else 1.0 / price


def _product(factors: Iterable[pl.Series]) -> pl.Series:
    product, *others = factors
    for factor in others:
        product = product * factor
    return product
