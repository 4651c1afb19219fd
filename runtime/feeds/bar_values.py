"""Prices and volumes of bars: from what a file writes to float64 columns of possible bars.

A value may be missing, as an empty field or a null: it becomes NaN and counts as unknown. Anything else must be a
finite number, and the four prices must be those of a bar that can have happened.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.refusal import DataRefused, first_row

if TYPE_CHECKING:
    import polars as pl

PRICES: Final = ("open", "high", "low", "close")


def read_values(frame: pl.DataFrame, *, price_floor: float, source: str) -> pl.DataFrame:
    """The prices and the volume as float64 without nulls; every price must be above `price_floor`."""
    import polars as pl

    columns = [read_numbers(frame.get_column(name), source=source) for name in frame.columns if name != "time"]
    numbers = pl.DataFrame(columns)
    if "volume" not in numbers.columns:
        numbers = numbers.with_columns(volume=pl.lit(math.nan))
    check_possible(numbers, floor=price_floor, source=source)
    return numbers


def read_numbers(column: pl.Series, *, source: str) -> pl.Series:
    """One column as float64, NaN where the file has nothing; raises `DataRefused` at the first that is no number."""
    import polars as pl

    if column.dtype == pl.String:
        text = column.str.strip_chars()
        empty = text.is_null() | (text == "")
        numbers = text.cast(pl.Float64, strict=False)
        wrong = ~empty & (numbers.is_null() | ~numbers.is_finite())
    elif column.dtype.is_numeric():
        numbers = column.cast(pl.Float64).fill_nan(None)
        wrong = numbers.is_infinite()
    elif column.dtype == pl.Null:
        return pl.Series(column.name, [math.nan], dtype=pl.Float64).new_from_index(0, len(column))
    else:
        message = f"the column `{column.name}` holds {column.dtype}, no numbers"
        raise DataRefused("D007", message, source=source, row=None, remedy="map the right column")
    row = first_row(wrong)
    if row is not None:
        message = f"`{column[row - 1]}` in column `{column.name}` is no number"
        remedy = "write a plain decimal number, or leave the field empty where the value is not known"
        raise DataRefused("D007", message, source=source, row=row, remedy=remedy)
    return numbers.fill_null(math.nan)


def check_possible(bars: pl.DataFrame, *, floor: float, source: str) -> None:
    """Refuses the first bar that cannot have happened; comparisons with an unknown value prove nothing."""
    import polars as pl

    known = bars.with_columns(pl.all().fill_nan(None))
    low, high = pl.col("low"), pl.col("high")
    faults = {
        "its high is below its low": high < low,
        "its open lies outside its range": (pl.col("open") > high) | (pl.col("open") < low),
        "its close lies outside its range": (pl.col("close") > high) | (pl.col("close") < low),
        "it has a price that is not above zero": pl.any_horizontal(pl.col(name) <= floor for name in PRICES),
        "its volume is negative": pl.col("volume") < 0,
    }
    found = known.select(*(fault.alias(words) for words, fault in faults.items()))
    rows = {words: row for words in faults if (row := first_row(found.get_column(words))) is not None}
    if rows:
        words, row = min(rows.items(), key=lambda entry: entry[1])
        values = ", ".join(f"{name} {value:g}" for name, value in bars.row(row - 1, named=True).items())
        message = f"this bar is impossible, {words}: {values}"
        raise DataRefused(
            "D013", message, source=source, row=row, remedy="repair or remove the row; prices are not guessed"
        )
