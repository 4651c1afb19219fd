"""Synthetic shares that do not exist, for the examples of short sales and tax lots; made with `make_example_data.py`.

PARA is a small share that now and then doubles within days and falls back. ACME, BOLT and CHIP are three shares, as
traded; ACME and CHIP pay dividends, and CHIP is split ten for one.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import date
from typing import Final

from stratc.runtime.model.session import Session, calendar

INTERVAL_NS: Final = 300 * 1_000_000_000
PARA_SEED, PARA_SPAN = 20250303, (date(2025, 3, 3), date(2025, 7, 31))
SHARE_SEED, SHARE_SPAN = 20150105, (date(2015, 1, 5), date(2018, 12, 31))
RUN_EVERY: Final = 10  # sessions from one run of PARA to the next
RUN_DAYS: Final = 3

Row = tuple[int, float, float, float, float, int]
DayRow = tuple[date, float, float, float, float, int]

# A share's price at the start, its drift and its deviation a day.
SHARES: Final = {"ACME": (60.0, 0.0004, 0.011), "BOLT": (35.0, 0.0003, 0.013), "CHIP": (240.0, 0.0012, 0.016)}
SPLIT_DAY: Final = date(2017, 3, 13)
SPLIT: Final = 10
DIVIDEND_MONTHS: Final = (2, 5, 8, 11)
ACTIONS: Final = "symbol,kind,ex_date,amount,currency,known_at,source,ratio,to"
TERMS: Final = (
    "symbol,since,quantity,rate_percent,locate_fee,source",
    "PARA,2025-03-03,40000,18.5,0.01,synthetic",
    "PARA,2025-04-01,12000,62.25,0.03,synthetic",
    "PARA,2025-06-02,4000,140,0.06,synthetic",
)


def make_para() -> list[Row]:
    """Five-minute bars: quiet days, then three of steep rise, then a fall back within some days."""
    chance = random.Random(PARA_SEED)
    price, bars = 4.0, list[Row]()
    for number, session in enumerate(calendar("XNYS").sessions_between(*PARA_SPAN)):
        place = number % RUN_EVERY
        if place < RUN_DAYS:
            drift = 0.27
        elif place < RUN_DAYS + 4:
            drift = -0.19
        else:
            drift = 0.25 * math.log(4.0 / price)
        bars.extend(_session(chance, session, price, drift, busy=3.0 if place < RUN_DAYS + 2 else 1.0))
        price = bars[-1][4]
    return bars


def _session(chance: random.Random, session: Session, price: float, drift: float, *, busy: float) -> Iterator[Row]:
    """A session whose drift comes mostly in its first half when it rises."""
    count = (session.close_ns - session.open_ns) // INTERVAL_NS
    deviation = 0.004 * busy
    for number in range(count):
        share = 1.5 if (number < count / 2) == (drift > 0) else 0.5
        points = [price]
        for _ in range(6):
            points.append(points[-1] * math.exp(drift * share / count / 6 + chance.gauss(0.0, deviation / 2.4)))
        opened, *rest = (round(max(point, 0.5), 2) for point in points)
        high, low, price = max(opened, *rest), min(opened, *rest), rest[-1]
        volume = 100 * round(busy * 180 * chance.lognormvariate(0, 0.4))
        yield session.open_ns + number * INTERVAL_NS, opened, high, low, price, volume


def make_shares() -> dict[str, list[DayRow]]:
    """Daily bars as traded: CHIP's fall to a tenth on the day of its split, every price by its dividend."""
    chance = random.Random(SHARE_SEED)
    prices = {name: start for name, (start, _, _) in SHARES.items()}
    paid = {(symbol, day): amount for symbol, day, amount in dividends()}
    rows: dict[str, list[DayRow]] = {name: [] for name in SHARES}
    for session in calendar("XNYS").sessions_between(*SHARE_SPAN):
        day, common = session.date, chance.gauss(0.0, 1.0)
        for name, (_, drift, deviation) in SHARES.items():
            before = prices[name] / (SPLIT if name == "CHIP" and day == SPLIT_DAY else 1)
            before -= paid.get((name, day), 0.0)
            step = drift + deviation * (0.5 * common + 0.87 * chance.gauss(0.0, 1.0))
            opened = round(before * math.exp(step / 3), 2)
            closed = round(before * math.exp(step), 2)
            high = round(max(opened, closed) * (1 + abs(chance.gauss(0.0, deviation / 3))), 2)
            low = round(min(opened, closed) * (1 - abs(chance.gauss(0.0, deviation / 3))), 2)
            rows[name].append((day, opened, high, low, closed, 1000 * chance.randint(400, 1_500)))
            prices[name] = closed
    return rows


def dividends() -> list[tuple[str, date, float]]:
    """ACME pays 0.36 and CHIP 0.55, after its split 0.06, on the tenth session of four months a year."""
    counted: dict[tuple[int, int], int] = {}
    found = []
    for session in calendar("XNYS").sessions_between(*SHARE_SPAN):
        month = (session.date.year, session.date.month)
        counted[month] = counted.get(month, 0) + 1
        if session.date.month in DIVIDEND_MONTHS and counted[month] == 10:
            found.append(("ACME", session.date, 0.36))
            found.append(("CHIP", session.date, 0.55 if session.date < SPLIT_DAY else 0.06))
    return found


def action_rows() -> list[str]:
    """The rows of `actions.csv`, in order of their days."""
    rows = [(day, f"{name},dividend,{day},{amount},USD,{day},synthetic,,") for name, day, amount in dividends()]
    rows.append((SPLIT_DAY, f"CHIP,split,{SPLIT_DAY},,,2017-02-20,synthetic,{SPLIT}:1,"))
    return [row for _, row in sorted(rows)]
