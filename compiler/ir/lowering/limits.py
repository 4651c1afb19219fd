"""Inputs, caps, floors and halts → parameters and bounds made of constants and parameters only."""

from __future__ import annotations

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.constants import constant
from stratc.compiler.check.limits import sessions_of, share_of_equity, shared_by, threshold_share
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.lowering.expressions import input_unit, lower_expression
from stratc.compiler.ir.nodes import (
    BoundUnit,
    Cap,
    CapKind,
    Halt,
    HaltBaseline,
    HaltMeasure,
    HaltUntil,
    HaltWhen,
    InputParameter,
    NodeId,
)
from stratc.dsl import syntax
from stratc.dsl.syntax import Expression, Number, Unary
from stratc.dsl.types import BARS, COUNT, SESSIONS, Quantity

CAP_KINDS = {
    "position": CapKind.POSITION,
    "gross": CapKind.GROSS,
    "leverage": CapKind.LEVERAGE,
    "orders": CapKind.ORDERS_PER_SECOND,
    "slippage": CapKind.SLIPPAGE,
    "entries": CapKind.ENTRIES,
    "day_trades": CapKind.DAY_TRADES,
    "units": CapKind.UNITS,
}
SHARED = {
    (CapKind.UNITS, "group"): CapKind.GROUP_UNITS,
    (CapKind.UNITS, "side"): CapKind.SIDE_UNITS,
    (CapKind.POSITION, "group"): CapKind.GROUP_POSITION,
    (CapKind.POSITION, "side"): CapKind.SIDE_POSITION,
}
UNITS = {
    CapKind.LEVERAGE: BoundUnit.RATIO,
    CapKind.SLIPPAGE: BoundUnit.RATIO,
    CapKind.ORDERS_PER_SECOND: BoundUnit.COUNT,
    CapKind.ENTRIES: BoundUnit.COUNT,
    CapKind.DAY_TRADES: BoundUnit.COUNT,
    CapKind.UNITS: BoundUnit.COUNT,
    CapKind.GROUP_UNITS: BoundUnit.COUNT,
    CapKind.SIDE_UNITS: BoundUnit.COUNT,
}
BASELINES = {
    syntax.HaltMeasure.DAILY_LOSS: (HaltMeasure.DAILY_LOSS, HaltBaseline.LAST_CLOSE),
    syntax.HaltMeasure.DRAWDOWN: (HaltMeasure.DRAWDOWN, HaltBaseline.PEAK),
    syntax.HaltMeasure.LOSS: (HaltMeasure.LOSS, HaltBaseline.START),
}


def lower_input(stated: syntax.Input, builder: Builder) -> InputParameter:
    ends = (stated.range.low, stated.range.high) if stated.range is not None else (None, None)
    kind = builder.type_of(stated.default)
    return InputParameter(
        name=stated.name.text,
        default=_written(stated.default, builder),
        low=None if ends[0] is None else _written(ends[0], builder),
        high=None if ends[1] is None else _written(ends[1], builder),
        whole=kind in (COUNT, BARS, SESSIONS),
        unit=input_unit(stated),
        span=stated.span,
    )


def _written(expression: Expression, builder: Builder) -> float:
    """A written number in base units; ticks, pips and points count themselves."""
    value = constant(expression, builder.checked.resolved)
    if value is not None:
        return float(value)
    match expression:
        case Number(value=steps):
            return float(steps)
        case Unary(operand=Number(value=steps)):
            return float(-steps)
        case _:
            raise StratcBug(f"an input that is not a number was lowered: {expression}")


def lower_halt_when(statement: syntax.HaltWhen, builder: Builder) -> HaltWhen:
    return HaltWhen(
        condition=lower_expression(statement.condition, builder),
        text=" ".join(builder.checked.source.slice(statement.condition.span).split()),
        flatten=statement.flatten,
        until=HaltUntil.NEXT_SESSION if statement.until == "next session" else HaltUntil.RELEASED,
        span=statement.span,
    )


def lower_cap(cap: syntax.Cap, builder: Builder) -> Cap:
    kind = CAP_KINDS[cap.kind.text]
    kind = SHARED.get((kind, shared_by(cap.per)), kind)
    bound, unit = _bound(kind, cap.bound, builder)
    counts = kind in (CapKind.ENTRIES, CapKind.DAY_TRADES)
    sessions = sessions_of(cap.per) if counts else 0
    return Cap(kind=kind, bound=bound, unit=unit, sessions=sessions or 0, span=cap.span, reduces=cap.reduce)


def _bound(kind: CapKind, bound: Expression, builder: Builder) -> tuple[NodeId, BoundUnit]:
    if kind in UNITS:
        return lower_expression(bound, builder), UNITS[kind]
    share = share_of_equity(bound, builder.checked.resolved)
    if share is not None:
        return lower_expression(share, builder), BoundUnit.RATIO_OF_EQUITY
    unit = BoundUnit.UNITS if isinstance(builder.type_of(bound), Quantity) else BoundUnit.MONEY
    return lower_expression(bound, builder), unit


def lower_floor(floor: syntax.Floor, builder: Builder) -> Cap:
    keep = floor.kind == "keep"
    return Cap(
        kind=CapKind.KEEP_SESSIONS if keep else CapKind.STOP_DISTANCE,
        bound=lower_expression(floor.bound, builder),
        unit=BoundUnit.COUNT if keep else BoundUnit.RATIO,
        sessions=0,
        span=floor.span,
    )


def lower_halt(halt: syntax.Halt, builder: Builder) -> Halt:
    share = threshold_share(halt, builder.checked.resolved)
    if share is None:
        raise StratcBug("a halt without a share of its baseline was lowered")
    measure, baseline = BASELINES[halt.measure]
    return Halt(
        measure=measure,
        baseline=baseline,
        threshold=lower_expression(share, builder),
        flatten=halt.flatten,
        until=HaltUntil.RELEASED if halt.until == "released" else HaltUntil.NEXT_SESSION,
        span=halt.span,
    )
