"""Remedies: clauses that, added to the program, turn a rule into a proved one; each is tried before it is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import BoundUnit, Cap, CapKind, Constant, Kind, Node, Program
from stratc.dsl.source import NOWHERE
from stratc.runtime.model.record import record

# Leverage is offered with a twentieth to spare, so that the spread and a small gap do not break it.
SPARE: Final = Fraction(95, 100)
LEVERAGE_MAX: Final = 100
Proves = Callable[[Program], bool]


@record
class Clause:
    """A clause of the language and the cap that it lowers to."""

    text: str
    kind: CapKind
    bound: float
    unit: BoundUnit
    sessions: int


HOLDS: Final = (
    Clause(
        text="cap day_trades 3 per 5 sessions", kind=CapKind.DAY_TRADES, bound=3.0, unit=BoundUnit.COUNT, sessions=5
    ),
    Clause(text="keep at least 1 session", kind=CapKind.KEEP_SESSIONS, bound=1.0, unit=BoundUnit.COUNT, sessions=1),
)


def remedies_for(program: Program, proves: Proves, by_sizes: Proves) -> tuple[str, ...]:
    """The clauses that make the rule proved, strongest claim first; leverage decides nothing but sizes."""
    found = [clause for clause in HOLDS if proves(with_clause(program, clause))]
    edge = _largest_leverage(program, by_sizes)
    if edge is not None and by_sizes(with_clause(program, _leverage(edge))):
        found.append(_leverage(edge))
    return tuple(clause.text for clause in found)


def with_clause(program: Program, clause: Clause) -> Program:
    """The program with one more cap."""
    bound = Node(
        id=len(program.nodes),
        operation=Constant(clause.bound),
        arguments=(),
        kind=Kind.NUMBER,
        span=NOWHERE,
        warmup=0,
    )
    cap = Cap(kind=clause.kind, bound=bound.id, unit=clause.unit, sessions=clause.sessions, span=NOWHERE)
    return replace(program, nodes=(*program.nodes, bound), caps=(*program.caps, cap))


def _leverage(bound: Fraction) -> Clause:
    """Whole multiples above ten, tenths below."""
    spared = bound * SPARE
    value = float(int(spared)) if spared >= 10 else int(spared * 10) / 10
    return Clause(text=f"cap leverage {value:g}x", kind=CapKind.LEVERAGE, bound=value, unit=BoundUnit.RATIO, sessions=0)


def _largest_leverage(program: Program, proves: Proves) -> Fraction | None:
    """The largest leverage, in tenths, under which the rule is proved; None where leverage does not decide it."""

    def decides(tenths: int) -> bool:
        clause = Clause(text="", kind=CapKind.LEVERAGE, bound=tenths / 10, unit=BoundUnit.RATIO, sessions=0)
        return proves(with_clause(program, clause))

    low, high = 1, LEVERAGE_MAX * 10
    if not decides(low) or decides(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if decides(middle) else (low, middle)
    return Fraction(low, 10)
