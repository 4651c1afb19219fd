"""Made-up inputs for any indicator, and its reference run over them; all rows of equal length, one a series."""

from __future__ import annotations

import random
from itertools import pairwise
from math import exp, isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Wants

SESSION_BARS = 20
KNOWN_OF_WHAT_RETURNS = {"half_life"}


def make_bars(bars, seed):
    """Columns of consistent bars: a walk in ticks of 0.01, so that equal values occur."""
    rng = random.Random(seed)
    columns = {name: [] for name in ("open", "high", "low", "close", "volume", "session_start")}
    price = 100.0
    for i in range(bars):
        start = round(price * exp(rng.gauss(0, 0.002)), 2)
        price = round(start * exp(rng.gauss(0, 0.01)), 2)
        columns["open"].append(start)
        columns["high"].append(round(max(start, price) + abs(rng.gauss(0, 0.3)), 2))
        columns["low"].append(round(min(start, price) - abs(rng.gauss(0, 0.3)), 2))
        columns["close"].append(price)
        columns["volume"].append(float(rng.randrange(100, 10_000)))
        columns["session_start"].append(1.0 if i % SESSION_BARS == 0 else 0.0)
    return columns


def make_inputs(indicator: Indicator, bars, seed=1):
    """What the indicator reads: its columns of one instrument, other series from walks of their own."""
    columns = make_bars(bars, seed)
    return [
        columns[given.column] if given.column else make_series(indicator.name, given.wants, bars, seed + 100 * i)
        for i, given in enumerate(indicator.inputs)
    ]


def make_series(stem, wants, bars, seed):
    """Closes of a walk; their returns where a ratio is wanted; noise about a level where a walk has no answer."""
    if stem in KNOWN_OF_WHAT_RETURNS:
        rng = random.Random(seed)
        return [round(100.0 + rng.gauss(0.0, 1.0), 2) for _ in range(bars)]
    closes = make_bars(bars + 1, seed)["close"]
    return [x / last - 1.0 for last, x in pairwise(closes)] if wants is Wants.RATIO else closes[:bars]


def make_gaps(rows, share, seed=1):
    """The same rows with some values missing, each on its own."""
    rng = random.Random(seed)
    return [[nan if rng.random() < share else x for x in row] for row in rows]


def make_params(indicator: Indicator, step):
    """Constants within their bounds, different ones for every step from 0 on; step 0 takes the least."""
    return [
        min(param.at_most, param.at_least + step * (2 + 3 * i) if param.whole else param.at_least + 0.37 * step)
        for i, param in enumerate(indicator.params)
    ]


def run(indicator: Indicator, rows, params):
    """The outputs, one row each."""
    values = list(indicator.reference(*(iter(row) for row in rows), *params))
    if len(indicator.outputs) == 1:
        values = [(value,) for value in values]
    return [list(row) for row in zip(*values, strict=True)] or [[] for _ in indicator.outputs]


def same(left, right):
    """Whether two rows are equal bit for bit, with every nan equal to every other."""
    return len(left) == len(right) and all(
        (isnan(a) and isnan(b)) or a.hex() == b.hex() for a, b in zip(left, right, strict=True)
    )
