"""Makes the futures among the example data: contracts that do not exist, from seeds, in examples/prices.

Run `python -m tests.make_example_futures`; the same seed gives the same files. A root has one path by chance whose
drift turns now and then, so that breakouts and momentum find something; each contract is that path carried to its last
trade, so that contracts differ by a gap. Volume and open interest wander from one contract to the next before it ends.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from stratc.runtime.model.contracts import Contract, contract, terms
from stratc.runtime.model.instrument import futures
from stratc.runtime.model.session import Session, calendar
from tests.make_example_data import FOLDER, Made, side_entry

SEED, SPAN = 20210104, (date(2021, 1, 4), date(2024, 6, 28))
MINUTE_SEED, MINUTE_SPAN, MINUTE_CONTRACT = 20240715, (date(2024, 7, 15), date(2024, 8, 30)), "ESU24"
SHOWN_SESSIONS = 150
CROSSOVER_SESSIONS = 9
Bar = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A root's first price, a day's deviation, the size of its drifts, and what carrying it costs a year."""

    name: str
    price: float
    deviation: float
    drift: float
    carry: float
    with_common: float


ROOTS = (
    Root(name="ES", price=3_700.0, deviation=0.0100, drift=0.0016, carry=0.040, with_common=0.6),
    Root(name="ZN", price=137.0, deviation=0.0040, drift=0.0006, carry=-0.020, with_common=-0.3),
    Root(name="6E", price=1.2200, deviation=0.0045, drift=0.0006, carry=0.015, with_common=0.1),
    Root(name="GC", price=1_900.0, deviation=0.0090, drift=0.0014, carry=0.045, with_common=0.2),
    Root(name="SI", price=27.0, deviation=0.0170, drift=0.0026, carry=0.050, with_common=0.2),
)


def listed(root: str) -> Iterator[Contract]:
    """The contracts of a root that are held at some time within the span, and one more to roll into."""
    for year in range(SPAN[0].year, SPAN[1].year + 2):
        for month in terms()[root].months:
            found = contract(f"{root}{month}{year % 100:02d}")
            if found is not None and found.ends > SPAN[0] and found.last_trade < SPAN[1] + timedelta(days=220):
                yield found


def path(root: Root, sessions: tuple[Session, ...], common: list[float]) -> list[Bar]:
    """The root's path as if nothing had to be carried: one bar a session."""
    chance = random.Random(f"{SEED} {root.name}")
    price, drift, bars = root.price, 0.0, list[Bar]()
    for shared in common:
        if chance.random() < 0.012:
            drift = chance.choice((-1.0, 0.0, 1.0)) * root.drift
        own = math.sqrt(1.0 - root.with_common**2) * chance.gauss(0.0, 1.0)
        step = drift + root.deviation * (root.with_common * shared + own)
        opened, closed = price * math.exp(step / 3 + chance.gauss(0.0, root.deviation / 4)), price * math.exp(step)
        high = max(opened, closed) * (1 + abs(chance.gauss(0.0, root.deviation / 3)))
        low = min(opened, closed) * (1 - abs(chance.gauss(0.0, root.deviation / 3)))
        bars.append((opened, high, low, closed))
        price = closed
    return bars


