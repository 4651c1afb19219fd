"""Round trips as a table: CSV or Parquet, one row each, in the order of closing."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from stratc.compiler.shell.exits import Refused
from stratc.runtime.reports.summary import RoundTrip

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
WRITERS: Final = (".csv", ".parquet")
COLUMNS: Final = {
    "instrument": str,
    "side": str,
    "quantity": float,
    "opened_at": str,
    "open_price": float,
    "closed_at": str,
    "close_price": float,
    "fees": float,
    "pnl": float,
    "rule_in": str,
    "rule_out": str,
    "bars_held": int,
    "term": str,
}
OF_PAIRS: Final = {"pair": str}  # the last column, where pairs were traded


def write_round_trips(trips: Sequence[RoundTrip], path: Path) -> None:
    """Write the table whole or not at all; the file's ending says the form."""
    if path.suffix not in WRITERS:
        raise Refused(f"`--trades {path}` has no ending that is known", "end it with .csv or .parquet")
    import polars as pl

    of_pairs = any(trip.pair for trip in trips)
    rows = [(*row(trip), trip.pair) if of_pairs else row(trip) for trip in trips]
    columns = COLUMNS | OF_PAIRS if of_pairs else COLUMNS
    kinds = {str: pl.String, float: pl.Float64, int: pl.Int64}
    frame = pl.DataFrame(rows, schema={name: kinds[kind] for name, kind in columns.items()}, orient="row")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            made = Path(folder) / path.name
            frame.write_csv(made) if path.suffix == ".csv" else frame.write_parquet(made)
            made.replace(path)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}", "choose another place or make room") from None


def row(trip: RoundTrip) -> tuple[object, ...]:
    return (
        trip.contract or trip.symbol,
        trip.side.value,
        float(trip.quantity),
        moment(trip.opened_utc_ns),
        float(trip.open_price),
        moment(trip.closed_utc_ns),
        float(trip.close_price),
        float(trip.fees),
        float(trip.pnl),
        trip.rule_in,
        trip.rule_out,
        trip.bars_held,
        "long" if trip.long_term else "short",
    )


def moment(utc_ns: int) -> str:
    """ISO-8601 with offset."""
    return (EPOCH + timedelta(microseconds=utc_ns // 1000)).isoformat()
