"""Choices of an allocation: what is held is traded here, shares add up, and every path can be taken.

One path is taken each time and exactly one: `if … then … else …` leaves no case out and lets no two hold. What the
compiler adds is that conditions are the same for all instruments, and which paths nothing can ever lead to.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from stratc.compiler.check.addressed.diagnostics import NotTradedHere
from stratc.compiler.check.advice import article
from stratc.compiler.check.allocations.diagnostics import (
    NeverTaken,
    NotComparableAcross,
    PlacesUnclear,
    ShareNotRatio,
    SharesUnclear,
)
from stratc.compiler.check.chances import Chances
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import base_value
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.units import want_condition
from stratc.compiler.resolve.diagnostics import NotSupportedYet
from stratc.dsl.suggest import closest
from stratc.dsl.syntax import (
    Choice,
    Expression,
    Instrument,
    Mix,
    Name,
    Number,
    OfInstrument,
    Part,
    Picked,
    Rest,
    Switch,
    Unary,
    UnaryOperator,
    When,
)
from stratc.dsl.types import RATIO, UNKNOWN, Money, Type, fits, is_number

WHOLE = Decimal(1)
PICKED_MAX = 16


def conditions_of(choice: Choice) -> Iterator[Expression]:
    """The conditions of a choice, in the order of the text."""
    match choice:
        case Switch():
            yield choice.condition
            yield from conditions_of(choice.then)
            yield from conditions_of(choice.otherwise)
        case Mix(parts=parts):
            for part in parts:
                if isinstance(part.held, Mix | Switch):
                    yield from conditions_of(part.held)


def shares_of(choice: Choice) -> Iterator[Name]:
    """The shares that are computed, in the order of the text."""
    match choice:
        case Switch():
            yield from shares_of(choice.then)
            yield from shares_of(choice.otherwise)
        case Mix(parts=parts):
            for part in parts:
                if isinstance(part.share, Name):
                    yield part.share
                if isinstance(part.held, Mix | Switch):
                    yield from shares_of(part.held)


def score_of(picked: Picked, instrument: Instrument) -> OfInstrument:
    """The score of one of those that are ranked."""
    return OfInstrument(span=picked.by.span, series=picked.by, instrument=instrument)


def check_choice(choice: Choice, typing: Typing) -> None:
    """Everything that a choice names, and the paths that lead nowhere."""
    if typing.header.universe:
        remedy = "name the instruments after `trade`, or allocate `to top 10 by …`"
        typing.tell(NotSupportedYet(span=choice.span, what="a choice among a universe", instead_of_it=remedy))
        return
    _check(choice, typing)
    typing.problems.extend(_never_taken(choice, (), Chances(typing=typing)))


def _check(choice: Choice, typing: Typing) -> None:
    match choice:
        case Switch():
            want_condition(choice.condition, type_of(choice.condition, typing), typing)
            _check(choice.then, typing)
            _check(choice.otherwise, typing)
        case Mix(parts=parts):
            _check_shares(choice, typing)
            for part in parts:
                _check_held(part, typing)


def _check_held(part: Part, typing: Typing) -> None:
    match part.held:
        case Instrument() as named:
            _check_traded(named, typing)
        case Picked() as picked:
            _check_picked(picked, typing)
        case Mix() | Switch() as inner:
            _check(inner, typing)
        case _:
            return


def _check_traded(named: Instrument, typing: Typing) -> bool:
    traded = [instrument.symbol for instrument in typing.header.instruments]
    if named.symbol in traded or not traded:
        return True
    read = named.symbol in [instrument.symbol for instrument in typing.header.reads]
    near = None if read else closest(named.symbol, traded)
    advice = f"did you mean `{near}`?" if near else f"write `{named.symbol}` after `trade`"
    why = "which is read and not traded" if read else "which the header does not trade"
    typing.tell(NotTradedHere(span=named.span, symbol=named.symbol, why=why, advice=advice))
    return False


def _check_picked(picked: Picked, typing: Typing) -> None:
    count, those = picked.count, len(picked.among)
    whole = count.unit == "" and count.value == count.value.to_integral_value()
    if not whole or not 1 <= count.value <= those:
        typing.tell(PlacesUnclear(span=count.span, count=typing.text(count), traded=those, sample=1))
    if those > PICKED_MAX:
        remedy = f"name at most {PICKED_MAX}, or trade only these and write `to top 5 by …`"
        typing.tell(NotSupportedYet(span=picked.span, what=f"the best of {those} named ones", instead_of_it=remedy))
        return
    if len({named.symbol for named in picked.among}) < those:
        why = "an instrument stands twice among those that are ranked"
        typing.tell(SharesUnclear(span=picked.span, why=why, advice="name each of them once"))
    traded = [_check_traded(named, typing) for named in picked.among]
    if not all(traded):
        return
    type_of(picked.by, typing)
    for named in picked.among:
        found = type_of(score_of(picked, named), typing)
        if found != UNKNOWN and not _comparable(found, typing):
            typing.tell(NotComparableAcross(span=picked.by.span, verb="ranked by", found=article(found)))
        if found == UNKNOWN or not _comparable(found, typing):
            # It is the same for the others, and told once.
            return


def _comparable(found: Type, typing: Typing) -> bool:
    return found == RATIO or is_number(found) or fits(found, Money(typing.header.currency))


def _check_shares(mix: Mix, typing: Typing) -> None:
    """All parts have a share or none has; written ones are together at most the whole, and the rest is last."""
    given = [part.share for part in mix.parts if part.share is not None]
    shares = [share for share in given if isinstance(share, Number)]
    rests = [place for place, part in enumerate(mix.parts) if isinstance(part.share, Rest)]
    why = advice = ""
    if given and len(given) < len(mix.parts):
        why = "some parts have a share and others have none"
        advice = "write a share for each part, `60% SPY and rest TLT`, or for none of them, `SPY and TLT`"
    elif rests and len(mix.parts) == 1:
        held = typing.text(mix.parts[0].held)
        why, advice = "`rest` is what the parts before it leave, and there are none", f"write `{held}` alone"
    elif rests and rests != [len(mix.parts) - 1]:
        why = "`rest` is what the parts before it leave, so it stands last, and once"
        advice = "move the part with `rest` to the end, and write a share for each of the others"
    elif any(type_of(share, typing) != RATIO or not 0 < base_value(share) <= WHOLE for share in shares):
        why = "a share lies above 0% and reaches to 100%"
        advice = "write for example `60%`, and leave out what is not held"
    elif sum((base_value(share) for share in shares), Decimal(0)) > WHOLE:
        why = "they add up to more than 100%"
        advice = "write smaller shares, or `rest` for the last of them"
    elif (twice := _named_twice(mix)) is not None:
        why, advice = f"`{twice}` stands there twice", f"put what is meant for `{twice}` into one part"
    if why:
        typing.tell(SharesUnclear(span=mix.span, why=why, advice=advice))
    for share in given:
        if isinstance(share, Name):
            _check_share(share, typing)


def _check_share(share: Name, typing: Typing) -> None:
    found = type_of(share, typing)
    if found not in (RATIO, UNKNOWN) and not is_number(found):
        typing.tell_clash(ShareNotRatio(span=share.span, name=share.text, found=article(found)), share)


def _named_twice(mix: Mix) -> str | None:
    """A part that a choice inside of it decides may come to the same instrument as another one."""
    named = [part.held.symbol for part in mix.parts if isinstance(part.held, Instrument)]
    return next((symbol for place, symbol in enumerate(named) if symbol in named[:place]), None)


def _never_taken(choice: Choice, path: tuple[When, ...], chances: Chances) -> Iterator[NeverTaken]:
    """The paths that no values lead to, each where it begins; what lies behind it is not told again."""
    if path and chances.first_impossible(path) is not None:
        yield NeverTaken(span=choice.span)
        return
    match choice:
        case Switch(condition=condition):
            against = Unary(span=condition.span, operator=UnaryOperator.NOT, operand=condition)
            yield from _never_taken(choice.then, (*path, When(span=condition.span, condition=condition)), chances)
            yield from _never_taken(choice.otherwise, (*path, When(span=condition.span, condition=against)), chances)
        case Mix(parts=parts):
            for part in parts:
                if isinstance(part.held, Mix | Switch):
                    yield from _never_taken(part.held, path, chances)
