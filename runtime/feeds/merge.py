"""One timeline for several instruments: rows in the order in which their bars become known.

Bars that close at the same moment follow each other in the order of the strategy's `trade` line, which is the tie-break
of the language. A decision for a moment is made at its last row, when all bars that end by then are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stratc.runtime.model.record import record

if TYPE_CHECKING:
    import polars as pl

    from stratc.runtime.feeds.bars import BarTable


@record
class Timeline:
    """Rows as parallel int64 columns.

    `instrument` is the index of the table in the given order, `bar` the row in that table, `closes_ns` the moment, and
    `last_of_moment` 1 on the last row of each moment.
    """

    closes_ns: pl.Series
    instrument: pl.Series
    bar: pl.Series
    last_of_moment: pl.Series


def merge(tables: Sequence[BarTable]) -> Timeline:
    """The timeline of the tables, in the order of `trade`."""
    import polars as pl

    frames = [
        pl.DataFrame({"closes_ns": table.closes_ns.rename("closes_ns")}).select(
            "closes_ns", instrument=pl.lit(index, dtype=pl.Int64), bar=pl.int_range(pl.len(), dtype=pl.Int64)
        )
        for index, table in enumerate(tables)
    ]
    schema = {"closes_ns": pl.Int64, "instrument": pl.Int64, "bar": pl.Int64}
    rows = pl.concat([pl.DataFrame(schema=schema), *frames]).sort("closes_ns", "instrument").rechunk()
    closes = rows.get_column("closes_ns")
    return Timeline(
        closes_ns=closes,
        instrument=rows.get_column("instrument"),
        bar=rows.get_column("bar"),
        last_of_moment=(closes != closes.shift(-1)).fill_null(value=True).cast(pl.Int64),
    )
