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


# Longer than any closure of a market: what a universe holds without a bar for longer has ended.
GONE_DAYS: Final = 14.0


def caps_of(program: Program) -> terms.Caps:
    """All caps of the program. A text says each once; where a remedy is tried beside one, the tighter binds."""
    caps = terms.Caps(groups=_groups(program), gone_days=GONE_DAYS if program.universe else None)
    for cap in program.caps:
        bound = value_of(program, cap.bound)
        caps = _with_cap(caps, cap, bound)
        if cap.reduces:
            caps = replace(caps, reducing=_with_ceiling(caps.reducing or terms.Caps(), cap, bound))
    return caps


def _groups(program: Program) -> tuple[int, ...]:
    """The number of each instrument's group, from 1; nothing where there are no groups."""
    if not program.groups:
        return ()
    numbers = {member: number for number, group in enumerate(program.groups, start=1) for member in group.members}
    return tuple(numbers.get(place, 0) for place in range(len(program.instruments)))


def halts_of(program: Program) -> tuple[terms.HaltAt, ...]:
    """All halts of the program, in the order of the text; those with a condition come last."""
    measured = tuple(
        terms.HaltAt(
            baseline=BASELINES[halt.baseline],
            threshold=value_of(program, halt.threshold),
            flatten=halt.flatten,
            until=UNTILS[halt.until],
        )
        for halt in program.halts
    )
    asked = (
        terms.HaltAt(baseline=terms.HaltBaseline.NONE, threshold=0.0, flatten=each.flatten, until=UNTILS[each.until])
        for each in program.halts_when
    )
    return (*measured, *asked)


def sleeves_of(program: Program) -> tuple[terms.SleeveTerms, ...]:
    """The sleeves of the program, in the order of the text."""
    return tuple(
        terms.SleeveTerms(name=each.name, percent=each.percent, places=each.places) for each in program.sleeves
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
    match cap.kind:
        case CapKind.ENTRIES:
            return replace(caps, entries=bound, entries_sessions=cap.sessions)
        case CapKind.DAY_TRADES:
            return replace(caps, day_trades=bound, day_trades_sessions=cap.sessions)
        case CapKind.KEEP_SESSIONS:
            return replace(caps, keep_sessions=max(bound, caps.keep_sessions or 0.0))
        case CapKind.STOP_DISTANCE:
            return replace(caps, stop_distance=max(bound, caps.stop_distance or 0.0))
        case _:
            return _with_ceiling(caps, cap, bound)


def _with_ceiling(caps: terms.Caps, cap: Cap, bound: float) -> terms.Caps:
    """Caps of which the smaller is the tighter."""
    relative = cap.unit in {BoundUnit.RATIO_OF_EQUITY, BoundUnit.RATIO}
    match cap.kind:
        case CapKind.POSITION if cap.unit is BoundUnit.UNITS:
            return replace(caps, position_units=tighter(bound, caps.position_units))
        case CapKind.POSITION if relative:
            return replace(caps, position_ratio=tighter(bound, caps.position_ratio))
        case CapKind.POSITION:
            return replace(caps, position_money=tighter(bound, caps.position_money))
        case CapKind.GROSS if relative:
            return replace(caps, gross_ratio=tighter(bound, caps.gross_ratio))
        case CapKind.GROSS:
            return replace(caps, gross_money=tighter(bound, caps.gross_money))
        case CapKind.LEVERAGE:
            return replace(caps, leverage=tighter(bound, caps.leverage))
        case CapKind.UNITS:
            return replace(caps, units=tighter(bound, caps.units))
        case CapKind.GROUP_UNITS:
            return replace(caps, group_units=tighter(bound, caps.group_units))
        case CapKind.SIDE_UNITS:
            return replace(caps, side_units=tighter(bound, caps.side_units))
        case CapKind.GROUP_POSITION if relative:
            return replace(caps, group_ratio=tighter(bound, caps.group_ratio))
        case CapKind.GROUP_POSITION:
            return replace(caps, group_money=tighter(bound, caps.group_money))
        case CapKind.SIDE_POSITION if relative:
            return replace(caps, side_ratio=tighter(bound, caps.side_ratio))
        case CapKind.SIDE_POSITION:
            return replace(caps, side_money=tighter(bound, caps.side_money))
        case CapKind.ORDERS_PER_SECOND:
            return replace(caps, orders_per_second=tighter(bound, caps.orders_per_second))
        case CapKind.SLIPPAGE:
            return replace(caps, slippage=tighter(bound, caps.slippage))
        case CapKind.ENTRIES | CapKind.DAY_TRADES | CapKind.KEEP_SESSIONS | CapKind.STOP_DISTANCE:
            return caps
        case _:
            assert_never(cap.kind)


def tighter(bound: float, before: float | None) -> float:
    return bound if before is None else min(bound, before)
