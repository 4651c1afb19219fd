"""Sequences: whether their steps are conditions with whole numbers of bars, and whether all of them can come true.

Also conditions that last outside of them, and what may be read of sequences: `on NAME`, `NAME.low`, `NAME.high`, and of
a named step the columns of its bar.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Final

from stratc.compiler.check.advice import article
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.check.diagnostics import LifeUnclear, StepNeverTrue, TooManySteps
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.mending import bars_instead
from stratc.compiler.check.timing.known import OFFSET_BARS_MAX
from stratc.compiler.check.units import want_condition
from stratc.compiler.resolve.diagnostics import NotASequence
from stratc.dsl.source import Span
from stratc.dsl.syntax import Expression, HeldFor, Name, Node, Sequence, SequenceStep, walk
from stratc.dsl.types import BARS, COUNT, UNKNOWN

STEPS_MAX: Final = 8
# What the rolling minimum takes, of which a condition that lasts is made.
HELD_BARS_MAX: Final = 5_000


def check_sequence(sequence: Sequence, typing: Typing) -> None:
    conditions = [step.condition for step in sequence.steps]
    conditions += [sequence.unless] if sequence.unless is not None else []
    for condition in conditions:
        want_condition(condition, type_of(condition, typing), typing)
    if len(sequence.steps) > STEPS_MAX:
        typing.tell(TooManySteps(span=sequence.steps[STEPS_MAX].span, name=sequence.name.text, limit=STEPS_MAX))
    for number, step in enumerate(sequence.steps):
        right = _check_bars(step.lasting, "for", typing) and _check_bars(step.within, "within", typing)
        if number and right:
            _check_reachable(sequence.steps[0], step, typing)


def check_held(statement: Node, typing: Typing) -> None:
    """Every `C for at least 6 bars` below a statement looks back over a fixed number of bars."""
    for node in walk(statement):
        if isinstance(node, HeldFor):
            _check_bars(node.bars, "for at least", typing, HELD_BARS_MAX)


def _check_bars(bars: Expression | None, phrase: str, typing: Typing, most: int = OFFSET_BARS_MAX) -> bool:
    """Whether a length is a number of bars; told where it is not."""
    if bars is None:
        return True
    found, value = type_of(bars, typing), constant(bars, typing.resolved)
    fixed = value is not None and not reads_input(bars, typing.resolved)
    whole = value is not None and fixed and value == value.to_integral_value() and 1 <= value <= most
    if found == UNKNOWN or (found in (BARS, COUNT) and whole):
        return True
    wanted = f"a whole number of bars that is written here, at most {most:_}"
    sample = f"{phrase} {min(bars_instead(bars, typing) or 6, most)} bars"
    typing.tell(LifeUnclear(span=bars.span, phrase=phrase, wanted=wanted, found=article(found), sample=sample))
    return False


def _check_reachable(first: SequenceStep, step: SequenceStep, typing: Typing) -> None:
    """A step that needs more bars than it is given, or that is true only where the sequence begins again."""
    lasting, within = _bars(step.lasting, typing), _bars(step.within, typing)
    if lasting > within + step.same_bar:
        why = f"it must hold for {lasting} bars and has {within + step.same_bar}"
        span = step.within.span if step.within is not None else step.span
        typing.tell(StepNeverTrue(span=span, why=why, advice=f"write `within {lasting} bars` or more"))
    elif not step.same_bar and first.lasting is None and _alike(first.condition, step.condition):
        why = "a bar on which the first step is true begins the sequence again"
        advice = "add `same bar`, or let the first step be the moment at which it begins (`crosses above`)"
        typing.tell(StepNeverTrue(span=step.span, why=why, advice=advice))


def _bars(written: Expression | None, typing: Typing) -> int:
    value = constant(written, typing.resolved) if written is not None else None
    return int(value) if value is not None and abs(value) <= OFFSET_BARS_MAX else int(written is not None)


def _alike(one: object, other: object) -> bool:
    """The same text, wherever it stands."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if not (isinstance(one, Node) and is_dataclass(one)):
        return isinstance(one, Span) or one == other
    return type(one) is type(other) and all(_alike(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))


def check_on(name: Name, typing: Typing) -> None:
    """The trigger of a rule; a name that nothing declares was told."""
    if name.text in typing.resolved.declared and typing.resolved.sequence(name.text) is None:
        typing.tell(NotASequence(span=name.span, name=name.text))
