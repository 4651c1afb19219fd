"""Estimators of several series against exact arithmetic, on the series that cost digits, and against statsmodels."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from math import isnan, log, nan, sqrt

import numpy as np
import pytest

from stratc.dsl.stdlib import catalogue, engle_granger
from tests.stdlib.series import make_bars, run

pytestmark = pytest.mark.fast

BARS = 160


def noise(level, size, seed):
    rng = random.Random(seed)
    return [level + rng.gauss(0.0, size) for _ in range(BARS)]


def pair(level, size, seed):
    """Two series of which the second follows the first, with a tenth of its noise on top."""
    x, own = noise(level, size, seed), noise(0.0, 0.1 * size, seed + 1)
    return [0.5 * u + 3.0 + e for u, e in zip(x, own, strict=True)], x


PAIRS = {
    "two walks": (make_bars(BARS, 5)["close"], make_bars(BARS, 6)["close"]),
    "a follower": pair(100.0, 1.0, 3),
    "noise of a millionth on a level of a million": pair(1e6, 1e-6, 4),
    "a line but for a millionth": (
        [2.0 * i + 7.0 + e for i, e in enumerate(noise(0.0, 1e-6, 9))],
        [float(i) for i in range(BARS)],
    ),
}
CASES = pytest.mark.parametrize("length", [3, 20, 60])
SERIES = pytest.mark.parametrize("series", PAIRS)


def windows(rows, length):
    """The bar on which each window ends, and the window in fractions, a tuple a row."""
    for end in range(length - 1, BARS):
        yield end, [[Fraction(x) for x in row[end + 1 - length : end + 1]] for row in rows]


def moments(ys, xs):
    n = len(xs)
    mean_y, mean_x = sum(ys) / n, sum(xs) / n
    dy, dx = [y - mean_y for y in ys], [x - mean_x for x in xs]
    xx, yy = sum(d * d for d in dx), sum(d * d for d in dy)
    return mean_y, mean_x, xx, sum(a * b for a, b in zip(dy, dx, strict=True)), yy


def close_to(value, exact, relative):
    return abs(Fraction(value) - exact) <= relative * abs(exact)


@CASES
@SERIES
def test_least_squares_is_exact_to_the_last_digits(series, length):
    """Neither the level nor a perfect fit costs digits: what is subtracted was small already."""
    ys, xs = PAIRS[series]
    slope, intercept, residual, r2, deviation, error = run(catalogue.lookup("ols"), [ys, xs], [length])
    for end, (y, x) in windows((ys, xs), length):
        mean_y, mean_x, xx, xy, yy = moments(y, x)
        b = xy / xx
        a = mean_y - b * mean_x
        off = [v - (a + b * u) for v, u in zip(y, x, strict=True)]
        squares = sum(e * e for e in off)
        # A slope is as certain as the sizes of the two series, however little they have to do with each other.
        size = Fraction(sqrt(yy / xx))
        assert abs(Fraction(slope[end]) - b) <= Fraction(1e-13) * size
        assert abs(Fraction(intercept[end]) - a) <= Fraction(1e-13) * (abs(mean_y) + size * abs(mean_x))
        # The last digit of the slope is worth this much of a residual.
        reach = Fraction(1e-14 * length) * (max(map(abs, (v - mean_y for v in y))) + size * (max(x) - min(x)))
        assert abs(Fraction(residual[end]) - off[-1]) <= reach
        assert abs(Fraction(r2[end]) - (1 - squares / yy)) <= Fraction(1e-13 * length)
        assert abs(deviation[end] - sqrt(squares / (length - 2))) <= float(reach) * sqrt(length)
        assert abs(error[end] - sqrt(squares / (length - 2) / xx)) <= float(reach) * sqrt(length / xx)


@CASES
@SERIES
def test_the_running_sums_of_pairs_keep_their_bound(series, length):
    ys, xs = PAIRS[series]
    (together,) = run(catalogue.lookup("covariance"), [xs, ys], [length])
    (slope,) = run(catalogue.lookup("beta"), [ys, xs], [length])
    (correlation,) = run(catalogue.lookup("correlation"), [xs, ys], [length])
    for end, (y, x) in windows((ys, xs), length):
        _, _, xx, xy, yy = moments(y, x)
        recent = slice(max(0, end + 1 - 3 * length), end + 1)
        spread_x, spread_y = (max(row[recent]) - min(row[recent]) for row in (xs, ys))
        bound = 4 * length * 2.0**-53 * spread_x * spread_y
        assert abs(Fraction(together[end]) - xy / length) <= bound
        # Relative to the variance that they are divided by.
        lost = 16 * length * 2.0**-53 * (spread_x**2 / (xx / length) + spread_x * spread_y / sqrt(xx * yy) * length)
        assert abs(slope[end] - float(xy / xx)) <= lost * sqrt(yy / xx) + lost * abs(float(xy / xx))
        lost += 16 * length * 2.0**-53 * spread_y**2 / (yy / length)
        assert abs(correlation[end] - float(xy) / sqrt(xx * yy)) <= lost


def test_a_series_that_does_not_move_covaries_with_nothing():
    still, walk = [0.1] * 40, make_bars(40, 7)["close"]
    for rows in ([still, walk], [walk, still]):
        assert run(catalogue.lookup("covariance"), rows, [7])[0][6:] == [0.0] * 34
        assert all(map(isnan, run(catalogue.lookup("correlation"), rows, [7])[0]))
    assert all(map(isnan, run(catalogue.lookup("beta"), [walk, still], [7])[0]))
    outputs = run(catalogue.lookup("ols"), [still, walk], [7])
    assert [row[-1] for row in outputs[:3]] == pytest.approx([0.0, 0.1, 0.0], abs=1e-17)
    assert isnan(outputs[3][-1]), "what does not vary has no share explained"
    assert all(isnan(x) for row in run(catalogue.lookup("ols"), [walk, still], [7]) for x in row)


def test_a_line_correlates_with_itself_by_one():
    walk = make_bars(80, 7)["close"]
    (whole,) = run(catalogue.lookup("correlation"), [walk, [2.0 * x - 3.0 for x in walk]], [9])
    assert whole[8:] == pytest.approx([1.0] * 72, abs=1e-12)
    (opposite,) = run(catalogue.lookup("correlation"), [walk, [-x for x in walk]], [9])
    assert opposite[8:] == pytest.approx([-1.0] * 72, abs=1e-12)


POWERS = [("skew", lambda m2, m3, m4: m3 / m2**1.5), ("kurtosis", lambda m2, m3, m4: m4 / m2**2 - 3.0)]


@pytest.mark.parametrize(("stem", "define"), POWERS, ids=[row[0] for row in POWERS])
@SERIES
def test_moments_are_exact_to_the_last_digits(stem, define, series):
    values = PAIRS[series][0]
    (row,) = run(catalogue.lookup(stem), [values], [25])
    for end, (window,) in windows((values,), 25):
        mean = sum(window) / 25
        powers = [float(sum((x - mean) ** k for x in window) / 25) for k in (2, 3, 4)]
        assert row[end] == pytest.approx(define(*powers), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("length", [1, 2, 5, 20])
def test_a_quantile_is_numpys(length, share):
    values = [round(x) * 0.5 for x in make_bars(BARS, 8)["close"]]
    (row,) = run(catalogue.lookup("quantile"), [values], [length, share])
    (middle,) = run(catalogue.lookup("median"), [values], [length])
    for end in range(length - 1, BARS):
        window = values[end + 1 - length : end + 1]
        assert row[end] == pytest.approx(np.quantile(window, share), abs=1e-12)
        assert middle[end] == np.median(window)


def test_the_line_over_time_is_the_line_over_a_count():
    values, length = make_bars(BARS, 9)["close"], 17
    value, slope, intercept, forecast, r2 = run(catalogue.lookup("linear_regression"), [values], [length])
    count = [float(i) for i in range(BARS)]
    wanted_slope, at_zero, _, wanted_r2, *_ = run(catalogue.lookup("ols"), [values, count], [length])
    for end in range(length - 1, BARS):
        line = [at_zero[end] + wanted_slope[end] * t for t in (end, end + 1 - length, end + 1)]
        assert [value[end], intercept[end], forecast[end]] == pytest.approx(line, rel=1e-10)
        assert slope[end] == pytest.approx(wanted_slope[end], abs=1e-11)
        assert r2[end] == pytest.approx(wanted_r2[end], abs=1e-9)


def test_half_life_of_a_series_that_goes_half_way_back():
    """x - 100 is halved on every bar: the pull is -0.5, so Chan's formula says ln(2) / 0.5 bars."""
    (row,) = run(catalogue.lookup("half_life"), [[100.0 + 64.0 * 0.5**i for i in range(20)]], [10])
    assert [isnan(x) for x in row] == [True] * 10 + [False] * 10
    assert row[10:] == pytest.approx([log(2.0) / 0.5] * 10, rel=1e-12)


