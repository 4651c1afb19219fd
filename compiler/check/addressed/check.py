"""`rule calm for SVXY`: whether a rule's instruments are traded here, and whether all that is traded has a rule.

A rule without `for` is tried for every instrument. What a rule is for is part of its condition from the lowering on, so
every later stage sees a rule that may fire less often, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.check.addressed.diagnostics import ForWhom, IndexTraded, NeverTraded, NotTradedHere
from stratc.compiler.check.checked import Typing
from stratc.compiler.resolve.diagnostics import NotSupportedYet
from stratc.dsl.diagnostic import Problem
from stratc.dsl.suggest import closest
from stratc.dsl.syntax import Action, Allocate, BothOf, Entry, Instrument, OneOf, Rule
from stratc.runtime.model.instrument import InstrumentKind


def check_addressed(typing: Typing) -> None:
    """Every problem with what the header trades and with what rules are for."""
    typing.problems.extend(_untradable(typing))
    for rule in typing.resolved.rules:
        typing.problems.extend(_problems_of(rule, typing))
    if typing.resolved.whole and not typing.header.universe and not typing.header.pairs:
        typing.problems.extend(_never_traded(typing))


def meet(one: Rule, other: Rule) -> bool:
    """Whether two rules may be tried for the same instrument."""
    ours, theirs = ({each.symbol for each in rule.instruments} for rule in (one, other))
    return not ours or not theirs or bool(ours & theirs)


def _untradable(typing: Typing) -> Iterator[Problem]:
    line = typing.header.trade_line
    named = {each.symbol: each.span for each in (line.instruments if line is not None else ())}
    for instrument in typing.header.instruments:
        if instrument.kind is InstrumentKind.INDEX and instrument.symbol in named:
            yield IndexTraded(span=named[instrument.symbol], symbol=instrument.symbol, what=instrument.source)


def _problems_of(rule: Rule, typing: Typing) -> Iterator[Problem]:
    if not rule.instruments:
        return
    first = rule.instruments[0]
    if typing.header.universe:
        remedy = "write the instruments after `trade`, or what they have in common as a condition"
        yield NotSupportedYet(span=first.span, what="a rule for one member of a universe", instead_of_it=remedy)
        return
    for action in rule.actions:
        if isinstance(action, Allocate):
            advice = "leave `for` away and name the instruments that are held: `allocate 95% of equity to SPY`"
            yield ForWhom(span=first.span, why="`allocate` decides for every instrument at once", advice=advice)
        if isinstance(action, BothOf):
            why = "each leg of `both of` names its instrument, and the rule is tried once for both"
            yield ForWhom(span=first.span, why=why, advice="leave `for` away")
    seen: set[str] = set()
    for named in rule.instruments:
        if named.symbol in seen:
            yield ForWhom(span=named.span, why=f"`{named.symbol}` stands there twice", advice="name it once")
        elif (problem := _not_traded(named, typing)) is not None:
            yield problem
        seen.add(named.symbol)


def _not_traded(named: Instrument, typing: Typing) -> Problem | None:
    traded = [instrument.symbol for instrument in typing.header.instruments]
    if named.symbol in traded or not traded:
        return None
    reads = {instrument.symbol: instrument for instrument in typing.header.reads}
    if named.symbol in reads:
        index = reads[named.symbol].kind is InstrumentKind.INDEX
        why = "which is an index and only read" if index else "which is read and not traded"
        advice = "name a fund or a future that follows it" if index else f"write `{named.symbol}` after `trade` instead"
        return NotTradedHere(span=named.span, symbol=named.symbol, why=why, advice=advice)
    near = closest(named.symbol, traded)
    advice = f"did you mean `{near}`?" if near else f"write `{named.symbol}` after `trade`"
    return NotTradedHere(span=named.span, symbol=named.symbol, why="which the header does not trade", advice=advice)


def _never_traded(typing: Typing) -> Iterator[Problem]:
    line = typing.header.trade_line
    opened = [found for rule in typing.resolved.rules for action in rule.actions for found in _opened(rule, action)]
    if line is None or not opened or None in opened:
        return
    entered = dict.fromkeys(symbol for symbol in opened if symbol is not None)
    others = " and ".join(f"`{symbol}`" for symbol in entered)
    for named in line.instruments:
        if named.symbol not in entered:
            yield NeverTraded(span=named.span, symbol=named.symbol, others=others)


def _opened(rule: Rule, action: Action) -> Iterator[str | None]:
    """What an action may open a position in, by symbol; None for every instrument that is traded."""
    match action:
        case BothOf(legs=legs):
            yield from (leg.instrument.symbol if leg.instrument is not None else None for leg in legs)
        case Allocate():
            yield None
        case Entry() | OneOf():
            yield from (each.symbol for each in rule.instruments)
            if not rule.instruments:
                yield None
        case _:
            return
