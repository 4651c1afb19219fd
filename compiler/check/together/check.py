"""The rules of a program seen together: reversing, exits that meet nothing, entries that nothing closes."""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.check.addressed.check import meet
from stratc.compiler.check.allocations.check import allocations_of
from stratc.compiler.check.chances import Chances
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.conditions import LONG, SHORT, states_when
from stratc.compiler.check.orders import entries_of, is_resting
from stratc.compiler.check.together.diagnostics import (
    NeverFires,
    NoProtectiveExit,
    NothingToExit,
    NothingToProtect,
    ReverseNotWritten,
)
from stratc.dsl.diagnostic import Problem
from stratc.dsl.syntax import (
    Action,
    Direction,
    Entry,
    Exit,
    MoveStop,
    Rule,
)


def check_together(typing: Typing) -> None:
    """Nothing is said of a text that was not read as a whole: what seems missing may stand where reading failed."""
    if typing.resolved.whole:
        typing.problems.extend(_problems(typing))


def _problems(typing: Typing) -> Iterator[Problem]:
    """What only shows when all rules are seen: reversing, exits that meet nothing, entries that nothing closes."""
    rules = typing.resolved.rules
    flattens = any(halt.flatten for halt in typing.resolved.halts_when)
    chances = Chances(typing=typing)
    # Rules for the same instruments meet the same rules.
    met: dict[frozenset[str], tuple[set[Direction], bool]] = {}
    for rule in rules:
        possible = states_when(rule.when, typing.resolved)
        impossible = chances.first_impossible(rule.when) if possible else rule.when[-1].condition
        if impossible is not None:
            yield NeverFires(span=impossible.span, rule=rule.name.text)
            continue
        named = frozenset(each.symbol for each in rule.instruments)
        if named not in met:
            met[named] = _met(tuple(other for other in rules if meet(rule, other)))
        directions, exits = met[named][0], met[named][1] or flattens
        for action in rule.actions:
            yield from _problems_of_exit(action, possible, directions)
            yield from _problems_of_reversing(action, possible, directions)
            if not exits:
                yield from _unprotected(rule, action)


def _met(rules: tuple[Rule, ...]) -> tuple[set[Direction], bool]:
    """Which ways the rules enter, and whether one of them exits. What is allocated is bought, in short places sold."""
    found = {entry.direction for rule in rules for action in rule.actions for entry in entries_of(action)}
    allocated = [action for rule in rules for action in allocations_of(rule)]
    found |= {Direction.BUY} if allocated else set()
    found |= {Direction.SHORT} if any(each.ranking and each.ranking.shorts for each in allocated) else set()
    return found, any(isinstance(action, Exit | MoveStop) for rule in rules for action in rule.actions)


def _problems_of_exit(action: Action, possible: frozenset[str], directions: set[Direction]) -> Iterator[Problem]:
    if not isinstance(action, Exit | MoveStop):
        return
    problem = NothingToExit if isinstance(action, Exit) else NothingToProtect
    if not directions:
        yield problem(span=action.span, why="no rule enters one", advice="add a rule with `buy` or `short`")
        return
    held = {LONG} if Direction.BUY in directions else set()
    held |= {SHORT} if Direction.SHORT in directions else set()
    if not possible & held:
        yield problem(
            span=action.span,
            why="the condition holds only without one",
            advice=f"write `{' or '.join(sorted(held))}` in the condition",
        )


def _problems_of_reversing(action: Action, possible: frozenset[str], directions: set[Direction]) -> Iterator[Problem]:
    # The legs of `one of` face both ways by design; the group is placed only while flat, see the assumptions.
    if not isinstance(action, Entry):
        return
    word = action.direction.value
    opposite, other = (Direction.SHORT, SHORT) if action.direction is Direction.BUY else (Direction.BUY, LONG)
    if not action.reverse and opposite in directions and other in possible:
        rests = action.order is not None and is_resting(action.order)
        yield ReverseNotWritten(span=action.span, word=word, other=other, rests=rests)


def _unprotected(rule: Rule, action: Action) -> Iterator[Problem]:
    for entry in entries_of(action):
        if entry.stop_loss is None and entry.trailing is None and not entry.reverse:
            gains = entry.target is not None or entry.level_target is not None
            what = "only a target ever" if gains else "nothing ever"
            yield NoProtectiveExit(span=entry.span, rule=rule.name.text, what=what)
