"""Sides: whether stop losses and targets lie on the side of the price where they belong.

An entry is taken at the order's own price where it has one, else at the decision price, the close: that is how risk is
measured. Only what is certain on every bar is told; assumes that the prices have been typed.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.check.advice import sample_distance
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.conditions import LONG, SHORT, states_when
from stratc.compiler.check.orders import entries_of
from stratc.compiler.check.sense.diagnostics import BoundOutOfReach, MovedAcross, WrongSide
from stratc.compiler.check.sense.extremes import extremes
from stratc.compiler.check.sense.heights import Fact, Sums, facts_of, never_positive, not_below
from stratc.compiler.check.sense.reach import NOUGHT, ONE, Reach, check_reach
from stratc.dsl.source import Span
from stratc.dsl.syntax import Direction, Entry, Expression, IfElse, MoveStop, Name, Rule
from stratc.dsl.types import R_MULTIPLE, RATIO, Price, PriceDiff, Stated

SIDES: Final = {"below": "-", "above": "+"}
DISTANCE: Final = Reach(wanted="more than nought", sample="3 * atr(14)", low=NOUGHT, low_included=False)
SHARE: Final = Reach(
    wanted="more than nought and less than the price", sample="5%", low=NOUGHT, low_included=False, high=ONE
)


def check_sides(rule: Rule, sums: Sums) -> None:
    """The stop loss of a buy is below its entry and the target above; of a short the other way round."""
    facts = tuple(fact for clause in rule.when for fact in facts_of(clause.condition, sums))
    for action in rule.actions:
        for entry in entries_of(action):
            if any(problem.span == entry.span for problem in sums.typing.problems):
                continue  # its direction is doubted already
            _check_entry(entry, facts, sums)
            _check_trailing(entry, sums)
        if isinstance(action, MoveStop) and action.price is not None:
            _check_move(action.price, rule, facts, sums)


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_entry(entry: Entry, facts: tuple[Fact, ...], sums: Sums) -> None:
    typing = sums.typing
    buying = entry.direction is Direction.BUY
    loss = entry.stop_loss.price if entry.stop_loss is not None else None
    target = entry.target.value if entry.target is not None else None
    lost = loss is not None and _is_beyond(loss, entry, "below" if buying else "above", facts, sums)
    missed = target is not None and (
        _is_no_gain(target, sums)
        or (
            isinstance(typing.types.get(target), Price)
            and _is_beyond(target, entry, "above" if buying else "below", facts, sums)
        )
    )
    if loss is not None and lost:
        both = missed and target is not None and isinstance(typing.types.get(target), Price)
        _tell(entry, "stop loss", loss, typing, both=both)
        if both:
            return
    if target is not None and missed:
        _tell(entry, "target", target, typing)


def _is_no_gain(target: Expression, sums: Sums) -> bool:
    """Whether a distance that gains can never be more than nought."""
    kind = sums.typing.types.get(target)
    if kind != R_MULTIPLE and not isinstance(kind, PriceDiff | Stated):
        return False
    found = extremes(target, sums.typing.resolved)
    return never_positive(target, sums) if found is None else found[1] <= 0


def _tell(entry: Entry, what: str, price: Expression, typing: Typing, *, both: bool = False) -> None:
    """One message, also where both are on the wrong side: then the direction is the slip."""
    buying = entry.direction is Direction.BUY
    side = "below" if buying == (what == "stop loss") else "above"
    anchor = _entry_prices(entry, price)[0]
    base = "close" if anchor.span == price.span else _summand(anchor, typing)
    phrase = "stop loss at" if what == "stop loss" else "target"
    by_risk = what == "target" and entry.stop_loss is not None
    advice = "`target 2R`" if by_risk else f"`{phrase} {base} {SIDES[side]} {sample_distance(typing.header_at(price))}`"
    word = entry.direction.value
    # A word that was misspelt and understood is none of these letters: then the edit puts it before the entry's text.
    found = typing.source.slice(entry.span).find(word)
    start, length = entry.span.start + max(found, 0), len(word) if found >= 0 else 0
    typing.tell(
        WrongSide(
            span=price.span,
            what=what,
            side=side,
            word=word,
            advice=advice,
            other="short" if buying else "buy",
            both=both,
            at_word=Span(start, start + length),
        )
    )


def _summand(price: Expression, typing: Typing) -> str:
    """A price as the first part of a sum: a choice needs parentheses there."""
    text = typing.text(price)
    return f"({text})" if isinstance(price, IfElse) else text


def _is_beyond(price: Expression, entry: Entry, side: str, facts: tuple[Fact, ...], sums: Sums) -> bool:
    """Whether a price is certainly not on that side of whatever the entry may be filled at."""
    anchors, typing = _entry_prices(entry, price), sums.typing
    written = (price, *(item for item in anchors if item.span != price.span))
    if not all(isinstance(typing.types.get(item), Price | Stated) for item in written):
        return False
    if side == "below":
        return all(not_below(price, anchor, facts, sums) for anchor in anchors)
    return all(not_below(anchor, price, facts, sums) for anchor in anchors)


def _entry_prices(entry: Entry, price: Expression) -> tuple[Expression, ...]:
    """What the entry may be filled at, as the text says; the decision price where it does not."""
    order = entry.order
    levels = None if order is None else order.levels
    ends = () if levels is None else (levels.first, levels.last)
    written = () if order is None else (order.stop_price, order.limit_price, *ends)
    own = tuple(item for item in written if item is not None)
    return own or (_close_at(price),)


def _close_at(price: Expression) -> Name:
    return Name(span=price.span, text="close")


# ── while a position is held ─────────────────────────────────────────────────────────────────────────────────────────


def _check_trailing(entry: Entry, sums: Sums) -> None:
    """A trailing stop keeps a distance on the side where the position loses, and stays above a price of nought."""
    typing = sums.typing
    if entry.trailing is not None:
        distance = entry.trailing.distance
        reach = SHARE if typing.types.get(distance) == RATIO else DISTANCE
        check_reach("trailing stop", distance, distance, reach, typing)
        if extremes(distance, typing.resolved) is None and never_positive(distance, sums):
            wanted, sample = DISTANCE.wanted, f"trailing stop {DISTANCE.sample}"
            problem = BoundOutOfReach(
                span=distance.span, what="trailing stop", wanted=wanted, found="is not", sample=sample
            )
            typing.tell(problem)


def _check_move(price: Expression, rule: Rule, facts: tuple[Fact, ...], sums: Sums) -> None:
    """A stop loss is moved to the losing side of the market; only where the condition says which that is."""
    typing = sums.typing
    held = states_when(rule.when, typing.resolved) & {LONG, SHORT}
    if len(held) != 1 or not isinstance(typing.types.get(price), Price | Stated):
        return
    close, long = _close_at(price), held == {LONG}
    if not (not_below(price, close, facts, sums) if long else not_below(close, price, facts, sums)):
        return
    sample = f"move stop loss to close {'-' if long else '+'} {sample_distance(typing.header_at(price))}"
    side = "above" if long else "below"
    typing.tell(MovedAcross(span=price.span, side=side, held=next(iter(held)), sample=sample))
