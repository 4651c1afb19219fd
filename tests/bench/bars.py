"""The benchmark's bars: a deterministic geometric walk, one bar a minute around the clock from 2020-01-01T00:00Z.

Writes `bars_1m` and `bars_100k` as Parquet (what stratc reads) and as raw float64 columns (what `limit.c` and the peers
read). Prices are rounded to six decimals, so that engines with fixed-point prices see the same numbers; the open
differs from the close before, so that an engine that fills at the signal's own close shows. Needs numpy and polars.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

SIGMA, GAP, START_US, SEED = 0.0006, 0.0001, 1_577_836_800_000_000, 7


def walk(bars: int) -> tuple[np.ndarray, ...]:
    """Open, high, low, close, volume of `bars` bars."""
    random = np.random.default_rng(SEED)
    gap = random.normal(0, GAP, bars)
    gap[0] = 0
    body = random.normal(0, SIGMA, bars)
    up = np.abs(random.normal(0, SIGMA * 0.5, bars))
    down = np.abs(random.normal(0, SIGMA * 0.5, bars))
    log_close = np.log(100.0) + np.cumsum(gap + body)
    log_open = log_close - body
    opens, closes = np.round(np.exp(log_open), 6), np.round(np.exp(log_close), 6)
    highs = np.maximum(np.round(np.exp(np.maximum(log_open, log_close) + up), 6), np.maximum(opens, closes))
    lows = np.minimum(np.round(np.exp(np.minimum(log_open, log_close) - down), 6), np.minimum(opens, closes))
    volume = np.maximum(1000 * np.round(np.exp(random.normal(9, 0.6, bars))), 2_000_000.0)
    return opens, highs, lows, closes, volume


def write(folder: Path) -> None:
    columns = walk(1_000_000)
    for name, bars in (("bars_1m", 1_000_000), ("bars_100k", 100_000)):
        cut = [column[:bars] for column in columns]
        times = pl.Series("time", START_US + np.arange(bars) * 60_000_000).cast(pl.Datetime("us", "UTC"))
        frame = pl.DataFrame(
            [times, *(pl.Series(n, c) for n, c in zip(("open", "high", "low", "close", "volume"), cut, strict=True))]
        )
        frame.write_parquet(folder / f"{name}.parquet")
        np.stack(cut).astype("<f8").tofile(folder / f"{name}.f64")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    write(target)
