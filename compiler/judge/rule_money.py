"""Which currencies a rule's amounts are in.

A norm's amount is in the currency of the norm. Counted as if it were the account's, 25,000 dollars would be reached
with 25,000 yen: a false proof and a guard that lets everything through. A rule with such an amount is not judged for an
account in another currency, and what is not judged counts as violated. Nought is nought in every currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

from stratc.compiler.judge import ruletree as tree


def currencies_abroad(statements: Iterable[tree.Statement], account: str) -> tuple[str, ...]:
    """The currencies of amounts that are not the account's, in the order of the text."""
    found = (number.unit for statement in statements for number in _numbers(statement) if number.value != 0)
    return tuple(dict.fromkeys(unit for unit in found if len(unit) >= 3 and unit.isupper() and unit != account))


def _numbers(node: object) -> Iterator[tree.Number]:
    if isinstance(node, tree.Number):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from _numbers(each)
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            yield from _numbers(getattr(node, field.name))