def test_a_series_that_runs_away_has_no_half_life():
    assert all(map(isnan, run(catalogue.lookup("half_life"), [[1.1**i for i in range(20)]], [10])[0]))


def test_sums_of_whole_numbers_are_exact_and_compounding_is_a_product():
    volume = make_bars(200, 3)["volume"]
    (row,) = run(catalogue.lookup("sum"), [volume], [20])
    assert row[19:] == [sum(volume[i - 19 : i + 1]) for i in range(19, 200)]
    (grown,) = run(catalogue.lookup("compound"), [[0.10, -0.5, 0.2, -1.0, 0.3, 0.3]], [2])
    assert grown[1:] == pytest.approx([-0.45, -0.4, -1.0, -1.0, 0.69], abs=1e-15)


def test_the_way_made_by_the_way_walked():
    (row,) = run(catalogue.lookup("efficiency_ratio"), [[1.0, 2.0, 3.0, 2.0, 3.0, 3.0, 3.0, 3.0]], [2])
    # Ways made 2, 0, 0, 1 of ways walked 2, 2, 2, 1; then nothing moves.
    assert row[2:6] == [1.0, 0.0, 0.0, 1.0]
    assert all(map(isnan, row[6:]))


def test_ewma_volatility_is_the_weighted_deviation():
    """The definition, term by term: weights decay^k scaled to one, the mean with the same weights."""
    returns = [x / 1_000.0 for x in noise(0.3, 5.0, 2)]
    center, periods = 12.5, 261.0
    (row,) = run(catalogue.lookup("ewma_volatility"), [returns], [center, periods])
    decay = center / (center + 1.0)
    assert sum(k * (1.0 - decay) * decay**k for k in range(5_000)) == pytest.approx(center)
    assert [isnan(x) for x in row] == [True] * 13 + [False] * (BARS - 13)
    for end in range(13, BARS):
        weights = np.array([decay**k for k in range(end, -1, -1)])
        past = np.array(returns[: end + 1])
        mean = (weights * past).sum() / weights.sum()
        assert row[end] == pytest.approx(sqrt(periods * (weights * (past - mean) ** 2).sum() / weights.sum()))


