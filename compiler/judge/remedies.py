"""Remedies: clauses that, added to the program, turn a rule into a proved one; each is tried before it is offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import BoundUnit, Cap, CapKind, Constant, Kind, Node, Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.prove import prove
from stratc.compiler.judge.sizes import read_shape
from stratc.dsl.source import NOWHERE
from stratc.runtime.model.record import record

# Leverage is offered with a twentieth to spare, so that the spread and a small gap do not break it.
SPARE: Final = Fraction(95, 100)
LEVERAGE_MAX: Final = 100


@record
class Clause:
    """A clause of the language and the cap that it lowers to."""

    text: str
    kind: CapKind
    bound: float
    unit: BoundUnit
    sessions: int


def remedies_for(program: Program, observer: Observer, *, day_trades_before: int | None) -> tuple[str, ...]:
    """The clauses that make the rule proved, strongest claim first."""
    return tuple(
        clause.text
        for clause in _candidates(program, observer, day_trades_before=day_trades_before)
        if _cures(program, clause, observer, day_trades_before=day_trades_before)
    )


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


def _cures(program: Program, clause: Clause, observer: Observer, *, day_trades_before: int | None) -> bool:
    return prove(observer, read_shape(with_clause(program, clause)), day_trades_before=day_trades_before) is not None


def _candidates(program: Program, observer: Observer, *, day_trades_before: int | None) -> Iterator[Clause]:
    count = BoundUnit.COUNT
    yield Clause(text="cap day_trades 3 per 5 sessions", kind=CapKind.DAY_TRADES, bound=3.0, unit=count, sessions=5)
    yield Clause(text="keep at least 1 session", kind=CapKind.KEEP_SESSIONS, bound=1.0, unit=count, sessions=1)
    edge = _largest_leverage(program, observer, day_trades_before=day_trades_before)
    if edge is not None:
        yield _leverage(edge)


def _leverage(bound: Fraction) -> Clause:
    """Whole multiples above ten, tenths below."""
    spared = bound * SPARE
    value = float(int(spared)) if spared >= 10 else int(spared * 10) / 10
    return Clause(text=f"cap leverage {value:g}x", kind=CapKind.LEVERAGE, bound=value, unit=BoundUnit.RATIO, sessions=0)


def _largest_leverage(program: Program, observer: Observer, *, day_trades_before: int | None) -> Fraction | None:
    """The largest leverage, in tenths, under which the rule is proved; None where leverage does not decide it."""

    def proves(tenths: int) -> bool:
        clause = Clause(text="", kind=CapKind.LEVERAGE, bound=tenths / 10, unit=BoundUnit.RATIO, sessions=0)
        return _cures(program, clause, observer, day_trades_before=day_trades_before)

    low, high = 1, LEVERAGE_MAX * 10
    if not proves(low) or proves(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if proves(middle) else (low, middle)
    return Fraction(low, 10)
