"""Money in and out in examples: the inverse-volatility portfolio with its monthly contribution, replayed by itself.

The replay below knows nothing of the engine: floats for what decides, cents for what is paid. Every purchase and sale,
and the equity at the end, must be those of the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from math import floor
from pathlib import Path
from statistics import pstdev

import polars as pl
import pytest

from tests.acceptance.recorded import read_trips, recorded
from tests.acceptance.stratc_process import stratc

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "inverse_volatility"
FUNDS = ("FSTK", "FBND", "FGLD", "FCOM")
CENT = Decimal("0.01")
BAND = 0.2
DATA = ("--data", str(ROOT / "examples" / "prices" / "daily"), "--interpret", "--json")


@dataclass
class Replay:
    """The account of the example: what is held, in cash, contributed and not yet spent, and every order that filled."""

    cash: Decimal = Decimal(100_000)
    new_cash: Decimal = Decimal(0)
    held: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FUNDS, 0))
    fills: list[tuple[date, str, int, Decimal]] = field(default_factory=list)

    def fill(self, day: date, fund: str, lots: int, opened: float) -> None:
        """A purchase at the open and two basis points more, a sale at as much less, a cent a share or a dollar."""
        exact = Decimal(str(opened)) * (Decimal("1.0002") if lots > 0 else Decimal("0.9998"))
        price = exact.quantize(CENT, ROUND_CEILING if lots > 0 else ROUND_FLOOR)
        self.cash -= lots * price + max(Decimal(1), (Decimal("0.005") * abs(lots)).quantize(CENT, ROUND_HALF_EVEN))
        self.held[fund] += lots
        self.fills.append((day, fund, lots, price))
        if lots > 0:
            left = self.new_cash - lots * price
            self.new_cash = left if left >= price else Decimal(0)

    def orders(self, targets: dict[str, int], closes: dict[str, float]) -> dict[str, int]:
        """What the band calls for, then what is contributed to the one furthest below its target."""
        wanted = {}
        for fund in FUNDS:
            inside = self.held[fund] > 0 and abs(targets[fund] - self.held[fund]) <= BAND * targets[fund]
            wanted[fund] = self.held[fund] if inside else targets[fund]
        bought = max(0.0, sum((wanted[fund] - self.held[fund]) * closes[fund] for fund in FUNDS))
        left = float(self.new_cash) - bought
        while left > 0:
            room = [f for f in FUNDS if self.held[f] <= wanted[f] < floor(targets[f] * (1 + BAND) + 1e-9)]
            best = min(room, key=lambda fund: wanted[fund] / targets[fund])
            lots, edge = floor(left / closes[best] + 1e-9), floor(targets[best] * (1 + BAND) + 1e-9) - wanted[best]
            wanted[best] += min(lots, edge)
            left -= min(lots, edge) * closes[best]
            if lots < edge:
                break  # all that buys a share is placed; only the edge of a band sends the rest on
        spent = float(self.new_cash) - left
        self.new_cash = min(self.new_cash, Decimal(round(spent * 1e4)) / 10_000)
        return {fund: wanted[fund] - self.held[fund] for fund in FUNDS if wanted[fund] != self.held[fund]}


def replay() -> tuple[Replay, Decimal]:
    """The replayed account, and its equity at the last close."""
    tables = {fund: pl.read_parquet(ROOT / "examples" / "prices" / "daily" / f"{fund}.parquet") for fund in FUNDS}
    days = tables["FSTK"].get_column("time").to_list()
    opens = {fund: table.get_column("open").to_list() for fund, table in tables.items()}
    closes = {fund: table.get_column("close").to_list() for fund, table in tables.items()}
    account, waiting = Replay(), dict[str, int]()
    for n, day in enumerate(days):
        for fund, lots in sorted(waiting.items(), key=lambda item: FUNDS.index(item[0])):
            account.fill(day, fund, lots, opens[fund][n])
        now = {fund: closes[fund][n] for fund in FUNDS}
        if n == 0 or day.month != days[n - 1].month:
            account.cash += 1_000
            account.new_cash += 1_000
        waiting = {}
        if n >= 60:
            equity = float(account.cash) + sum(account.held[fund] * now[fund] for fund in FUNDS)
            returns = {f: [closes[f][k] / closes[f][k - 1] - 1 for k in range(n - 59, n + 1)] for f in FUNDS}
            weights = {fund: 1 / pstdev(returns[fund]) for fund in FUNDS}
            shares = {fund: 0.95 * equity * weights[fund] / sum(weights.values()) for fund in FUNDS}
            targets = {fund: floor(shares[fund] / now[fund] + 1e-9) for fund in FUNDS}
            waiting = account.orders(targets, now)
    worth = account.cash + sum(account.held[fund] * Decimal(str(closes[fund][-1])) for fund in FUNDS)
    return account, worth


@pytest.fixture(scope="module")
def replayed() -> tuple[Replay, Decimal]:
    return replay()


Trip = tuple[str, int, str, Decimal, str, Decimal]


def first_in_first_out(account: Replay) -> list[Trip]:
    """Every round trip of the replay: fund, lots, day and price of both ends, as the oldest lots go first."""
    lots: dict[str, list[tuple[date, int, Decimal]]] = {fund: [] for fund in FUNDS}
    trips: list[Trip] = []
    for day, fund, count, price in account.fills:
        if count > 0:
            lots[fund].append((day, count, price))
            continue
        left = -count
        while left:
            bought, there, paid = lots[fund].pop(0)
            taken = min(left, there)
            trips.append((fund, taken, bought.isoformat(), paid, day.isoformat(), price))
            if there > taken:
                lots[fund].insert(0, (bought, there - taken, paid))
            left -= taken
    return trips


def test_every_round_trip_is_the_replayed_one(replayed: tuple[Replay, Decimal]) -> None:
    """Those that `trades.csv` keeps; that they are the run's is compared with the other examples."""
    kept = [
        (
            row["instrument"],
            int(float(row["quantity"])),
            row["opened_at"][:10],
            Decimal(row["open_price"]).quantize(CENT),
            row["closed_at"][:10],
            Decimal(row["close_price"]).quantize(CENT),
        )
        for row in recorded("inverse_volatility")
    ]
    assert kept == first_in_first_out(replayed[0])


