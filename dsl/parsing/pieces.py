"""One clause: its text → node or draft, with the problems found, the unit of caching and of recovery.

`read_piece` is pure and cached, so after a keystroke only the clause that changed is parsed again: an unchanged clause
keeps its tree, and its nodes too if it did not move. Guarantees at most one problem per clause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from stratc.dsl.diagnostic import Diagnostic
from stratc.dsl.parsing.actions import read_leg, read_more, read_then
from stratc.dsl.parsing.books import read_book_line, read_sleeve
from stratc.dsl.parsing.contracts import read_group, read_leave, read_roll
from stratc.dsl.parsing.diagnostics import TooDeep
from stratc.dsl.parsing.expressions import Branch, Unacceptable, leaf, read_expression, read_name
from stratc.dsl.parsing.failures import explain_failure
from stratc.dsl.parsing.flows import read_flow
from stratc.dsl.parsing.known import read_advice, read_data, read_events, read_no_entries
from stratc.dsl.parsing.reuse import read_block_line, read_let, read_on, read_use
from stratc.dsl.parsing.schedules import read_every
from stratc.dsl.parsing.statements import (
    read_account_line,
    read_at_most,
    read_cap,
    read_floor,
    read_halt,
    read_input,
    read_read_line,
    read_rule_head,
    read_step,
    read_strategy_line,
    read_trade_line,
    read_unless,
    read_when,
)
from stratc.dsl.parsing.tables import clause_reader
from stratc.dsl.parsing.trees import Tree
from stratc.dsl.source import Span
from stratc.dsl.syntax import Missing, Name, Node
from stratc.runtime.model.record import record

NESTING_MAX: Final = 64
PIECES_KEPT: Final = 4096
PIECE_CHARACTERS_KEPT_MAX: Final = 512

# Lists are read without recursion, so their length is no depth.
_LISTS: Final = frozenset({"arguments", "parts", "symbols", "names", "assignments", "mix"})


@record
class Reading:
    """What a clause was read as; `node` is `Missing` where it could not be."""

    node: Node
    problems: tuple[Diagnostic, ...] = ()


def _read_sequence_head(tree: Branch, at: int) -> Name:
    return read_name(leaf(tree, 1), at)


_READERS: Final[dict[str, Callable[[Branch, int], Node]]] = {
    "strategy_line": read_strategy_line,
    "trade_line": read_trade_line,
    "read_line": read_read_line,
    "account_line": read_account_line,
    "roll": read_roll,
    "leave": read_leave,
    "group": read_group,
    "flow": read_flow,
    "input": read_input,
    "let": read_let,
    "use": read_use,
    "block_line": read_block_line,
    "book_line": read_book_line,
    "sleeve": read_sleeve,
    "events": read_events,
    "data": read_data,
    "advice": read_advice,
    "no_entries": read_no_entries,
    "rule_head": read_rule_head,
    "sequence_head": _read_sequence_head,
    "first_step": read_step,
    "then_step": read_step,
    "unless": read_unless,
    "on": read_on,
    "when": read_when,
    "every": read_every,
    "at_most": read_at_most,
    "then": read_then,
    "leg": read_leg,
    "more": read_more,
    "cap": read_cap,
    "floor": read_floor,
    "halt": read_halt,
    "expression": read_expression,
}


def read_piece(start: str, text: str, at: int) -> Reading:
    """The node of a clause that begins at offset `at`, spans in the whole text."""
    if len(text) > PIECE_CHARACTERS_KEPT_MAX:
        return _read_outcome(_parse_piece(start, text), start, text, at)
    return _read_kept(start, text, at)


@lru_cache(maxsize=PIECES_KEPT)
def _read_kept(start: str, text: str, at: int) -> Reading:
    return _read_outcome(_parse_kept(start, text), start, text, at)


@lru_cache(maxsize=PIECES_KEPT)
def _parse_kept(start: str, text: str) -> Branch | Diagnostic:
    return _parse_piece(start, text)


def _read_outcome(outcome: Branch | Diagnostic, start: str, text: str, at: int) -> Reading:
    whole = Span(max(at, 0), at + len(text))
    if not isinstance(outcome, Tree):
        return Reading(node=Missing(span=whole), problems=(shift_diagnostic(outcome, at),))
    try:
        return Reading(node=_READERS[start](outcome, at))
    except Unacceptable as refusal:
        return Reading(node=Missing(span=whole), problems=(refusal.problem.diagnostic(),))


def _parse_piece(start: str, text: str) -> Branch | Diagnostic:
    deepest = _deepest_bracket(text)
    if deepest is not None:
        return TooDeep(span=Span(deepest, deepest + 1), most=NESTING_MAX).diagnostic()
    tree = clause_reader().read(start, text)
    if not isinstance(tree, Tree):
        return explain_failure(start, text).diagnostic()
    if _depth(tree) > NESTING_MAX:
        return TooDeep(span=Span(0, len(text)), most=NESTING_MAX).diagnostic()
    return tree


def _deepest_bracket(text: str) -> int | None:
    """The first bracket that opens a level too many; told before anything recurses."""
    if text.count("(") + text.count("[") <= NESTING_MAX:
        return None
    depth, quoted = 0, False
    for index, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif not quoted:
            depth += (character in "([") - (character in ")]")
            if depth > NESTING_MAX:
                return index
    return None


def _depth(tree: Branch) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        branch, depth = waiting.pop()
        deepest = max(deepest, depth)
        for child in branch.children:
            if isinstance(child, Tree):
                waiting.append((child, depth if child.data in _LISTS else depth + 1))
    return deepest


def shift_diagnostic(found: Diagnostic, offset: int) -> Diagnostic:
    """The same diagnostic, said of a text that begins `offset` later."""
    labels = tuple(replace(label, span=label.span.shifted(offset)) for label in found.labels)
    fix = found.fix
    if fix is not None:
        fix = replace(fix, edits=tuple(replace(edit, span=edit.span.shifted(offset)) for edit in fix.edits))
    return replace(found, span=found.span.shifted(offset), labels=labels, fix=fix)
