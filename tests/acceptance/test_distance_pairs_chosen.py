"""The chosen pairs against a second calculation that knows closes, opens and the words of the strategy only.

Distances are exact fractions of the closes, summed square by square as the paper writes them and not multiplied out as
the text has them. Of every pair all decisions are replayed; then the orders of all pairs in a share at one open are put
together, which gives the price that all of them fill at and the one commission that they share.
"""

from __future__ import annotations

import runpy
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from tests.acceptance.recorded import AS_OF, read_trips
from tests.acceptance.stratc_process import stratc

FOLDER = Path(__file__).parents[2] / "examples" / "distance_pairs_chosen"
MADE = runpy.run_path(str(Path(__file__).parents[1] / "make_pairs_data.py"))
MEMBERS = tuple(MADE["SEVEN"])
FORMATION, BEST, LEG = 252, 5, 10_000
CENT, SLIPPAGE, SHARE, MINIMUM = Decimal("0.01"), Decimal("0.0001"), Decimal("0.005"), Decimal(1)

Pair = tuple[str, str]


@dataclass(frozen=True)
class Formed:
    """What a formation leaves of a pair: the bases of both, the distance and the variance of what is between them."""

    bases: tuple[Fraction, Fraction]
    distance: Fraction
    variance: Fraction


@dataclass(frozen=True)
class Order:
    """An order of a pair for the open of a day: below nought it sells; `entered` is the day of the entry it closes."""

    pair: Pair
    symbol: str
    lots: int
    at: int
    entered: int | None = None


class Prices:
    """Days, opens and closes as they are written down, in cents."""

    def __init__(self) -> None:
        frames = {symbol: pl.read_parquet(FOLDER / "prices" / f"{symbol}.parquet") for symbol in MEMBERS}
        self.days: list[date] = frames[MEMBERS[0]]["time"].to_list()
        assert all(frame["time"].to_list() == self.days for frame in frames.values())
        self.opens = {symbol: [Decimal(str(x)) for x in frame["open"]] for symbol, frame in frames.items()}
        self.closes = {symbol: [Fraction(str(x)) for x in frame["close"]] for symbol, frame in frames.items()}

    def half(self, t: int) -> tuple[int, bool]:
        return self.days[t].year, self.days[t].month > 6

    def sessions_left(self, t: int) -> int:
        return sum(self.half(later) == self.half(t) for later in range(t + 1, len(self.days)))

    def formed(self, pair: Pair, t: int) -> Formed:
        bases = tuple(self.closes[symbol][t - FORMATION] for symbol in pair)
        one, other = (self.closes[symbol][t - FORMATION + 1 : t + 1] for symbol in pair)
        apart = [x / bases[0] - y / bases[1] for x, y in zip(one, other, strict=True)]
        distance = sum((each * each for each in apart), Fraction(0))
        mean = sum(apart, Fraction(0)) / FORMATION
        return Formed((bases[0], bases[1]), distance, distance / FORMATION - mean * mean)

    def gap(self, pair: Pair, formed: Formed, t: int) -> Fraction:
        one, other = (self.closes[symbol][t] / base for symbol, base in zip(pair, formed.bases, strict=True))
        return one - other


@pytest.fixture(scope="module")
def prices() -> Prices:
    return Prices()


@pytest.fixture(scope="module")
def formations(prices: Prices) -> dict[int, dict[Pair, Formed]]:
    """All pairs, by the first session of each half year that has a year behind it."""
    firsts = [t for t in range(FORMATION, len(prices.days)) if prices.half(t) != prices.half(t - 1)]
    return {t: {pair: prices.formed(pair, t) for pair in combinations(MEMBERS, 2)} for t in firsts}


def chosen(formed: dict[Pair, Formed]) -> list[Pair]:
    return sorted(formed, key=lambda pair: formed[pair].distance)[:BEST]


def orders(prices: Prices, formations: dict[int, dict[Pair, Formed]]) -> list[Order]:
    """Every order of every pair, by what it decides for itself."""
    found: list[Order] = []
    held: dict[Pair, tuple[int, tuple[int, int]]] = {}
    now: dict[Pair, Formed] = {}
    before: dict[Pair, Fraction] = {}
    best: list[Pair] = []
    for t in range(len(prices.days) - 1):
        if t in formations:
            now, best = formations[t], chosen(formations[t])
        left = prices.sessions_left(t)
        for pair, formed in now.items():
            gap = prices.gap(pair, formed, t)
            crossed = pair in before and (before[pair] * gap < 0 or gap == 0)
            before[pair] = gap
            if pair in held and (crossed or left == 1):
                entered, lots = held.pop(pair)
                found += [Order(pair, symbol, -n, t + 1, entered) for symbol, n in zip(pair, lots, strict=True)]
            elif pair not in held and pair in best and left > 1 and gap * gap > 4 * formed.variance:
                sides = (-1, 1) if gap > 0 else (1, -1)
                one, other = (
                    side * int(LEG / prices.closes[symbol][t]) for symbol, side in zip(pair, sides, strict=True)
                )
                held[pair] = t + 1, (one, other)
                found += [Order(pair, symbol, n, t + 1) for symbol, n in zip(pair, (one, other), strict=True)]
    return found