def test_every_purchase_and_sale_the_equity_and_the_flows_are_the_run_s(replayed: tuple[Replay, Decimal]) -> None:
    """What is still held has no round trip: purchases are counted, and the equity at the end weighs them."""
    done = stratc("run", EXAMPLE / "strategy.strat", "--interpret", "--json").document
    account, worth = replayed
    assert done["fills"] == len(account.fills)
    assert done["final_equity"] == pytest.approx(float(worth), abs=1e-6)
    assert [flow["moved"] for flow in done["flows"]] == [1_000.0] * 120


def after_contributions() -> set[str]:
    """The sessions after the first one of each month, at whose opens a contribution is invested."""
    days = pl.read_parquet(ROOT / "examples" / "prices" / "daily" / "FSTK.parquet").get_column("time").to_list()
    return {
        day.isoformat()
        for before, paid, day in zip(days, days[1:], days[2:], strict=False)
        if before.month != paid.month
    }


def test_no_contribution_makes_the_portfolio_sell(replayed: tuple[Replay, Decimal], tmp_path: Path) -> None:
    """On the sessions after a contribution nothing is sold, mostly one fund is bought and nothing else; without the
    band, where the money is shared out anew, there are sales on such days."""
    days, by_day = after_contributions(), dict[str, list[int]]()
    for day, _, lots, _ in replayed[0].fills:
        by_day.setdefault(day.isoformat(), []).append(lots)
    assert len(days) == 119
    assert [day for day in days if any(lots < 0 for lots in by_day.get(day, []))] == []
    assert sum(len(by_day.get(day, [])) == 1 for day in days) >= 90
    text, terms = (EXAMPLE / "strategy.strat").read_text(), "only where off by more than 20% of target,"
    assert terms in text
    anew = text.replace(terms, "").replace("new cash to the most underweight,", "")
    (tmp_path / "strategy.strat").write_text(anew)
    (tmp_path / "account.toml").write_text((EXAMPLE / "account.toml").read_text())
    shared = tmp_path / "trades.csv"
    assert stratc("run", tmp_path / "strategy.strat", *DATA, "--to", "2011-12-31", "--trades", shared).code == 0
    assert any(row["closed_at"][:10] in days for row in read_trips(shared))


# ── what happened, from a file ───────────────────────────────────────────────────────────────────────────────────────


def with_file(folder: Path, flows: str) -> Path:
    """The example with an account whose profile names a file of flows."""
    (folder / "strategy.strat").write_text((EXAMPLE / "strategy.strat").read_text())
    account = (EXAMPLE / "account.toml").read_text()
    (folder / "account.toml").write_text(account.replace("[account]\n", '[account]\nflows = "flows.csv"\n'))
    (folder / "flows.csv").write_text(flows)
    return folder / "strategy.strat"


def test_what_happened_counts_and_the_plan_does_not(tmp_path: Path) -> None:
    """The first row is older than the prices, the last newer; a withdrawal beyond the cash takes what is there."""
    rows = "at,amount\n2009-06-01T14:00:00Z,1\n2010-01-05T15:00:00Z,2500.50\n2010-07-01T20:00:00+02:00,-90000\n"
    strategy = with_file(tmp_path, rows + "2030-01-01T00:00:00Z,5\n")
    done = stratc("run", strategy, *DATA, "--to", "2010-12-31").document
    moved = [(flow["asked"], flow["moved"]) for flow in done["flows"]]
    assert moved[0] == (2500.5, 2500.5)
    assert moved[1][0] == -90_000
    assert -90_000 < moved[1][1] < 0
    assert len(moved) == 2
    notes = " ".join(done["notes"])
    assert "2 flows lie outside of the time of the prices" in notes
    assert "90,000.00 USD were to be taken out" in notes
    assert any("what the text plans to pay in and take out is not booked" in each for each in done["assumptions"])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2010-01-05,100", "D033"),
        ("2010-01-05T15:00:00,100", "D033"),
        ("2010-01-05T15:00:00Z,many", "D034"),
        ("2010-01-05T15:00:00Z,0", "D034"),
        ("2010-01-05T15:00:00Z,1\n2010-01-04T15:00:00Z,1", "D035"),
    ],
)
def test_a_row_that_cannot_be_booked_is_refused(row: str, code: str, tmp_path: Path) -> None:
    done = stratc("run", with_file(tmp_path, f"at,amount\n{row}\n"), *DATA)
    assert done.code == 2
    assert f"[{code}]" in done.stderr
