"""Published strategies that no example shows: they stay sayable, and they do what they did.

Each text under `published/` is one that a trader would write. All of them compile clean and are in canonical form;
those on daily bars of named instruments are run, interpreted, over made-up prices, and `fills.csv` holds how often each
traded and how first. Four of them are worked out a second time here, from the prices alone.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.ir.nodes import Program
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
# Read beside prices, on bars inside the day, or on other accounts: those are compiled only. So is what ranks a dozen
# instruments of thirteen by hand, as the interpreter takes half a minute for it.
COMPILED_ONLY = ("paa",)
DAILY = sorted(
    name
    for name, text in TEXTS.items()
    if name not in COMPILED_ONLY
    and " on 1 day\n" in text
    and " on 5 min" not in text
    and "account margin USD" in text
    and "data " not in text
    and "events " not in text
)
Bar = dict[str, float]


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


# ── prices ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def walk(symbol: str) -> list[tuple[date, float, float, float, float, int]]:
    """A year and a half of daily bars, trends and turns in them; of a symbol always the same ones."""
    chance = random.Random(symbol)
    price, drift, rows = 40.0 + chance.random() * 80, 0.001, []
    for session in calendar("XNYS").sessions_between(*SPAN):
        if chance.random() < 0.02:
            drift = chance.choice((0.003, 0.001, -0.002))
        opened = round(price * math.exp(chance.gauss(0, 0.004)), 2)
        price = round(price * math.exp(chance.gauss(drift, 0.012)), 2)
        high = round(max(opened, price) * (1 + abs(chance.gauss(0, 0.005))), 2)
        low = round(min(opened, price) * (1 - abs(chance.gauss(0, 0.005))), 2)
        rows.append((session.date, opened, high, low, price, chance.randint(500_000, 2_000_000)))
    return rows


def bars_of(symbol: str) -> list[Bar]:
    names = ("open", "high", "low", "close")
    return [dict(zip(names, row[1:5], strict=True)) for row in walk(symbol)]


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    folder = tmp_path_factory.mktemp("prices")

    def kept(symbol: str) -> str:
        path = folder / f"{symbol.replace('/', '')}.parquet"
        if not path.exists():
            schema = ["time", "open", "high", "low", "close", "volume"]
            pl.DataFrame(walk(symbol), schema=schema, orient="row").write_parquet(path)
        return f"{symbol}={path}"

    return kept


def fills_of(name: str, prices: Callable[[str], str]) -> tuple[Fill, ...]:
    program = compiled(name)
    data = tuple(prices(symbol) for symbol in program.named)
    options = DataOptions(data=data, columns={}, timezone=None, stamp=Stamp.OPEN, first=None, last=None)
    market = read_market(program, None, FOLDER / f"{name}.strat", options)
    terms = terms_for(program, read_account(ACCOUNT.read_text(encoding="utf-8")), EQUITY, None)
    ran = run_program(program, plain_machine(program, ""), market.feed, terms, None)
    return tuple(ran.backtest.fills())


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def row_of(name: str, prices: Callable[[str], str]) -> dict[str, str]:
    fills = fills_of(name, prices)
    first = "none"
    if fills:
        fill = fills[0]
        first = f"{WORDS[fill.side]} {fill.quantity.normalize():f} {fill.instrument} at {fill.price:.2f}"
    return {"strategy": name, "fills": str(len(fills)), "first": first}


def recorded() -> dict[str, dict[str, str]]:
    with FILLS.open(encoding="utf-8", newline="") as file:
        return {row["strategy"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", DAILY)
def test_it_trades_as_recorded(name: str, prices: Callable[[str], str], accept: bool) -> None:
    found = row_of(name, prices)
    if accept:
        rows = {**(recorded() if FILLS.exists() else {}), name: found}
        with FILLS.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, tuple(found), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[each] for each in sorted(rows) if each in DAILY)
    assert found == recorded()[name]


@pytest.mark.fast
def test_most_of_them_trade() -> None:
    rows = recorded()
    assert sorted(rows) == DAILY
    assert sum(row["first"] != "none" for row in rows.values()) > 0.8 * len(rows)


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
    worked_out: Callable[[list[Bar]], Iterator[tuple[str, int]]], prices: Callable[[str], str]
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


def test_a_floor_holds_what_its_cushion_carries(prices: Callable[[str], str]) -> None:
    """CPPI, the first week: four times the cushion of 20% is 80% of equity, and the rest of it the other fund."""
    first, second = fills_of("cppi", prices)[:2]
    # Two rows a moment: the decision is on the bar before that of the fills.
    closes = {symbol: bars_of(symbol)[first.row // 2 - 1]["close"] for symbol in ("SPY", "BIL")}
    shares = {fill.instrument: fill.quantity for fill in (first, second)}
    assert shares == {"SPY": int(80_000 / closes["SPY"]), "BIL": int(20_000 / closes["BIL"])}
