"""Makes the prices of `distance_pairs` and of `distance_pairs_chosen`: shares that do not exist, from a seed each.

Run `python tests/make_pairs_data.py`; the same seed gives the same bytes. The two of the first follow one walk, and
what is between them comes back within weeks; in the last half year it does not: a pair that has ended. The seven of the
second follow one market; each leans on one of two sectors, which drift apart, and what is its own comes back.
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

EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples"
SEED, SPAN = 20160104, (date(2016, 1, 4), date(2019, 12, 31))
PARTS_FROM: Final = date(2019, 7, 1)
HEADING: Final = "# Made by tests/make_pairs_data.py: what the files of this folder are, read with them.\n\n"

# Of each of the seven: its first price, how much it leans on the second sector, how wide and how fast its own part is.
SEVEN: Final = {
    "ALFA": (60.0, 0.0, 0.007, 0.05),
    "BETA": (45.0, 0.1, 0.008, 0.04),
    "CIRA": (82.0, 0.2, 0.006, 0.06),
    "DELT": (31.0, 0.5, 0.010, 0.03),
    "EPSI": (120.0, 0.9, 0.007, 0.05),
    "FARO": (54.0, 1.0, 0.008, 0.04),
    "GAMA": (97.0, 1.0, 0.012, 0.01),
}

Row = tuple[date, float, float, float, float, int]


def frames() -> dict[str, pl.DataFrame]:
    chance = random.Random(SEED)
    together, between = math.log(60.0), 0.0
    rows: dict[str, list[Row]] = {"ALFA": [], "BETA": []}
    last = {"ALFA": 60.0, "BETA": 45.0}
    for session in calendar("XNYS").sessions_between(*SPAN):
        together += chance.gauss(0.0002, 0.008)
        between += chance.gauss(0.0, 0.008) - (0.04 if session.date < PARTS_FROM else -0.002) * between
        for symbol, sign, scale in (("ALFA", 1, 1.0), ("BETA", -1, 0.75)):
            close = round(scale * math.exp(together + sign * between / 2), 2)
            opened = round(last[symbol] + (close - last[symbol]) * chance.uniform(0.1, 0.5), 2)
            high = round(max(opened, close) * (1 + abs(chance.gauss(0, 0.003))), 2)
            low = round(min(opened, close) * (1 - abs(chance.gauss(0, 0.003))), 2)
            rows[symbol].append((session.date, opened, high, low, close, 1000 * chance.randint(900, 2_500)))
            last[symbol] = close
    schema = ["time", "open", "high", "low", "close", "volume"]
    return {symbol: pl.DataFrame(found, schema=schema, orient="row") for symbol, found in rows.items()}


def seven() -> dict[str, pl.DataFrame]:
    chance = random.Random(SEED + 7)
    market, sector = 0.0, 0.0
    own = dict.fromkeys(SEVEN, 0.0)
    last = {symbol: start for symbol, (start, *_) in SEVEN.items()}
    rows: dict[str, list[Row]] = {symbol: [] for symbol in SEVEN}
    for session in calendar("XNYS").sessions_between(*SPAN):
        market += chance.gauss(0.0002, 0.007)
        sector += chance.gauss(0.0, 0.005)
        for symbol, (start, leans, width, back) in SEVEN.items():
            own[symbol] += chance.gauss(0.0, width) - back * own[symbol]
            close = round(start * math.exp(market + leans * sector + own[symbol]), 2)
            opened = round(last[symbol] + (close - last[symbol]) * chance.uniform(0.1, 0.5), 2)
            high = round(max(opened, close) * (1 + abs(chance.gauss(0, 0.003))), 2)
            low = round(min(opened, close) * (1 - abs(chance.gauss(0, 0.003))), 2)
            rows[symbol].append((session.date, opened, high, low, close, 1000 * chance.randint(900, 2_500)))
            last[symbol] = close
    schema = ["time", "open", "high", "low", "close", "volume"]
    return {symbol: pl.DataFrame(found, schema=schema, orient="row") for symbol, found in rows.items()}


def main() -> None:
    write(EXAMPLES / "distance_pairs" / "prices", frames(), SEED)
    write(EXAMPLES / "distance_pairs_chosen" / "prices", seven(), SEED + 7)


def write(folder: Path, made: dict[str, pl.DataFrame], seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for symbol, frame in made.items():
        path = folder / f"{symbol}.parquet"
        frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        entries.append(
            f'["{path.name}"]\nsource = "made-up daily bars, tests/make_pairs_data.py with seed {seed}"\n'
            f'licence = "Apache-2.0, as this project"\nsynthetic = true\nsha256 = "{digest}"\n'
        )
    (folder / "prices.toml").write_text(HEADING + "\n".join(entries), encoding="utf-8")


if __name__ == "__main__":
    main()
