"""`both of`: two traded instruments, and nothing in a leg that could leave the other one alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.pairs.diagnostics import LegStandsAlone, NotAPair
from stratc.compiler.resolve.symbols import LEGS
from stratc.dsl.syntax import BothOf, Entry, Node, OrderWord, Rule

AT_ONCE: Final = (OrderWord.MARKET, OrderWord.NEXT_BAR, OrderWord.NEXT_OPEN, OrderWord.OPENING_AUCTION)


def check_pairs(rule: Rule, typing: Typing) -> None:
    for action in rule.actions:
        if isinstance(action, BothOf):
            why = next(_no_pair(action, rule, typing), None)
            if why is not None:
                last = action.legs[-1].span if action.legs else action.span
                one, other = LEGS if typing.header.pairs else ("IBM", "SPY")
                typing.tell(NotAPair(span=last, why=why, one=one, other=other))
            for leg in action.legs:
                for part, what in _alone(leg):
                    typing.tell(LegStandsAlone(span=part.span, what=what))


def _no_pair(pair: BothOf, rule: Rule, typing: Typing) -> Iterator[str]:
    """Why it is no pair; what is wrong first."""
    pairs = typing.header.pairs
    traded = LEGS if pairs else [instrument.symbol for instrument in typing.header.instruments]
    named = [leg.instrument.symbol for leg in pair.legs if leg.instrument is not None]
    if len(pair.legs) != 2:
        yield "write two legs"
    if len(named) < len(pair.legs):
        yield f"each leg says which, as in `buy 1_000 USD of {'one' if pairs else 'IBM'}`"
    if typing.header.universe and not pairs:
        yield "those of a universe have no names in the text"
    why = "is no leg: pairs are entered by `one` and `other`" if pairs else "is not traded by the header"
    yield from (f"`{symbol}` {why}" for symbol in named if symbol not in traded)
    if len(set(named)) < len(named):
        yield "its legs name the same one"
    if len(rule.actions) > 1:
        yield "nothing else stands in its rule"
    if rule.at_most is not None:
        yield "`at most` counts the entries of one; ask for `flat`"
    if len({typing.text(leg.time_in_force) if leg.time_in_force else "" for leg in pair.legs}) > 1:
        yield "both are good equally long"
    if any(leg.reverse for leg in pair.legs):
        yield "`reverse` would close one of them first"


def _alone(leg: Entry) -> Iterator[tuple[Node, str]]:
    """The parts of a leg that could fill or close it without the other."""
    if leg.order is not None and leg.order.word not in AT_ONCE:
        yield leg.order, f"an order {leg.order.word.value}"
    if leg.stop_loss is not None:
        yield leg.stop_loss, "a stop loss"
    if leg.trailing is not None:
        yield leg.trailing, "a trailing stop"
    if leg.target is not None:
        yield leg.target, "a target"
