"""Splits, dividends, locates and kept round trips, as a user sees them; every figure is worked out in its comment.

The share of these tests stands at 100, is split ten for one on 2024-01-10 and goes on at 10.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stratc.runtime.model.session import calendar
from tests.acceptance.stratc_process import stratc

ROOT = Path(__file__).resolve().parents[2]
DAYS = [each.date for each in calendar("XNYS").sessions_between(date(2024, 1, 2), date(2024, 1, 31))]
SPLIT = date(2024, 1, 10)
HEAD = "symbol,kind,ex_date,amount,currency,known_at,source,ratio,to\n"
TEN_FOR_ONE = HEAD + f"XYZ,split,{SPLIT},,,2023-12-20,test,10:1,\n"
GAP_FADE = """strategy "Gap fade"
trade XYZ on 1 day
account cash USD
rule fade
  when flat and open < 0.98 * close[1]
  then buy 10 shares at next open
       stop loss at 0.5 * close
"""
BRACKET = """strategy "Bracket"
trade XYZ on 1 day
account cash USD
rule enter
  every month, on first session
  when flat
  then buy 10 shares at next open
       stop loss at 0.9 * close
       target 1.2 * close
"""


@pytest.fixture
def place(tmp_path):
    """Writes a strategy, prices as traded and tables beside them; gives the folder."""

    def write(strategy: str, *, actions: str = TEN_FOR_ONE, adjusted: bool = False, instruments: str = "") -> Path:
        rows = ["date,open,high,low,close,volume"]
        for day in DAYS:
            price = 10.0 if day >= SPLIT or adjusted else 100.0
            rows.append(f"{day},{price},{price * 1.01},{price * 0.99},{price},1000")
        (tmp_path / "XYZ.csv").write_text("\n".join(rows) + "\n")
        (tmp_path / "actions.csv").write_text(actions)
        (tmp_path / "s.strat").write_text(strategy)
        (tmp_path / "account.toml").write_text('[account]\ntype = "cash"\ncurrency = "USD"\nequity = 100_000\n')
        if instruments:
            (tmp_path / "instruments.toml").write_text(instruments)
        return tmp_path

    return write


def run(folder: Path, *options: str) -> dict:
    done = stratc("run", str(folder / "s.strat"), "--data", str(folder), "--interpret", "--json", *options)
    assert done.code == 0, done.stderr
    return done.document


def test_a_split_does_not_sell_the_bracket(place):
    """Bought at 100 with a stop at 90; at 10 after the split the stop is 9: nothing is sold and nothing is lost."""
    found = run(place(BRACKET))
    assert (found["fills"], found["final_equity"]) == (1, 100_000.0)


def test_a_split_gap_is_no_gap(place):
    found = run(place(GAP_FADE))
    assert (found["orders"], found["round_trips"]) == (0, 0)


def test_raw_prices_show_the_split_as_a_fall(place):
    found = run(place(GAP_FADE, instruments='["XYZ"]\nprices = "raw"\n'))
    assert found["orders"] == 1


def test_what_is_not_yet_effective_is_not_seen(place):
    """The run that ends the day before the split is the beginning of the whole one, with or without the table."""
    folder = place(BRACKET)
    before = str(DAYS[DAYS.index(SPLIT) - 1])
    with_table = run(folder, "--to", before)
    (folder / "actions.csv").unlink()
    without = run(folder, "--to", before)
    same = ("orders", "fills", "final_equity", "start_equity", "bars")
    assert {name: with_table[name] for name in same} == {name: without[name] for name in same}


@pytest.mark.parametrize(
    ("actions", "adjusted", "code", "words"),
    [
        (TEN_FOR_ONE, True, "B121", "would be adjusted twice"),
        (TEN_FOR_ONE.replace("2023-12-20", "2024-01-11"), False, "B122", "known only on 2024-01-11"),
        (TEN_FOR_ONE.replace("10:1", "10"), False, "B120", "no ratio of a split"),
        (TEN_FOR_ONE.replace("split", "splits"), False, "B120", "is no kind"),
        (HEAD.replace("known_at,", ""), False, "B120", "no column `known_at`"),
        (HEAD + "XYZ,delisting,2024-01-17,0,USD,2024-01-03,test,,\n", False, "B121", "has bars after"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(place, actions, adjusted, code, words):
    folder = place(BRACKET, actions=actions, adjusted=adjusted)
    done = stratc("run", str(folder / "s.strat"), "--data", str(folder), "--interpret")
    assert done.code == 2
    assert code in done.stderr
    assert words in done.stderr


def test_a_rename_carries_the_actions_of_the_old_symbol(place):
    actions = TEN_FOR_ONE.replace("XYZ,", "OLD,") + "OLD,rename,2024-01-17,,,2024-01-03,test,,XYZ\n"
    assert run(place(BRACKET, actions=actions))["fills"] == 1


def test_the_dividends_of_ibm_are_paid(tmp_path):
    """100 shares bought on 2000-04-04, sold never: the dividends of 2000 after that are 0.128, 0.127 and 0.133."""
    (tmp_path / "s.strat").write_text(
        'strategy "Hold"\ntrade IBM on 1 day\naccount cash USD\nrule enter\n  every month, on first session\n'
        "  when flat\n  then buy 100 shares at next open\n"
    )
    data = str(ROOT / "examples" / "prices" / "daily")
    done = stratc(
        "run",
        tmp_path / "s.strat",
        "--data",
        data,
        "--from",
        "2000-04-03",
        "--to",
        "2000-12-29",
        "--interpret",
        "--json",
    )
    assert done.document["carried"] == {"dividends": 38.8}


# ── a short sale asks for a locate ───────────────────────────────────────────────────────────────────────────────────


def without_locate(folder: Path) -> Path:
    """The parabolic short as it is written by who forgets the locate; its prices stay where they are."""
    example = ROOT / "examples" / "parabolic_short"
    text = (example / "strategy.strat").read_text().replace("       after locate\n", "")
    (folder / "s.strat").write_text(text)
    (folder / "account.toml").write_text((example / "account.toml").read_text())
    return folder / "s.strat"


def test_without_a_locate_no_artefact_is_made(tmp_path):
    done = stratc("compile", str(without_locate(tmp_path)), "--as-of", "2026-07-01", "-o", str(tmp_path / "a"))
    assert done.code == 1
    assert "R020" in done.stderr + done.stdout
    assert "sells short without a locate" in done.stderr
    assert not (tmp_path / "a").exists()


def test_without_a_locate_a_backtest_carries_the_label(tmp_path):
    strategy = without_locate(tmp_path)
    data = str(ROOT / "examples" / "prices" / "5min")
    done = stratc("run", str(strategy), "--data", data, "--as-of", "2026-07-01", "--interpret")
    assert done.code == 0, done.stderr
    assert "backtest only: sells short without a locate in fade" in done.stdout


def test_an_account_whose_broker_locates_needs_no_word(tmp_path):
    strategy = without_locate(tmp_path)
    profile = strategy.parent / "account.toml"
    profile.write_text(profile.read_text() + "locates = true\n")
    done = stratc("check", str(strategy), "--as-of", "2026-07-01")
    assert "R020" not in done.stdout + done.stderr
