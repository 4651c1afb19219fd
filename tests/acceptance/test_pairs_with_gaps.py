"""Exits of a pair never wait for bars of both legs: a member whose bars end or lack leaves nobody with one leg."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.acceptance.recorded import EXAMPLES, read_trips
from tests.acceptance.stratc_process import stratc

EXAMPLE = EXAMPLES / "distance_pairs_chosen"
TEXT = """strategy "Gaps"
trade   pairs of ALFA, BETA on 1 day
account margin USD

rule together
  when flat and close of one > 0 USD
  then both of
         short 1_000 USD of one, at next open, after locate
         buy   1_000 USD of other, at next open

rule apart
{when}
  then exit all at next open
"""
HELD = "  when not flat and bars_held > 5"
HALF_YEAR = "  every 6 months, on session 2 from end\n  when not flat"


def trips_without(folder: Path, when: str, lacking: pl.Expr, *more: str) -> list[dict[str, str]]:
    """The round trips where bars of BETA lack."""
    shutil.copy(EXAMPLE / "account.toml", folder)
    data = []
    for symbol in ("ALFA", "BETA"):
        table = pl.read_parquet(EXAMPLE / "prices" / f"{symbol}.parquet")
        table.filter(~lacking if symbol == "BETA" else True).write_parquet(folder / f"{symbol}.parquet")
        data += ["--data", f"{symbol}={folder / symbol}.parquet"]
    (folder / "strategy.strat").write_text(TEXT.format(when=when), encoding="utf-8")
    span = ("--from", "2017-05-01", "--to", "2017-08-31")
    done = stratc("run", folder / "strategy.strat", *data, *span, *more, "--trades", folder / "t.csv")
    assert done.code == 0, done.stderr
    return read_trips(folder / "t.csv")


@pytest.mark.parametrize("how", [pytest.param((), marks=pytest.mark.compiled), ("--interpret",)])
def test_a_leg_is_closed_when_the_other_member_has_no_more_bars(tmp_path, how):
    """BETA's last bar is of 2017-07-18: ALFA is bought back as soon as the pair was held for six bars of its own."""
    trips = trips_without(tmp_path, HELD, pl.col("time") > date(2017, 7, 18), *how)
    last = trips[-1]
    assert (last["instrument"], last["opened_at"][:10], last["closed_at"][:10]) == ("ALFA", "2017-07-11", "2017-07-20")


def test_a_bar_that_lacks_on_the_day_of_an_exit_does_not_put_it_off_by_half_a_year(tmp_path):
    """The day is 2017-06-29. BETA has no bar then, so the pair is left on its last one before, as soon as
    each has a bar."""
    trips = trips_without(tmp_path, HALF_YEAR, pl.col("time") == date(2017, 6, 29), "--interpret")
    assert [(trip["instrument"], trip["closed_at"][:10]) for trip in trips] == [
        ("ALFA", "2017-06-29"),
        ("BETA", "2017-06-30"),
    ]