def netted(prices: Prices, sent: list[Order]) -> dict[tuple[str, int], tuple[Decimal, Decimal]]:
    """By share and open the price that all orders of it fill at, and the commission of the one that was sent."""
    net: dict[tuple[str, int], int] = defaultdict(int)
    for each in sent:
        net[each.symbol, each.at] += each.lots
    told = {}
    for (symbol, at), lots in net.items():
        opened = prices.opens[symbol][at]
        worse = opened * (1 + (SLIPPAGE if lots > 0 else -SLIPPAGE))
        price = worse.quantize(CENT, ROUND_CEILING if lots > 0 else ROUND_FLOOR) if lots else opened
        told[symbol, at] = price, max(MINIMUM, (SHARE * abs(lots)).quantize(CENT)) if lots else Decimal(0)
    return told


@pytest.fixture(scope="module")
def trips() -> list[dict[str, str]]:
    return read_trips(FOLDER / "trades.csv")


def test_the_recorded_round_trips_are_the_replayed_ones(prices, formations, trips):
    sent = orders(prices, formations)
    filled = netted(prices, sent)
    wanted = {
        (
            "/".join(each.pair),
            each.symbol,
            "buy" if each.lots < 0 else "sell",
            abs(each.lots),
            str(prices.days[each.entered]),
            filled[each.symbol, each.entered][0],
            str(prices.days[each.at]),
            filled[each.symbol, each.at][0],
        )
        for each in sent
        if each.entered is not None
    }
    told = [
        (
            row["pair"],
            row["instrument"],
            row["side"],
            int(float(row["quantity"])),
            row["opened_at"][:10],
            Decimal(row["open_price"]).quantize(CENT),
            row["closed_at"][:10],
            Decimal(row["close_price"]).quantize(CENT),
        )
        for row in trips
    ]
    assert len(told) == len(set(told)) > 80
    assert set(told) == wanted


def test_profits_are_those_of_prices_and_the_shared_commissions(prices, formations, trips):
    """Each row's arithmetic, and all commissions together, which are those of the orders that were sent."""
    for row in trips:
        sign = 1 if row["side"] == "buy" else -1
        gross = (Decimal(row["close_price"]) - Decimal(row["open_price"])) * Decimal(row["quantity"]) * sign
        assert Decimal(row["pnl"]) == gross - Decimal(row["fees"])
    filled = netted(prices, orders(prices, formations))
    assert sum(Decimal(row["fees"]) for row in trips) == sum(fee for _, fee in filled.values())


def test_other_pairs_are_chosen_in_other_half_years(formations, trips):
    """And no pair is entered in a half year in which it is not one of the five closest."""
    days = Prices().days
    best = {days[t]: chosen(formed) for t, formed in formations.items()}
    assert len({tuple(sorted(pairs)) for pairs in best.values()}) > 3
    for row in trips:
        day = max(first for first in best if str(first) < row["opened_at"][:10])
        assert tuple(row["pair"].split("/")) in best[day]


def test_no_leg_is_ever_held_alone(trips):
    for one, other in zip(trips[::2], trips[1::2], strict=True):
        assert (one["pair"], one["opened_at"], one["closed_at"]) == (
            other["pair"],
            other["opened_at"],
            other["closed_at"],
        )
        assert {one["instrument"], other["instrument"]} == set(one["pair"].split("/"))
        assert {one["side"], other["side"]} == {"buy", "sell"}


def test_what_may_be_borrowed_of_a_share_is_shared_by_all_pairs(tmp_path, trips):
    """150 CIRA may be borrowed. On 2017-07-07 CIRA/EPSI sells 113 of them short, and by a rule below BETA/CIRA does
    too: one of the two is denied, and with it its purchase; with 300 both are sent."""
    of_both = [row for row in trips if row["opened_at"][:10] == "2017-07-07" and row["instrument"] == "CIRA"]
    assert [(row["pair"], row["side"], row["quantity"]) for row in of_both] == [
        ("CIRA/EPSI", "sell", "113.0"),
        ("BETA/CIRA", "sell", "113.0"),
    ]
    for may, pairs in ((150, {"CIRA/EPSI"}), (300, {"CIRA/EPSI", "BETA/CIRA"})):
        data = tmp_path / str(may)
        shutil.copytree(FOLDER / "prices", data)
        rows = [f"{symbol},2016-01-04,{may if symbol == 'CIRA' else 9_000},1.5,0.00,synthetic" for symbol in MEMBERS]
        head = "symbol,since,quantity,rate_percent,locate_fee,source"
        (data / "borrow.csv").write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
        found = tmp_path / f"{may}.csv"
        asked = ("--interpret", "--data", data, "--trades", found, "--to", "2017-09-29")
        done = stratc("run", FOLDER / "strategy.strat", *AS_OF, *asked)
        assert done.code == 0
        opened = [row for row in read_trips(found) if row["opened_at"][:10] == "2017-07-07"]
        assert {row["pair"] for row in opened if row["instrument"] == "CIRA"} == pairs
        assert len(opened) == 2 * len({row["pair"] for row in opened})


def test_the_data_can_be_made_again():
    for symbol, frame in MADE["seven"]().items():
        assert frame.equals(pl.read_parquet(FOLDER / "prices" / f"{symbol}.parquet"))
