"""The example that is made of blocks: its round trips by hand, the same without blocks, one text in an artefact."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import stratc
from tests.acceptance.test_managed_positions import checked_by_hand, shown

EXAMPLES = Path(__file__).parents[2] / "examples"
EXAMPLE = EXAMPLES / "rsi2_overlays"
IBM = f"IBM={EXAMPLES / 'prices' / 'daily' / 'IBM.parquet'}"

WRITTEN_OUT = """strategy "RSI-2 with overlays"
trade   IBM on 1 day
account cash USD

let ready = last_profit >= 0 USD or sessions_since_exit >= 10 sessions

rule out_of_time
  when sessions_held >= 4 sessions
  then exit all at next open

rule enter
  when flat and close / sma(close, 200) - 1 > 0% and rsi(close, 2) < 10 and ready
  then buy 45% of equity at next open

rule leave
  when long and close / sma(close, 5) - 1 > 0%
  then exit all at next open

cap  position 50% of equity
"""


def round_trips(file: Path, into: Path, *options: str) -> list[dict[str, str]]:
    account = EXAMPLE / "account.toml"
    done = stratc("run", file, "--interpret", "--account", account, "--data", IBM, "--trades", into, *options)
    assert done.code == 0, done.stderr
    with into.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_first_round_trips(tmp_path: Path) -> None:
    rows = round_trips(EXAMPLE / "strategy.strat", tmp_path / "trips.csv")
    wanted = checked_by_hand("rsi2_overlays")
    assert len(wanted) >= 5
    assert [[*shown(row), f"`{row['rule_out']}`"] for row in rows[: len(wanted)]] == wanted


def test_blocks_and_functions_change_nothing_but_names(tmp_path: Path) -> None:
    by_hand = tmp_path / "by_hand.strat"
    by_hand.write_text(WRITTEN_OUT, encoding="utf-8")
    one = round_trips(EXAMPLE / "strategy.strat", tmp_path / "one.csv")
    other = round_trips(by_hand, tmp_path / "other.csv")
    assert [row | {"rule_out": row["rule_out"].rpartition(".")[2]} for row in one] == other
    assert len(one) == 79


def test_an_input_of_a_block_can_be_set_for_a_run(tmp_path: Path) -> None:
    one = round_trips(EXAMPLE / "strategy.strat", tmp_path / "one.csv", "--set", "time_stop.most=6 sessions")
    assert max(int(row["bars_held"]) for row in one) == 7


def test_an_overlay_brings_its_table_to_another_strategy(tmp_path: Path) -> None:
    """What avoids earnings under one strategy does so under a second: no entry near a date, none over one."""
    folder = EXAMPLES / "earnings_avoidance"
    (tmp_path / "overlays").mkdir()
    for name in ("overlays/avoid_earnings.strat", "earnings.csv", "prices.toml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "morning.strat").write_text(MORNING, encoding="utf-8")
    prices = EXAMPLES / "prices" / "5min" / "SPY.parquet"
    found: dict[str, list[dict[str, str]]] = {}
    for before in ("2 sessions", "9 sessions"):
        trips = tmp_path / "trips.csv"
        options = (
            "--account",
            folder / "account.toml",
            "--data",
            f"SPY={prices}",
            "--data",
            tmp_path,
            "--trades",
            trips,
        )
        done = stratc("run", tmp_path / "morning.strat", "--interpret", *options, "--set", f"away.before={before}")
        assert done.code == 0, done.stderr
        with trips.open(encoding="utf-8", newline="") as opened:
            found[before] = list(csv.DictReader(opened))
    near, far = found["2 sessions"], found["9 sessions"]
    assert {row["rule_out"] for row in near} >= {"away.leave_before"}
    assert {row["opened_at"] for row in far} < {row["opened_at"] for row in near}


MORNING = """strategy "Mornings"
trade   SPY on 5 min, regular session
account margin USD

rule enter
  every week, on first session
  when flat
  then buy 20% of equity at market

use "overlays/avoid_earnings.strat" as away

rule leave
  when sessions_held >= 4
  then exit all at market
"""


def test_every_file_is_clean() -> None:
    for file in (EXAMPLE / "strategy.strat", *sorted(EXAMPLES.glob("*/overlays/*.strat"))):
        assert stratc("fmt", "--check", file).code == 0
    assert stratc("check", EXAMPLE / "strategy.strat", "--fast", "--json").document["diagnostics"] == []


def copied(folder: Path) -> Path:
    for file in (EXAMPLE / "strategy.strat", EXAMPLE / "account.toml", *EXAMPLE.glob("overlays/*.strat")):
        target = folder / file.relative_to(EXAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    return folder / "strategy.strat"


@pytest.mark.compiled
def test_an_artefact_holds_its_blocks(tmp_path: Path) -> None:
    strategy, artefact = copied(tmp_path), tmp_path / "artefact"
    assert stratc("compile", strategy, "-o", artefact).code == 0
    one = round_trips(strategy, tmp_path / "one.csv")
    for file in tmp_path.glob("overlays/*.strat"):
        file.unlink()
    assert stratc("check", strategy).code == 1
    assert (artefact / "source.strat").read_text(encoding="utf-8").count('block "overlays/') == 2
    assert round_trips(artefact, tmp_path / "other.csv") == one


def test_a_changed_block_changes_the_digest(tmp_path: Path) -> None:
    strategy = copied(tmp_path)
    before = stratc("run", strategy, "--interpret", "--data", IBM, "--json").document["artefact_digest"]
    block = tmp_path / "overlays" / "time_stop.strat"
    block.write_text(block.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    assert stratc("run", strategy, "--interpret", "--data", IBM, "--json").document["artefact_digest"] != before


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    strategy = copied(tmp_path / "inside")
    block = tmp_path / "inside" / "overlays" / "time_stop.strat"
    (tmp_path / "outside.strat").write_bytes(block.read_bytes())
    block.unlink()
    block.symlink_to(tmp_path / "outside.strat")
    done = stratc("check", strategy)
    assert done.code == 2
    assert "outside of the strategy's folder" in done.stderr
    block.unlink()
    block.mkdir()
    assert stratc("check", strategy).code == 2


def test_a_text_from_stdin_has_no_files_beside_it() -> None:
    text = (EXAMPLE / "strategy.strat").read_text(encoding="utf-8")
    done = stratc("check", "-", "--json", stdin=text)
    assert {each["code"] for each in done.document["diagnostics"]} >= {"N283"}
