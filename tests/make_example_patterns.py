"""Makes the prices of the examples that wait for a pattern, all of them made up, from seeds.

Run `python -m tests.make_example_patterns`; the same seeds give the same rows. The patterns were put there to be found:
a currency pair that is quiet for days before it moves, a future whose mornings sweep the night's low.
"""

from __future__ import annotations

import math
import random
import runpy
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from stratc.runtime.model.session import calendar

SWITCHES = runpy.run_path(str(Path(__file__).with_name("make_example_switches.py")))
NS_PER_HOUR = 3_600_000_000_000
NEW_YORK = ZoneInfo("America/New_York")
Bar = tuple[float, float, float, float]

SQUEEZE_SEED, SQUEEZE_SPAN = 20230103, (date(2023, 1, 2), date(2024, 6, 28))


def squeeze_bars() -> pl.DataFrame:
    """Bars of four hours: moods that last for days, quiet without direction or loud with one."""
    chance = random.Random(SQUEEZE_SEED)
    price, left, deviation, drift = 1.0700, 0, 0.001, 0.0
    rows: list[tuple[datetime, float, float, float, float]] = []
    for session in calendar("FX").sessions_between(*SQUEEZE_SPAN):
        for open_ns in range(session.open_ns, session.close_ns, 4 * NS_PER_HOUR):
            if left == 0:
                loud = deviation < 0.0008
                left = chance.randint(14, 26) if loud else chance.randint(24, 40)
                deviation, drift = (0.0016, chance.choice((-1, 1)) * 0.0007) if loud else (0.0004, 0.0)
            left -= 1
            points = [price]
            for _ in range(8):
                # In quiet times the price comes back to where it was before.
                back = -0.15 * math.log(points[-1] / price) if drift == 0.0 else 0.0
                points.append(points[-1] * math.exp(chance.gauss(drift / 8 + back, deviation / math.sqrt(8))))
            opened, *rest = (round(point, 5) for point in points)
            price = rest[-1]
            at = datetime.fromtimestamp(open_ns // 1_000_000_000, UTC)
            rows.append((at, opened, max(opened, *rest), min(opened, *rest), price))
    return pl.DataFrame(rows, schema=["time", "open", "high", "low", "close"], orient="row")


SWEEP_SEED, SWEEP_SPAN = 20250106, (date(2025, 1, 6), date(2025, 2, 14))


def sweep_bars() -> pl.DataFrame:
    """Whole Globex days of five minutes: a night, a morning that mostly sweeps the night's low, and what a die has it
    do with the gap behind the sweep."""
    chance = random.Random(SWEEP_SEED)
    price, rows = 21_000.0, list[tuple[datetime, float, float, float, float]]()
    for session in calendar("CME_GLOBEX").sessions_between(*SWEEP_SPAN):
        low, high = price - chance.uniform(20, 60), price + chance.uniform(40, 120)
        sweeps = iter(_morning(chance, low) if chance.random() < 0.75 else ())
        for open_ns in range(session.open_ns, session.close_ns, 300_000_000_000):
            at = datetime.fromtimestamp(open_ns // 1_000_000_000, UTC)
            clock = at.astimezone(NEW_YORK).time().isoformat("minutes")
            made = next(sweeps, None) if "09:30" <= clock < "12:00" else None
            bar = made or _inside(chance, price, low, high)
            price = bar[3]
            rows.append((at, *bar))
    return pl.DataFrame(rows, schema=["time", "open", "high", "low", "close"], orient="row")


def _tick(value: float) -> float:
    return round(value * 4) / 4


def _inside(chance: random.Random, price: float, low: float, high: float) -> Bar:
    """A quiet bar between the night's ends."""
    opened = _tick(price)
    closed = _tick(min(max(opened + chance.gauss(0, 6), low + 8), high - 8))
    top, bottom = max(opened, closed), min(opened, closed)
    reach = max(top, min(top + chance.uniform(0, 5), high)), min(bottom, max(bottom - chance.uniform(0, 5), low))
    return opened, math.ceil(4 * reach[0]) / 4, math.floor(4 * reach[1]) / 4, closed


def _morning(chance: random.Random, low: float) -> list[Bar]:
    """Below the night's low, back above it with a gap, a rest above the gap, then through it or away from it."""
    deep = low - chance.uniform(8, 20)
    first = low - chance.uniform(1, 4)
    bars = [
        (low + 6, low + 7, deep, low - 4),
        (low - 4, first, deep + 3, low - 5),
        (low - 5, low + 9, low - 6, low + 8),
        (low + 8, low + 20, low + 4, low + 19),
    ]
    bars += [(low + 19, low + 24, low + 14, low + 18)] * chance.randint(1, 5)
    kind = chance.choice(("win", "win", "stop", "late", "away"))
    into = (low + 18, low + 19, low - 2, low + 5)
    if kind == "win":
        bars += [into, (low + 5, low + 60, low + 3, low + 55), (low + 55, low + 150, low + 50, low + 140)]
    if kind == "stop":
        bars += [into, (low + 5, low + 6, deep - 6, deep - 4)]
    if kind == "late":
        bars += [(low + 18, low + 24, low + 14, low + 18)] * 14 + [into]
    return [(_tick(opening), _tick(high), _tick(low), _tick(close)) for opening, high, low, close in bars]


def main() -> None:
    write: Mapping[str, tuple[str, pl.DataFrame, int]] = {
        "squeeze_breakout": ("EUR/USD", squeeze_bars(), SQUEEZE_SEED),
        "sweep_into_gap": ("NQH25", sweep_bars(), SWEEP_SEED),
    }
    for example, (symbol, frame, seed) in write.items():
        SWITCHES["write_prices"](example, {symbol: frame}, "bars", seed)


if __name__ == "__main__":
    main()
