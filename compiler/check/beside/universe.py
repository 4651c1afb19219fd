"""Universes: what becomes of a position whose instrument leaves, and who shares an allocation."""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.check.beside.diagnostics import LeaversUnsaid, NoUniverse, SharedByHowMany
from stratc.compiler.check.beside.reached import reached
from stratc.compiler.check.checked import Typing
from stratc.dsl.syntax import Allocate, BothOf, Entry, Exit, InUniverse, OneOf, Rule, TradeLine, walk


def check_universe(typing: Typing) -> None:
    line = typing.header.trade_line
    if line is None or line.universe is None:
        for node in walk(typing.resolved.tree):
            if isinstance(node, InUniverse):
                typing.tell(NoUniverse(span=node.span))
        return
    for action in _allocations(typing):
        if action.ranking is None and action.choice is None and not action.each:
            typing.tell(SharedByHowMany(span=action.span, universe=line.universe.text))
    _check_leavers(line, typing)


def _allocations(typing: Typing) -> Iterator[Allocate]:
    return (action for rule in typing.resolved.rules for action in rule.actions if isinstance(action, Allocate))


def _check_leavers(line: TradeLine, typing: Typing) -> None:
    """The header says it, a rule that exits asks for it, or the next allocation brings the leaver to zero."""
    actions = [action for rule in typing.resolved.rules for action in rule.actions]
    enters = any(isinstance(action, Entry | OneOf | BothOf) for action in actions)
    if line.leavers or line.pairs or not enters or any(_exits_leavers(rule, typing) for rule in typing.resolved.rules):
        return
    assert line.universe is not None
    typing.tell(LeaversUnsaid(span=line.universe.span, universe=line.universe.text))


def _exits_leavers(rule: Rule, typing: Typing) -> bool:
    asks = any(isinstance(each, InUniverse) for clause in rule.when for each in reached(clause, typing.resolved))
    return asks and any(isinstance(action, Exit) for action in rule.actions)
