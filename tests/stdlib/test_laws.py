"""Laws that follow from the declared units, and laws of single indicators.

Those whose unit does not say how they scale or shift are named, shown to be none of the others, and have laws of their
own. Scaling by a power of two changes no digit, so those laws hold bit for bit.
"""

from __future__ import annotations

from math import isnan, log, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.dsl.stdlib import catalogue
from stratc.dsl.stdlib.signature import Unit, Wants
from tests.stdlib.series import make_bars, make_inputs, make_params, run, same

# What divides by the level, sums it, or, as an intercept, is the line's height where the other series is 0.
NOT_FREE_OF_LEVEL = {stem for stem in catalogue.names() if catalogue.lookup(stem).of_levels} | {
    "connors_rsi", "coppock", "kalman", "kst", "mfi", "natr", "ols", "ppo", "price_volume_trend", "realized_volatility",
    "roc", "sum", "trix",
}  # fmt: skip

# A logarithm turns a factor into a sum, and the noise of a Kalman filter has y's unit squared.
NOT_FREE_OF_SCALE = {"kalman", "log"}

pytestmark = pytest.mark.fast
STEMS = pytest.mark.parametrize("stem", catalogue.names())
PRICES, QUANTITIES = {Wants.PRICE, Wants.ANY}, {Wants.QUANTITY}
SEEDS = st.integers(0, 10_000)
STEPS = st.integers(0, 6)


def change(indicator, rows, wants, alter):
    """The rows with `alter` applied to the values of every input that wants this."""
    pairs = zip(indicator.inputs, rows, strict=True)
    return [[alter(x) for x in row] if part.wants in wants else row for part, row in pairs]


def without(stems):
    return pytest.mark.parametrize("stem", sorted(set(catalogue.names()) - stems))


def follows_its_unit(indicator, rows, wants, params, factor):
    """Whether the outputs of inputs that are `factor` times as large are what their units say, bit for bit."""
    scaled = run(indicator, change(indicator, rows, wants, lambda x: x * factor), params)
    first, second = [part.wants in wants for part in (*indicator.inputs, *indicator.inputs)[:2]]
    moves = {Unit.SAME: first, Unit.DIFFERENCE: first, Unit.PRODUCT: first != second}
    return all(
        same([x * factor if moves.get(output.unit, False) else x for x in row], other)
        for output, row, other in zip(indicator.outputs, run(indicator, rows, params), scaled, strict=True)
    )


@without(NOT_FREE_OF_SCALE)
@pytest.mark.parametrize("wants", [PRICES, QUANTITIES], ids=["price", "quantity"])
@settings(max_examples=10)
@given(seed=SEEDS, step=STEPS, factor=st.sampled_from([0.25, 2.0, 64.0]))
def test_the_unit_says_how_it_scales(stem, wants, seed, step, factor):
    indicator = catalogue.lookup(stem)
    assert follows_its_unit(indicator, make_inputs(indicator, 60, seed), wants, make_params(indicator, step), factor)


@pytest.mark.parametrize("stem", sorted(NOT_FREE_OF_SCALE))
def test_what_is_said_to_hang_on_the_scale_does(stem):
    indicator = catalogue.lookup(stem)
    assert not follows_its_unit(indicator, make_inputs(indicator, 60), PRICES, make_params(indicator, 1), 2.0)


@given(seed=SEEDS, factor=st.floats(1e-6, 1e6))
@settings(max_examples=20)
def test_a_logarithm_makes_a_sum_of_a_factor(seed, factor):
    close, log_of = make_bars(60, seed)["close"], catalogue.lookup("log")
    (row,), (scaled,) = run(log_of, [close], []), run(log_of, [[x * factor for x in close]], [])
    assert scaled == pytest.approx([x + log(factor) for x in row], rel=1e-12, abs=1e-12)


@given(seed=SEEDS, step=STEPS, factor=st.sampled_from([-1.0, 0.25, 2.0, 64.0]))
@settings(max_examples=20)
def test_a_kalman_line_is_linear_in_y(seed, step, factor):
    """How far the line moves for an error is said by x, drift and noise alone, and so is the deviation."""
    kalman = catalogue.lookup("kalman")
    (y, x), params = make_inputs(kalman, 60, seed), make_params(kalman, step)
    *line, deviation = run(kalman, [y, x], params)
    *scaled, kept = run(kalman, [[v * factor for v in y], x], params)
    assert same(deviation, kept)
    for row, other in zip(line, scaled, strict=True):
        assert same([v * factor for v in row], other)


