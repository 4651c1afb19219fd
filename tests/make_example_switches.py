"""Makes the prices and tables of the examples that switch between instruments, all of them made up, from seeds.

Run `python tests/make_example_switches.py`; the same seeds give the same rows. Indices of volatility with the funds on
their futures, and a market with funds that move by a multiple of it: nothing here says anything about a real one.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from stratc.runtime.model.session import calendar

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
LICENCE = "Apache-2.0, as this project"
HEADING = "# Made by tests/make_example_switches.py: what the files of this folder are, read with them.\n\n"
Row = tuple[date, float, float, float, float]

VIX_SEED, VIX_SPAN = 20210104, (date(2021, 1, 4), date(2024, 12, 31))
USUAL_VIX = math.log(17.0)


def volatility_bars() -> Mapping[str, pl.DataFrame]:
    """VIX falls back by a thirtieth a day and jumps now and then; VIX3M follows at half the way, above it in calm."""
    chance = random.Random(VIX_SEED)
    level, prices = USUAL_VIX, {"SVXY": 52.0, "VXX": 40.0}
    rows: dict[str, list[Row]] = {name: [] for name in ("VIX", "VIX3M", "SVXY", "VXX")}
    before = {"VIX": 17.0, "VIX3M": 19.2}
    for session in calendar("XNYS").sessions_between(*VIX_SPAN):
        jump = chance.uniform(0.15, 0.45) if chance.random() < 0.018 else 0.0
        step = (USUAL_VIX - level) / 30 + chance.gauss(0.0, 0.055) + jump
        level += step
        now = {"VIX": math.exp(level), "VIX3M": 19.2 * math.exp(0.55 * (level - USUAL_VIX) + chance.gauss(0, 0.012))}
        for name, value in now.items():
            rows[name].append(bar(chance, session.date, before[name], before[name] * 0.35 + value * 0.65, value, 0.02))
        before = now
        # The futures move by half of the index and lose what rolling them costs while the curve rises.
        future = 0.5 * step - 0.0012
        for name, times in (("SVXY", -0.5), ("VXX", 1.0)):
            opened = prices[name] * math.exp(0.35 * times * future)
            closed = max(1.0, prices[name] * math.exp(times * future + chance.gauss(0, 0.004)))
            rows[name].append(bar(chance, session.date, prices[name], opened, closed, 0.008))
            prices[name] = closed
    return {name: frame(found) for name, found in rows.items()}


FUND_SEED, FUND_SPAN = 20210105, (date(2021, 1, 4), date(2024, 12, 31))
# How often each fund moves by the market's step and the one of its own sector, its own deviation and its start.
FUNDS = {
    "SPY": (1.0, 0.0, 0.0, 372.0),
    "TQQQ": (3.1, 0.5, 0.004, 45.0),
    "UVXY": (-4.0, 0.0, 0.040, 60.0),
    "TECL": (3.0, 0.9, 0.004, 38.0),
    "BIL": (0.0, 0.0, 0.0001, 91.5),
    "SQQQ": (-3.1, -0.5, 0.004, 50.0),
    "TLT": (-0.2, 0.0, 0.008, 155.0),
}


def fund_bars() -> Mapping[str, pl.DataFrame]:
    """A market that rises for months and falls for some, and funds that follow it, three times or the other way."""
    chance = random.Random(FUND_SEED)
    prices = {name: start for name, (_, _, _, start) in FUNDS.items()}
    rows: dict[str, list[Row]] = {name: [] for name in FUNDS}
    falling = False
    for session in calendar("XNYS").sessions_between(*FUND_SPAN):
        falling = chance.random() < (0.985 if falling else 0.006)
        market = chance.gauss(-0.0014 if falling else 0.0008, 0.013 if falling else 0.008)
        sector = chance.gauss(0.0, 0.005)
        for name, (times, own, deviation, _) in FUNDS.items():
            cost = 0.0016 if name == "UVXY" else -0.00008 if name == "BIL" else 0.0
            step = times * market + own * sector + chance.gauss(0.0, deviation) - cost
            opened = prices[name] * math.exp(0.3 * step + chance.gauss(0.0, deviation / 3))
            closed = max(1.0, prices[name] * math.exp(step))
            reach = 0.0001 if name == "BIL" else 0.004 * max(abs(times), 1.0)
            rows[name].append(bar(chance, session.date, prices[name], opened, closed, reach))
            prices[name] = closed
    return {name: frame(found) for name, found in rows.items()}


def bar(chance: random.Random, day: date, before: float, opened: float, closed: float, reach: float) -> Row:
    """A day from `opened` to `closed` that reaches a little beyond both."""
    top, bottom = max(opened, closed), min(opened, closed)
    high, low = top * (1 + abs(chance.gauss(0, reach / 2))), bottom * (1 - abs(chance.gauss(0, reach / 2)))
    opened, high, low, closed = (round(value, 2) for value in (opened, high, low, closed))
    return day, opened, max(high, opened, closed), min(low, opened, closed), closed


def frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["time", "open", "high", "low", "close"], orient="row")


def releases() -> Mapping[str, list[str]]:
    """A release of prices each month at 08:30 and a meeting every 46 days at 14:00; one release is put off by a week,
    which is known three days before it."""
    days = [session.date for session in calendar("XNYS").sessions_between(*VIX_SPAN)]
    return {"cpi": list(_price_releases(days)), "fomc": list(_meetings(days))}


def _price_releases(days: list[date]) -> Iterator[str]:
    chance = random.Random(VIX_SEED + 1)
    yield "event,on,at,status,known_at,source"
    for number in range(48):
        year, month = 2021 + number // 12, number % 12 + 1
        known = f"{year - 1}-11-15T08:30:00-05:00"
        on = next(day for day in days if day >= date(year, month, chance.randint(10, 14)))
        yield f"{year}-{month:02d},,{_eastern(on, '08:30')},confirmed,{known},made up: calendar of the year"
        if (year, month) == (2023, 10):
            late = next(day for day in days if day >= on + timedelta(days=7))
            told = _eastern(on - timedelta(days=3), "17:00")
            yield f"{year}-{month:02d},,{_eastern(late, '08:30')},confirmed,{told},made up: put off"


def _meetings(days: list[date]) -> Iterator[str]:
    yield "event,on,at,status,known_at,source"
    on, number = date(2021, 1, 27), 0
    while on <= VIX_SPAN[1]:
        day = next(day for day in days if day >= on)
        yield f"meeting {number},,{_eastern(day, '14:00')},confirmed,2020-08-01T12:00:00-04:00,made up: calendar"
        on, number = on + timedelta(days=46), number + 1


def _eastern(day: date, clock: str) -> str:
    """A moment in New York; clocks are put forward from mid March to early November, which is near enough for these."""
    summer = date(day.year, 3, 14) <= day < date(day.year, 11, 7)
    return f"{day}T{clock}:00-0{4 if summer else 5}:00"


def write_prices(example: str, frames: Mapping[str, pl.DataFrame], what: str, seed: int) -> None:
    folder = EXAMPLES / example / "prices"
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for symbol, found in frames.items():
        path = folder / f"{symbol.replace('/', '')}.parquet"
        found.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        entries.append(entry(path, f"made-up {what} under the name {symbol}, {Path(__file__).name} with seed {seed}"))
    (folder / "prices.toml").write_text(HEADING + "\n".join(entries), encoding="utf-8")


def write_tables(example: str, tables: Mapping[str, list[str]], what: str) -> None:
    folder, entries = EXAMPLES / example, []
    for name, lines in tables.items():
        path = folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        entries.append(entry(path, what))
    (folder / "prices.toml").write_text(HEADING + "\n".join(entries), encoding="utf-8")


def entry(path: Path, source: str) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f'["{path.name}"]\nsource = "{source}"\nlicence = "{LICENCE}"\nsynthetic = true\nsha256 = "{digest}"\n'


def main() -> None:
    write_prices("vix_term_structure", volatility_bars(), "daily bars", VIX_SEED)
    write_prices("nested_switch", fund_bars(), "daily bars", FUND_SEED)
    write_tables("vix_term_structure", releases(), "made-up dates of made-up releases")


if __name__ == "__main__":
    main()
