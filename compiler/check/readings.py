"""Readings: the types of values of other instruments and of longer bars, and of choices between values.

Each takes the types of the parts, which `kinds` has found, and tells what cannot be read so.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.check.advice import article
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.diagnostics import ChoiceOfTwoKinds, NotOfAnInstrument
from stratc.compiler.check.grounds import account_words, counts_sessions, grounds, higher_bar, reached
from stratc.compiler.check.mending import advice_to_choose
from stratc.compiler.check.timing.clock import duration_text
from stratc.compiler.check.timing.diagnostics import NoLongerBars, NotOnLongerBars
from stratc.compiler.check.units import levelled, want_condition, want_number
from stratc.dsl.syntax import Across, Expression, History, IfElse, Name, Node, Number, OfInstrument, OnBars, walk
from stratc.dsl.types import BOOL, UNKNOWN, Money, PriceDiff, Quantity, Stated, Type, fits, pinned
from stratc.runtime.model.instrument import Instrument


def type_of_other(node: OfInstrument, found: Type, typing: Typing) -> Type:
    """`close of QQQ`: the type of the series, with that instrument's name and currency."""
    named = _named(node, typing)
    if named is None or found == UNKNOWN:
        return UNKNOWN
    why = next(_not_of_an_instrument(node, typing), None)
    if why is not None:
        if typing.is_blamed(node.series):
            return UNKNOWN
        problem = NotOfAnInstrument(span=node.series.span, symbol=named.symbol, why=why)
        return typing.tell_clash(problem, node.series)
    return pinned(found, named.symbol, named.currency)


def _named(node: OfInstrument, typing: Typing) -> Instrument | None:
    known = (*typing.header.named, *typing.header.legs)
    named = [each for each in known if each.symbol == node.instrument.symbol]
    return named[0] if named else None


def _not_of_an_instrument(node: OfInstrument, typing: Typing) -> Iterator[str]:
    """Why a value is none of another instrument's bars; what is wrong first."""
    series, resolved = node.series, typing.resolved
    # How far back is read is told as such.
    backs = [part.offset for part in walk(series) if isinstance(part, History)]
    for word in account_words(series, resolved):
        yield f"`{typing.text(word)}` is no value of its bars"
    for part in reached(series, resolved):
        if isinstance(part, OfInstrument):
            yield f"`{typing.text(part)}` names its instrument already"
        if isinstance(part, Across):
            yield f"`{typing.text(part)}` compares instruments already"
        if _is_amount(part, typing) and not any(part is back for back in backs):
            yield f"`{typing.text(part)}` is an amount of the instrument that the rule is tried for"
    if not grounds(series, resolved):
        yield "it reads no bars"


def _is_amount(part: Node, typing: Typing) -> bool:
    """Amounts are written in the units of the traded instrument: its ticks, its currency, its lots."""
    stated = typing.resolved.input(part.text) if isinstance(part, Name) else None
    written = stated.default if stated is not None else part
    return isinstance(written, Number) and isinstance(
        typing.types.get(written, UNKNOWN), PriceDiff | Stated | Quantity | Money
    )


def type_of_longer(node: OnBars, found: Type, typing: Typing) -> Type:
    """`sma(close, 20) on 1 day`: the same type, where the bars can be joined to such longer ones."""
    header = typing.header
    if not header.interval_seconds or found == UNKNOWN:
        return UNKNOWN
    if higher_bar(node.interval, header.interval_seconds) is None:
        base = duration_text(header.interval_seconds)
        return typing.tell(NoLongerBars(span=node.interval.span, text=typing.text(node.interval), base=base))
    why = next(_not_on_longer_bars(node, typing), None)
    if why is not None:
        return typing.tell(NotOnLongerBars(span=node.value.span, bars=typing.text(node.interval), why=why))
    return found


def not_of_bars_alone(value: Expression, typing: Typing) -> Iterator[str]:
    """Why other bars, longer ones or those of a session, have no such value; what is wrong first."""
    resolved = typing.resolved
    for word in account_words(value, resolved):
        yield f"`{typing.text(word)}` is no value of a bar"
    for part in reached(value, resolved):
        match part:
            case OnBars():
                yield f"`{typing.text(part)}` names its bars already"
            case History() if counts_sessions(part, resolved):
                yield f"`{typing.text(part)}` counts sessions already"
            case Across():
                yield f"`{typing.text(part)}` is made of the strategy's own bars"
            case Name(text=text) if resolved.table(text) is not None:
                yield f"`{text}` comes from a table and not from bars"
            case _:
                pass


def _not_on_longer_bars(node: OnBars, typing: Typing) -> Iterator[str]:
    yield from not_of_bars_alone(node.value, typing)
    instruments = {ground.instrument for ground in grounds(node.value, typing.resolved)}
    if not instruments:
        yield "it reads no bars"
    if len(instruments) > 1:
        yield "several instruments have no common bars"


def type_of_choice(node: IfElse, parts: tuple[Type, Type, Type], typing: Typing) -> Type:
    """`if C then A else B`: the common type of the two, conditions included."""
    condition, then, otherwise = parts
    want_condition(node.condition, condition, typing)
    if BOOL not in (then, otherwise):
        then = want_number(node.then, then, typing)
        otherwise = want_number(node.otherwise, otherwise, typing)
    if UNKNOWN in (then, otherwise):
        return UNKNOWN  # one of them has been told
    then, otherwise = levelled((node.then, then), (node.otherwise, otherwise), typing)
    if fits(then, otherwise):
        return otherwise
    if fits(otherwise, then):
        return then
    advice = advice_to_choose(node, (node.then, then), (node.otherwise, otherwise), typing)
    problem = ChoiceOfTwoKinds(span=node.span, one=article(then), other=article(otherwise), advice=advice)
    return typing.tell_clash(problem, node.then, node.otherwise)
