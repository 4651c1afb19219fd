"""Both sides of a roll, as a user sees them: what orders, amounts and levels come to in the contract that is traded.

ESH24 closes at 108 on 2024-03-08, the last session before the roll, and ESM24 at 148. A gap of 40: rules read 109 where
ESM24 is at 149. By ratio they read 149 x 108 / 148. A point of ES is worth 50.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import stratc
from tests.runtime.feeds.test_continuous import write

HEAD = 'strategy "Over a roll"\ntrade   ES on 1 day\n{roll}\naccount futures USD\n\n'
ROLL = "roll    5 sessions before expiry"
BY_RATIO = f"{ROLL}, adjusted by ratio"
RULE = (
    "rule enter\n  when flat and bar is {bar}\n  then {action}\n\nrule out\n  when long and bar is 7\n  then exit all"
)
# What is written, on which bar it is decided, the roll, and day, quantity and price of the entry.
ENTRIES = [
    # Decided before the roll and filled after it: a stop at 109 goes along to 149, where the next session opens.
    ("buy 1 contract at stop highest(high, 3)", 5, ROLL, ("2024-03-10", 1, 149)),
    # Decided after it: rules read the high of 150 as 110, and the order goes to the contract at 150; it opens at 152.
    ("buy 1 contract at stop highest(high, 3)", 6, ROLL, ("2024-03-11", 1, 152)),
    # The lowest of three bars, two of them before the roll, is 105 to the rules and 145 to the contract: never reached.
    ("buy 1 contract at limit lowest(low, 3)", 6, ROLL, None),
    # An amount as it is written is the contract's own, before the roll and after it.
    ("buy 1 contract at stop 107 USD", 4, ROLL, ("2024-03-07", 1, 108)),
    ("buy 1 contract at stop 151 USD", 6, ROLL, ("2024-03-11", 1, 152)),
    ("buy 1 contract at stop 151 USD", 6, BY_RATIO, ("2024-03-11", 1, 152)),
    # Notional is at the contract's price: 20,000 over 149 x 50 are 2.68 contracts.
    ("buy 20% of equity", 6, ROLL, ("2024-03-11", 2, 152)),
    # A share of a price is a share of the contract's: 101% of 149 is 150.49, reached at the open of 152.
    ("buy 1 contract at stop 101% of close", 6, ROLL, ("2024-03-11", 1, 152)),
    ("buy 1 contract at limit 90% of close, good for 3 bars", 6, ROLL, None),
    # At risk from 149 to 139 are 500 a contract: 2% of 100,000 over that are 4, whatever scale rules read prices on.
    ("buy risking 2% of equity stop loss at close - 10 USD", 6, ROLL, ("2024-03-11", 4, 152)),
    ("buy risking 2% of equity stop loss at close - 10 USD", 6, BY_RATIO, ("2024-03-11", 4, 152)),
    ("buy risking 2% of equity stop loss at close - 40 ticks", 6, BY_RATIO, ("2024-03-11", 4, 152)),
    # Two per cent of equity over a distance in the contract's own points: 2,000 / (10 x 50) = 4, by ratio too.
    ("buy 2% of equity / (close - (close - 40 ticks))", 6, BY_RATIO, ("2024-03-11", 4, 152)),
]


@pytest.mark.parametrize(("action", "bar", "roll", "wanted"), ENTRIES)
def test_entries(action: str, bar: int, roll: str, wanted: tuple[str, int, float] | None, tmp_path: Path) -> None:
    done = trips(tmp_path, HEAD.format(roll=roll) + RULE.format(bar=bar, action=action))
    first = [(row["opened_at"][:10], float(row["quantity"]), float(row["open_price"])) for row in done[:1]]
    assert first == ([] if wanted is None else [wanted])


def test_a_level_as_it_is_written_is_compared_with_the_contract(tmp_path: Path) -> None:
    """146 USD: the contract is first above it on the bar after the roll, whatever scale the past is read on."""
    for roll in (ROLL, BY_RATIO):
        rule = "rule enter\n  when flat and close > 146 USD\n  then buy 1 contract\n"
        (first, *_) = trips(tmp_path, HEAD.format(roll=roll) + rule + "\nrule out\n  when long\n  then exit all")
        assert (first["opened_at"][:10], float(first["open_price"])) == ("2024-03-11", 152)


def test_a_roll_is_told_and_a_stop_goes_along(tmp_path: Path) -> None:
    """In at 106 on the 7th; a stop at 96 is 136 after the roll. The round trip ends in ESH24 and goes on in ESM24."""
    rule = "rule enter\n  when flat and bar is 3\n  then buy 1 contract stop loss at 96 USD"
    strategy = tmp_path / "rolled.strat"
    strategy.write_text(HEAD.format(roll=ROLL) + rule + "\n")
    write(tmp_path)
    (tmp_path / "ESM24.csv").write_text(
        (tmp_path / "ESM24.csv").read_text().replace("2024-03-13,155,156,154,155", "2024-03-13,155,156,130,155")
    )
    done = stratc("run", strategy, "--interpret", "--data", tmp_path, "--trades", tmp_path / "trips.csv", "--json")
    rows = list(csv.DictReader((tmp_path / "trips.csv").open(encoding="utf-8")))
    told = [(row["instrument"], float(row["open_price"]), float(row["close_price"]), row["rule_out"]) for row in rows]
    assert told == [("ESH24", 106, 108, "roll"), ("ESM24", 148, 136, "enter")]
    assert any("rolled long 1 contracts from ESH24 at 108 to ESM24 at 148" in note for note in done.document["notes"])


def trips(folder: Path, text: str) -> list[dict[str, str]]:
    strategy = folder / "rolled.strat"
    strategy.write_text(text + "\n")
    done = stratc("run", strategy, "--interpret", "--data", write(folder), "--trades", folder / "trips.csv")
    assert done.code == 0, done
    with (folder / "trips.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
