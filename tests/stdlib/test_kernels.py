"""Kernel and reference are one function: equal bit for bit, whatever comes in."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratc.dsl.stdlib import catalogue
from tests.stdlib.driver import compile_kernels, drive
from tests.stdlib.series import make_gaps, make_inputs, make_params, run

pytestmark = pytest.mark.compiled

VALUES = st.one_of(
    st.sampled_from([nan, 0.0, -0.0, 1.0, 1.5, 100.0, 1e-9]),
    st.floats(90.0, 110.0),
    st.floats(allow_nan=True, allow_infinity=False),
)


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    return compile_kernels(tmp_path_factory.mktemp("kernels"))


def bits(rows):
    """The rows as bit patterns, with every nan the same one."""
    values = np.array(rows, dtype=np.float64)
    return np.where(np.isnan(values), nan, values).view(np.int64)


def assert_same(kernels, indicator, rows, params):
    np.testing.assert_array_equal(bits(drive(kernels, indicator, rows, params)), bits(run(indicator, rows, params)))


def draw_param(data, param):
    least, most = param.at_least, param.at_most
    return data.draw(st.integers(least, min(most, least + 8)) if param.whole else st.floats(least, most), param.name)


def assert_same_on_drawn(kernels, stem, data):
    indicator = catalogue.lookup(stem)
    bars = data.draw(st.lists(st.tuples(*(VALUES for _ in indicator.inputs)), min_size=1, max_size=50), "bars")
    rows = [list(row) for row in zip(*bars, strict=True)]
    assert_same(kernels, indicator, rows, [draw_param(data, param) for param in indicator.params])


@pytest.mark.parametrize("stem", catalogue.names())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_series(kernels, stem, data):
    assert_same_on_drawn(kernels, stem, data)


@pytest.mark.slow
@pytest.mark.parametrize("stem", catalogue.names())
@settings(max_examples=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_series_many_times(kernels, stem, data):
    assert_same_on_drawn(kernels, stem, data)


def test_movements_beyond_what_a_number_holds(kernels):
    """The directional index and its parts become unknown together."""
    far = [0.0, 3.6e306, 0.0]
    rows = [[far[0], 0.0, 0.0], [far[1], 0.0, 0.0], [far[2], 1.0, 0.0]]
    assert_same(kernels, catalogue.lookup("dx"), rows, [2])


@pytest.mark.parametrize("stem", catalogue.names())
@pytest.mark.parametrize("gaps", [0.0, 0.003])
@pytest.mark.parametrize("step", [0, 1, 5])
def test_long_series(kernels, stem, gaps, step):
    indicator = catalogue.lookup(stem)
    rows = make_gaps(make_inputs(indicator, 3_000), gaps)
    assert_same(kernels, indicator, rows, make_params(indicator, step))


@pytest.mark.parametrize("stem", catalogue.names())
def test_flat_series(kernels, stem):
    indicator = catalogue.lookup(stem)
    rows = [row[:60] + [row[60]] * 200 + row[60:120] for row in make_inputs(indicator, 120)]
    assert_same(kernels, indicator, rows, make_params(indicator, 3))


def test_a_difference_of_one_bit_is_seen(kernels):
    indicator = catalogue.lookup("sma")
    rows = make_inputs(indicator, 50)
    values = run(indicator, rows, [3])
    values[0][-1] = np.nextafter(values[0][-1], 1e9)
    assert (bits(drive(kernels, indicator, rows, [3])) != bits(values)).sum() == 1
