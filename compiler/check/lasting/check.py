"""`C for at least 6 bars`: whether C can hold on two bars in a row, and whether it is plain what C is.

Assumes that units are typed. What is said of a condition that never lasts is certain; a condition that is not
understood may last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeGuard

from stratc.compiler.check.chances import Chances
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.conditions import FLAT, LONG, SHORT
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.check.lasting.diagnostics import LastsAlone, NeverLasts
from stratc.dsl.diagnostic import Problem
from stratc.dsl.parsing.lines import scan_lines
from stratc.dsl.syntax import Binary, BinaryOperator, Crosses, Expression, HeldFor, Name, Node, SequenceStep, walk

JOINED: Final = frozenset({BinaryOperator.AND, BinaryOperator.OR})
STATES: Final = frozenset({FLAT, LONG, SHORT})


def check_lasting(typing: Typing) -> None:
    """Tell of every `for at least` of the program, where nothing is wrong with it otherwise."""
    chances = Chances(typing=typing)
    for node in walk(typing.resolved.tree):
        if isinstance(node, HeldFor) and not typing.is_told_in(node):
            typing.problems.extend(_never_lasts(node, node.condition, node.bars, "for at least", chances, typing))
        if isinstance(node, SequenceStep) and node.lasting is not None and not typing.is_told_in(node):
            typing.problems.extend(_never_lasts(node, node.condition, node.lasting, "for", chances, typing))
        if _is_joined(node) and isinstance(node.right, HeldFor):
            typing.problems.extend(_said_alone(node, node.right, typing))


def _never_lasts(
    node: Node, condition: Expression, length: Expression, phrase: str, chances: Chances, typing: Typing
) -> Iterator[Problem]:
    bars = None if reads_input(length, typing.resolved) else constant(length, typing.resolved)
    if bars is None or bars < 2 or chances.may_last(condition):
        return
    advice = _advice(condition, f"{phrase} {typing.text(length)}", typing)
    yield NeverLasts(span=node.span, text=typing.text(condition), bars=int(bars), advice=advice)


def _advice(condition: Expression, lasting: str, typing: Typing) -> str:
    """What has come about and lasts; without the edge it is a state, and a state can."""
    if isinstance(condition, Crosses):
        state = f"{typing.text(condition.left)} {'>' if condition.above else '<'} {typing.text(condition.right)}"
        return f"to ask whether it has stayed there write `{state} {lasting}`"
    return "ask it of what lasts once it has begun, for example `close > open` and not `close crosses above open`"


def _said_alone(node: Binary, held: HeldFor, typing: Typing) -> Iterator[Problem]:
    """Nothing is told where parentheses say it, nor beside `flat`, `long` and `short`, which nobody means to last."""
    if all(_is_state(part) for part in _parts(node.left)) or _in_parentheses(held, typing):
        return
    if _follows(held.condition.span.end, ")", typing):
        return
    bars, alone = typing.text(held.bars), _written(held.condition, typing)
    yield LastsAlone(
        span=held.span,
        bars=bars,
        alone=alone,
        joined=node.operator.value,
        all_of_it=_of_all(node, alone, bars, typing),
    )


def _of_all(node: Binary, alone: str, bars: str, typing: Typing) -> str:
    """The same said of all conditions; what is asked of the position stands before it."""
    parts, sign = tuple(_parts(node.left)), node.operator.value
    plain = all(each.operator is node.operator for each in walk(node.left) if _is_joined(each))
    states = [_written(part, typing) for part in parts if _is_state(part)] if plain else []
    rest = (
        [_written(part, typing) for part in parts if not _is_state(part)] if plain else [f"({typing.text(node.left)})"]
    )
    lasting = f"({f' {sign} '.join([*rest, alone])}) for at least {bars}"
    return f" {sign} ".join([*states, f"({lasting})" if states else lasting])


def _written(node: Expression, typing: Typing) -> str:
    """A condition as its text says it: the call of a function and not what the call was written out to."""
    return typing.text(typing.resolved.calls.get(node, node))


def _parts(node: Expression) -> Iterator[Expression]:
    if _is_joined(node):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _is_joined(node: Node) -> TypeGuard[Binary]:
    return isinstance(node, Binary) and node.operator in JOINED


def _is_state(node: Node) -> bool:
    return isinstance(node, HeldFor) or (isinstance(node, Name) and node.text in STATES)


def _in_parentheses(node: Expression, typing: Typing) -> bool:
    before, _ = scan_lines(typing.source.text[: node.span.start])
    return bool(before) and before[-1].code.endswith("(") and _follows(node.span.end, ")", typing)


def _follows(offset: int, sign: str, typing: Typing) -> bool:
    """Whether a sign comes next, whatever comments stand before it."""
    after, _ = scan_lines(typing.source.text[offset:])
    return bool(after) and after[0].code.startswith(sign)
