"""Laws that follow from the declared units, and laws of single indicators.

Scaling by a power of two changes no digit, so those laws hold bit for bit.
"""

from __future__ import annotations

from math import isnan

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
SEEDS = st.integers(0, 10_000)
STEPS = st.integers(0, 6)


def change(indicator, rows, wants, alter):
    """The rows with `alter` applied to the values of every input that wants this."""
    pairs = zip(indicator.inputs, rows, strict=True)
    return [[alter(x) for x in row] if part.wants in wants else row for part, row in pairs]


@STEMS
@pytest.mark.parametrize("wants", [{Wants.PRICE, Wants.ANY}, {Wants.QUANTITY}], ids=["price", "quantity"])
@settings(max_examples=10)
@given(seed=SEEDS, step=STEPS, factor=st.sampled_from([0.25, 2.0, 64.0]))
def test_the_unit_says_how_it_scales(stem, wants, seed, step, factor):
    indicator = catalogue.lookup(stem)
    if stem in NOT_FREE_OF_SCALE:
        return
    params, rows = make_params(indicator, step), make_inputs(indicator, 60, seed)
    scaled = run(indicator, change(indicator, rows, wants, lambda x: x * factor), params)
    first, second = [part.wants in wants for part in (*indicator.inputs, *indicator.inputs)[:2]]
    for output, row, other in zip(indicator.outputs, run(indicator, rows, params), scaled, strict=True):
        moves = (
            first if output.unit in (Unit.SAME, Unit.DIFFERENCE) else output.unit is Unit.PRODUCT and first != second
        )
        assert same([x * factor if moves else x for x in row], other)


@STEMS
@settings(max_examples=10)
@given(seed=SEEDS, step=STEPS)
def test_the_unit_says_how_it_shifts(stem, seed, step):
    """A price that lies 256 higher throughout: a level follows, a difference or a number does not."""
    indicator = catalogue.lookup(stem)
    if stem in NOT_FREE_OF_LEVEL:
        return
    prices = {Wants.PRICE, Wants.ANY}
    params, rows = make_params(indicator, step), make_inputs(indicator, 60, seed)
    rows = change(indicator, rows, prices, lambda x: round(x * 64.0) / 64.0)
    shifted = run(indicator, change(indicator, rows, prices, lambda x: x + 256.0), params)
    follows = indicator.inputs[0].wants in prices
    for output, row, other in zip(indicator.outputs, run(indicator, rows, params), shifted, strict=True):
        by = 256.0 if follows and output.unit is Unit.SAME else 0.0
        assert [isnan(x) for x in row] == [isnan(x) for x in other]
        assert other == pytest.approx([x + by for x in row], abs=1e-8, nan_ok=True)


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
