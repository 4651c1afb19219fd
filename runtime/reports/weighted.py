"""Returns where money comes and goes: no deposit is a profit, no withdrawal a loss.

- time-weighted: equity is chained from moment to moment, `value *= (equity - flow) / equity before`, from the start
  equity on; a flow counts at the end of its moment, after the marks, so the chain is exact. It is what money that was
  there all the time became, and does not depend on how much came when. While nothing is there
  nothing becomes of it; of a run that loses more than there was it is unknown.
- money-weighted: the yearly rate r at which everything that was put in grows to the final equity,
  `start (1 + r)^T + sum of flow (1 + r)^(T - t) = final`, T the whole run and t the time of a flow in years of 365.25
  days; it weighs each stretch by the money that was there. Unknown where no or more than one rate fits between -99.99 %
  and 10,000 % a year at the ends of that range, and for runs of less than 30 days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import exp, log1p
from typing import Final

from stratc.runtime.reports.summary import EquityCurve, Run

DAY_NS: Final = 86_400 * 10**9
YEAR_NS: Final = 365.25 * DAY_NS
YEARLY_DAYS_MIN: Final = 30  # in fewer days a yearly rate says nothing
RATE_MIN: Final = -0.9999
RATE_MAX: Final = 100.0
HALVINGS: Final = 200


def flows_at(run: Run) -> dict[int, float]:
    """What came less what went, by the close of its moment."""
    found: dict[int, float] = defaultdict(float)
    for flow in run.flows:
        found[flow.at_utc_ns] += float(flow.amount)
    return found


def time_weighted(run: Run) -> EquityCurve | None:
    """The curve of the start equity as if no money had come or gone; the curve itself where none did."""
    if not run.flows:
        return run.curve
    flows = flows_at(run)
    before = value = float(run.start_equity)
    values: list[float] = []
    for closed, equity in zip(run.curve.closes_utc_ns, run.curve.equity, strict=True):
        became = equity - flows.get(closed, 0.0)
        if before < 0.0 or (before == 0.0 and became != 0.0):
            return None
        value = value * (became / before) if before > 0.0 else value
        values.append(value)
        before = equity
    return replace(run.curve, equity=values)


def money_weighted(run: Run) -> float | None:
    """The yearly rate at which start equity and flows grow to the final equity."""
    times = run.curve.closes_utc_ns
    if not times or times[-1] - times[0] < YEARLY_DAYS_MIN * DAY_NS:
        return None
    put_in = [(0.0, float(run.start_equity))]
    put_in += [((flow.at_utc_ns - times[0]) / YEAR_NS, float(flow.amount)) for flow in run.flows]
    years = (times[-1] - times[0]) / YEAR_NS
    return rate_of(put_in, years, float(run.final_equity))


def rate_of(put_in: Sequence[tuple[float, float]], years: float, final: float) -> float | None:
    """The rate between the bounds at which amounts put in at these years are worth `final` at the end."""

    def excess(rate: float) -> float:
        return sum((amount * exp((years - at) * log1p(rate)) for at, amount in put_in), 0.0) - final

    low, high = RATE_MIN, RATE_MAX
    if excess(low) > 0.0 or excess(high) < 0.0:
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if excess(middle) < 0.0 else (low, middle)
    return (low + high) / 2.0
