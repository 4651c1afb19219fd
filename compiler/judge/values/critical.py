"""The critical gap: the largest move between bars under which a rule is proved, by asking for one gap after another.

A smaller gap allows less, so what is proved of one is proved of all below it. z3 is imported here and nowhere before.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from stratc.compiler.ir.observer import Across, Ask, Combine, Invert, Observer, Signal, Term
from stratc.compiler.judge.prove import Proof
from stratc.compiler.judge.values.model import Model
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.judge.search import Kept

# Gaps are asked for in steps of a hundredth of a percent, the first a twentieth of a percent, the last a half.
STEP: Final = Fraction(1, 10_000)
FIRST: Final = 5
LAST: Final = 5_000
# The answer is exact to a step, or to so much of itself.
CLOSE_ENOUGH: Final = 40
VALUES: Final = frozenset(
    {
        Signal.EQUITY,
        Signal.EQUITY_AT_LAST_CLOSE,
        Signal.LONG_VALUE,
        Signal.SHORT_VALUE,
        Signal.LONG_VALUE_AFTER,
        Signal.SHORT_VALUE_AFTER,
        Signal.EXPOSURE_AFTER,
    }
)
ASSUMED: Final = ("A-cost", "A-corp", "A-excl", "A-fill", "A-flat", "A-gap", "A-num", "A-oms")


@record
class Steps:
    """The answer in steps, which is what is kept of it: nought where no gap is small enough."""

    proved: int


@record
class Critical:
    """The largest gap under which the rule is proved, and the proof."""

    gap: Fraction
    proof: Proof


def is_installed() -> bool:
    """Whether z3 is there, without importing it."""
    return find_spec("z3") is not None


def is_of_money(observer: Observer) -> bool:
    """Whether a requirement asks for a value, which is all that a model in values knows anything of."""
    return any(_asks_a_value(each.condition) for each in observer.requirements)


def _asks_a_value(term: Term) -> bool:
    match term:
        case Ask(signal=signal):
            return signal in VALUES
        case Combine(left=left, right=right):
            return _asks_a_value(left) or _asks_a_value(right)
        case Invert(operand=operand) | Across(operand=operand):
            return _asks_a_value(operand)
        case _:
            return False


def critical_gap(model: Model, observer: Observer, kept: Kept | None = None) -> Critical | None:
    """The largest gap that a proof bears; None where it bears none.

    A kept answer is proved again at its gap before it is believed.
    """
    from stratc.compiler.judge.values.proof import Question

    question = Question(model, observer)
    asked = ("critical gap", model, observer)
    before = None if kept is None else kept.find_steps(asked)
    steps = before.proved if before is not None and 0 <= before.proved <= LAST else None
    if steps is None or (steps and question.kept_within(steps * STEP) is None):
        steps = _largest(lambda count: question.kept_within(count * STEP) is not None)
        if kept is not None:
            kept.keep_steps(asked, Steps(proved=steps))
    shown = question.kept_within(steps * STEP) if steps else None
    return None if shown is None else _critical(model, steps * STEP, shown.invariants)


def _largest(holds: Callable[[int], bool]) -> int:
    """The largest count that holds, or one close below it; nought where the first does not hold."""
    low, high = 0, FIRST
    while holds(high):
        if high >= LAST:
            return LAST
        low, high = high, min(high * 2, LAST)
    while low and high - low > max(low // CLOSE_ENOUGH, 1):
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _critical(model: Model, gap: Fraction, invariants: tuple[str, ...]) -> Critical:
    because = [model.why_sizes, *(level.text for level in model.levels)]
    proof = Proof(
        because=f"{told(gap)} of the close before: every moment keeps that {', that '.join(invariants)}; "
        f"because {' and '.join(because)}",
        assumptions=tuple(sorted((*ASSUMED, *(("A-bars",) if model.places > 1 else ())))),
        gap=gap,
    )
    return Critical(gap=gap, proof=proof)


def told(gap: Fraction) -> str:
    """What a proof is good for."""
    return f"proved while every price of a bar is within {float(gap * 100):.4g}%"