def contract_bars(root: Root, found: Contract, sessions: tuple[Session, ...], bars: list[Bar]) -> pl.DataFrame:
    """The path carried to the contract's last trade, on its ticks; the last sessions that the contract trades in."""
    chance, own = random.Random(f"{SEED} {found.symbol}"), futures()[root.name]
    tick, days = float(own.tick), {session.date for session in calendar(own.calendar).sessions_between(*SPAN)}
    before_end = [place for place, session in enumerate(sessions) if session.date <= found.last_trade]
    notice = sum(session.date <= found.ends for session in sessions)
    rows = []
    for place in before_end[-SHOWN_SESSIONS:]:
        years = (found.last_trade - sessions[place].date).days / 365
        carried = math.exp(root.carry * years) * math.exp(chance.gauss(0.0, root.deviation / 60))
        opened, high, low, closed = (round(round(price * carried / tick) * tick, 7) for price in bars[place])
        left = notice - place
        if sessions[place].date not in days:
            continue
        share = 1.0 / (1.0 + math.exp((CROSSOVER_SESSIONS - left) / 2.0)) if left < 60 else 0.06
        rows.append(
            (
                sessions[place].date,
                opened,
                max(high, opened, closed),
                min(low, opened, closed),
                closed,
                max(1, round(200_000 * share * chance.lognormvariate(0.0, 0.2))),
                round(400_000 * share),
            )
        )
    names = ["time", "open", "high", "low", "close", "volume", "open_interest"]
    return pl.DataFrame(rows, schema=names, orient="row")


def make_daily() -> list[Made]:
    sessions = calendar("CME_GLOBEX").sessions_between(*SPAN)
    chance = random.Random(SEED)
    common = [chance.gauss(0.0, 1.0) for _ in sessions]
    made = []
    for root in ROOTS:
        bars = path(root, sessions, common)
        for found in listed(root.name):
            frame = contract_bars(root, found, sessions, bars)
            if frame.height:
                made.append(made_up("daily_futures", f"{found.symbol}.parquet", frame, f"daily bars of {found.symbol}"))
    return made


def make_minutes() -> Made:
    """A month of minutes in one contract: a walk that comes back to where it was, with a few long pushes away."""
    chance, price = random.Random(MINUTE_SEED), 5_400.0
    rows = []
    for session in calendar("CME_DAY").sessions_between(*MINUTE_SPAN):
        anchor, push = price, 0.0
        for minute in range((session.close_ns - session.open_ns) // 60_000_000_000):
            if chance.random() < 0.012:
                push = chance.choice((-1.0, 1.0)) * chance.uniform(0.3, 1.1)
            push *= 0.975
            points = [price]
            for _ in range(4):
                points.append(points[-1] + push / 4 + 0.003 * (anchor - points[-1]) + chance.gauss(0.0, 0.6))
            opened, *rest = (round(point * 4) / 4 for point in points)
            begun = datetime.fromtimestamp(session.open_ns / 1e9, UTC) + timedelta(minutes=minute)
            rows.append(
                (begun, opened, max(opened, *rest), min(opened, *rest), rest[-1], 1 + int(chance.expovariate(0.001)))
            )
            price = points[-1]
    frame = pl.DataFrame(rows, schema=["time", "open", "high", "low", "close", "volume"], orient="row")
    frame = frame.with_columns(pl.col("time").cast(pl.Datetime("ms", "UTC")))
    return made_up("1min_futures", f"{MINUTE_CONTRACT}.parquet", frame, f"minutes of {MINUTE_CONTRACT}", MINUTE_SEED)


def made_up(folder: str, name: str, bars: pl.DataFrame, what: str, seed: int = SEED) -> Made:
    return Made(
        folder=folder,
        name=name,
        bars=bars,
        source=f"synthetic {what}, made by tests/make_example_futures.py with seed {seed}",
        licence="Apache-2.0, as this project",
        synthetic=True,
        notes=("these prices were made up: no result on them says anything about a market",),
    )


def main() -> None:
    entries: dict[str, list[str]] = {"daily_futures": [], "1min_futures": []}
    for made in (*make_daily(), make_minutes()):
        place = FOLDER / made.folder / made.name
        place.parent.mkdir(parents=True, exist_ok=True)
        made.bars.write_parquet(place, compression="zstd", compression_level=19, statistics=False)
        entries[made.folder].append(side_entry(made, place))
    heading = "# Made by tests/make_example_futures.py: what the files of this folder are, read with the prices.\n\n"
    for folder, sides in entries.items():
        (FOLDER / folder / "prices.toml").write_text(heading + "\n".join(sides), encoding="utf-8")


if __name__ == "__main__":
    main()
