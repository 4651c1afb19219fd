"""A sequence of the text → the node that follows it; later readings find it by its name."""

from __future__ import annotations

from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.lowering.expressions import lower_expression, whole
from stratc.compiler.ir.nodes import Follow, FollowStep
from stratc.dsl.syntax import Sequence, SequenceStep


def lower_sequence(sequence: Sequence, builder: Builder) -> None:
    conditions = [lower_expression(step.condition, builder) for step in sequence.steps]
    conditions += [] if sequence.unless is None else [lower_expression(sequence.unless, builder)]
    steps = tuple(_step(step, builder) for step in sequence.steps)
    operation = Follow(steps, cancel=sequence.unless is not None)
    builder.sequences[sequence.name.text] = builder.add(operation, tuple(conditions), sequence.span)


def _step(step: SequenceStep, builder: Builder) -> FollowStep:
    return FollowStep(
        lasting_bars=1 if step.lasting is None else whole(step.lasting, builder),
        within_bars=0 if step.within is None else whole(step.within, builder),
        same_bar=step.same_bar,
    )
