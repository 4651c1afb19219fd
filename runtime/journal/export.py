"""A journal's rows as lines of JSON, a CSV table or a Parquet file, for people and other programs.

In lines of JSON a body stands as the object it is; written without spaces it has the very bytes that its leaf hash is
taken of, so a reader can verify an export alone. The tables carry it as text.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from stratc.runtime.journal.evidence import Row

COLUMNS: Final = Row._fields


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """One JSON object a row, with its end."""
    for row in rows:
        found: dict[str, Any] = {**row._asdict(), "leaf_hash": row.leaf_hash.hex(), "body": _body(row)}
        yield json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def _body(row: Row) -> Any:
    """A body that is no JSON can only be damaged; it is exported as the text that is there."""
    text = row.body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


def _flat(row: Row) -> tuple[Any, ...]:
    return (*row[:8], row.body.decode("utf-8", "replace"), row.leaf_hash.hex())


def write_csv(rows: Iterable[Row], out: IO[str]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_flat, rows))


def write_parquet(rows: Iterable[Row], path: Path) -> None:
    """The whole segment as one Parquet file."""
    import polars as pl

    kinds = dict.fromkeys(COLUMNS, pl.String()) | dict.fromkeys(
        ("sequence", "wall_ns", "mono_ns", "cause", "schema"), pl.Int64()
    )
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for row in rows:
        for name, value in zip(COLUMNS, _flat(row), strict=True):
            columns[name].append(value)
    pl.DataFrame(columns, schema=kinds).write_parquet(path)