@pytest.mark.parametrize("length", [2, 5, 60])
def test_volatility_is_ewma_volatility_of_the_returns_of_the_close(length):
    """One formula, known a bar earlier where it takes the returns itself; a missing close costs it one bar, not two."""
    close = make_bars(BARS, 5)["close"]
    of_close, of_returns = catalogue.lookup("volatility"), catalogue.lookup("ewma_volatility")

    def both(series):
        returns = [nan, *(x / last - 1.0 for last, x in pairwise(series))]
        return run(of_close, [series], [length, 261.0])[0], run(of_returns, [returns], [length, 261.0])[0]

    taken, given = both(close)
    assert [isnan(x) for x in taken] == [True] * length + [False] * (BARS - length)
    assert [isnan(x) for x in given] == [True] * (length + 1) + [False] * (BARS - length - 1)
    assert taken[length + 1 :] == pytest.approx(given[length + 1 :], rel=1e-9)
    taken, given = both([*close[:100], nan, *close[101:]])
    assert [i for i in range(length + 1, BARS) if isnan(taken[i])] == [100]
    assert [i for i in range(length + 1, BARS) if isnan(given[i])] == [100, 101]


def test_realized_volatility_by_hand():
    """Doubled, then halved: each return is ln 2 in size, and so is their root mean square."""
    (row,) = run(catalogue.lookup("realized_volatility"), [[1.0, 2.0, 1.0, 1.0, 1.0, -1.0, 1.0]], [2, 4.0])
    assert row[2:5] == pytest.approx([2.0 * log(2.0), 2.0 * log(2.0) / sqrt(2.0), 0.0], rel=1e-15)
    assert all(map(isnan, [*row[:2], *row[5:]])), "a price that is not positive has no logarithm"


