"""Taint: what a model says may keep an entry from being made, and reaches nothing else.

Advice taints whatever is computed from it, through bindings, comparisons, indicators and sequences. A tainted value may
stand in `no entries when`, and in the `when` of a rule that does nothing but enter, as one of several conditions that
must all hold: the others must say of themselves when to enter, and where the advice is missing the rule is silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.check.beside.diagnostics import AdviceAlone, AdviceMayOnlyVeto, AdvicePassedBy
from stratc.compiler.check.beside.reached import advice_in, reached
from stratc.compiler.check.checked import Typing
from stratc.compiler.resolve.symbols import Resolved
from stratc.compiler.resolve.words import ACCOUNT_WORDS
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    Action,
    Advice,
    Allocate,
    Binary,
    BinaryOperator,
    BothOf,
    Entry,
    Exit,
    Expression,
    Missing,
    Name,
    Node,
    OneOf,
    OrderPhrase,
    Rule,
    Sizing,
    Standing,
    StopLoss,
    Target,
    TimeInForce,
    children,
)

PLACES: dict[type[Node], str] = {
    Sizing: "a size",
    StopLoss: "a stop loss",
    Target: "a target",
    OrderPhrase: "an order's price",
    TimeInForce: "how long an order lives",
    Exit: "an exit",
    Allocate: "a target weight",
}


def check_taint(typing: Typing) -> None:
    """Nothing is asked of a program without advice."""
    resolved = typing.resolved
    if not any(isinstance(table, Advice) for table in resolved.tables):
        return
    for rule in resolved.rules:
        for action in rule.actions:
            _check_action(action, typing)
        _check_conditions(rule, typing)
    for limit in (*resolved.caps, *resolved.floors, *resolved.halts, *resolved.halts_when):
        _refuse(limit, "a limit", typing)


def _check_action(action: Action, typing: Typing) -> None:
    for part, what in _parts(action):
        _refuse(part, what, typing)


def _parts(action: Action) -> Iterator[tuple[Node, str]]:
    """What an action is made of, and what each part decides."""
    if type(action) in PLACES or isinstance(action, Missing):
        yield action, PLACES.get(type(action), "an order")
        return
    for child in children(action):
        if isinstance(child, Entry):
            yield from _parts(child)
        else:
            yield child, PLACES.get(type(child), "an order")


def _refuse(node: Node, what: str, typing: Typing) -> None:
    name = advice_in(node, typing.resolved)
    if name:
        typing.tell(AdviceMayOnlyVeto(span=_place_of(node, typing.resolved), name=name, what=what))


def _place_of(node: Node, resolved: Resolved) -> Span:
    """The smallest part of the text below a node through which the advice comes in."""
    place = node
    while below := [child for child in children(place) if advice_in(child, resolved)]:
        place = below[0]
    return place.span


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_conditions(rule: Rule, typing: Typing) -> None:
    conditions: list[Expression] = [rule.on] if rule.on is not None else []
    conditions += [part for clause in rule.when for part in _joined(clause.condition, typing.resolved)]
    tainted = [part for part in conditions if advice_in(part, typing.resolved)]
    if not tainted:
        return
    if not all(_only_enters(action) for action in rule.actions):
        for part in tainted:
            _refuse(part, "a rule that does more than enter", typing)
        return
    for part in tainted:
        passed_by = next(_passed_by(part, typing.resolved), None)
        if passed_by is not None:
            typing.tell(AdvicePassedBy(span=passed_by.span, name=advice_in(part, typing.resolved)))
    others = [part for part in conditions if part not in tainted]
    if rule.every is None and not any(_asks_the_market(part, typing.resolved) for part in others):
        name = advice_in(tainted[0], typing.resolved)
        typing.tell(AdviceAlone(span=tainted[0].span, rule=rule.name.text, name=name))


def _only_enters(action: Action) -> bool:
    match action:
        case Entry(reverse=reverse):
            return not reverse
        case OneOf(legs=legs) | BothOf(legs=legs):
            return not any(leg.reverse for leg in legs)
        case _:
            return isinstance(action, Missing)


def _joined(condition: Expression, resolved: Resolved) -> Iterator[Expression]:
    """The conditions that must all hold; a binding of several is followed."""
    match condition:
        case Binary(operator=BinaryOperator.AND, left=left, right=right):
            yield from _joined(left, resolved)
            yield from _joined(right, resolved)
        case Name(text=text) if isinstance(resolved.binding(text), Binary):
            value = resolved.binding(text)
            assert isinstance(value, Binary)
            yield from _joined(value, resolved) if value.operator is BinaryOperator.AND else (condition,)
        case _:
            yield condition


def _passed_by(condition: Expression, resolved: Resolved) -> Iterator[Node]:
    """The parts of a tainted condition that can be true while the advice is missing."""
    for part in reached(condition, resolved):
        match part:
            case Binary(operator=BinaryOperator.OR, left=left, right=right):
                if advice_in(part, resolved) and not (advice_in(left, resolved) and advice_in(right, resolved)):
                    yield part
            case Standing(subject=subject) if advice_in(subject, resolved):
                yield part
            case _:
                pass


def _asks_the_market(condition: Expression, resolved: Resolved) -> bool:
    """Whether a condition is about more than the account's own position."""
    words = [part for part in reached(condition, resolved) if isinstance(part, Name)]
    return any(word.text not in ACCOUNT_WORDS for word in words) or not words
