"""ppo(series, fast_length, slow_length, signal_length): percentage price oscillator.

    line      = (ema(series, fast_length) - ema(series, slow_length)) / ema(series, slow_length)
    signal    = ema(line, signal_length)
    histogram = line - signal

A ratio: TA-Lib says it in percent. Every average is seeded as `ema` is, as in TA-Lib, and not as those of `macd` are.
Of `volume` it is the percentage volume oscillator. Warm-up: max(`fast_length`, `slow_length`) + `signal_length` - 1
known values, for all three. A missing value leaves the state as it was and makes that bar's value unknown. Where the
slow average is 0 they are unknown. O(1) a bar.
Source: Appel, G. (2005), Technical Analysis: Power Tools for Active Investors, chapter 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit

MISSING = (nan, nan, nan)


def reference(
    series: Iterator[float], fast_length: int, slow_length: int, signal_length: int
) -> Iterator[tuple[float, float, float]]:
    fast, slow, smooth = (drive(ema.reference, 1, n) for n in (fast_length, slow_length, signal_length))
    for x in series:
        quick, lazy = fast(x), slow(x)
        line = (quick - lazy) / lazy if lazy != 0.0 else nan
        signal = smooth(line)
        yield (line, signal, line - signal) if not isnan(signal) else MISSING


def warmup(fast_length: int, slow_length: int, signal_length: int) -> int:
    return max(fast_length, slow_length) + signal_length - 1


INDICATOR = Indicator(
    name="ppo",
    summary="percentage price oscillator",
    inputs=(Input(name="series"),),
    params=(
        Param(name="fast_length", at_least=1, at_most=5_000),
        Param(name="slow_length", at_least=1, at_most=5_000),
        Param(name="signal_length", at_least=1, at_most=5_000),
    ),
    outputs=(
        Output(name="line", unit=Unit.RATIO),
        Output(name="signal", unit=Unit.RATIO),
        Output(name="histogram", unit=Unit.RATIO),
    ),
    warmup=warmup,
    reference=reference,
)
