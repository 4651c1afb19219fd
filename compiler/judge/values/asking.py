"""What is asked of values and what they answer: plain records, which cost nothing to import."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from stratc.compiler.judge.prove import Proof
from stratc.runtime.model.record import record


@record
class Deep:
    """That proofs in values are wanted. `moves_within` is the largest move of a price between bars that is taken for
    granted, as a fraction; None: the largest under which a rule is proved is told, and decides nothing."""

    moves_within: Fraction | None


@record
class Answer:
    """What values say of a rule: a proof for moves within its gap, the smallest move that a replay broke it with, and
    both in words."""

    proof: Proof | None
    broken_by: Fraction | None
    note: str


NOT_ASKED: Final = Answer(proof=None, broken_by=None, note="")
