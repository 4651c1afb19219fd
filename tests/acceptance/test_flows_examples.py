"""Money in and out in examples: the inverse-volatility portfolio with its monthly contribution, replayed by itself.

The replay below knows nothing of the engine: floats for what decides, cents for what is paid. Every purchase and sale,
and the equity at the end, must be those of the run.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from math import floor
from pathlib import Path
from statistics import pstdev

import polars as pl
import pytest

from tests.acceptance.stratc_process import stratc

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "inverse_volatility"
FUNDS = ("FSTK", "FBND", "FGLD", "FCOM")
CENT = Decimal("0.01")
BAND = 0.2


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


def test_the_replay_is_the_run(tmp_path: Path) -> None:
    table = tmp_path / "trades.csv"
    done = stratc("run", EXAMPLE / "strategy.strat", "--interpret", "--json", "--trades", table).document
    account, worth = replay()
    assert done["fills"] == len(account.fills)
    assert done["final_equity"] == pytest.approx(float(worth), abs=1e-6)
    sold = sum(-lots for _, _, lots, _ in account.fills if lots < 0)
    with table.open() as rows:
        assert sum(Decimal(row["quantity"]) for row in csv.DictReader(rows)) == sold
    assert [flow["moved"] for flow in done["flows"]] == [1_000.0] * 120


def test_no_contribution_makes_the_portfolio_sell() -> None:
    """On the sessions after a contribution nothing is sold that would not have been sold without it; most of the time
    the contribution buys one fund and nothing else trades."""
    account, _ = replay()
    by_day: dict[date, list[int]] = {}
    for day, _, lots, _ in account.fills:
        by_day.setdefault(day, []).append(lots)
    alone = [lots for lots in by_day.values() if len(lots) == 1 and lots[0] > 0]
    assert len(alone) >= 90


def test_the_round_trips_are_the_kept_ones(tmp_path: Path) -> None:
    table = tmp_path / "trades.csv"
    done = stratc("run", EXAMPLE / "strategy.strat", "--interpret", "--as-of", "2026-07-01", "--trades", table)
    assert done.code == 0, done.stderr
    assert table.read_text() == (EXAMPLE / "trades.csv").read_text()


# ── what happened, from a file ───────────────────────────────────────────────────────────────────────────────────────


def with_file(folder: Path, flows: str) -> Path:
    """The example with an account whose profile names a file of flows."""
    (folder / "strategy.strat").write_text((EXAMPLE / "strategy.strat").read_text())
    account = (EXAMPLE / "account.toml").read_text()
    (folder / "account.toml").write_text(account.replace("[account]\n", '[account]\nflows = "flows.csv"\n'))
    (folder / "flows.csv").write_text(flows)
    return folder / "strategy.strat"


DATA = ("--data", str(ROOT / "examples" / "prices" / "daily"), "--interpret", "--json")


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
