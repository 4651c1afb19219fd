"""A run tells the moments of its schedules that found no bar: in the table and in `--json`, with the first of them."""

from __future__ import annotations

import pytest

from tests.acceptance.stratc_process import stratc

TEXT = """strategy "Mondays"
trade   SPY on 1 day
account cash USD

rule enter
  every week, on first session
  when flat
  then buy 50% of equity at next open

rule leave
  every Friday or session before
  when long
  then exit all at next open
"""
DATES = ("2024-01-08", "2024-01-09", "2024-01-10", "2024-01-11", "2024-01-12", "2024-01-16", "2024-01-17")
CASES = {
    "all bars are there": ((), []),
    "a Friday is lacking": (
        ("2024-01-12",),
        [
            "`leave` fell due once while bars were lacking, first on 2024-01-12, SPY: it was tried on the last bar "
            "before, its orders went with the next bar there was"
        ],
    ),
    "a Friday and the Tuesday after it": (
        ("2024-01-12", "2024-01-16"),
        [
            "`enter` fell due once while bars were lacking, first on 2024-01-16, SPY: it was tried on the last bar "
            "before, its orders went with the next bar there was",
            "`leave` fell due once while bars were lacking, first on 2024-01-12, SPY: it was tried on the last bar "
            "before, its orders went with the next bar there was",
        ],
    ),
}


def write(folder, lacking):
    text, prices = folder / "s.strat", folder / "SPY.csv"
    text.write_text(TEXT, encoding="utf-8")
    rows = [f"{day},100,101,99,100,1000" for day in DATES if day not in lacking]
    prices.write_text("\n".join(("time,open,high,low,close,volume", *rows)) + "\n", encoding="utf-8")
    return text, f"SPY={prices}"


@pytest.mark.parametrize(("lacking", "wanted"), CASES.values(), ids=CASES)
def test_the_run_tells_them(tmp_path, lacking, wanted):
    text, prices = write(tmp_path, lacking)
    told = stratc("run", text, "--data", prices, "--interpret", "--json")
    assert told.code == 0, told.stderr
    assert [note for note in told.document["notes"] if "lacking" in note] == wanted
    shown = stratc("run", text, "--data", prices, "--interpret").stdout
    assert all(note in " ".join(shown.split()) for note in wanted)


def test_a_rule_for_one_instrument_is_told_of_that_one_only(tmp_path):
    """SPY lacks the Friday on which the rule would leave QQQ, which has it."""
    text, spy = write(tmp_path, ("2024-01-12",))
    text.write_text(TEXT.replace("trade   SPY", "trade   SPY, QQQ").replace("rule leave", "rule leave for QQQ"))
    qqq = tmp_path / "QQQ.csv"
    rows = [f"{day},100,101,99,100,1000" for day in DATES]
    qqq.write_text("\n".join(("time,open,high,low,close,volume", *rows)) + "\n", encoding="utf-8")
    told = stratc("run", text, "--data", spy, "--data", f"QQQ={qqq}", "--interpret", "--json")
    assert told.code == 0, told.stderr
    assert [note for note in told.document["notes"] if "lacking" in note] == []
