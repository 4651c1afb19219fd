"""What values say of one rule, put together: the critical gap by proof, and the smallest move that breaks it by replay.

Between the two nothing is known: a proof found nothing there, and no run that was tried broke it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.search import Found, Kept, largest_move
from stratc.compiler.judge.sizes import Shape
from stratc.compiler.judge.values.asking import NOT_ASKED, Answer
from stratc.compiler.judge.values.critical import critical_gap, is_installed, is_of_money, told
from stratc.compiler.judge.values.model import NotModelled, model_of
from stratc.runtime.executor.terms import Terms
from stratc.runtime.model.instrument import Instrument


def answer(
    program: Program,
    observer: Observer,
    shape: Shape,
    terms: Terms,
    instruments: Sequence[Instrument],
    *,
    one_calendar: bool,
    kept: Kept | None,
    broken: Found | None,
) -> Answer:
    """The answer of one rule; a rule that asks for no money is not asked."""
    if not is_of_money(observer):
        return NOT_ASKED
    if not is_installed():
        return Answer(proof=None, broken_by=None, note="proofs about money need z3, which is not installed (R070)")
    try:
        model = model_of(program, shape, terms, instruments, one_calendar=one_calendar)
    except NotModelled as reason:
        return Answer(proof=None, broken_by=None, note=f"no proof about money: {reason}")
    found = critical_gap(model, observer, kept)
    move = None if broken is None else largest_move(broken.run)
    if found is None:
        note = "" if move is None else f"{_broken(move)}; of smaller ones nothing is proved"
        return Answer(proof=None, broken_by=move, note=note)
    proved = f"{told(found.gap)} of the close before"
    note = proved if move is None else f"{proved}, {_broken(move)}"
    return Answer(proof=found.proof, broken_by=move, note=note)


def _broken(move: Fraction) -> str:
    return f"broken by a move of {float(move * 100):.3g}%"
