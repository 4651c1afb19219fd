"""Weeks and months by arithmetic, against the calendar of the standard library."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from stratc.runtime.engine import codes as K
from stratc.runtime.engine.periods import period_key

pytestmark = pytest.mark.fast

DAYS = [date(1970, 1, 1) + timedelta(days=k) for k in range(0, 365 * 140)]


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (K.PERIOD_SESSION, lambda day: day),
        (K.PERIOD_DAY, lambda day: day),
        (K.PERIOD_WEEK, lambda day: day.isocalendar()[:2]),
        (K.PERIOD_MONTH, lambda day: (day.year, day.month)),
    ],
    ids=["session", "day", "week", "month"],
)
def test_a_key_changes_with_its_period(period, name):
    for (k, day), (n, after) in pairwise(enumerate(DAYS)):
        assert (period_key(period, k) == period_key(period, n)) == (name(day) == name(after)), day
