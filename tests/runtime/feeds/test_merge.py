"""Several instruments become one timeline in the order of time and then of the `trade` line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from stratc.runtime.feeds.bars import BarTable, Stamp, read_bars
from stratc.runtime.feeds.merge import merge
from stratc.runtime.model.instrument import identify

pytestmark = pytest.mark.fast


@pytest.fixture
def table(tmp_path: Path) -> BarTable:
    path = tmp_path / "SPY.csv"
    path.write_text("time,open,high,low,close\n2024-03-07,1,1,1,1\n2024-03-08,2,2,2,2\n")
    instrument = identify("SPY")
    assert instrument is not None
    return read_bars(
        path,
        instrument=instrument,
        interval_ns=None,
        timezone=None,
        stamp=Stamp.OPEN,
        columns={},
        regular_session=False,
        volume_needed=False,
    )


def closing(table: BarTable, *closes: int) -> BarTable:
    return replace(table, closes_ns=pl.Series("closes_ns", closes, dtype=pl.Int64))


def test_rows_are_in_the_order_in_which_they_become_known(table: BarTable) -> None:
    timeline = merge([closing(table, 10, 20, 30), closing(table, 5, 20), closing(table, 20, 40)])
    assert timeline.closes_ns.to_list() == [5, 10, 20, 20, 20, 30, 40]
    assert timeline.instrument.to_list() == [1, 0, 0, 1, 2, 0, 2]
    assert timeline.bar.to_list() == [0, 0, 1, 1, 0, 2, 1]
    assert timeline.last_of_moment.to_list() == [1, 1, 0, 0, 1, 1, 1]
    assert {column.dtype for column in (timeline.instrument, timeline.bar, timeline.last_of_moment)} == {pl.Int64}


def test_one_and_none(table: BarTable) -> None:
    assert merge([table]).last_of_moment.to_list() == [1, 1]
    assert len(merge([]).closes_ns) == 0
