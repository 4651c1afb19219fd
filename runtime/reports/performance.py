"""A run in figures: what came of the money, how deep it went, what it cost.

Conventions, chosen once and printed beside the figures:
- return and buy-and-hold are simple returns over the whole run. Buy-and-hold puts equal parts of the start equity into
  every instrument at its first known open, without costs, and keeps them to the last close.
- drawdown is measured on equity at the closes, start equity included, as a share of the highest so far.
- a year is 365.25 days; CAGR is unknown for runs of less than 30 days, where it would say nothing.
- Sharpe is mean over sample standard deviation of the returns between the last closes of the days (UTC) that have
  data, times the square root of the days with data a year, at a risk-free rate of zero; unknown under 20 returns.
- a round trip with zero profit is neither won nor lost; profit factor is unknown without a loss.
- exposure is the share of moments with a position. Costs are commissions plus slippage of all fills, and
  what exchanging currencies cost; overnight interest stands by itself.
- where money was paid in or taken out, return, drawdown, CAGR and Sharpe are time-weighted: see `weighted`.
Figures that cannot be known are None, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import isnan, sqrt
from statistics import fmean, stdev
from typing import Final

from stratc.runtime.reports.summary import EquityCurve, Prices, RoundTrip, Run
from stratc.runtime.reports.weighted import DAY_NS, YEAR_NS, YEARLY_DAYS_MIN, money_weighted, time_weighted

SHARPE_RETURNS_MIN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown:
    """The deepest fall of equity: `depth` as a positive share, from the last high to the lowest close after it."""

    depth: float
    high_utc_ns: int | None
    trough_utc_ns: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    start_equity: Decimal
    final_equity: Decimal
    total_return: float | None
    buy_and_hold_return: float | None
    drawdown: Drawdown | None
    cagr: float | None
    sharpe: float | None
    round_trips: int
    win_rate: float | None
    profit_factor: float | None
    best: Decimal | None
    worst: Decimal | None
    commissions: Decimal
    slippage: Decimal
    conversion: Decimal
    overnight_interest: Decimal
    exposure: float | None
    paid_in: Decimal = Decimal(0)
    taken_out: Decimal = Decimal(0)
    money_weighted: float | None = None

    @property
    def profit(self) -> Decimal:
        """What is there at the end less what was put in."""
        return self.final_equity - self.start_equity - self.paid_in + self.taken_out

    @property
    def costs(self) -> Decimal:
        return self.commissions + self.slippage + self.conversion


def measure(run: Run) -> Performance:
    """All figures of a run."""
    start = float(run.start_equity)
    held = buy_and_hold(run.prices, run.curve.closes_utc_ns, start)
    curve = time_weighted(run)
    final = final_of(run, curve)
    profits = [trip.pnl for trip in run.round_trips]
    return Performance(
        start_equity=run.start_equity,
        final_equity=run.final_equity,
        total_return=None if final is None else final / start - 1.0,
        paid_in=sum((flow.amount for flow in run.flows if flow.amount > 0), Decimal(0)),
        taken_out=-sum((flow.amount for flow in run.flows if flow.amount < 0), Decimal(0)),
        money_weighted=money_weighted(run) if run.flows else None,
        buy_and_hold_return=held[-1] / start - 1.0 if held else None,
        drawdown=None if curve is None else deepest(curve, start),
        cagr=None if final is None else cagr(run, final),
        sharpe=None if curve is None else sharpe(curve),
        round_trips=len(profits),
        win_rate=sum(profit > 0 for profit in profits) / len(profits) if profits else None,
        profit_factor=profit_factor(run.round_trips),
        best=max(profits, default=None),
        worst=min(profits, default=None),
        commissions=sum((fill.commission for fill in run.fills), Decimal(0)),
        slippage=sum((fill.slippage for fill in run.fills), Decimal(0)),
        conversion=run.conversion_cost,
        overnight_interest=run.overnight_interest,
        exposure=exposure(run.curve),
    )


def final_of(run: Run, curve: EquityCurve | None) -> float | None:
    """What the start equity became, flows aside."""
    if not run.flows:
        return float(run.final_equity)
    if curve is None:
        return None
    return curve.equity[-1] if curve.equity else float(run.start_equity)


def buy_and_hold(prices: tuple[Prices, ...], closes_utc_ns: Sequence[int], start_equity: float) -> list[float]:
    """The worth of doing nothing, at these moments; empty where an instrument never has a price."""
    if not prices or not closes_utc_ns:
        return []
    worth = [0.0] * len(closes_utc_ns)
    for instrument in prices:
        factors = growth(instrument, closes_utc_ns)
        if not factors:
            return []
        part = start_equity / len(prices)
        worth = [sum_so_far + part * factor for sum_so_far, factor in zip(worth, factors, strict=True)]
    return worth


def growth(prices: Prices, at_utc_ns: Sequence[int]) -> list[float]:
    """The last known close over the first known open at each of these moments; 1 before the first close."""
    first = next((price for price in prices.open if not isnan(price)), None)
    if first is None:
        return []
    factors, last = [], 1.0
    bars = zip(prices.closes_utc_ns, prices.close, strict=True)
    bar = next(bars, None)
    for moment in at_utc_ns:
        while bar is not None and bar[0] <= moment:
            last = last if isnan(bar[1]) else bar[1] / first
            bar = next(bars, None)
        factors.append(last)
    return factors


def drawdowns(equity: Sequence[float], start_equity: float) -> list[float]:
    """How far below the highest so far, as shares from 0 down to -1 (below where money is owed)."""
    highest, below = start_equity, []
    for value in equity:
        if value > highest:
            highest = value
        below.append(value / highest - 1.0)
    return below


def deepest(curve: EquityCurve, start_equity: float) -> Drawdown:
    below = drawdowns(curve.equity, start_equity)
    depth = min(below, default=0.0)
    if depth >= 0.0:
        return Drawdown(depth=0.0, high_utc_ns=None, trough_utc_ns=None)
    trough = below.index(depth)
    before = list(curve.equity[:trough])
    high = trough - 1 - before[::-1].index(max(before)) if before else 0  # the last of equal highs
    if curve.equity[high] <= start_equity:
        high = 0  # the start itself was the high: the fall begins at the first moment known
    return Drawdown(depth=-depth, high_utc_ns=curve.closes_utc_ns[high], trough_utc_ns=curve.closes_utc_ns[trough])


def cagr(run: Run, final: float) -> float | None:
    times = run.curve.closes_utc_ns
    if not times or times[-1] - times[0] < YEARLY_DAYS_MIN * DAY_NS or not final > 0.0:
        return None
    years = (times[-1] - times[0]) / YEAR_NS
    grown: float = (final / float(run.start_equity)) ** (1.0 / years)
    return grown - 1.0


def sharpe(curve: EquityCurve) -> float | None:
    by_day = {moment // DAY_NS: value for moment, value in zip(curve.closes_utc_ns, curve.equity, strict=True)}
    days, values = list(by_day), list(by_day.values())
    if len(values) <= SHARPE_RETURNS_MIN or min(values) <= 0.0:
        return None
    returns = [after / before - 1.0 for before, after in pairwise(values)]
    spread = stdev(returns)
    days_per_year = len(returns) / ((days[-1] - days[0]) / 365.25)
    return fmean(returns) / spread * sqrt(days_per_year) if spread else None


def profit_factor(trips: tuple[RoundTrip, ...]) -> float | None:
    won = sum((trip.pnl for trip in trips if trip.pnl > 0), Decimal(0))
    lost = sum((-trip.pnl for trip in trips if trip.pnl < 0), Decimal(0))
    return float(won / lost) if lost else None


def exposure(curve: EquityCurve) -> float | None:
    held = [amount > 0.0 for amount in curve.gross_exposure]
    return sum(held) / len(held) if held else None
