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

SMA, EMA = 0, 1  # TA-Lib's names of kinds of averages
PERCENT = {"natr", "ppo", "trix"}  # ratios of ours that TA-Lib gives in percent
BARS = ("open", "high", "low", "close")

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
    ("ad", ["AD high low close volume"], ([],), 1e-13),
    ("adxr", ["ADXR high low close"], ([2], [14], [50]), 1e-14),
    ("aroon", ["AROONOSC high low", "AROON[1] high low", "AROON[0] high low"], ([2], [14], [50]), 1e-13),
    ("bop", ["BOP open high low close"], ([],), 1e-15),
    ("chaikin_oscillator", ["ADOSC high low close volume"], ([3, 10], [2, 40]), 1e-12),
    ("cmo", ["CMO close"], ([2], [14], [100]), 1e-13),
    ("correlation", ["CORREL high low"], ([2], [20], [200]), 1e-8),
    ("dema", ["DEMA close"], ([2], [20], [100]), 1e-14),
    ("dx", ["DX high low close", "PLUS_DI high low close", "MINUS_DI high low close"], ([2], [14], [50]), 1e-13),
    ("kama", ["KAMA close"], ([2, 2, 30], [10, 2, 30], [60, 2, 30]), 1e-12),
    (
        "linear_regression",
        [f"{name} close" for name in ("LINEARREG", "LINEARREG_SLOPE", "LINEARREG_INTERCEPT", "TSF")],
        ([2], [14], [200]),
        2e-10,
    ),
    ("log", ["LN close"], ([],), 1e-15),
    ("natr", ["NATR high low close"], ([2], [14], [100]), 5e-15),
    ("ppo", ["PPO close"], ([12, 26, 1], [3, 10, 1], [5, 40, 1]), 1e-12),
    ("sar", ["SAR high low"], ([0.02, 0.2], [0.01, 0.1], [0.3, 0.2]), 1e-14),
    ("stochastic_rsi", ["STOCHRSI[0] close", "STOCHRSI[1] close"], ([14, 14, 1, 3], [5, 8, 1, 2]), 1e-11),
    ("sum", ["SUM close"], ([2], [20], [200]), 1e-13),
    ("t3", ["T3 close"], ([2, 0.7], [5, 0.7], [30, 0.3]), 1e-13),
    ("tema", ["TEMA close"], ([2], [20], [100]), 1e-14),
    ("trima", ["TRIMA close"], ([2], [3], [20], [21], [200]), 1e-11),
    ("trix", ["TRIX close"], ([2], [20], [100]), 1e-10),
    ("ultimate_oscillator", ["ULTOSC high low close"], ([7, 14, 28], [3, 9, 20]), 1e-12),
    ("williams_r", ["WILLR high low close"], ([2], [14], [100]), 1e-13),
]
# How our parameters are written for TA-Lib, where they are not the same list.
WRITTEN = {
    "bollinger": lambda length, width: (length, width, width),
    "kama": lambda length, fast, slow: (length,),
    "ppo": lambda fast_length, slow_length, signal_length: (fast_length, slow_length, EMA),
    "stochastic_rsi": lambda rsi_length, k_length, k_smooth, d_length: (rsi_length, k_length, d_length, SMA),
    "stochastic": lambda k_length, k_smooth, d_length: (k_length, k_smooth, SMA, d_length, SMA),
}
NO_COUNTERPART = {
    "session_stdev",
    "shadow_long",
    "shadow_short",
    "volatility",
    "alma", "beta", "chandelier", "choppiness", "cmf", "compound", "connors_rsi", "coppock", "covariance", "cross",
    "donchian", "efficiency_ratio", "elder_ray", "engle_granger", "ewma_volatility", "fisher", "force_index",
    "half_life", "heikin_ashi",
    "hma", "ichimoku",
    "bandwidth", "kalman", "percent_b",
    "keltner",
    "kst", "kurtosis", "mass_index",
    "median", "ols",
    "percent_rank",
    "price_volume_trend", "quantile", "realized_volatility", "rma", "skew", "supertrend", "tsi",
    "vortex", "vwap",
    "vwap_bands", "vwma", "zscore",
}  # fmt: skip
# Inputs that are no column and not the close: what TA-Lib is given in the same place.
OTHER_SERIES = {"correlation": ("high", "low")}

pytestmark = pytest.mark.fast
CASES = [(stem, calls, params, allowed) for stem, calls, many, allowed in TABLE for params in many]


def test_every_stem_is_compared_or_said_to_have_no_counterpart():
    assert {row[0] for row in TABLE} | NO_COUNTERPART | {"mfi"} == set(catalogue.names())


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
    free = OTHER_SERIES.get(stem, ("close",) * len(indicator.inputs))
    read = [part.column or free[k] for k, part in enumerate(indicator.inputs)]
    outputs = run(indicator, [columns[name].tolist() for name in read], params)
    first = indicator.warmup(*params) - 1
    for call, row in zip(calls, np.array(outputs), strict=False):
        theirs = ask(call, columns, WRITTEN.get(stem, lambda *same: same)(*params))
        theirs = theirs / 100.0 if stem in PERCENT else theirs
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
    theirs = ask(calls[0], columns, WRITTEN.get(stem, lambda *same: same)(*params))
    assert int(np.flatnonzero(~np.isnan(theirs))[0]) == indicator.warmup(*params) - 1


def test_an_unmoved_price_has_no_strength_and_talib_says_zero():
    flat = np.full(40, 101.7)
    assert talib.RSI(flat, 14)[-1] == 0.0
    assert np.isnan(run(catalogue.lookup("rsi"), [flat.tolist()], [14])[0][-1])


@pytest.mark.parametrize("length", [2, 14, 100])
def test_money_flow_agrees_where_no_typical_price_repeats(length):
    """Of two that are equal but for the last digit one is a rise there and none here, or the reverse."""
    columns = {key: np.array(row) for key, row in make_bars(3_000, 5).items()}
    uneven = np.exp(1e-6 * np.sin(np.arange(3_000.0)))
    bars = [columns[name] * uneven for name in ("high", "low", "close")]
    (row,) = run(catalogue.lookup("mfi"), [*(x.tolist() for x in bars), columns["volume"].tolist()], [length])
    theirs = talib.MFI(*bars, columns["volume"], length)
    assert np.isnan(row).sum() == np.isnan(theirs).sum() == length
    assert np.nanmax(np.abs(np.array(row) - theirs)) <= 1e-10
