"""Values across instruments by hand: three instruments, of which the second lacks the bar of the second moment."""

from __future__ import annotations

from math import isnan, nan
from struct import unpack

import pytest

from stratc.compiler.ir.meaning import compare_across
from stratc.compiler.ir.nodes import Beside
from stratc.compiler.ir.verify import verify
from tests.differential.bars import ROW_MOMENT_END, Bars
from tests.differential.building import Builder
from tests.differential.running import run_interpreted

BY_HAND = (
    # beside, of each instrument: its own value, then what comes out for it; None is unknown
    (Beside.RANK, (3.0, 5.0, 4.0), (3.0, 1.0, 2.0)),
    (Beside.RANK, (4.0, 4.0, 5.0), (2.0, 3.0, 1.0)),
    (Beside.RANK, (3.0, None, 4.0), (2.0, nan, 1.0)),
    (Beside.HIGHEST, (3.0, None, 4.0), (4.0, 4.0, 4.0)),
    (Beside.LOWEST, (3.0, nan, 4.0), (3.0, 3.0, 3.0)),
    (Beside.SUM, (3.0, None, 4.0), (7.0, 7.0, 7.0)),
    (Beside.SUM, (None, None, None), (0.0, 0.0, 0.0)),
    (Beside.AVERAGE, (3.0, None, 4.0), (3.5, 3.5, 3.5)),
    (Beside.AVERAGE, (None, None, None), (nan, nan, nan)),
    (Beside.COUNT, (True, None, False), (1.0, 1.0, 1.0)),
)


@pytest.mark.fast
@pytest.mark.parametrize(("beside", "values", "wanted"), BY_HAND)
def test_by_hand(beside, values, wanted):
    found = [compare_across(beside, own, values) for own in range(3)]
    assert all(a == b or (isnan(a) and isnan(b)) for a, b in zip(found, wanted, strict=True)), found


@pytest.mark.fast
def test_an_instrument_without_a_bar_does_not_count():
    build = Builder()
    build.line("let place = rank(close) across instruments")
    close = build.column("close")
    place = build.bind("place", build.across("rank", close))
    total = build.bind("total", build.across("sum", close))
    program = verify(build.program(instruments=("I0", "I1", "I2")))
    closes = (10.0, 30.0, 20.0, 11.0, 21.0)
    prices = dict.fromkeys(("open", "high", "low", "close"), closes)
    bars = Bars((0, 1, 2, 0, 2), (1,) * 5, (0, 0, ROW_MOMENT_END, 0, ROW_MOMENT_END), {**prices, "volume": (1.0,) * 5})
    seen = run_interpreted(program, bars).values
    assert [unpack("d", value)[0] for value in seen[place]] == [3.0, 1.0, 2.0, 2.0, 1.0]
    assert [unpack("d", value)[0] for value in seen[total]] == [60.0, 60.0, 60.0, 32.0, 32.0]
