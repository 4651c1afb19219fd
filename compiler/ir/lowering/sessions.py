"""History that is counted in sessions, on bars shorter than a day.

Maps `X[2 sessions]` to what X was when the second session before the present one ended. Longer bars of one session
each take a sample of it at their close, and of the number of the trading day beside it: it tells whether the last one
to have closed is the present session, which is so on its last bar only, or the one before.
"""

from __future__ import annotations

from stratc.compiler.check.grounds import Ground
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import Compare, ComparisonOperator, Delay, NodeId, Sample, Select, Time
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.dsl.source import Span
from stratc.runtime.model.clock import SessionPart, TradingDay


def lower_sessions_ago(base: NodeId, sessions: int, span: Span, builder: Builder) -> NodeId:
    """What `base`, which stands on the program's own bars, was when the session so many sessions ago ended."""
    here = builder.at
    day = builder.add(Time(TradingDay()), (), span)
    builder.at = Ground(instrument=here.instrument, bars=SessionPart(seconds=DAY_SECONDS))
    closed = builder.add(Sample(), (base,), span)
    day_closed = builder.add(Sample(), (day,), span)
    since_start = builder.add(Delay(sessions), (closed,), span)
    since_close = closed if sessions == 1 else builder.add(Delay(sessions - 1), (closed,), span)
    builder.at = here
    over = builder.add(Compare(ComparisonOperator.EQUAL), (day, day_closed), span)
    return builder.add(Select(), (over, since_start, since_close), span)
