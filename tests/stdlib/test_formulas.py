"""Indicators that TA-Lib does not have, from their published formulas: whole windows at a time, in numpy.

Nothing here shares a line with the library: averages are taken over slices, recursions are written out. Each source is
that of the stem's page.
"""

from __future__ import annotations

from math import log10, nan

import numpy as np
import pytest

from stratc.dsl.stdlib import catalogue
from tests.stdlib.series import SESSION_BARS, make_bars, run

pytestmark = pytest.mark.fast

BARS = 260
COLUMNS = {key: np.array(row) for key, row in make_bars(BARS, 11).items()}
HIGH, LOW, CLOSE, VOLUME = (COLUMNS[key] for key in ("high", "low", "close", "volume"))
# What inputs without a column are given, in their order: two walks that are not each other's.
OTHER = np.array(make_bars(BARS, 12)["close"])
WRITTEN = (CLOSE, OTHER)


def outputs(stem, params):
    indicator = catalogue.lookup(stem)
    written = iter(WRITTEN)
    rows = [(COLUMNS[part.column] if part.column else next(written)).tolist() for part in indicator.inputs]
    return np.array(run(indicator, rows, params))


def rolling(x, length, take):
    """`take` of each whole window; a window with a gap has no value."""
    return np.array([take(x[i + 1 - length : i + 1]) if i + 1 >= length else nan for i in range(len(x))])


def mean(x, length):
    return rolling(x, length, np.mean)


def weighted(x, length):
    weights = np.arange(1.0, length + 1)
    return rolling(x, length, lambda window: window @ weights / weights.sum())


def exponential(x, length):
    """Begun with the mean of the first `length` values, after what is missing at the front."""
    first = int(np.isnan(x).sum())
    row = np.full(len(x), nan)
    row[first + length - 1] = x[first : first + length].mean()
    for i in range(first + length, len(x)):
        row[i] = row[i - 1] * (length - 1) / (length + 1) + x[i] * 2 / (length + 1)
    return row


def wilder(x, length):
    first = int(np.isnan(x).sum())
    row = np.full(len(x), nan)
    row[first + length - 1] = x[first : first + length].mean()
    for i in range(first + length, len(x)):
        row[i] = (row[i - 1] * (length - 1) + x[i]) / length
    return row


def before(x, bars=1):
    return np.concatenate([np.full(bars, nan), x[:-bars]])


def true_range():
    last = before(CLOSE)
    return np.where(np.isnan(last), nan, np.maximum(HIGH - LOW, np.maximum(abs(HIGH - last), abs(LOW - last))))


def strength(x, length):
    change = x - before(x)
    up, down = (wilder(np.where(np.isnan(change), nan, np.maximum(s * change, 0.0)), length) for s in (1, -1))
    return 100.0 - 100.0 / (1.0 + up / down)


def top(length):
    return rolling(HIGH, length, np.max)


def bottom(length):
    return rolling(LOW, length, np.min)


def place():
    return ((CLOSE - LOW) - (HIGH - CLOSE)) / (HIGH - LOW)


# ── formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def hma(length):
    return [weighted(2.0 * weighted(CLOSE, length // 2) - weighted(CLOSE, length), int(length**0.5))]


def alma(length, offset, sigma):
    weights = np.exp(-((np.arange(length) - offset * (length - 1)) ** 2) / (2.0 * (length / sigma) ** 2))
    return [rolling(CLOSE, length, lambda window: window @ weights / weights.sum())]


def vwma(length):
    return [mean(CLOSE * VOLUME, length) / mean(VOLUME, length)]


def chandelier(length, width):
    reach = width * wilder(true_range(), length)
    return [top(length) - reach, bottom(length) + reach]


def donchian(length):
    return [(top(length) + bottom(length)) / 2.0, top(length), bottom(length)]


def elder_ray(length):
    return [HIGH - exponential(CLOSE, length), LOW - exponential(CLOSE, length)]


def ichimoku(conversion, base, span):
    first, second, third = ((top(n) + bottom(n)) / 2.0 for n in (conversion, base, span))
    lead = (first + second) / 2.0
    return [first, second, lead, third, before(lead, base), before(third, base)]


def vortex(length):
    total = mean(true_range(), length)
    return [mean(abs(HIGH - before(LOW)), length) / total, mean(abs(LOW - before(HIGH)), length) / total]


def choppiness(length):
    ratio = length * mean(true_range(), length) / (top(length) - bottom(length))
    return [100.0 * np.log10(ratio) / log10(length)]


def mass_index(length, total):
    once = exponential(HIGH - LOW, length)
    return [total * mean(once / exponential(once, length), total)]


def coppock(long, short, length):
    return [weighted(CLOSE / before(CLOSE, long) + CLOSE / before(CLOSE, short) - 2.0, length)]


def kst(signal):
    lengths = ((10, 10), (15, 10), (20, 10), (30, 15))
    parts = [weight * mean(CLOSE / before(CLOSE, n) - 1.0, m) for weight, (n, m) in enumerate(lengths, start=1)]
    return [sum(parts), mean(sum(parts), signal)]


def tsi(long, short):
    change = CLOSE - before(CLOSE)
    made, walked = (exponential(exponential(x, long), short) for x in (change, abs(change)))
    return [100.0 * made / walked]


def force_index(length):
    return [exponential((CLOSE - before(CLOSE)) * VOLUME, length)]


def cmf(length):
    return [mean(place() * VOLUME, length) / mean(VOLUME, length)]


def price_volume_trend():
    share = (CLOSE - before(CLOSE)) / before(CLOSE)
    return [np.cumsum(np.nan_to_num(share) * VOLUME)]


def connors_rsi(length, streak_length, rank_length):
    streak = np.zeros(BARS)
    for i in range(1, BARS):
        way = np.sign(CLOSE[i] - CLOSE[i - 1])
        streak[i] = way if way * streak[i - 1] <= 0 else streak[i - 1] + way
    change = CLOSE / before(CLOSE) - 1.0
    rank = rolling(change, rank_length + 1, lambda window: 100.0 * np.mean(window[:-1] <= window[-1]))
    rank[np.isnan(rolling(change, rank_length + 1, np.sum))] = nan
    return [(strength(CLOSE, length) + strength(streak, streak_length) + rank) / 3.0]


def fisher(length):
    middle = (HIGH + LOW) / 2.0
    most, least = rolling(middle, length, np.max), rolling(middle, length, np.min)
    value = np.full(BARS, nan)
    raw = turned = 0.0
    for i in range(length - 1, BARS):
        raw = 0.33 * 2.0 * ((middle[i] - least[i]) / (most[i] - least[i]) - 0.5) + 0.67 * raw
        raw = min(max(raw, -0.999), 0.999)
        turned = 0.5 * np.log((1.0 + raw) / (1.0 - raw)) + 0.5 * turned
        value[i] = turned
    return [value, before(value)]


def supertrend(length, width):
    """Band by band: what each was, whether the close had left it, and on which side the price is."""
    reach = width * wilder(true_range(), length)
    basic_upper, basic_lower = (HIGH + LOW) / 2.0 + reach, (HIGH + LOW) / 2.0 - reach
    upper, lower = basic_upper.copy(), basic_lower.copy()
    side = np.full(BARS, nan)
    side[length] = 1.0 if CLOSE[length] > (HIGH[length] + LOW[length]) / 2.0 else -1.0
    for i in range(length + 1, BARS):
        if CLOSE[i - 1] <= upper[i - 1]:
            upper[i] = min(basic_upper[i], upper[i - 1])
        if CLOSE[i - 1] >= lower[i - 1]:
            lower[i] = max(basic_lower[i], lower[i - 1])
        broken = CLOSE[i] < lower[i] if side[i - 1] > 0 else CLOSE[i] > upper[i]
        side[i] = -side[i - 1] if broken else side[i - 1]
    return [np.where(side > 0, lower, np.where(side < 0, upper, nan)), side]


def vwap_bands(width):
    typical = (HIGH + LOW + CLOSE) / 3.0
    rows = []
    for i in range(BARS):
        session = slice(i - i % SESSION_BARS, i + 1)
        middle = np.average(typical[session], weights=VOLUME[session])
        reach = width * np.average((typical[session] - middle) ** 2, weights=VOLUME[session]) ** 0.5
        rows.append((middle, middle + reach, middle - reach))
    return list(np.array(rows).T)


def percent_b(length, width):
    reach = width * rolling(CLOSE, length, np.std)
    return [(CLOSE - (mean(CLOSE, length) - reach)) / (2 * reach)]


def bandwidth(length, width):
    return [2 * width * rolling(CLOSE, length, np.std) / mean(CLOSE, length)]


def kalman(drift, noise):
    """Matrices, of the close over the other series."""
    state, spread, rows = np.zeros(2), np.zeros((2, 2)), []
    for y, x in zip(CLOSE, OTHER, strict=True):
        spread = spread + drift / (1 - drift) * np.eye(2)
        seen = np.array([x, 1.0])
        residual, variance = y - seen @ state, seen @ spread @ seen + noise
        gain = spread @ seen / variance
        state = state + gain * residual
        spread = spread - np.outer(gain, seen) @ spread
        rows.append((*state, residual, np.sqrt(variance)))
    return np.array(rows).T


CASES = [
    (hma, [9]),
    (hma, [30]),
    (alma, [9, 0.85, 6.0]),
    (alma, [20, 0.5, 3.0]),
    (vwma, [14]),
    (chandelier, [22, 3.0]),
    (donchian, [20]),
    (elder_ray, [13]),
    (ichimoku, [9, 26, 52]),
    (ichimoku, [30, 5, 12]),
    (vortex, [14]),
    (choppiness, [14]),
    (mass_index, [9, 25]),
    (coppock, [14, 11, 10]),
    (kst, [9]),
    (tsi, [25, 13]),
    (force_index, [13]),
    (cmf, [20]),
    (price_volume_trend, []),
    (connors_rsi, [3, 2, 100]),
    (connors_rsi, [5, 3, 20]),
    (fisher, [10]),
    (supertrend, [10, 3.0]),
    (supertrend, [7, 0.5]),
    (vwap_bands, [2.0]),
    (percent_b, [5, 1.0]),
    (percent_b, [20, 2.0]),
    (bandwidth, [20, 2.0]),
    (kalman, [0.0001, 0.001]),
    (kalman, [0.01, 2.0]),
]


@pytest.mark.parametrize(("formula", "params"), CASES, ids=lambda part: str(getattr(part, "__name__", part)))
def test_it_is_what_its_formula_says(formula, params):
    stem = formula.__name__
    first = catalogue.lookup(stem).warmup(*params) - 1
    found, wanted = outputs(stem, params), formula(*params)
    assert len(found) == len(wanted)
    for row, other in zip(found, wanted, strict=True):
        assert not np.isnan(row[first:]).any()
        assert row[first:] == pytest.approx(other[first:], rel=1e-9, abs=1e-9)


def test_the_supertrend_turns_both_ways_in_these_bars():
    """Else the cases above would hold of half of its rules."""
    for length, width in ((10, 3.0), (7, 0.5)):
        side = outputs("supertrend", [length, width])[1][length:]
        assert set(side) == {1.0, -1.0}


@pytest.mark.parametrize(("y", "x"), [(CLOSE, OTHER), (OTHER, CLOSE)], ids=["of the other", "of the close"])
def test_no_error_of_a_line_is_the_price_itself(y, x):
    """A line that has seen nothing errs by all of y, a hundred deviations here: that bar is unknown, as a gap is."""
    rows = [[nan, *y.tolist()], [1.0, *x.tolist()]]
    outputs = np.array(run(catalogue.lookup("kalman"), rows, [0.0001, 0.001]))
    assert np.isnan(outputs[:, :2]).all()
    _, _, residual, deviation = outputs[:, 2:]
    assert (abs(residual) < 0.05 * y[1:]).all()
    assert (abs(residual / deviation) < 5).all()


def test_the_cloud_of_today_was_drawn_in_the_past():
    """What charts call the cloud of tomorrow is no output: each line is that of a bar that has closed."""
    whole = outputs("ichimoku", [9, 26, 52])
    assert whole[4][77 + 26 :] == pytest.approx(whole[2][77:-26])


def test_a_break_of_a_channel_reads_the_bar_before():
    _, upper, _ = outputs("donchian", [5])
    assert (CLOSE[4:] <= upper[4:]).all()
    assert (CLOSE[5:] > upper[4:-1]).any()
