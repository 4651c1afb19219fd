"""Sequences in English: each step, how long it is waited for, what begins it again and what ends it."""

from __future__ import annotations

from stratc.compiler.check.checked import Checked
from stratc.compiler.reports.phrases import say
from stratc.dsl.syntax import Sequence, SequenceStep


def say_sequence(sequence: Sequence, checked: Checked) -> str:
    bars = checked.known[sequence].bars
    steps = ", then ".join(_step(step) for step in sequence.steps)
    ends = f"; it ends where {say(sequence.unless)}" if sequence.unless is not None else ""
    after = f", first after {bars} bars" if bars > 1 else ""
    return (
        f"`{sequence.name.text}` is {steps}; a new first step begins it again{ends} "
        f"(known at the close of the bar of its last step{after})"
    )


def _step(step: SequenceStep) -> str:
    lasting = f" for {say(step.lasting)}" if step.lasting is not None else ""
    name = f", called `{step.name.text}`" if step.name is not None else ""
    return f"{say(step.condition)}{lasting}{_timing(step)}{name}"


def _timing(step: SequenceStep) -> str:
    if step.within is None:
        return " on the same bar" if step.same_bar else ""
    return f" within {say(step.within)}{', the same bar included' if step.same_bar else ''}"
