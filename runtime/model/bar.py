"""A bar: what happened in one span of time, as it arrives one by one in paper and live runs.

Whole columns of bars are `runtime.feeds.bars.BarTable`; prices here are the same float64 numbers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar from `open_ns` to `close_ns` (UTC nanoseconds); what is unknown is NaN."""

    open_ns: int
    close_ns: int
    open: float
    high: float
    low: float
    close: float
    volume: float