@given(seed=SEEDS, step=STEPS)
@settings(max_examples=20)
def test_a_kalman_line_of_the_mirrored_x_is_mirrored(seed, step):
    kalman = catalogue.lookup("kalman")
    (y, x), params = make_inputs(kalman, 60, seed), make_params(kalman, step)
    slope, *others = run(kalman, [y, x], params)
    turned, *kept = run(kalman, [y, [-u for u in x]], params)
    assert same([-v for v in slope], turned)
    for row, other in zip(others, kept, strict=True):
        assert same(row, other)


HIGHER = 256.0


def lifted(indicator, seed, bars=60):
    """Made-up inputs in steps of 1/64, and the same with every price higher by one amount."""
    rows = change(indicator, make_inputs(indicator, bars, seed), PRICES, lambda x: round(x * 64.0) / 64.0)
    return rows, change(indicator, rows, PRICES, lambda x: x + HIGHER)


def follows_the_level(indicator, rows, raised, params):
    """Whether a level is as much higher and a difference or a number the same."""
    is_price = indicator.inputs[0].wants in PRICES
    found = zip(indicator.outputs, run(indicator, rows, params), run(indicator, raised, params), strict=True)
    wanted = [
        ([x + HIGHER if is_price and output.unit is Unit.SAME else x for x in row], other)
        for output, row, other in found
    ]
    return all(other == pytest.approx(row, abs=1e-8, nan_ok=True) for row, other in wanted)


@without(NOT_FREE_OF_LEVEL)
@settings(max_examples=10)
@given(seed=SEEDS, step=STEPS)
def test_the_unit_says_how_it_shifts(stem, seed, step):
    indicator = catalogue.lookup(stem)
    assert follows_the_level(indicator, *lifted(indicator, seed), make_params(indicator, step))


@pytest.mark.parametrize("stem", sorted(NOT_FREE_OF_LEVEL))
def test_what_is_said_to_hang_on_the_level_does(stem):
    indicator = catalogue.lookup(stem)
    params = make_params(indicator, 1)
    assert not follows_the_level(indicator, *lifted(indicator, 1, bars=400), params)


def before(row, bars):
    return [nan] * bars + row[:-bars]


def smoothed(row, length, times=1):
    for _ in range(times):
        (row,) = run(catalogue.lookup("ema"), [row], [length])
    return row


# What each divides by: times that, it is free of the level.
DIVISORS = {
    "bandwidth": ([5, 2.0], lambda close: run(catalogue.lookup("sma"), [close], [5])[0]),
    "natr": ([5], lambda close: close),
    "ppo": ([3, 8, 4], lambda close: smoothed(close, 8)),
    "roc": ([5], lambda close: before(close, 5)),
    "trix": ([4], lambda close: before(smoothed(close, 4, times=3), 1)),
}


@pytest.mark.parametrize("stem", DIVISORS)
@settings(max_examples=10)
@given(seed=SEEDS)
def test_times_what_it_divides_by_it_is_free_of_the_level(stem, seed):
    indicator, (params, divisor) = catalogue.lookup(stem), DIVISORS[stem]
    products = []
    for rows in lifted(indicator, seed):
        ratio = run(indicator, rows, params)[0]
        products.append([x * level for x, level in zip(ratio, divisor(rows[-1]), strict=True)])
    assert products[0] == pytest.approx(products[1], abs=1e-8, nan_ok=True)


@given(seed=SEEDS, length=st.integers(3, 20))
@settings(max_examples=20)
def test_a_total_is_higher_by_every_one_and_a_line_by_what_is_above_it(seed, length):
    total, line = catalogue.lookup("sum"), catalogue.lookup("ols")
    (row,), (raised,) = (run(total, rows, [length]) for rows in lifted(total, seed))
    assert same([x + length * HIGHER for x in row], raised)
    fit, moved = (run(line, rows, [length]) for rows in lifted(line, seed))
    slope, intercept = fit[:2]
    wanted = [a + HIGHER - b * HIGHER for a, b in zip(intercept, slope, strict=True)]
    for name, row, other in zip(line.outputs, (slope, wanted, *fit[2:]), moved, strict=True):
        assert other == pytest.approx(row, abs=1e-7, nan_ok=True), name


