"""Tables beside prices: from a CSV or Parquet file to rows that say what was known, since when, and from whom.

One reader for every kind of table. A `Shape` declares the columns of a kind; each row has `known_at` (a moment, with
its offset or in the declared zone; a bare date is refused, because a day is no moment) and `source` besides. Rows
with the same `key` are about one thing: the later one revises the earlier. Rows come out in order of `known_at`, so
that what was known at a moment is a prefix of the table. Nothing is guessed, filled or re-dated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.bar_values import read_numbers
from stratc.runtime.feeds.file_times import read_times
from stratc.runtime.feeds.provenance import provenance_of
from stratc.runtime.feeds.refusal import DataRefused, first_row
from stratc.runtime.feeds.table_file import missing_column, read_frame
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    import polars as pl

KNOWN: Final = "known_at"
SOURCE: Final = "source"


@record
class Shape:
    """The columns of a kind of table, by what they hold; `optional` ones may be absent, or empty in a row.

    `key` names the columns that tell one thing from another.
    """

    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.texts, *self.numbers, *self.dates, *self.moments)


@record
class KnownTable:
    """The rows of a table in order of `known_at`, then of the file.

    `rows` has the shape's columns (texts as text, numbers as float64 with nan where empty, dates as dates, moments as
    int64 UTC nanoseconds), `known_at` as int64 UTC nanoseconds, `source`, and `row`, the row of the file from 1.
    `revised` counts the rows that say anew what an earlier one said. `digest` is the SHA-256 of the canonical content.
    """

    name: str
    file: str
    rows: pl.DataFrame
    revised: int
    digest: str
    source: str
    licence: str
    synthetic: bool
    notes: tuple[str, ...]

    def refuse(self, code: str, place: int, message: str, remedy: str) -> DataRefused:
        """The refusal of the row at this place of `rows`."""
        return DataRefused(code, message, source=self.file, row=int(self.rows["row"][place]), remedy=remedy)


def read_known(path: Path, *, name: str, shape: Shape, timezone: str | None) -> KnownTable:
    """The table in a file; raises `DataRefused`, which names the row, what is wrong there and what to do."""
    import polars as pl

    frame, source = _named(read_frame(path), shape, source=path.name), path.name
    columns = [
        *(_texts(frame.get_column(each), shape, source) for each in shape.texts),
        *(read_numbers(frame.get_column(each), source=source) for each in shape.numbers),
        *(_times(frame.get_column(each), shape, timezone, source) for each in (*shape.dates, *shape.moments)),
        _known_at(frame.get_column(KNOWN), timezone, source),
        _sources(frame.get_column(SOURCE), source),
    ]
    rows = pl.DataFrame(columns).with_row_index("row", offset=1).sort(KNOWN, maintain_order=True)
    _check_revisions(rows, shape, source)
    origin = provenance_of(path)
    return KnownTable(
        name=name,
        file=path.name,
        rows=rows,
        revised=_revised(rows, shape),
        digest=_digest(name, rows),
        source=origin.source,
        licence=origin.licence,
        synthetic=origin.synthetic,
        notes=origin.notes,
    )


def _revised(rows: pl.DataFrame, shape: Shape) -> int:
    """The rows that say anew what an earlier one said; none where no column tells one thing from another."""
    told = [each for each in shape.key if rows[each].null_count() < rows.height]
    apart = [each for each in told if each != "symbol"]
    return rows.height - rows.select(told).unique().height if apart else 0


def _named(frame: pl.DataFrame, shape: Shape, *, source: str) -> pl.DataFrame:
    """The columns under our names; optional ones that the file has not are empty."""
    import polars as pl

    there = {name.strip().lower(): name for name in frame.columns}
    found = []
    for wanted in (*shape.columns, KNOWN, SOURCE):
        if wanted in there:
            found.append(frame.get_column(there[wanted]).alias(wanted))
        elif wanted in shape.optional:
            found.append(pl.Series(wanted, [None], dtype=pl.String).new_from_index(0, frame.height))
        else:
            raise missing_column(wanted, tuple(frame.columns), source, mapped=False)
    return pl.DataFrame(found)


def _texts(column: pl.Series, shape: Shape, source: str) -> pl.Series:
    import polars as pl

    text = column.cast(pl.String).str.strip_chars().fill_null("")
    row = first_row(text == "")
    if row is not None and column.name not in shape.optional:
        message = f"the column `{column.name}` is empty"
        raise DataRefused("D022", message, source=source, row=row, remedy="fill it in, or remove the row")
    return text


def _sources(column: pl.Series, source: str) -> pl.Series:
    import polars as pl

    text = column.cast(pl.String).str.strip_chars().fill_null("")
    row = first_row(text == "")
    if row is not None:
        remedy = "name who said it: a document, a feed, a message; what comes from nowhere is not used"
        raise DataRefused("D022", "the row has no source", source=source, row=row, remedy=remedy)
    return text


def _known_at(column: pl.Series, timezone: str | None, source: str) -> pl.Series:
    import polars as pl

    remedy = (
        "write the moment, as in 2024-05-07T16:05:00-04:00; where only the day is certain, "
        "write its end, so that nothing is known too early"
    )
    row = first_row(column.is_null() | (column.cast(pl.String).str.strip_chars() == ""))
    if row is not None:
        raise DataRefused("D029", "`known_at` is empty", source=source, row=row, remedy=remedy)
    moments = _parsed(column, timezone, source)
    if moments.dtype == pl.Date:
        message = f"`known_at` is the date {moments[0]}, which is no moment"
        raise DataRefused("D029", message, source=source, row=1, remedy=remedy)
    return moments.to_physical().cast(pl.Int64)


def _parsed(column: pl.Series, timezone: str | None, source: str) -> pl.Series:
    try:
        return read_times(column, timezone=timezone, source=source).alias(column.name)
    except DataRefused as refusal:
        message = f"in column `{column.name}` {refusal.message}"
        raise DataRefused(refusal.code, message, source=source, row=refusal.row, remedy=refusal.remedy) from None


def _times(column: pl.Series, shape: Shape, timezone: str | None, source: str) -> pl.Series:
    """Dates, or moments as int64 nanoseconds; null where the field is empty."""
    import polars as pl

    is_date = column.name in shape.dates
    if column.dtype == pl.String:
        column = column.str.strip_chars().replace("", None)
    places = pl.int_range(len(column), eager=True).filter(column.is_not_null())
    if len(places) < len(column) and column.name not in shape.optional:
        row = first_row(column.is_null())
        message = f"the column `{column.name}` is empty"
        raise DataRefused("D022", message, source=source, row=row, remedy="fill it in, or remove the row")
    kind = pl.Date if is_date else pl.Int64
    if not len(places):
        return pl.Series(column.name, [None], dtype=kind).new_from_index(0, len(column))
    try:
        found = _parsed(column.drop_nulls(), timezone, source)
    except DataRefused as refusal:
        row = None if refusal.row is None else int(places[refusal.row - 1]) + 1
        raise DataRefused(refusal.code, refusal.message, source=source, row=row, remedy=refusal.remedy) from None
    if (found.dtype == pl.Date) is not is_date:
        wanted = "dates, as 2024-05-07" if is_date else "moments, as 2024-05-07T16:05:00-04:00"
        message = f"the column `{column.name}` holds other than {wanted}"
        raise DataRefused("D008", message, source=source, row=int(places[0]) + 1, remedy=f"write {wanted}")
    values = found if is_date else found.to_physical().cast(pl.Int64)
    placed = pl.DataFrame({"place": places, column.name: values})
    whole = pl.DataFrame({"place": pl.int_range(len(column), eager=True)})
    return whole.join(placed, on="place", how="left", maintain_order="left").get_column(column.name)


def _check_revisions(rows: pl.DataFrame, shape: Shape, source: str) -> None:
    """Two rows about one thing that were known at the same moment: which of them counts?"""
    about = (*shape.key, KNOWN)
    again = rows.select(about).is_duplicated()
    if not again.any():
        return
    told = rows.select(about).rows()
    first = told[again.arg_max() or 0]
    same = [row for row, thing in zip(rows["row"].to_list(), told, strict=True) if thing == first]
    thing = ", ".join(str(each) for each in first[:-1] if each is not None) or "the series"
    numbers = f"{same[0]:,} and {same[1]:,}"
    message = f"the rows {numbers} are both about {thing} and were known at the same moment: which of them counts?"
    remedy = "remove one, or give the later one its own `known_at`"
    raise DataRefused("D023", message, source=source, row=int(same[1]), remedy=remedy)


def _digest(name: str, rows: pl.DataFrame) -> str:
    """SHA-256 over the name and every value in order; the file's own order and spelling do not matter."""
    columns = [each for each in rows.columns if each != "row"]
    hasher = hashlib.sha256(f"table 1\n{name}\n{rows.height}\n{','.join(columns)}\n".encode())
    for values in rows.select(columns).iter_rows():
        hasher.update(repr(values).encode("utf-8"))
    return hasher.hexdigest()


def sources_said(sources: Sequence[str], most: int = 3) -> str:
    """The sources in a line, the first few by name."""
    named = list(dict.fromkeys(sources))
    more = f" and {len(named) - most:,} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more
