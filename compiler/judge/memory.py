"""Numbers that were written down from memory: a rule that rests on one is no hard block until somebody confirmed it.

Such a rule is judged like any other, but it denies nothing and a violation of it stops nothing: it warns and watches,
and its verdict says so. A confirmation counts for what was written down no later than on its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.compile.names import OTHERWISE
from stratc.compiler.judge.dated import value_on
from stratc.compiler.judge.rulefile import RuleFile

MEMORY: Final = "M"


def unconfirmed(rule: RuleFile, read: Iterable[str], day: date) -> tuple[tree.Dated, ...]:
    """The numbers of confidence M, among those `read` by an observer of that day, that nobody has confirmed."""
    used = (row for name in read if (row := _row(rule, name, day)) is not None)
    return tuple(row for row in used if row.confidence == MEMORY and not is_confirmed(rule, row))


def is_confirmed(rule: RuleFile, row: tree.Dated) -> bool:
    """Whether a confirmation of the rule is no older than the number."""
    return any(row.retrieved is None or each.on >= row.retrieved for each in confirmations(rule))


def confirmations(rule: RuleFile) -> tuple[tree.Confirmed, ...]:
    return tuple(each for each in rule.statements if isinstance(each, tree.Confirmed))


def told(rows: Iterable[tree.Dated]) -> str:
    """Why a rule is no hard block, in words; empty where it is one."""
    names = ", ".join(f"`{row.name}` from {row.since}" for row in rows)
    return f"no hard block: {names} rests on memory and nobody has confirmed it" if names else ""


def _row(rule: RuleFile, name: str, day: date) -> tree.Dated | None:
    """The number that an observer reads under this name; of a table's key without rows the one of all others."""
    table, bracket, key = name.removesuffix("]").partition("[")
    if not bracket:
        rows = [each.dated for each in rule.statements if isinstance(each, tree.Parameter)]
        return value_on([row for row in rows if row.name == name], day)
    found = [
        row for each in rule.statements if isinstance(each, tree.Table) and each.name == table for row in each.rows
    ]
    own = value_on([row for row in found if row.name == key], day)
    return own if own is not None else value_on([row for row in found if row.name == OTHERWISE], day)
