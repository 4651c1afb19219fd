"""From a program's caps and halts to the terms of a backtest: bounds at the defaults of the program's inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never

from stratc.compiler.ir.meaning import calculate
from stratc.compiler.ir.nodes import (
    Arithmetic,
    BoundUnit,
    Cap,
    CapKind,
    Constant,
    HaltBaseline,
    HaltUntil,
    NodeId,
    Parameter,
    Program,
)
from stratc.runtime.executor import terms

BASELINES: Final = {
    HaltBaseline.LAST_CLOSE: terms.HaltBaseline.LAST_CLOSE,
    HaltBaseline.PEAK: terms.HaltBaseline.PEAK,
    HaltBaseline.START: terms.HaltBaseline.START,
}
UNTILS: Final = {
    HaltUntil.NEXT_SESSION: terms.HaltUntil.NEXT_SESSION,
    HaltUntil.RELEASED: terms.HaltUntil.RELEASED,
}


def caps_of(program: Program) -> terms.Caps:
    """All caps of the program; of two of a kind the last."""
    caps = terms.Caps()
    for cap in program.caps:
        caps = _with_cap(caps, cap, value_of(program, cap.bound))
    return caps


def halts_of(program: Program) -> tuple[terms.HaltAt, ...]:
    """All halts of the program, in the order of the text."""
    return tuple(
        terms.HaltAt(
            baseline=BASELINES[halt.baseline],
            threshold=value_of(program, halt.threshold),
            flatten=halt.flatten,
            until=UNTILS[halt.until],
        )
        for halt in program.halts
    )


def value_of(program: Program, node: NodeId) -> float:
    """A number that is made of constants and inputs."""
    operation = program.nodes[node].operation
    match operation:
        case Constant(value=value):
            return float(value)
        case Parameter(name=name):
            return next(declared.default for declared in program.inputs if declared.name == name)
        case Arithmetic(operator=operator):
            return calculate(operator, tuple(value_of(program, each) for each in program.nodes[node].arguments))
        case _:
            raise ValueError(f"node {node} is no constant")


def _with_cap(caps: terms.Caps, cap: Cap, bound: float) -> terms.Caps:
    relative = cap.unit in {BoundUnit.RATIO_OF_EQUITY, BoundUnit.RATIO}
    match cap.kind:
        case CapKind.POSITION if cap.unit is BoundUnit.UNITS:
            return replace(caps, position_units=bound)
        case CapKind.POSITION:
            return replace(caps, position_ratio=bound) if relative else replace(caps, position_money=bound)
        case CapKind.GROSS:
            return replace(caps, gross_ratio=bound) if relative else replace(caps, gross_money=bound)
        case CapKind.LEVERAGE:
            return replace(caps, leverage=bound)
        case CapKind.ORDERS_PER_SECOND:
            return replace(caps, orders_per_second=bound)
        case CapKind.SLIPPAGE:
            return replace(caps, slippage=bound)
        case CapKind.ENTRIES:
            return replace(caps, entries=bound, entries_sessions=cap.sessions)
        case CapKind.DAY_TRADES:
            return replace(caps, day_trades=bound, day_trades_sessions=cap.sessions)
        case CapKind.KEEP_SESSIONS:
            return replace(caps, keep_sessions=bound)
        case CapKind.STOP_DISTANCE:
            return replace(caps, stop_distance=bound)
        case _:
            assert_never(cap.kind)
