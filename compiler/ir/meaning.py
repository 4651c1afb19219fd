"""What the operations mean on known and unknown values: the only definition, used by folding and by the interpreter.

Numbers are doubles with nan for unknown; truth values are Kleene's: True, False, None. Arithmetic whose result is no
finite number is unknown, and so is everything computed from an unknown. Generated code does the same operations on the
same doubles in the same order, so its results have the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite, isnan, nan
from typing import assert_never

from stratc.compiler.ir.nodes import ArithmeticOperator, Beside, ComparisonOperator, FollowStep, Gathered, LogicOperator
from stratc.runtime.model.record import record

Truth = bool | None


def known(value: float) -> float:
    """The value, or unknown where it is no finite number."""
    return value if isfinite(value) else nan


def calculate(operator: ArithmeticOperator, values: tuple[float, ...]) -> float:
    if any(isnan(value) for value in values):
        return nan
    first, second = values if len(values) == 2 else (values[0], nan)
    match operator:
        case ArithmeticOperator.ADD:
            return known(first + second)
        case ArithmeticOperator.SUBTRACT:
            return known(first - second)
        case ArithmeticOperator.MULTIPLY:
            return known(first * second)
        case ArithmeticOperator.DIVIDE:
            return known(first / second) if second != 0.0 else nan
        case ArithmeticOperator.NEGATE:
            return -first
        case ArithmeticOperator.ABSOLUTE:
            return abs(first)
        case ArithmeticOperator.MINIMUM:
            return second if second < first else first
        case ArithmeticOperator.MAXIMUM:
            return second if second > first else first
        case _:
            assert_never(operator)


def compare(operator: ComparisonOperator, left: float | Truth, right: float | Truth) -> Truth:
    """Numbers in any way, truth values only for equality."""
    if left is None or right is None or isnan(left) or isnan(right):
        return None
    match operator:
        case ComparisonOperator.LESS:
            return left < right
        case ComparisonOperator.LESS_EQUAL:
            return left <= right
        case ComparisonOperator.GREATER:
            return left > right
        case ComparisonOperator.GREATER_EQUAL:
            return left >= right
        case ComparisonOperator.EQUAL:
            return left == right
        case ComparisonOperator.NOT_EQUAL:
            return left != right
        case _:
            assert_never(operator)


def combine(operator: LogicOperator, values: Iterable[Truth]) -> Truth:
    """Kleene's logic: a false decides a conjunction and a true a disjunction, whatever else is unknown."""
    found = set(values)
    match operator:
        case LogicOperator.NOT:
            (value,) = found
            return None if value is None else not value
        case LogicOperator.AND:
            return False if False in found else None if None in found else True
        case LogicOperator.OR:
            return True if True in found else None if None in found else False
        case _:
            assert_never(operator)


# ── steps that follow one another ────────────────────────────────────────────────────────────────────────────────────


@record
class Progress:
    """How far a sequence has come: one instance at a time, so its memory is these four numbers.

    `reached`: how many steps came true; `age_bars`: bars since the last of them; `run_bars`: bars in a row on which the
    awaited condition held since; `first_run_bars`: bars in a row on which the first one held.
    """

    reached: int = 0
    age_bars: int = 0
    run_bars: int = 0
    first_run_bars: int = 0


def follow(
    steps: tuple[FollowStep, ...], before: Progress, holds: Sequence[Truth], cancel: Truth
) -> tuple[Progress, int]:
    """One bar of a sequence: the progress after it, and which steps came true on it as bits.

    Only what is true advances; where it is unknown whether the sequence is canceled, nothing comes true and time
    passes. A new first step restarts it, before anything else is asked of the bar.
    """
    first_run = before.first_run_bars + 1 if holds[0] is True else 0
    reached, age, run, came_true = before.reached, before.age_bars + 1, before.run_bars, 0
    if cancel is True:
        return Progress(first_run_bars=first_run), 0
    if cancel is False and first_run >= steps[0].lasting_bars:
        reached, age, run, came_true = 1, 0, 0, 1
    while 0 < reached < len(steps):
        step = steps[reached]
        if age > step.within_bars:
            reached = 0
        if reached == 0 or (age == 0 and not step.same_bar):
            break
        run = run + 1 if holds[reached] is True else 0
        if cancel is not False or run < step.lasting_bars:
            break
        came_true |= 1 << reached
        reached, age, run = reached + 1, 0, 0
    if reached in (0, len(steps)):
        reached = age = run = 0
    return Progress(reached=reached, age_bars=age, run_bars=run, first_run_bars=first_run), came_true


def compare_across(beside: Beside, own: int, values: Sequence[float | Truth]) -> float:
    """The value of instrument number `own` beside all; `values` are in the order of the instruments, those that count
    not at this moment unknown."""
    known_ones = [(value, number) for number, value in enumerate(values) if value is not None and value == value]
    match beside:
        case Beside.COUNT:
            return float(sum(value is True for value, _ in known_ones))
        case Beside.RANK:
            mine = {number: value for value, number in known_ones}.get(own, nan)
            ahead = sum(value > mine or (value == mine and number < own) for value, number in known_ones)
            return nan if mine != mine else float(1 + ahead)
        case Beside.HIGHEST:
            return float(max((value for value, _ in known_ones), default=nan))
        case Beside.LOWEST:
            return float(min((value for value, _ in known_ones), default=nan))
        case Beside.SUM | Beside.AVERAGE:
            total = 0.0
            for value, _ in known_ones:
                total += float(value)
            total = known(total)
            return total if beside is Beside.SUM else known(total / len(known_ones)) if known_ones else nan
        case _:
            assert_never(beside)


def gather(gathered: Gathered, before: float, begins: Truth, value: float) -> float:
    """One bar of what is gathered since a condition was last true; an unknown `before` stays until it is true again."""
    match gathered:
        case Gathered.COUNT:
            return 0.0 if begins is True else before + 1.0
        case _ if begins is True:
            return value
        case Gathered.FIRST:
            return before
        case Gathered.HIGHEST:
            return calculate(ArithmeticOperator.MAXIMUM, (before, value))
        case Gathered.LOWEST:
            return calculate(ArithmeticOperator.MINIMUM, (before, value))
        case _:
            assert_never(gathered)
