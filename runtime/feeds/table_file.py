"""Table files: from a path to a frame of named columns, still in the file's own words.

`read_table` picks the columns of bars, `read_frame` takes all.

CSV columns arrive as text, so that this package and not a parser's guess decides what is a number; Parquet columns keep
their types. Names are matched without regard to case and surrounding spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.refusal import DataRefused

if TYPE_CHECKING:
    import polars as pl

ROWS_MAX: Final = 20_000_000
NEEDED: Final = ("time", "open", "high", "low", "close")
OPTIONAL: Final = ("volume", "open_interest")
OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {"time": ("timestamp", "datetime", "date")}
PARQUET_MAGIC: Final = b"PAR1"


def read_table(path: Path, *, columns: Mapping[str, str]) -> pl.DataFrame:
    """The needed columns and those of the optional ones that there are; raises `DataRefused`."""
    return _pick(read_frame(path), columns, source=path.name)


def read_frame(path: Path) -> pl.DataFrame:
    """All columns of a file, under the file's own names; raises `DataRefused`."""
    head = _read_head(path)
    frame = _read_parquet(path) if head.startswith(PARQUET_MAGIC) else _read_csv(path, head)
    if frame.height == 0:
        raise DataRefused(
            "D003", "the file has a heading but no rows", source=path.name, row=None, remedy="export it again"
        )
    if frame.height > ROWS_MAX:
        message = f"the file has {frame.height:,} rows, the limit is {ROWS_MAX:,}"
        raise DataRefused("D006", message, source=path.name, row=None, remedy="split it, or use longer bars")
    return frame


def _read_head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(8192)
    except FileNotFoundError as problem:
        remedy = "check the path" + _near_file(path)
        raise DataRefused("D001", "there is no such file", source=str(path), row=None, remedy=remedy) from problem
    except OSError as problem:
        reason = (problem.strerror or "it cannot be opened").lower()
        raise DataRefused(
            "D002", reason, source=str(path), row=None, remedy="name a file that can be read"
        ) from problem
    if not head:
        raise DataRefused("D003", "the file is empty", source=path.name, row=None, remedy="export it again")
    return head


def _near_file(path: Path) -> str:
    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    near = get_close_matches(path.name, names, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _read_parquet(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError) as problem:
        message = "the file begins like Parquet but cannot be read to its end"
        raise DataRefused("D004", message, source=path.name, row=None, remedy="export it again") from problem


def _read_csv(path: Path, head: bytes) -> pl.DataFrame:
    import polars as pl

    remedy = "give a CSV file in UTF-8 with a heading, or a Parquet file"
    if b"\0" in head:
        raise DataRefused("D004", "the file is binary, no text table", source=path.name, row=None, remedy=remedy)
    heading = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    separator = max(",;\t|", key=heading.count)
    try:
        return _without_blank_end(pl.read_csv(path, infer_schema=False, separator=separator, glob=False))
    except (pl.exceptions.PolarsError, OSError) as problem:
        reason = (
            "no text in UTF-8" if "utf" in str(problem).lower() else "no table in which every row has the same columns"
        )
        raise DataRefused("D004", f"the file is {reason}", source=path.name, row=None, remedy=remedy) from problem


def _without_blank_end(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows up to the last that holds anything: blank lines at a file's end say nothing."""
    import polars as pl

    blank = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
    return frame.head(frame.height - (blank.reverse().arg_min() or 0)) if not blank.all() else frame.clear()


def _pick(frame: pl.DataFrame, columns: Mapping[str, str], *, source: str) -> pl.DataFrame:
    there = {name.strip().lower(): name for name in frame.columns}
    chosen = {}
    for wanted in (*NEEDED, *OPTIONAL):
        found = _found(wanted, columns, there)
        if found is not None:
            chosen[wanted] = frame.get_column(found)
        elif wanted in NEEDED or wanted in columns:
            raise missing_column(columns.get(wanted, wanted), tuple(frame.columns), source, mapped=True)
    return frame.select(column.alias(wanted) for wanted, column in chosen.items())


def _found(wanted: str, columns: Mapping[str, str], there: Mapping[str, str]) -> str | None:
    if wanted in columns:
        return there.get(columns[wanted].strip().lower())
    return next((there[name] for name in (wanted, *OTHER_NAMES.get(wanted, ())) if name in there), None)


def missing_column(name: str, there: tuple[str, ...], source: str, *, mapped: bool) -> DataRefused:
    """The refusal of a file without a column; `mapped` where `--columns` can name another one."""
    lowered = {column.lower(): column for column in there}
    near = get_close_matches(name.lower(), tuple(lowered), n=1, cutoff=0.5)
    hint = f"did you mean `{lowered[near[0]]}`? " if near else ""
    message = f"there is no column `{name}`; the columns are {', '.join(f'`{column}`' for column in there[:20])}"
    map_it = f"map it with `--columns {name}=NAME`" if mapped else f"name the column `{name}`"
    remedy = f"{hint}{map_it}, or give the file a heading"
    return DataRefused("D005", message, source=source, row=None, remedy=remedy)
