"""Makes the prices and the table of members of `opening_range_in_play`: thirty shares that do not exist, from a seed.

Run `python tests/make_in_play_data.py`; the same seed gives the same bytes. On some days all are busy, on some one is,
and a busy opening is more often followed by a push in its direction: that says nothing about any market. Seven of the
shares are too cheap, too thin or too quiet for the strategy. 2024-11-29 is a half day.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from stratc.runtime.model.session import Session, calendar

FOLDER: Final = Path(__file__).resolve().parent.parent / "examples" / "opening_range_in_play"
SEED, SPAN = 20241104, (date(2024, 11, 4), date(2024, 12, 6))
SHARES: Final = 30
LETTERS: Final = "ABCDEFGHIJ"
STEP_NS: Final = 300 * 1_000_000_000
HEADING: Final = "# Made by tests/make_in_play_data.py: what the files of this folder are, read with them.\n\n"
# Shares that the strategy leaves out, by their number: too cheap, too thin, too quiet.
CHEAP, THIN, QUIET = (3, 17), (5, 11, 23), (8, 26)

Row = tuple[datetime, float, float, float, float, int]


def symbols() -> list[str]:
    return [f"QP{LETTERS[number // 10]}{LETTERS[number % 10]}" for number in range(SHARES)]


def frames() -> dict[str, pl.DataFrame]:
    sessions = calendar("XNYS").sessions_between(*SPAN)
    chance = random.Random(SEED)
    together = [1.9 if number in (16, 20) else chance.lognormvariate(0, 0.15) for number in range(len(sessions))]
    return {symbol: _share(number, sessions, together) for number, symbol in enumerate(symbols())}


def _share(number: int, sessions: list[Session], together: list[float]) -> pl.DataFrame:
    chance = random.Random(SEED + 1 + number)
    price = 3.2 if number in CHEAP else chance.uniform(18, 140)
    deviation = 0.00008 if number in QUIET else chance.uniform(0.0022, 0.0036)
    volume = 7_000 if number in THIN else chance.uniform(22_000, 60_000)
    rows: list[Row] = []
    for session, busy in zip(sessions, together, strict=True):
        own = busy * (3.0 if chance.random() < 0.12 else chance.lognormvariate(0, 0.3))
        price *= math.exp(chance.gauss(0, 2 * deviation))
        rows.extend(_session(chance, session, price, deviation, volume * own, pushes=chance.random() < own / 6))
        price = rows[-1][4]
    return pl.DataFrame(rows, schema=["time", "open", "high", "low", "close", "volume"], orient="row")


def _session(
    chance: random.Random, session: Session, price: float, deviation: float, volume: float, *, pushes: bool
) -> Iterator[Row]:
    """The bars of a session; where it `pushes`, it drifts on in the direction of its first bar."""
    drift = 0.0
    for number, start in enumerate(range(session.open_ns, session.close_ns, STEP_NS)):
        points = [price]
        for _ in range(4):
            points.append(points[-1] * math.exp(chance.gauss(drift / 4, deviation * (1.6 if number == 0 else 1.0) / 2)))
        opened, *rest = (round(point, 2) for point in points)
        high, low, price = max(opened, *rest), min(opened, *rest), rest[-1]
        if number == 0 and pushes:
            drift = 0.3 * deviation * ((price > opened) - (price < opened))
        shares = 100 * max(1, round(volume * (2.5 if number == 0 else 1.0) * chance.lognormvariate(0, 0.2) / 100))
        yield datetime.fromtimestamp(start // 1_000_000_000, UTC), opened, high, low, price, shares


def members() -> Iterator[str]:
    yield "symbol,from,until,known_at,source"
    yield from (f"{symbol},{SPAN[0]},,{SPAN[0]}T13:30:00+00:00,made up: all of them" for symbol in symbols())


def entry(path: Path, source: str) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return (
        f'["{path.name}"]\nsource = "{source}"\nlicence = "Apache-2.0, as this project"\nsynthetic = true\n'
        f'sha256 = "{digest}"\n'
    )


def main() -> None:
    (FOLDER / "prices").mkdir(parents=True, exist_ok=True)
    entries = []
    for symbol, frame in frames().items():
        path = FOLDER / "prices" / f"{symbol}.parquet"
        frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        entries.append(entry(path, f"made-up 5-minute bars, tests/make_in_play_data.py with seed {SEED}"))
    (FOLDER / "prices" / "prices.toml").write_text(HEADING + "\n".join(entries), encoding="utf-8")
    path = FOLDER / "us_shares.csv"
    path.write_text("\n".join(members()) + "\n", encoding="utf-8")
    (FOLDER / "prices.toml").write_text(HEADING + entry(path, "made-up members"), encoding="utf-8")


if __name__ == "__main__":
    main()
