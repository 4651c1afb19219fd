"""Where values fall among sorted moments: the vectorised bisection that clocks and calendars share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl


def count_before(moments: Sequence[int], values: pl.Series) -> pl.Series:
    """For each value, how many of the sorted moments are smaller, as int64."""
    return _positions(moments, values, "left")


def count_up_to(moments: Sequence[int], values: pl.Series) -> pl.Series:
    """For each value, how many of the sorted moments are not greater, as int64."""
    return _positions(moments, values, "right")


def _positions(moments: Sequence[int], values: pl.Series, side: Literal["left", "right"]) -> pl.Series:
    import polars as pl

    # As an expression: on columns, older releases of polars want numpy for this.
    found = pl.lit(pl.Series(moments, dtype=pl.Int64)).search_sorted(pl.lit(values), side=side)
    return pl.select(found.cast(pl.Int64).alias("position")).to_series()
