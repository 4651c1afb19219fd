"""A run as the numbers that the page draws: plain lists, ready for JSON.

Every instrument's bars, every fill at its bar, and the account beside buy-and-hold with its drawdown. Chart times are
seconds of the wall clock that a person reads, counted as if it were UTC, because the chart library knows no zones.
Above `BARS_SHOWN_MAX` bars on the page neighbours are drawn as one, volume added up and the extremes kept; fills are
never dropped and drawdown keeps its depth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from math import isfinite
from typing import Final, TypedDict

from stratc.runtime.reports.performance import buy_and_hold, drawdowns
from stratc.runtime.reports.summary import Fill, Origin, Prices, Run
from stratc.runtime.reports.weighted import flows_at, time_weighted
from stratc.runtime.reports.wording import local, moment, quantity, readable

BARS_SHOWN_MAX: Final = 20_000
BARS_PER_INSTRUMENT_MIN: Final = 250

Row = list[float | int | None]


class Mark(TypedDict):
    """One fill on the chart: where, what shape, and what its hover text says."""

    time: int
    side: str
    origin: str
    text: str


class InstrumentChart(TypedDict):
    symbol: str
    decimals: int
    daily: bool
    bars: list[Row]  # time, open, high, low, close, volume
    fills: list[Mark]


class ChartData(TypedDict):
    currency: str
    instruments: list[InstrumentChart]
    account: list[Row]  # time, equity, buy and hold, drawdown


def chart_data(run: Run) -> ChartData:
    together = bars_together(run.prices)
    return ChartData(
        currency=run.currency,
        instruments=[instrument_chart(prices, run.fills, together) for prices in run.prices],
        account=account_rows(run, together),
    )


def bars_together(prices: tuple[Prices, ...]) -> int:
    """How many neighbouring bars are drawn as one so that the page stays light."""
    if not prices:
        return 1
    shown_max = max(BARS_SHOWN_MAX // len(prices), BARS_PER_INSTRUMENT_MIN)
    longest = max(len(instrument.close) for instrument in prices)
    return max(1, -(-longest // shown_max))


def aggregation_note(run: Run) -> str:
    """What a reader must know when bars were drawn together, or nothing."""
    together = bars_together(run.prices)
    if together == 1:
        return ""
    bars = sum(len(prices.close) for prices in run.prices)
    why = "to keep this page light; every fill is shown, every figure is exact"
    return f"{bars:,} bars are drawn {together} at a time {why}"


def instrument_chart(prices: Prices, fills: tuple[Fill, ...], together: int) -> InstrumentChart:
    times = chart_times(prices, together)
    rows = [slice(group * together, (group + 1) * together) for group in range(len(times))]
    return InstrumentChart(
        symbol=readable(prices.symbol),
        decimals=prices.decimals,
        daily=prices.daily,
        bars=[bar_row(prices, shown_at, group) for shown_at, group in zip(times, rows, strict=True)],
        fills=[mark(fill, times[fill.bar // together], prices) for fill in fills if fill.symbol == prices.symbol],
    )


def chart_times(prices: Prices, together: int) -> list[int]:
    """One rising time for each bar drawn: its date where bars are daily, otherwise the wall time of its open.

    When clocks go back an hour is read twice; those bars are moved to just after the one before.
    """
    times: list[int] = []
    for opened, closed in zip(prices.opens_utc_ns[::together], prices.closes_utc_ns[::together], strict=True):
        read = local(closed - 1, prices.zone) if prices.daily else local(opened, prices.zone)
        shown = datetime.combine(read.date(), time(0) if prices.daily else read.time(), UTC)
        seconds = int(shown.timestamp())
        times.append(max(seconds, times[-1] + 1) if times else seconds)
    return times


def bar_row(prices: Prices, shown_at: int, rows: slice) -> Row:
    opens, closes = known(prices.open[rows]), known(prices.close[rows])
    highs, lows = known(prices.high[rows]), known(prices.low[rows])
    if not (opens and closes and highs and lows):
        return [shown_at]
    volume = sum(known(prices.volume[rows])) if prices.volume is not None else None
    return [shown_at, opens[0], max(highs), min(lows), closes[-1], volume]


def known(values: Iterable[float]) -> list[float]:
    return [value for value in values if isfinite(value)]


def mark(fill: Fill, shown_at: int, prices: Prices) -> Mark:
    when = f"{local(fill.at_utc_ns, prices.zone):%Y-%m-%d}" if prices.daily else moment(fill.at_utc_ns, prices.zone)
    costs = f"{fill.commission + fill.slippage:,f}"
    text = f"{when}  {fill.side} {quantity(fill.quantity)} @ {fill.price:,f}, {reason(fill)}, costs {costs}"
    return Mark(time=shown_at, side=fill.side.value, origin=fill.origin.value, text=readable(text))


def reason(fill: Fill) -> str:
    """Where the order came from: `rule enter`, `stop of enter`, `halt`."""
    origin = fill.origin.replace("_", " ")
    if not fill.rule:
        return origin
    return f"{origin} {fill.rule}" if fill.origin is Origin.RULE else f"{origin} of {fill.rule}"


def account_rows(run: Run, together: int) -> list[Row]:
    """Equity, buy-and-hold and drawdown at the bars that are drawn: the last values, and the deepest drawdown."""
    curve, start = run.curve, float(run.start_equity)
    shown_at = shown_times(run, together)
    held: Sequence[float | None] = with_flows(run, buy_and_hold(run.prices, curve.closes_utc_ns, start)) or [
        None
    ] * len(curve.equity)
    rows: dict[int, Row] = {}
    weighted = time_weighted(run)
    below: Sequence[float | None] = drawdowns(weighted.equity, start) if weighted else [None] * len(curve.equity)
    for closed, equity, idle, fall in zip(curve.closes_utc_ns, curve.equity, held, below, strict=True):
        when = shown_at.get(closed, closed // 10**9)
        before = rows.get(when)
        deepest = fall if fall is None or before is None else min(fall, before[3] or 0.0)
        rows[when] = [when, round(equity, 2), rounded(idle, 2), rounded(deepest, 6)]
    return [rows[when] for when in sorted(rows)]


def rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def with_flows(run: Run, held: Sequence[float]) -> Sequence[float]:
    """Buy-and-hold with the same money coming and going, at the closes and without costs."""
    if not run.flows or not held:
        return held
    flows, worth, before = flows_at(run), float(run.start_equity), float(run.start_equity)
    found: list[float] = []
    for closed, idle in zip(run.curve.closes_utc_ns, held, strict=True):
        worth = worth * (idle / before) + flows.get(closed, 0.0)
        found.append(worth)
        before = idle
    return found


def shown_times(run: Run, together: int) -> dict[int, int]:
    """For every close, the chart time of the bar that it ends."""
    shown: dict[int, int] = {}
    for prices in run.prices:
        times = chart_times(prices, together)
        for row, closed in enumerate(prices.closes_utc_ns):
            shown.setdefault(closed, times[row // together])
    return shown
