"""Warm-up: after how many bars each value is first known, held against the longest that is allowed."""

from __future__ import annotations

from stratc.compiler.check.checked import Known, Typing
from stratc.compiler.check.timing.diagnostics import OffsetTooFar
from stratc.compiler.check.timing.known import OFFSET_BARS_MAX, known_of, known_sequence
from stratc.dsl.syntax import Expression, Let, Node, Sequence
from stratc.dsl.types import UNKNOWN


def measure(typing: Typing) -> dict[Node, Known]:
    """Since when every typed expression is known; bindings and sequences first, in the order of the text."""
    found: dict[Node, Known] = {}
    for statement in typing.resolved.tree.statements:
        if isinstance(statement, Sequence):
            found[statement] = known_sequence(statement, typing.resolved, found)
        if not isinstance(statement, Let):
            continue
        known = known_of(statement.value, typing.resolved, found)
        if known.bars > OFFSET_BARS_MAX and typing.types.get(statement.value) != UNKNOWN:
            _tell(statement.value, known, typing)
    for node in typing.types:
        known_of_typed(node, typing, found)
    if _bindings_too_long(typing, found):
        # It was told where the binding stands, and every rule that reads it would tell it again.
        return found
    for rule in typing.resolved.rules:
        for clause in rule.when:
            whole = found.get(clause.condition)
            if whole and whole.bars > OFFSET_BARS_MAX:
                _tell(clause.condition, whole, typing)
    return found


def known_of_typed(node: Node, typing: Typing, found: dict[Node, Known]) -> None:
    if isinstance(node, Expression):
        known_of(node, typing.resolved, found)


def _bindings_too_long(typing: Typing, found: dict[Node, Known]) -> bool:
    return any(found[binding.value].bars > OFFSET_BARS_MAX for binding in typing.resolved.bindings)


def _tell(expression: Expression, known: Known, typing: Typing) -> None:
    typing.tell(
        OffsetTooFar(span=expression.span, text=typing.text(expression), bars=known.bars, limit=OFFSET_BARS_MAX)
    )
