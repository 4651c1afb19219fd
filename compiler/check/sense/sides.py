"""Sides: whether the stop loss and the target of an entry lie on the side of it where they belong.

The entry is taken at the order's own price where it has one, else at the decision price, the close: that is how risk is
measured. Only what is certain on every bar is told; assumes that the prices have been typed.
"""

from __future__ import annotations

from stratc.compiler.check.advice import sample_distance
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.mending import grouped
from stratc.compiler.check.sense.diagnostics import WrongSide
from stratc.compiler.check.sense.heights import Fact, facts_of, not_below
from stratc.dsl.source import Span
from stratc.dsl.syntax import Direction, Entry, Expression, Name, OneOf, Rule
from stratc.dsl.types import Price


def check_sides(rule: Rule, typing: Typing) -> None:
    """The stop loss of a buy is below its entry and the target above; of a short the other way round."""
    facts = tuple(fact for clause in rule.when for fact in facts_of(clause.condition, typing))
    for action in rule.actions:
        legs = action.legs if isinstance(action, OneOf) else (action,)
        for leg in legs:
            if isinstance(leg, Entry):
                _check_entry(leg, facts, typing)


def _check_entry(entry: Entry, facts: tuple[Fact, ...], typing: Typing) -> None:
    loss = entry.stop_loss.price if entry.stop_loss is not None else None
    target = entry.target.value if entry.target is not None else None
    below, above = (loss, target) if entry.direction is Direction.BUY else (target, loss)
    wrong = [below] if below is not None and _is_beyond(below, entry, "below", facts, typing) else []
    wrong += [above] if above is not None and _is_beyond(above, entry, "above", facts, typing) else []
    if wrong:
        _tell(entry, tuple(price for price in (loss, target) if price is not None and price in wrong), typing)


def _tell(entry: Entry, wrong: tuple[Expression, ...], typing: Typing) -> None:
    """One message, also where both are on the wrong side: then the direction is the slip."""
    buying = entry.direction is Direction.BUY
    is_loss = entry.stop_loss is not None and wrong[0] is entry.stop_loss.price
    side = "below" if buying == is_loss else "above"
    anchor = _entry_prices(entry, wrong[0])[0]
    own = "close" if anchor.span == wrong[0].span else grouped(anchor, typing)
    phrase = "stop loss at" if is_loss else "target"
    word = entry.direction.value
    start = entry.span.start + typing.source.slice(entry.span).index(word)
    typing.tell(
        WrongSide(
            span=wrong[0].span,
            part="stop loss and target" if len(wrong) > 1 else "stop loss" if is_loss else "target",
            word=word,
            side=side,
            sample=f"{phrase} {own} {'-' if side == 'below' else '+'} {sample_distance(typing.header)}",
            other="short" if buying else "buy",
            at_word=Span(start, start + len(word)),
        )
    )


def _is_beyond(price: Expression, entry: Entry, side: str, facts: tuple[Fact, ...], typing: Typing) -> bool:
    """Whether a price is certainly not on that side of whatever the entry may be filled at."""
    anchors = _entry_prices(entry, price)
    typed = all(isinstance(typing.types.get(item), Price) for item in (price, *anchors) if item.span != price.span)
    if not typed or not isinstance(typing.types.get(price), Price):
        return False
    if side == "below":
        return all(not_below(price, anchor, facts, typing) for anchor in anchors)
    return all(not_below(anchor, price, facts, typing) for anchor in anchors)


def _entry_prices(entry: Entry, price: Expression) -> tuple[Expression, ...]:
    """What the entry may be filled at, as the text says; the decision price where it does not."""
    order = entry.order
    written = () if order is None else (order.stop_price, order.limit_price)
    own = tuple(item for item in written if item is not None)
    return own or (Name(span=price.span, text="close"),)