# ── cointegration ────────────────────────────────────────────────────────────────────────────────────────────────────


def engle_and_granger(y, x, lags):
    """The test in numpy's least squares."""
    design = np.column_stack([np.ones_like(x), x])
    e = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    change = np.diff(e)
    rows = np.arange(lags, len(change))
    z = np.column_stack([e[rows], *(change[rows - k] for k in range(1, lags + 1))])
    weights = np.linalg.lstsq(z, change[rows], rcond=None)[0]
    off = change[rows] - z @ weights
    covariance = (off @ off) / (len(rows) - z.shape[1]) * np.linalg.inv(z.T @ z)
    return weights[0] / sqrt(covariance[0, 0])


@pytest.mark.parametrize("lags", [0, 1, 4])
@SERIES
def test_the_statistic_is_that_of_the_two_regressions(series, lags):
    ys, xs = PAIRS[series]
    (statistic, *_) = run(catalogue.lookup("engle_granger"), [ys, xs], [50, lags])
    level_y, level_x = ys[0], xs[0]  # numpy is given what lies above the level: on it, it loses the digits
    for end in range(49, BARS, 7):
        window = [np.array(row[end - 49 : end + 1]) - level for row, level in ((ys, level_y), (xs, level_x))]
        assert statistic[end] == pytest.approx(engle_and_granger(*window, lags), rel=1e-6)


def test_the_statistic_and_the_critical_values_are_those_of_statsmodels():
    """MacKinnon's tables are data that one can mistype; here they are held against another's copy."""
    tools = pytest.importorskip("statsmodels.tsa.stattools", reason="statsmodels is not installed")
    ys, xs = PAIRS["a follower"]
    outputs = run(catalogue.lookup("engle_granger"), [ys, xs], [80, 2])
    wanted, _, levels = tools.coint(ys[-80:], xs[-80:], trend="c", maxlag=2, autolag=None)
    assert [row[-1] for row in outputs] == pytest.approx([wanted, *levels], rel=1e-8)


def test_mackinnons_limits_are_those_of_the_paper():
    """Table 2 of the working paper, N = 2 with a constant; a sample of 100 by hand: -3.33613 - 0.061101 - 0.0006823."""
    assert [row[0] for row in engle_granger.MACKINNON] == [-3.89644, -3.33613, -3.04445]
    ys, xs = (make_bars(120, seed)["close"] for seed in (1, 2))
    _, _, five, _ = run(catalogue.lookup("engle_granger"), [ys, xs], [101, 1])
    assert five[-1] == pytest.approx(-3.3979133, abs=1e-12)


def test_a_pair_is_told_from_two_walks():
    def below(y, x):
        statistic, _, five, _ = run(catalogue.lookup("engle_granger"), [y, x], [100, 1])
        return statistic[-1] < five[-1]

    assert below(*PAIRS["a follower"])
    assert not below(*PAIRS["two walks"])
