"""engle_granger(y, x, length, lags = 1): the cointegration test of Engle and Granger on the pairs of the window.

    e           = residuals of the least-squares line of y over x, as in `ols`
    statistic   = t of r in  e - e[1] = r * e[1] + g1 * (e[1] - e[2]) + ... + g * (e[lags] - e[lags + 1])
    critical_1  = b0 + b1 / T + b2 / T^2                  MacKinnon's 1% value, T = length - 1
    critical_5  = the 5% value
    critical_10 = the 10% value

The two move together by chance unless the statistic lies below a critical value: `statistic < critical_5`. The number
of lags is fixed, so nothing is chosen with the data at hand. Warm-up: `length` pairs in a row. A pair with a missing
value makes it unknown until it has left the window; so does a window in which `x` does not move, or whose residuals are
all 0. O(`length` * (`lags` + 2)^2) a bar: the regression is begun anew on every bar, its normal equations solved by
Cholesky's method. The test that is repeated on every bar rejects more often than its level says.
Source: Engle, R. and Granger, C. (1987), Co-integration and error correction. Econometrica 55(2); MacKinnon, J. (2010),
Critical values for cointegration tests. Queen's Economics Department Working Paper 1227, table 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan, sqrt
from typing import Final

from stratc.dsl.stdlib import ols
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit

MISSING = (nan, nan, nan, nan)


# Rows 1%, 5%, 10% of the case N = 2 with a constant; b3 is 0 in all of them.
MACKINNON: Final = (
    (-3.89644, -10.9519, -33.527),
    (-3.33613, -6.1101, -6.823),
    (-3.04445, -4.2412, -2.720),
)


def dickey_fuller(e: list[float], lags: int) -> float:
    """t of the level in the regression of the changes of `e` on it and on `lags` earlier changes; no constant."""
    order = lags + 1
    rows = range(order, len(e))
    regressors = [_regressors(e, t, lags) for t in rows]
    changes = [e[t] - e[t - 1] for t in rows]
    cross, target = [[0.0] * order for _ in range(order)], [0.0] * order
    for z, change in zip(regressors, changes, strict=True):
        for i in range(order):
            target[i] += z[i] * change
            for j in range(i + 1):
                cross[i][j] += z[i] * z[j]
    if not _factorize(cross):
        return nan
    weights = _solve(cross, target)
    squares = 0.0
    for z, change in zip(regressors, changes, strict=True):
        off = change
        for i in range(order):
            off -= weights[i] * z[i]
        squares += off * off
    # The level is the last regressor, so its place in the inverse is one over the square of the last pivot.
    error = sqrt(squares / (len(changes) - order)) / cross[lags][lags]
    return weights[lags] / error if error > 0.0 else nan


def _regressors(e: list[float], t: int, lags: int) -> list[float]:
    return [*(e[t - k] - e[t - k - 1] for k in range(1, lags + 1)), e[t - 1]]


def _factorize(a: list[list[float]]) -> bool:
    """Cholesky's lower triangle in the place of `a`; whether `a` has one."""
    for i in range(len(a)):
        for j in range(i + 1):
            total = a[i][j]
            for k in range(j):
                total -= a[i][k] * a[j][k]
            if i > j:
                a[i][j] = total / a[j][j]
            elif total > 0.0:
                a[i][i] = sqrt(total)
            else:
                return False
    return True


def _solve(a: list[list[float]], b: list[float]) -> list[float]:
    for i in range(len(b)):
        for k in range(i):
            b[i] -= a[i][k] * b[k]
        b[i] = b[i] / a[i][i]
    for i in range(len(b) - 1, -1, -1):
        for k in range(i + 1, len(b)):
            b[i] -= a[k][i] * b[k]
        b[i] = b[i] / a[i][i]
    return b


def reference(
    y: Iterator[float], x: Iterator[float], length: int, lags: int
) -> Iterator[tuple[float, float, float, float]]:
    pairs, most = 1.0 / length, 1.0 / (length - 1)
    one, five, ten = (b0 + b1 * most + b2 * (most * most) for b0, b1, b2 in MACKINNON)
    freedom = 1.0 / (length - 2)
    ys, xs, at, count = [0.0] * length, [0.0] * length, 0, 0
    for v, u in zip(y, x, strict=True):
        if isnan(v) or isnan(u):
            at, count = 0, 0
            yield MISSING
            continue
        ys[at], xs[at] = v, u
        at = at + 1 if at + 1 < length else 0
        count += count < length
        if count < length:
            yield MISSING
            continue
        slope, _, newest, *_ = ols.fit(ys, xs, v, u, pairs, freedom)
        residuals = [newest + ((ys[i] - v) - slope * (xs[i] - u)) for i in (*range(at, length), *range(at))]
        statistic = dickey_fuller(residuals, lags)
        yield MISSING if isnan(statistic) else (statistic, one, five, ten)


def warmup(length: int, lags: int) -> int:
    return length


INDICATOR = Indicator(
    name="engle_granger",
    summary="cointegration test of Engle and Granger",
    inputs=(Input(name="y"), Input(name="x")),
    params=(Param(name="length", at_least=40, at_most=5_000), Param(name="lags", at_least=0, at_most=12, default=1)),
    outputs=(
        Output(name="statistic", unit=Unit.NUMBER),
        Output(name="critical_1", unit=Unit.NUMBER),
        Output(name="critical_5", unit=Unit.NUMBER),
        Output(name="critical_10", unit=Unit.NUMBER),
    ),
    warmup=warmup,
    reference=reference,
)
