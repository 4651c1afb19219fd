"""The design's program runs as it is written, on made-up prices whose round trips were worked out by hand.

Day 1: limit at the middle of 19,992 and 19,997 = 19,994.50; stop a tick below 19,984 = 19,983.75; risk 10.75 points of
20 USD = 215 USD a contract. 0.5% of 1,000,000 = 5,000 USD buys 23 contracts. Target 20,200: 205.50 points, 94,530 USD.
Day 3: 0.5% of 1,094,530 = 5,472 USD buys 25 contracts, stopped out 10.75 points below: -5,375 USD.
Days 2 and 4 place nothing that fills: the target is nearer than 2R, and the order has ended.
"""

from __future__ import annotations

import csv
from pathlib import Path

from tests.acceptance.stratc_process import stratc
from tests.sequences.nasdaq_days import csv_text

HERE = Path(__file__).parent
STRATEGY = HERE.parent / "syntax" / "good" / "sweep_into_gap.strat"

ROUND_TRIPS = [
    ("23.0", "2025-01-14T14:55", "19994.5", "2025-01-14T15:30", "20200.0", "94530.0"),
    ("25.0", "2025-01-16T14:55", "19994.5", "2025-01-16T15:05", "19983.75", "-5375.0"),
]


def test_it_makes_the_round_trips_that_were_worked_out(tmp_path):
    prices, told = tmp_path / "NQ.csv", tmp_path / "round_trips.csv"
    prices.write_text(csv_text(), encoding="utf-8")
    outcome = stratc(
        "run", STRATEGY, "--account", HERE / "account.toml", "--data", f"NQ={prices}", "--trades", told, "--interpret"
    )
    assert outcome.code == 0, outcome.stderr
    with told.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("quantity", "opened_at", "open_price", "closed_at", "close_price", "pnl")
    found = [tuple(row[name][:16] if name.endswith("_at") else row[name] for name in names) for row in rows]
    assert found == ROUND_TRIPS
