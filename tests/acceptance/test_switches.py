"""Examples that switch between instruments: what a second calculation says, and their traps."""

from __future__ import annotations

import csv
import itertools
import runpy
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.acceptance.recorded import EXAMPLES, codes, recorded
from tests.acceptance.stratc_process import stratc

MADE = runpy.run_path(str(Path(__file__).parents[1] / "make_example_switches.py"))


# ── the term structure of the VIX ────────────────────────────────────────────────────────────────────────────────────


def test_prices_and_dates_can_be_made_again() -> None:
    folder = EXAMPLES / "vix_term_structure"
    for symbol, frame in MADE["volatility_bars"]().items():
        assert frame.equals(pl.read_parquet(folder / "prices" / f"{symbol}.parquet"))
    for symbol, frame in MADE["fund_bars"]().items():
        assert frame.equals(pl.read_parquet(EXAMPLES / "nested_switch" / "prices" / f"{symbol}.parquet"))
    for name, lines in MADE["releases"]().items():
        assert lines == (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()


def release_moments() -> Iterator[datetime]:
    """When each release came out: by the last row of its name."""
    for name in ("cpi", "fomc"):
        with (EXAMPLES / "vix_term_structure" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            last = {row["event"]: row["at"] for row in csv.DictReader(file)}
        yield from map(datetime.fromisoformat, last.values())


def test_nothing_is_held_over_a_release() -> None:
    spans = [
        (row["instrument"], *(datetime.fromisoformat(row[at]) for at in ("opened_at", "closed_at")))
        for row in recorded("vix_term_structure")
    ]
    moments = list(release_moments())
    assert len(moments) > 70
    held = [(moment, span) for moment in moments for span in spans if span[1] <= moment < span[2]]
    assert held == []
    # One session later would be held over most of them.
    late = [moment for moment in moments for _, first, last in spans if first <= moment < last + timedelta(days=1)]
    assert len(late) > 20


def test_each_instrument_has_rules_of_its_own() -> None:
    by_rule = {(row["instrument"], row["rule_in"]) for row in recorded("vix_term_structure")}
    assert by_rule == {("SVXY", "calm"), ("VXX", "stress")}
    stopped = [row for row in recorded("vix_term_structure") if row["rule_out"] == "calm"]
    assert stopped, "the stop loss is never reached"


@pytest.mark.fast
def test_an_order_in_an_index_is_refused() -> None:
    name = "vix_term_structure"
    assert codes(name) == set()
    assert "N231" in codes(name, ("trade   SVXY, VXX", "trade   SVXY, VXX, VIX"), ("read    VIX, ", "read    "))
    assert codes(name, ("calm for SVXY", "calm for VIX")) >= {"N230"}


# ── the nested switch ────────────────────────────────────────────────────────────────────────────────────────────────


def heat(closes: list[float], length: int = 10) -> list[float | None]:
    """Wilder's relative strength: the mean of the first rises and falls, then smoothed."""
    found: list[float | None] = [None] * len(closes)
    moves = [after - before for before, after in itertools.pairwise(closes)]
    rise = sum(max(move, 0.0) for move in moves[:length]) / length
    fall = sum(max(-move, 0.0) for move in moves[:length]) / length
    for k in range(length, len(closes)):
        if k > length:
            rise = (rise * (length - 1) + max(moves[k - 1], 0.0)) / length
            fall = (fall * (length - 1) + max(-moves[k - 1], 0.0)) / length
        found[k] = 100.0 * rise / (rise + fall)
    return found


def paths() -> Iterator[tuple[str, str]]:
    """The day and what the rule wants then, read off the closes by the words of the strategy as it was published."""
    frames = {path.stem: pl.read_parquet(path) for path in (EXAMPLES / "nested_switch" / "prices").glob("*.parquet")}
    days = frames["SPY"]["time"].to_list()
    spy = frames["SPY"]["close"].to_list()
    hot = {symbol: heat(frame["close"].to_list()) for symbol, frame in frames.items()}
    for k in range(199, len(days)):
        values = {symbol: series[k] for symbol, series in hot.items()}
        if spy[k] > sum(spy[k - 199 : k + 1]) / 200:
            wanted = "UVXY" if values["TQQQ"] > 79 else "TQQQ"
        elif values["TQQQ"] < 31:
            wanted = "TECL"
        elif values["UVXY"] > 74:
            wanted = "BIL"
        else:
            wanted = "SQQQ" if values["SQQQ"] >= values["TLT"] else "TLT"
        yield str(days[k]), wanted


def test_every_switch_follows_the_tree() -> None:
    """A position is opened at the open after the first day whose path is its instrument, and left after its last."""
    wanted = list(paths())
    switches = [
        (after[0], symbol)
        for (_, before), (_, symbol), after in zip(wanted, wanted[1:], wanted[2:], strict=False)
        if before != symbol
    ]
    opened = [(row["opened_at"][:10], row["instrument"]) for row in recorded("nested_switch")]
    closed = [(row["closed_at"][:10], row["instrument"]) for row in recorded("nested_switch")]
    assert opened == [(wanted[1][0], wanted[0][1]), *switches][: len(opened)]
    # What is left is what was held before, on the day on which the next is opened.
    assert closed == [(day, before[1]) for (day, _), before in zip(switches, opened, strict=False)]
    assert {symbol for _, symbol in opened} == {"TQQQ", "UVXY", "TECL", "BIL", "SQQQ", "TLT"}


@pytest.mark.fast
def test_the_tree_says_what_it_cannot_do() -> None:
    name = "nested_switch"
    assert codes(name) == set()
    # The close that the tree reads is no price to trade at; a path behind one that is asked before it is never taken.
    assert codes(name, ("at next open", "at closing auction")) == {"C405"}
    assert codes(name, ("heat of UVXY > 74", "heat of TQQQ < 20")) == {"T393"}
    assert codes(name, ("UVXY\n", "SPXL\n")) == {"N230"}


def test_the_paths_are_told() -> None:
    told = stratc("explain", EXAMPLES / "nested_switch" / "strategy.strat").stdout
    assert "these 5 paths" in told
    assert "exclude each other and leave no case out" in told
    assert "4) BIL when not (`bull`) and not (`heat` of TQQQ is below 31) and `heat` of UVXY is above 74" in told
