"""`contribute` and `withdraw` → flows of the program."""

from __future__ import annotations

from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.lowering.expressions import lower_expression
from stratc.compiler.ir.lowering.schedules import lower_schedule
from stratc.compiler.ir.nodes import Flow, Period
from stratc.dsl import syntax
from stratc.dsl.syntax import OnSession, OnWeekday


def lower_flow(flow: syntax.Flow, builder: Builder) -> Flow:
    return Flow(
        schedule=lower_schedule(flow.every, builder),
        amount=lower_expression(flow.amount, builder),
        withdraw=flow.withdraw,
        period=_once_a(flow.every),
        text=" ".join(builder.checked.source.slice(flow.span).split()),
        span=flow.span,
    )


def _once_a(every: syntax.Every) -> Period:
    """How often it may come: instruments whose calendars differ may each be due on a day of their own."""
    match every.on:
        case None:
            return Period.DAY
        case OnWeekday(nth=0):
            return Period.WEEK
        case OnSession() if every.period == "week":
            return Period.WEEK
        case OnSession() | OnWeekday():
            return Period.MONTH
