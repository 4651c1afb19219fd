"""What a rule's condition says of numbers: a scene in which they lie where the rule can fire.

Reads the comparisons that must all hold, and follows each into sums and multiples: from `close - low > 1 USD` and a
close of 10 USD it knows that the low is below 9 USD. What it does not understand says nothing, and neither
does `close < 50 USD` in a scene that made a price of 1,000,000 up.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import (
    Arithmetic,
    ArithmeticOperator,
    Column,
    Compare,
    ComparisonOperator,
    Constant,
    NodeId,
    Parameter,
    Program,
)
from stratc.compiler.ir.observer import Operator
from stratc.compiler.ir.uses import conjuncts
from stratc.compiler.judge.hazards.scene import Scene
from stratc.compiler.judge.intervals import Interval, calculate

UPWARDS: Final = frozenset({ComparisonOperator.GREATER, ComparisonOperator.GREATER_EQUAL})
DOWNWARDS: Final = frozenset({ComparisonOperator.LESS, ComparisonOperator.LESS_EQUAL})
DEEP_MAX: Final = 8


def given(scene: Scene, condition: NodeId | None) -> Scene:
    """The scene where a condition holds; strict comparisons count as if both sides could be the same."""
    made_up = bool(scene.columns or scene.nodes)
    for node in sorted(conjuncts(scene.program, condition)):
        if made_up and is_level_of_prices(scene.program, node):
            continue
        operation, arguments = scene.program.nodes[node].operation, scene.program.nodes[node].arguments
        if not isinstance(operation, Compare) or scene.program.nodes[arguments[0]].kind != "number":
            continue
        if operation.operator in UPWARDS:
            scene = _ordered(scene, larger=arguments[0], smaller=arguments[1])
        elif operation.operator in DOWNWARDS:
            scene = _ordered(scene, larger=arguments[1], smaller=arguments[0])
    return scene


def is_level_of_prices(program: Program, node: NodeId) -> bool:
    """Whether a condition compares a column with what is written, as `close < 50 USD` does."""
    sides = [program.nodes[part].operation for part in program.nodes[node].arguments]
    written = isinstance(program.nodes[node].operation, Compare) and len(sides) == 2
    return (
        written
        and any(isinstance(side, Column) for side in sides)
        and any(isinstance(side, Constant | Parameter) for side in sides)
    )


def _ordered(scene: Scene, *, larger: NodeId, smaller: NodeId) -> Scene:
    above, below = scene.number(smaller).low, scene.number(larger).high
    return _within(_within(scene, larger, Interval(above, None)), smaller, Interval(None, below))


def _within(scene: Scene, node: NodeId, bounds: Interval, deep: int = 0) -> Scene:
    """The scene with a node inside of some bounds, and what follows from it for what the node is computed from."""
    if bounds.low is None and bounds.high is None:
        return scene
    within = _both(scene.number(node), bounds)
    if within.low is not None and within.high is not None and within.low > within.high:
        return scene  # no number fits both: the scene does not say what is said here
    scene = replace(scene, nodes={**scene.nodes, node: within})
    operation, arguments = scene.program.nodes[node].operation, scene.program.nodes[node].arguments
    if not isinstance(operation, Arithmetic) or len(arguments) != 2 or deep > DEEP_MAX:
        return scene
    one, other = arguments
    for part, found in (
        (one, _first(scene, operation, other, bounds)),
        (other, _second(scene, operation, one, bounds)),
    ):
        scene = _within(scene, part, found, deep + 1)
    return scene


def _first(scene: Scene, operation: Arithmetic, other: NodeId, result: Interval) -> Interval:
    """Where the left side of a sum or a multiple lies, from its right side and the result."""
    right = scene.number(other)
    match operation.operator:
        case ArithmeticOperator.ADD:
            return calculate(Operator.SUBTRACT, result, right)
        case ArithmeticOperator.SUBTRACT:
            return calculate(Operator.ADD, result, right)
        case ArithmeticOperator.MULTIPLY if right.low is not None and right.low == right.high and right.low > 0:
            return _scaled(result, 1 / right.low)
        case ArithmeticOperator.DIVIDE if right.low is not None and right.low == right.high and right.low > 0:
            return _scaled(result, right.low)
        case _:
            return Interval(None, None)


def _second(scene: Scene, operation: Arithmetic, one: NodeId, result: Interval) -> Interval:
    """Where the right side lies, from the left one and the result."""
    left = scene.number(one)
    match operation.operator:
        case ArithmeticOperator.ADD | ArithmeticOperator.MULTIPLY:
            return _first(scene, operation, one, result)
        case ArithmeticOperator.SUBTRACT:
            return calculate(Operator.SUBTRACT, left, result)
        case _:
            return Interval(None, None)


def _scaled(bounds: Interval, factor: Fraction) -> Interval:
    low = None if bounds.low is None else bounds.low * factor
    return Interval(low, None if bounds.high is None else bounds.high * factor)


def _both(one: Interval, other: Interval) -> Interval:
    lows = [each.low for each in (one, other) if each.low is not None]
    highs = [each.high for each in (one, other) if each.high is not None]
    return Interval(max(lows, default=None), min(highs, default=None))
