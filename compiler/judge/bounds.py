"""From a program's shape to the bounds that `check` states, in money at the account's equity."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from stratc.compiler.ir.nodes import CapKind, Program
from stratc.compiler.judge.amounts import upper
from stratc.compiler.judge.prove import Proof
from stratc.compiler.judge.sizes import Shape
from stratc.compiler.judge.verdict import Bounds


def bounds_of(program: Program, shape: Shape, equity: Fraction | None, proofs: Iterable[Proof]) -> Bounds:
    """The bounds of a program; those in money need the account's equity."""
    gaps = [proof.gap for proof in proofs if proof.gap is not None]
    fully_paid = shape.gross is not None and shape.gross <= 1 and not shape.shorts
    return Bounds(
        leverage_max=_number(shape.gross),
        gross_exposure_max=_money(shape.gross, equity),
        position_max=_money(shape.position, equity),
        orders_per_second_max=_number(_orders_per_second(program, shape)),
        committed_capital_max=_committed(shape, _money(shape.gross, equity) if fully_paid else None),
        planned_loss_per_session=_money(shape.planned_loss, equity),
        critical_gap=_number(min(gaps, default=None)),
    )


def _orders_per_second(program: Program, shape: Shape) -> Fraction | None:
    """All orders that one bar can bring, for bars of a second or more; the cap bounds openings, exits come beside."""
    if program.interval_seconds < 1 or shape.open_ended:
        return None
    caps = [upper(program, cap.bound) for cap in program.caps if cap.kind is CapKind.ORDERS_PER_SECOND]
    known = [cap for cap in caps if cap is not None]
    return min([*known, Fraction(shape.openings_per_bar)]) + shape.exits_per_bar


def _committed(shape: Shape, of_equity: float | None) -> float | None:
    """The smaller of what the share of equity and what the levels of ladders allow; the latter needs no equity."""
    bounds = [bound for bound in (of_equity, _number(shape.levels_cost)) if bound is not None]
    return min(bounds, default=None)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _money(multiple: Fraction | None, equity: Fraction | None) -> float | None:
    return None if multiple is None or equity is None else float(multiple * equity)
