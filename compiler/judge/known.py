"""The second axis of time: rule packs as they were known on a day.

What was announced later is left out: a rule or a number that begins is not there, one that ends goes on. Where a file
does not say when something was announced it counts as known from its own day on, a beginning when it begins and an end
when it comes, or from the day on which somebody read it (`retrieved`) where that is before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.pack import Pack
from stratc.compiler.judge.policies import BrokerPolicy

Span = TypeVar("Span", tree.Dated, tree.InForce)


def as_known(packs: Sequence[Pack], day: date) -> tuple[Pack, ...]:
    """The packs with what was known at the end of the day; their texts and digests stay what they are."""
    return tuple(_pack(pack, day) for pack in packs)


def _pack(pack: Pack, day: date) -> Pack:
    read = max((each.retrieved for each in pack.sources), default=None)
    return replace(
        pack,
        policies=tuple(each if _policy_is_known(each, day) else replace(each, moved_on=None) for each in pack.policies),
        rules=tuple(replace(rule, statements=tuple(_statements(rule.statements, day, read))) for rule in pack.rules),
        waivers=tuple(each for each in pack.waivers if each.granted <= day),
    )


def _policy_is_known(policy: BrokerPolicy, day: date) -> bool:
    return policy.moved_on is None or min(policy.moved_on, policy.retrieved) <= day


def _statements(statements: Iterable[tree.Statement], day: date, read: date | None) -> Iterator[tree.Statement]:
    for statement in statements:
        match statement:
            case tree.Parameter(dated=dated):
                yield from (replace(statement, dated=each) for each in _known(dated, day, dated.retrieved))
            case tree.Table(rows=rows):
                known = (each for row in rows for each in _known(row, day, row.retrieved))
                yield replace(statement, rows=tuple(known))
            case tree.InForce():
                yield from _known(statement, day, read)
            case _:
                yield statement


def _known(span: Span, day: date, read: date | None) -> Iterator[Span]:
    """The span, without an end that was not known; nothing where its beginning was not."""
    if (span.since_announced or _earlier(span.since, read)) > day:
        return
    end = None if span.until is None else span.until_announced or _earlier(span.until, read)
    yield replace(span, until=None) if end is not None and end > day else span


def _earlier(day: date, read: date | None) -> date:
    return day if read is None else min(day, read)
