"""What is held of an instrument whose bars end is closed out at its last mark, once it is clear that none comes."""

from __future__ import annotations

import pytest

from stratc.runtime.engine import codes as K
from tests.runtime.engine.scripted import Enter, run

pytestmark = pytest.mark.fast

FLAT = (100.0, 101.0, 99.0, 100.0)
LOWER = (100.0, 100.0, 79.0, 80.0)
LONG_KIND = {"size": (K.SIZE_QUANTITY, 5)}


def fills(done):
    log = done.book.log(K.LOG_FILLS)
    rows = [log[at : at + K.FILL_WIDTH] for at in range(0, len(log), K.FILL_WIDTH)]
    return [(row[K.FILL_ROW], row[K.FILL_INSTRUMENT], row[K.FILL_ROLE], row[K.FILL_TICKS]) for row in rows]


def world(days, settings):
    """Instrument 1 has two bars; instrument 0 goes on."""
    bars = [FLAT, FLAT, FLAT, LOWER, *([FLAT] * (len(days) - 4))]
    instruments = [0, 1, 0, 1, *([0] * (len(days) - 4))]
    return run(bars, {1: [Enter(i=1, **LONG_KIND)]}, days=days, instruments=instruments, settings=settings)


def test_it_is_closed_out_when_the_time_is_over():
    done = world([0, 0, 1, 1, 15, 16, 17], {K.SETTING_GONE_DAYS: 14.0})
    # In on day 1; on day 15 fourteen days have passed, on day 16 more than that: out at the last mark, 80.
    assert [fill[:3] for fill in fills(done)] == [(3, 1, K.ROLE_ENTRY), (5, 1, K.ROLE_CLOSE_OUT)]
    assert fills(done)[1][3] == round(80.0 * done.book.ticks_per_unit[1])
    assert done.book.position[1] == 0


def test_it_is_kept_where_nothing_is_said():
    done = world([0, 0, 1, 1, 15, 16, 99], {})
    assert [fill[2] for fill in fills(done)] == [K.ROLE_ENTRY]
