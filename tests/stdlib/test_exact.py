"""Definitions in exact arithmetic, a window at a time: what the running sums must come to, and how near they come."""

from __future__ import annotations

import random
from fractions import Fraction
from math import isnan, sqrt, ulp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.dsl.stdlib import catalogue
from tests.stdlib.series import make_bars, run

pytestmark = pytest.mark.fast


def mean(window):
    return sum(window) / len(window)


def variance(window):
    middle = mean(window)
    return sum((x - middle) ** 2 for x in window) / len(window)


def weigh(window):
    n = len(window)
    return sum(weight * x for weight, x in enumerate(window, start=1)) * Fraction(2, n * (n + 1))


def fit(window):
    """The slope of the least-squares line."""
    middle = Fraction(len(window) + 1, 2)
    times = [t - middle for t in range(1, len(window) + 1)]
    return sum(t * x for t, x in zip(times, window, strict=True)) / sum(t * t for t in times)


def noise(level, size, bars, seed):
    rng = random.Random(seed)
    return [level + rng.gauss(0.0, size) for _ in range(bars)]


SERIES = {
    "walk": make_bars(250, 5)["close"],
    "noise on a high level": noise(1e6, 1e-3, 250, 3),
    "a drop to a hundredth": noise(100.0, 0.5, 110, 1) + noise(1.0, 0.01, 140, 2),
}
# stem, exact value of a window, allowed error in 2^-53 of the spread of the last three windows, beside one ulp of the
# level for the last rounding. A sum of `length` deviations is at most 2 * length steps old, each wrong by at most 2^-53
# of what the sum can be: length * spread, or length^2 * spread with weights; the rest is the formula.
TABLE = [
    ("sma", mean, lambda length: 2 * length),
    ("wma", weigh, lambda length: 8 * length),
    ("slope", fit, lambda length: 48),
    ("highest", max, lambda length: 0),
    ("lowest", min, lambda length: 0),
]


@pytest.mark.parametrize("length", [2, 5, 20, 50])
@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize(("stem", "define", "allow"), TABLE, ids=[row[0] for row in TABLE])
def test_a_window_is_what_its_definition_says(stem, define, allow, series, length):
    values = SERIES[series]
    (row,) = run(catalogue.lookup(stem), [values], [length])
    exact = [Fraction(x) for x in values]
    for i in range(length - 1, len(values)):
        recent = values[max(0, i + 1 - 3 * length) : i + 1]
        allowed = allow(length) * 2.0**-53 * (max(recent) - min(recent)) + ulp(max(recent)) * bool(allow(length))
        assert abs(Fraction(row[i]) - define(exact[i + 1 - length : i + 1])) <= allowed


@pytest.mark.parametrize("length", [2, 5, 20])
@pytest.mark.parametrize("series", [*SERIES, "a spike"])
def test_the_variance_is_within_the_stated_bound(series, length):
    values = SERIES.get(series) or [*noise(100.0, 0.01, 137, 4), 1e6, *noise(100.0, 0.01, 110, 5)]
    (row,) = run(catalogue.lookup("stdev"), [values], [length])
    for i in range(length - 1, len(values)):
        recent = values[max(0, i + 1 - 3 * length) : i + 1]
        exact = variance([Fraction(x) for x in values[i + 1 - length : i + 1]])
        assert abs(Fraction(row[i]) ** 2 - exact) <= 4 * length * 2.0**-53 * (max(recent) - min(recent)) ** 2


def test_an_outlier_is_forgotten():
    quiet = noise(100.0, 0.01, 300, 6)
    (clean,) = run(catalogue.lookup("stdev"), [quiet], [20])
    (marred,) = run(catalogue.lookup("stdev"), [[1e9, *quiet[1:]]], [20])
    assert marred[60:] == pytest.approx(clean[60:], rel=1e-9)


TICKS = st.lists(st.integers(1, 40), min_size=4, max_size=40)


@given(ticks=TICKS, length=st.integers(1, 6))
@settings(max_examples=60)
def test_percent_rank_counts_those_before(ticks, length):
    values = [tick * 0.25 for tick in ticks]
    (row,) = run(catalogue.lookup("percent_rank"), [values], [length])
    for i, x in enumerate(values):
        before = values[max(0, i - length) : i]
        assert isnan(row[i]) if len(before) < length else row[i] == sum(past <= x for past in before) / length


@given(ticks=TICKS, length=st.integers(2, 6))
@settings(max_examples=60)
def test_zscore_is_the_distance_in_deviations(ticks, length):
    values = [tick * 0.25 for tick in ticks]
    (row,) = run(catalogue.lookup("zscore"), [values], [length])
    for i in range(length - 1, len(values)):
        window = [Fraction(x) for x in values[i + 1 - length : i + 1]]
        if len({*window}) == 1:
            assert isnan(row[i])
        else:
            assert row[i] == pytest.approx(float(window[-1] - mean(window)) / sqrt(variance(window)), abs=1e-11)


CROSSINGS = [
    # a, b, direction
    ([1, 3, 3, 1], [2, 2, 2, 2], [None, 1, 0, -1]),
    ([1, 2, 3, 3], [2, 2, 2, 2], [None, 0, 1, 0]),
    ([3, 2, 3, 2, 1], [2, 2, 2, 2, 2], [None, 0, 1, 0, -1]),
    ([2, 2, 1, 3], [2, 2, 2, 2], [None, 0, -1, 1]),
]


@pytest.mark.parametrize(("a", "b", "wanted"), CROSSINGS)
def test_crossing(a, b, wanted):
    (row,) = run(catalogue.lookup("cross"), [[float(x) for x in a], [float(x) for x in b]], [])
    assert [None if isnan(x) else x for x in row] == wanted


VWAP = [
    # high, low, close, volume, session start, average
    (12.0, 9.0, 9.0, 100.0, 0.0, None),  # no session has begun in the data
    (12.0, 9.0, 9.0, 100.0, 1.0, 10.0),
    (21.0, 21.0, 21.0, 0.0, 0.0, 10.0),
    (16.0, 10.0, 13.0, 200.0, 0.0, 12.0),
    (5.0, 5.0, 5.0, 0.0, 1.0, None),  # nothing was printed yet
    (5.0, 5.0, 5.0, 7.0, 0.0, 5.0),
]


def test_vwap_begins_with_the_session():
    *columns, wanted = zip(*VWAP, strict=True)
    (row,) = run(catalogue.lookup("vwap"), columns, [])
    assert [None if isnan(x) else pytest.approx(x, rel=1e-15) for x in row] == list(wanted)


def test_rma_is_wilders_recursion():
    (row,) = run(catalogue.lookup("rma"), [[1.0, 2.0, 6.0, 7.0, 3.0]], [4])
    assert row[3:] == [4.0, 3.75]
    assert all(map(isnan, row[:3]))
