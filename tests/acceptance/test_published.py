"""Published strategies that no example shows: they stay sayable, and they do what they did.

Each text under `published/` is one that a trader would write. All of them compile clean and are in canonical form;
those that daily bars are enough for are run, interpreted, over made-up prices, and trade: `fills.csv` holds how often
each traded, how first, and a digest of all its fills. Four of them are worked out a second time here, from the prices
alone.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.ir.nodes import Datum, Program
from stratc.compiler.shell.market_data import DataOptions, read_market
from stratc.compiler.workbench.running import plain_machine, run_program, terms_for
from stratc.dsl.printer import format_source
from stratc.dsl.source import Source
from stratc.runtime.executor.results import Fill
from stratc.runtime.feeds.bars import Stamp
from stratc.runtime.model.account import read_account
from stratc.runtime.model.session import calendar

FOLDER = Path(__file__).with_name("published")
ACCOUNT = FOLDER / "account.toml"
FILLS = FOLDER / "fills.csv"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.strat"))}
SPAN = (date(2021, 1, 4), date(2022, 6, 30))
WORDS = {1: "buy", -1: "sell"}
EQUITY = Decimal(100_000)
DAY_SECONDS = 86_400
INSIDE, ACCOUNT_KIND, BESIDE = "bars inside the day", "another account", "a table beside prices"
# Those that daily bars and a margin account are not enough for, and the first thing that each lacks.
COMPILED_ONLY = {
    "asian_fade": INSIDE,
    "calendar_spread": ACCOUNT_KIND,
    "dogs": BESIDE,
    "eighty_twenty": INSIDE,
    "first_hour_reversal": INSIDE,
    "gao": INSIDE,
    "gap_and_go": INSIDE,
    "gtt": BESIDE,
    "oops": INSIDE,
    "pead": BESIDE,
    "pivots": INSIDE,
    "rebalance_premium": ACCOUNT_KIND,
    "roll_yield": ACCOUNT_KIND,
    "second_pair": INSIDE,
    "value_piotroski": BESIDE,
    "weekend": ACCOUNT_KIND,
}
DAILY = [name for name in TEXTS if name not in COMPILED_ONLY]
# Thirteen instruments, a dozen of them ranked, take the interpreter as long as half of the others together.
SLOW = {"paa"}
# A monthly curve of two years, and a weekly rule that waits for a year of relative strength.
BEGINS = {"coppock": date(2018, 1, 4), "weinstein": date(2017, 1, 4)}
Bar = dict[str, float]
Prices = Callable[[str, date], str]


@cache
def compiled(name: str) -> Program:
    compilation = compile_source(Source(f"{name}.strat", TEXTS[name]))
    assert [(found.code, found.message) for found in compilation.diagnostics] == []
    assert compilation.program is not None
    return compilation.program


@pytest.mark.fast
@pytest.mark.parametrize("name", TEXTS)
def test_it_is_clean_and_in_its_canonical_form(name: str) -> None:
    compiled(name)
    assert format_source(Source(name, TEXTS[name])) == TEXTS[name]


def lacks(program: Program) -> str:
    """What a run needs beside daily bars and the margin account; nothing where those are enough."""
    if program.interval_seconds < DAY_SECONDS:
        return INSIDE
    if program.account_kind != "margin":
        return ACCOUNT_KIND
    return BESIDE if any(isinstance(node.operation, Datum) for node in program.nodes) else ""


@pytest.mark.fast
def test_what_is_not_run_is_what_daily_bars_are_not_enough_for() -> None:
    assert {name: lacking for name in TEXTS if (lacking := lacks(compiled(name)))} == COMPILED_ONLY


# ── prices ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def walk(symbol: str, begins: date = SPAN[0]) -> list[tuple[date, float, float, float, float, int]]:
    """A year and a half of daily bars, trends and turns in them; of a symbol always the same ones.

    A day of a large move has twice the volume that it would have.
    """
    chance = random.Random(symbol)
    price, drift, rows = 40.0 + chance.random() * 80, 0.001, []
    for session in calendar("XNYS").sessions_between(begins, SPAN[1]):
        if chance.random() < 0.02:
            drift = chance.choice((0.003, 0.001, -0.002))
        opened = round(price * math.exp(chance.gauss(0, 0.004)), 2)
        move = chance.gauss(drift, 0.012)
        price = round(price * math.exp(move), 2)
        high = round(max(opened, price) * (1 + abs(chance.gauss(0, 0.005))), 2)
        low = round(min(opened, price) * (1 - abs(chance.gauss(0, 0.005))), 2)
        volume = chance.randint(500_000, 2_000_000) * (2 if abs(move) > 0.02 else 1)
        rows.append((session.date, opened, high, low, price, volume))
    return rows


def bars_of(symbol: str) -> list[Bar]:
    names = ("open", "high", "low", "close")
    return [dict(zip(names, row[1:5], strict=True)) for row in walk(symbol)]


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Prices:
    folder = tmp_path_factory.mktemp("prices")

    def kept(symbol: str, begins: date) -> str:
        path = folder / f"{symbol}_{begins}.parquet"
        if not path.exists():
            schema = ["time", "open", "high", "low", "close", "volume"]
            pl.DataFrame(walk(symbol, begins), schema=schema, orient="row").write_parquet(path)
        return f"{symbol}={path}"

    return kept


def fills_of(name: str, prices: Prices) -> tuple[Fill, ...]:
    program = compiled(name)
    data = tuple(prices(symbol, BEGINS.get(name, SPAN[0])) for symbol in program.named)
    options = DataOptions(data=data, columns={}, timezone=None, stamp=Stamp.OPEN, first=None, last=None)
    market = read_market(program, None, FOLDER / f"{name}.strat", options)
    terms = terms_for(program, read_account(ACCOUNT.read_text(encoding="utf-8")), EQUITY, None)
    ran = run_program(program, plain_machine(program, ""), market.feed, terms, None)
    return tuple(ran.backtest.fills())


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def shown(fill: Fill) -> str:
    return f"{WORDS[fill.side]} {fill.quantity.normalize():f} {fill.instrument} at {fill.price:.2f}"


def digest(fills: Sequence[Fill]) -> str:
    """Of every fill its row, side, quantity, instrument and price, to the last digit of both numbers."""
    lines = (
        f"{fill.row} {fill.side:+d} {fill.quantity.normalize():f} {fill.instrument} {fill.price.normalize():f}\n"
        for fill in fills
    )
    return sha256("".join(lines).encode()).hexdigest()[:16]


def row_of(name: str, prices: Prices) -> dict[str, str]:
    fills = fills_of(name, prices)
    assert fills, "a strategy that does nothing says nothing of itself: give it another walk"
    return {"strategy": name, "fills": str(len(fills)), "first": shown(fills[0]), "digest": digest(fills)}


def recorded() -> dict[str, dict[str, str]]:
    with FILLS.open(encoding="utf-8", newline="") as file:
        return {row["strategy"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", [pytest.param(x, marks=pytest.mark.slow) if x in SLOW else x for x in DAILY])
def test_it_trades_as_recorded(name: str, prices: Prices, accept: bool) -> None:
    found = row_of(name, prices)
    if accept:
        rows = {**(recorded() if FILLS.exists() else {}), name: found}
        with FILLS.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, tuple(found), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[each] for each in sorted(rows) if each in DAILY)
    assert found == recorded()[name]


@pytest.mark.fast
def test_every_one_that_is_run_is_recorded() -> None:
    rows = recorded()
    assert list(rows) == DAILY
    assert all(int(row["fills"]) > 0 for row in rows.values())


# ── a second time ────────────────────────────────────────────────────────────────────────────────────────────────────


def switched(enters: list[bool], leaves: list[bool]) -> Iterator[tuple[str, int]]:
    """What a rule that enters when flat and one that leaves when long do: the bar of each fill, the one after."""
    held = False
    for row, (enter, leave) in enumerate(zip(enters[:-1], leaves[:-1], strict=True)):
        if not held and enter:
            held = True
            yield "buy", row + 1
        elif held and leave:
            held = False
            yield "sell", row + 1


def ibs(bars: list[Bar]) -> Iterator[tuple[str, int]]:
    place = [(bar["close"] - bar["low"]) / (bar["high"] - bar["low"]) for bar in bars]
    return switched([each < 0.2 for each in place], [each > 0.8 for each in place])


def double_sevens(bars: list[Bar]) -> Iterator[tuple[str, int]]:
    closes = [bar["close"] for bar in bars]
    known = range(199, len(closes))
    above = {row: closes[row] > math.fsum(closes[row - 199 : row + 1]) / 200 for row in known}
    low = [row in above and above[row] and closes[row] == min(closes[row - 6 : row + 1]) for row in range(len(closes))]
    high = [row >= 6 and closes[row] == max(closes[row - 6 : row + 1]) for row in range(len(closes))]
    return switched(low, high)


def percent_b(bars: list[Bar]) -> Iterator[tuple[str, int]]:
    closes = [bar["close"] for bar in bars]

    def place(row: int) -> float:
        window = closes[row - 4 : row + 1]
        mean = math.fsum(window) / 5
        reach = math.sqrt(math.fsum((x - mean) ** 2 for x in window) / 5)
        return (closes[row] - mean + reach) / (2 * reach)

    def enters(row: int) -> bool:
        long_mean = math.fsum(closes[row - 199 : row + 1]) / 200
        return closes[row] > long_mean and all(place(row - back) < 0.2 for back in range(3))

    rows = range(len(closes))
    return switched([row >= 199 and enters(row) for row in rows], [row >= 4 and place(row) > 0.8 for row in rows])


def donchian_4week(bars: list[Bar]) -> Iterator[tuple[str, int]]:
    """Always in the market: a turn is two fills of one bar, the exit first; the first entry has nothing to leave."""
    side = 0
    for row in range(20, len(bars) - 1):
        before = bars[row - 20 : row]
        close = bars[row]["close"]
        if side != 1 and close > max(bar["high"] for bar in before):
            yield from [("buy", row + 1)] * (1 + abs(side))
            side = 1
        elif side != -1 and close < min(bar["low"] for bar in before):
            yield from [("sell", row + 1)] * (1 + abs(side))
            side = -1


@pytest.mark.parametrize("worked_out", [ibs, double_sevens, percent_b, donchian_4week])
def test_every_fill_is_where_it_is_by_hand(
    worked_out: Callable[[list[Bar]], Iterator[tuple[str, int]]], prices: Prices
) -> None:
    bars = bars_of("SPY")
    wanted = list(worked_out(bars))
    found = fills_of(worked_out.__name__, prices)
    assert len(wanted) >= 4
    assert [(WORDS[fill.side], fill.row) for fill in found] == wanted
    slip = Decimal("0.0002")
    for fill in found:
        opened = Decimal(str(bars[fill.row]["open"]))
        assert abs(fill.price - opened) <= opened * slip + Decimal("0.01")


def test_a_floor_holds_what_its_cushion_carries(prices: Prices) -> None:
    """CPPI, the first week: four times the cushion of 20% is 80% of equity, and the rest of it the other fund."""
    first, second = fills_of("cppi", prices)[:2]
    # Two rows a moment: the decision is on the bar before that of the fills.
    closes = {symbol: bars_of(symbol)[first.row // 2 - 1]["close"] for symbol in ("SPY", "BIL")}
    shares = {fill.instrument: fill.quantity for fill in (first, second)}
    assert shares == {"SPY": int(80_000 / closes["SPY"]), "BIL": int(20_000 / closes["BIL"])}
