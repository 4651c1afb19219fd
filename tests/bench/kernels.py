"""Nanoseconds a bar of every indicator kernel: `python -m tests.bench.kernels` from the top of the checkout.

One series of 1,000,000 bars, no missing values, state in memory as in generated code; the least of seven runs, CPU time
of this process. Each length is the first in the row; needs a C compiler and numpy.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from stratc.dsl.stdlib import catalogue
from tests.stdlib.driver import compile_kernels

BARS, RUNS = 1_000_000, 7
PARAMS = {
    "bollinger": [20, 2.0],
    "cci": [20],
    "macd": [12, 26, 9],
    "stochastic": [14, 3, 3],
    "percent_rank": [100],
    "momentum": [10],
    "roc": [10],
    "rsi": [14],
    "rma": [14],
    "atr": [14],
    "adx": [14],
    "alma": [50, 0.85, 6.0],
    "chandelier": [22, 3.0],
    "ewma_volatility": [60.0, 261.0],
    "engle_granger": [60, 1],
    "kama": [10, 2, 30],
    "quantile": [50, 0.25],
    "realized_volatility": [50, 252.0],
    "sar": [0.02, 0.2],
    "supertrend": [10, 3.0],
    "t3": [5, 0.7],
    "vwap_bands": [2.0],
}
LENGTH = 50


def make_columns():
    rng = np.random.default_rng(7)
    close = np.round(100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.0006, BARS))), 2)
    reach = np.round(np.abs(rng.normal(0.0, 0.03, (2, BARS))), 2)
    start = (np.arange(BARS) % 390 == 0).astype(np.float64)
    volume = rng.integers(100, 10_000, BARS).astype(np.float64)
    prices = {"open": close, "high": close + reach[0], "low": close - reach[1], "close": close}
    return prices | {"volume": volume, "session_start": start}


def measure(function, source, target, params):
    took = []
    for _ in range(RUNS):
        start = time.process_time_ns()
        function(source.ctypes.data, target.ctypes.data, BARS, *params)
        took.append(time.process_time_ns() - start)
    return min(took) / BARS


def main():
    columns = make_columns()
    shifted = np.roll(columns["close"], 1)
    with tempfile.TemporaryDirectory() as folder:
        kernels = compile_kernels(Path(folder))
        for stem in catalogue.names():
            indicator = catalogue.lookup(stem)
            params = PARAMS.get(stem, [LENGTH for _ in indicator.params])
            free = iter((columns["close"], shifted))
            source = np.array([columns[given.column] if given.column else next(free) for given in indicator.inputs])
            target = np.zeros((len(indicator.outputs), BARS))
            figure = measure(getattr(kernels, stem), source, target, params)
            print(f"{stem + '(' + ', '.join(map(str, params)) + ')':28} {figure:7.2f} ns/bar")


if __name__ == "__main__":
    main()
