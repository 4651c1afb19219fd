"""Overnight interest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stratc.runtime.model.record import record

if TYPE_CHECKING:
    import polars as pl


@record
class Interest:
    """What one unit of a position earns in the nights before each row's bar, in its instrument's currency.

    Below nought it costs; 0 where no night has passed; NaN where it is not known.
    """

    long: Sequence[float] | pl.Series
    short: Sequence[float] | pl.Series
