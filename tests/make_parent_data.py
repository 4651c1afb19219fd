"""Makes the prices of `twap_parent`: MSFT as it never traded, with sessions that are thin, brisk or run away.

Run `python tests/make_parent_data.py`; the same seed gives the same values. Volumes are a small part of the real ones,
so that a share of them binds. The weeks hold a Monday without a session (2023-06-19) and one
with half a session (2023-07-03).
"""

from __future__ import annotations

import hashlib
import math
import random
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from stratc.runtime.model.session import calendar

FOLDER: Final = Path(__file__).resolve().parent.parent / "examples" / "twap_parent" / "prices"
SEED, SPAN = 20230605, (date(2023, 6, 5), date(2023, 7, 21))
INTERVAL_NS: Final = 300 * 1_000_000_000
HEADING: Final = "# Made by tests/make_parent_data.py: what the files of this folder are, read with them.\n\n"
# Of single sessions: how much is traded beside an ordinary one, and the drift a bar.
THIN: Final = {date(2023, 6, 12): (0.62, 0.0), date(2023, 6, 26): (1.0, 0.0002), date(2023, 7, 10): (0.35, 0.0)}
STEPS: Final = 8


def frame() -> pl.DataFrame:
    chance = random.Random(SEED)
    price, rows = 335.0, []
    for session in calendar("XNYS").sessions_between(*SPAN):
        busy, drift = THIN.get(session.date, (1.6, 0.0))
        count = (session.close_ns - session.open_ns) // INTERVAL_NS
        price = round(price * math.exp(chance.gauss(0.0, 0.004)), 2)
        for number in range(count):
            points = [price]
            for _ in range(STEPS):
                points.append(points[-1] * math.exp(drift / STEPS + chance.gauss(0.0, 0.0009 / math.sqrt(STEPS))))
            opened, *rest = (round(point, 2) for point in points)
            # More is traded near the open and the close than at noon.
            shape = 0.8 + 0.9 * (2 * number / (count - 1) - 1) ** 2
            volume = 100 * round(busy * shape * 110 * chance.lognormvariate(0, 0.35))
            at = session.open_ns + number * INTERVAL_NS
            rows.append((at, opened, max(opened, *rest), min(opened, *rest), rest[-1], volume))
            price = round(rest[-1] * math.exp(chance.gauss(0.0, 0.0001)), 2)
    schema = ["time", "open", "high", "low", "close", "volume"]
    bars = pl.DataFrame(rows, schema=schema, orient="row")
    return bars.with_columns(pl.from_epoch("time", time_unit="ns").dt.replace_time_zone("UTC"))


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "MSFT.parquet"
    frame().write_parquet(path, compression="zstd", compression_level=19, statistics=False)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    entry = (
        f'["{path.name}"]\nsource = "made-up 5-minute bars, tests/make_parent_data.py with seed {SEED}"\n'
        f'licence = "Apache-2.0, as this project"\nsynthetic = true\nsha256 = "{digest}"\n'
    )
    (FOLDER / "prices.toml").write_text(HEADING + entry, encoding="utf-8")


if __name__ == "__main__":
    main()
