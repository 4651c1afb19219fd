"""Entries beside caps that reduce: whether they leave room, so that a cap is a bound and no stream of orders.

Assumes that sizes and bounds have their units. Inputs count at their defaults; an amount that is no fixed share of
equity is not understood, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant
from stratc.compiler.check.limits import share_of_equity, shared_by
from stratc.compiler.check.orders import entries_of
from stratc.compiler.check.reducing.diagnostics import EntersAtCap
from stratc.dsl.syntax import Allocate, Cap, Entry, Expression, Rule

OF_ALL: Final = frozenset({"gross", "leverage"})
# A tenth below the cap is room for a few days of an ordinary market.
ROOM: Final = Decimal("0.9")
HUNDRED: Final = Decimal(100)


def check_reducing(typing: Typing) -> None:
    """Tell of each entry that reaches a cap which reduces, beside the first such cap; with pairs none may reduce."""
    if typing.header.pairs:
        return
    told: set[Expression] = set()
    for cap in typing.resolved.caps:
        bound = _bound(cap, typing) if cap.reduce and not typing.is_told_in(cap) else None
        if bound is None:
            continue
        for amount, share, places in (size for rule in typing.resolved.rules for size in _sizes(rule, cap, typing)):
            if share * places >= bound and amount not in told:
                told.add(amount)
                typing.tell(_problem(cap, bound, amount, share * places, places, typing))


def _problem(cap: Cap, bound: Decimal, amount: Expression, total: Decimal, places: int, typing: Typing) -> EntersAtCap:
    beneath = min(total, bound) * ROOM * HUNDRED / places
    return EntersAtCap(
        span=amount.span,
        cap=typing.text(cap),
        total=_percent(total),
        bound=_percent(bound),
        smaller=f"{beneath.quantize(Decimal('0.1')).normalize():f}",
        at_cap=cap.span,
    )


def _percent(share: Decimal) -> str:
    return f"{(share * HUNDRED).normalize():f}%"


def _bound(cap: Cap, typing: Typing) -> Decimal | None:
    """The cap as a share of equity; of a position it is that of one instrument."""
    share = cap.bound if cap.kind.text == "leverage" else share_of_equity(cap.bound, typing.resolved)
    alone = cap.kind.text == "position" and shared_by(cap.per) in ("", "instrument")
    return constant(share, typing.resolved) if share is not None and (alone or cap.kind.text in OF_ALL) else None


def _sizes(rule: Rule, cap: Cap, typing: Typing) -> Iterator[tuple[Expression, Decimal, int]]:
    """What a rule's actions hold beneath the cap: an amount, its share of equity, and how many such there may be."""
    of_all = cap.kind.text in OF_ALL
    for action in rule.actions:
        if isinstance(action, Allocate):
            share = _share(action.amount, typing)
            if share is not None and (of_all or action.each):
                yield action.amount, share, _places(action, typing) if of_all and action.each else 1
            continue
        for entry in entries_of(action):
            share = None if entry.sizing is None or entry.sizing.risking else _share(entry.sizing.amount, typing)
            if entry.sizing is not None and share is not None:
                yield entry.sizing.amount, share, _places(entry, typing) if of_all else 1


def _places(action: Allocate | Entry, typing: Typing) -> int:
    """How many instruments an action is for; of a universe, whose members nobody counts here, one is sure."""
    return 1 if typing.header.universe else len(typing.header_at(action).instruments)


def _share(amount: Expression, typing: Typing) -> Decimal | None:
    share = share_of_equity(amount, typing.resolved)
    return None if share is None else constant(share, typing.resolved)
