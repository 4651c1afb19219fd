"""Why market data are refused: one code for each reason, and the refusal that carries row, words and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

CODES: Final[Mapping[str, str]] = {
    "D001": "the file is not there",
    "D002": "the file cannot be read",
    "D003": "the file has no rows",
    "D004": "the file is no text table and no Parquet file",
    "D005": "a column is missing",
    "D006": "the file has more rows than the limit",
    "D007": "a value is not a number",
    "D008": "a time cannot be read",
    "D009": "times without an offset need a declared time zone",
    "D010": "a local time comes twice or never",
    "D011": "the rows are not in order of time",
    "D012": "two rows have the same time",
    "D013": "a bar is impossible",
    "D014": "the interval of the bars is not the one asked for",
    "D015": "no bar lies inside a regular session",
    "D016": "the volume is missing",
    "D017": "bars lie outside the calendar's table",
    "D018": "a daily bar has no session",
    "D019": "a `--data` value cannot be resolved",
    "D020": "a table beside the data cannot be read",
    "D021": "the contracts of a future cannot be put one after the other",
    "D022": "a row does not say what it is about, or where it comes from",
    "D023": "two rows say something of one thing at the same moment",
    "D024": "a word is none that the table knows",
    "D025": "a value lies outside its declared range",
    "D026": "a row was known before what it is about",
    "D027": "a table beside the data lies outside the calendar",
    "D028": "a universe holds something that is not like its other members",
    "D029": "a row does not say when it was known",
    "D033": "a table of contributions and withdrawals cannot be read",
    "D034": "an amount that was paid in or taken out cannot be booked",
    "D035": "contributions and withdrawals are not in order of time",
    "B120": "a table of actions or of borrowing cannot be read",
    "B121": "the prices are not those that the table of actions speaks of",
    "B122": "an action was known only after its ex date",
}


class DataRefused(ValueError):
    """Market data that cannot be used: a code of `CODES`, what is wrong and why, where, and what to do.

    `row` counts the rows of the table from 1, its heading not included; None where no single row is at fault.
    """

    def __init__(self, code: str, message: str, *, source: str, row: int | None, remedy: str) -> None:
        place = source if row is None else f"{source}, row {row}"
        super().__init__(f"{code} {place}: {message}; {remedy}")
        self.code = code
        self.message = message
        self.source = source
        self.row = row
        self.remedy = remedy


def first_row(faults: pl.Series) -> int | None:
    """The first row, counted from 1, at which a condition is true."""
    import polars as pl

    true = faults.fill_null(value=False).cast(pl.Boolean)
    return None if not true.any() else (true.arg_max() or 0) + 1
