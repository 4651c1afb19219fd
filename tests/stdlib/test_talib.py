"""TA-Lib is the oracle of conventions: seeds, alignment, first known bar.

`allowed` is the greatest difference, in terms of the mean size of TA-Lib's output. Where it is far above a few ulps
(2e-16) the digits are TA-Lib's to lose: it sums prices or their squares without an anchor. `test_exact.py` holds our
side to exact arithmetic.
"""

from __future__ import annotations

import numpy as np
import pytest

from stratc.dsl.stdlib import catalogue
from tests.stdlib.series import make_bars, run

talib = pytest.importorskip("talib", reason="TA-Lib's wheel is not installed")

SMA = 0  # TA-Lib's name of a kind of average
BARS = ("high", "low", "close")

# stem, what TA-Lib is called with (in the order of our outputs), parameters, allowed difference
TABLE = [
    ("sma", ["SMA close"], ([1], [2], [20], [200]), 2e-14),
    ("ema", ["EMA close"], ([2], [20], [200]), 1e-15),
    ("wma", ["WMA close"], ([2], [20], [200]), 1e-13),
    ("rsi", ["RSI close"], ([2], [14], [100]), 5e-15),
    ("true_range", ["TRANGE high low close"], ([],), 0.0),
    ("atr", ["ATR high low close"], ([1], [2], [14], [100]), 5e-15),
    ("stdev", ["STDDEV close"], ([2], [20], [200]), 1e-10),
    ("bollinger", ["BBANDS[1] close", "BBANDS[0] close", "BBANDS[2] close"], ([5, 2.0], [20, 1.5]), 5e-13),
    ("highest", ["MAX close"], ([2], [20], [200]), 0.0),
    ("lowest", ["MIN close"], ([2], [20], [200]), 0.0),
    ("macd", ["MACD[0] close", "MACD[1] close", "MACD[2] close"], ([12, 26, 9], [3, 10, 16], [2, 40, 5]), 1e-13),
    ("adx", ["ADX high low close", "PLUS_DI high low close", "MINUS_DI high low close"], ([2], [14], [50]), 1e-14),
    ("cci", ["CCI high low close"], ([2], [20], [100]), 5e-11),
    ("stochastic", ["STOCH[0] high low close", "STOCH[1] high low close"], ([14, 3, 3], [5, 1, 1], [8, 5, 2]), 1e-13),
    ("momentum", ["MOM close"], ([1], [10]), 0.0),
    ("roc", ["ROCP close"], ([1], [10]), 0.0),
    ("obv", ["OBV close volume"], ([],), 0.0),
    ("slope", ["LINEARREG_SLOPE close"], ([2], [14], [200]), 2e-10),
]
# How our parameters are written for TA-Lib, where they are not the same list.
WRITTEN = {
    "bollinger": lambda length, width: (length, width, width),
    "stochastic": lambda k_length, k_smooth, d_length: (k_length, k_smooth, SMA, d_length, SMA),
}
NO_COUNTERPART = {"heikin_ashi", "rma", "keltner", "cross", "percent_rank", "vwap", "zscore"}

pytestmark = pytest.mark.fast
CASES = [(stem, calls, params, allowed) for stem, calls, many, allowed in TABLE for params in many]


def test_every_stem_is_compared_or_said_to_have_no_counterpart():
    assert {row[0] for row in TABLE} | NO_COUNTERPART == set(catalogue.names())


@pytest.fixture(scope="module", params=["IBM 2000-2013", "walk 5", "walk 6"])
def columns(request):
    name, seed = request.param.split()
    if name == "IBM":
        stocks = pytest.importorskip("bokeh_sampledata.stocks", reason="bokeh_sampledata is not installed")
        return {key: np.array(stocks.IBM[key], dtype=float) for key in (*BARS, "volume")}
    return {key: np.array(row) for key, row in make_bars(3_000, int(seed)).items()}


def ask(call, columns, params):
    """`NAME[k] column column` -> TA-Lib's k-th output of that function."""
    function, *series = call.split()
    name, _, k = function.rstrip("]").partition("[")
    answer = getattr(talib, name)(*(columns[column] for column in series), *params)
    return answer[int(k)] if k else answer


@pytest.mark.parametrize(("stem", "calls", "params", "allowed"), CASES, ids=lambda part: str(part)[:24])
def test_it_agrees_with_talib(columns, stem, calls, params, allowed):
    indicator = catalogue.lookup(stem)
    outputs = run(indicator, [columns[part.column or "close"].tolist() for part in indicator.inputs], params)
    first = indicator.warmup(*params) - 1
    for call, row in zip(calls, np.array(outputs), strict=True):
        theirs = ask(call, columns, WRITTEN.get(stem, lambda *same: same)(*params))
        known = ~np.isnan(row)
        assert known.sum() > 0.95 * (len(row) - first)
        assert not np.isnan(theirs[known]).any()
        # What we call unknown after the warm-up is a division by zero, and there TA-Lib says 0.
        assert not np.nan_to_num(theirs[first:])[~known[first:]].any()
        assert np.abs(row[known] - theirs[known]).max() <= allowed * np.abs(theirs[known]).mean()


@pytest.mark.parametrize("stem", [row[0] for row in TABLE if len(row[1]) == 1])
def test_the_first_known_bar_is_talibs(stem):
    """Indicators of one output; of several, TA-Lib may know some earlier than the others."""
    indicator = catalogue.lookup(stem)
    _, calls, (*_, params), _ = next(row for row in TABLE if row[0] == stem)
    columns = {key: np.array(row) for key, row in make_bars(300, 7).items()}
    theirs = ask(calls[0], columns, params)
    assert int(np.flatnonzero(~np.isnan(theirs))[0]) == indicator.warmup(*params) - 1


def test_an_unmoved_price_has_no_strength_and_talib_says_zero():
    flat = np.full(40, 101.7)
    assert talib.RSI(flat, 14)[-1] == 0.0
    assert np.isnan(run(catalogue.lookup("rsi"), [flat.tolist()], [14])[0][-1])