@given(price=st.floats(1e-6, 1e6), start=st.lists(st.floats(1e-6, 1e6), max_size=20), length=st.integers(2, 9))
@settings(max_examples=40)
def test_a_flat_window_is_flat_exactly(price, start, length):
    series = [*start, *[price] * length]
    for stem, wanted in (("sma", price), ("wma", price), ("stdev", 0.0), ("slope", 0.0)):
        assert run(catalogue.lookup(stem), [series], [length])[0][-1] == wanted
    assert [row[-1] for row in run(catalogue.lookup("bollinger"), [series], [length, 2.0])] == [price] * 3
    assert isnan(run(catalogue.lookup("zscore"), [series], [length])[0][-1])


@given(seed=SEEDS, length=st.integers(2, 20))
@settings(max_examples=20)
def test_bollinger_is_an_average_and_deviations(seed, length):
    close = make_bars(60, seed)["close"]
    middle, upper, lower = run(catalogue.lookup("bollinger"), [close], [length, 1.5])
    (average,) = run(catalogue.lookup("sma"), [close], [length])
    (deviation,) = run(catalogue.lookup("stdev"), [close], [length])
    assert same(middle, average)
    assert same(upper, [m + 1.5 * d for m, d in zip(average, deviation, strict=True)])
    assert same(lower, [m - 1.5 * d for m, d in zip(average, deviation, strict=True)])


@given(seed=SEEDS)
@settings(max_examples=20)
def test_an_average_lies_within_its_window(seed):
    close = make_bars(60, seed)["close"]
    (low,), (high,) = (run(catalogue.lookup(stem), [close], [7]) for stem in ("lowest", "highest"))
    for stem in ("sma", "wma"):
        for least, x, most in zip(low, run(catalogue.lookup(stem), [close], [7])[0], high, strict=True):
            assert isnan(x) or least - 1e-12 <= x <= most + 1e-12


@STEMS
@given(seed=SEEDS, step=STEPS)
@settings(max_examples=10)
def test_it_stays_within_its_bounds(stem, seed, step):
    indicator = catalogue.lookup(stem)
    rows = run(indicator, make_inputs(indicator, 80, seed), make_params(indicator, step))
    for output, row in zip(indicator.outputs, rows, strict=True):
        assert output.at_least is None or all(isnan(x) or x >= output.at_least - 1e-11 for x in row)
        assert output.at_most is None or all(isnan(x) or x <= output.at_most + 1e-11 for x in row)


@given(seed=SEEDS)
@settings(max_examples=20)
def test_mirrors(seed):
    """What goes up comes down: each of these of the mirrored price is known from the price."""
    bars = make_bars(80, seed)
    close, other = bars["close"], make_bars(80, seed + 1)["close"]
    mirrored = [-x for x in close]
    (rsi,), (risen,) = (run(catalogue.lookup("rsi"), [row], [5]) for row in (close, mirrored))
    assert risen == pytest.approx([100.0 - x for x in rsi], abs=1e-10, nan_ok=True)
    (cross,) = run(catalogue.lookup("cross"), [close, other], [])
    assert run(catalogue.lookup("cross"), [other, close], [])[0] == pytest.approx([-x for x in cross], nan_ok=True)
    macd, swapped = (run(catalogue.lookup("macd"), [close], lengths) for lengths in ([4, 9, 3], [9, 4, 3]))
    for row, opposite in zip(macd, swapped, strict=True):
        assert same([-x + 0.0 for x in row], [x + 0.0 for x in opposite])
    upside = [bars["high"], bars["low"], close]
    down = [[-x for x in bars["low"]], [-x for x in bars["high"]], mirrored]
    (adx, plus, minus), (xda, sulp, sunim) = (run(catalogue.lookup("adx"), rows, [5]) for rows in (upside, down))
    assert same(adx, xda)
    assert same(plus, sunim)
    assert same(minus, sulp)
