"""What a session's entries lose at their stop losses, and what is lost where all that was bought becomes worthless.

A halt is a trigger and never a bound: it acts once the loss is there.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import BookWord, EnterIntent, MoveStopIntent, OneOfIntent, Rule, SizingKind
from stratc.compiler.ir.uses import entries, reads
from stratc.compiler.judge.bounds.counts import entries_cap, fills_once_a_session, limit_in_a_session
from stratc.compiler.judge.bounds.extent import Extent, Extents, combine, larger, loss_of, of_equity
from stratc.compiler.judge.bounds.grounds import Grounds
from stratc.compiler.judge.bounds.sheet import WHOLE_TEXT, Obstacle, Quantity, Stated, bounded, unbounded
from stratc.compiler.judge.sizes import entries_of
from stratc.runtime.executor.terms import AccountKind

STOPS_FILL: Final = (
    "what the session's own entries lose at their stop losses, or all of a purchase that has none. A gap fills beyond "
    "a stop; costs, and what is carried over from earlier sessions, come on top. A halt is a trigger and bounds nothing"
)
WORTHLESS: Final = "purchases fill at the price of the decision; reached where all that is held becomes worthless"


def planned_loss(grounds: Grounds) -> Stated:
    """The sum of what the entries that fill in one session lose from their order's price to their stop loss."""
    obstacle = _obstacle(grounds)
    if obstacle is not None:
        return unbounded(Quantity.LOSS, obstacle)
    if not grounds.entering:
        return bounded(Quantity.LOSS, (of_equity(Fraction(0)),), "no rule enters", STOPS_FILL)
    extents, because = _by_rules(grounds), "the entries' sizes times how often each fills in a session"
    capped = _by_cap(grounds)
    if not extents or (capped and capped[0].within(extents[0])):
        extents, because = capped, "the largest entry times `cap entries`"
    where = grounds.lines(entry.span for _, entry in grounds.entering)
    return bounded(Quantity.LOSS, extents, f"{because} ({where})", STOPS_FILL)


EQUITY: Final = frozenset({BookWord.EQUITY})
OF_SLEEVE: Final = "it is sized by its sleeve's equity, which may be more than the account's"


def worst_loss(grounds: Grounds, of_all: Stated) -> Stated:
    """Bought and paid for, no more than there is can be lost."""
    if grounds.pays is AccountKind.BALANCE or not grounds.prices_stay_positive:
        text = "profit and loss are settled, not paid for: a gap takes what it takes"
        return unbounded(Quantity.WORST, Obstacle(text=text, line=WHOLE_TEXT, remedy=""))
    if grounds.shorting:
        text = "a price that is sold short can rise without end"
        return unbounded(Quantity.WORST, Obstacle(text=text, line=grounds.line(grounds.shorting[0]), remedy=""))
    paid = of_all.multiple is not None and of_all.multiple <= 1
    if not paid and grounds.pays is not AccountKind.CASH:
        text = "purchases may be made with borrowed money"
        return unbounded(Quantity.WORST, Obstacle(text=text, line=WHOLE_TEXT, remedy="cap leverage 1x"))
    because = "all is bought and paid for, nothing is sold short"
    return bounded(Quantity.WORST, (of_equity(Fraction(1)),), because, WORTHLESS)


# ── planned ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _by_rules(grounds: Grounds) -> Extents:
    rules = [rule for rule in grounds.program.rules if any(entries(rule))]
    each = [_by_rule(grounds, rule) for rule in rules]
    return combine(each, Extent.plus)


def _by_rule(grounds: Grounds, rule: Rule) -> Extents:
    """So many times its largest entry, or each of its intents once on each instrument; of a `one of` one leg fills."""
    program = grounds.program
    count = limit_in_a_session(program, rule)
    if count is not None:
        largest = combine((_loss(grounds, entry) for entry in entries(rule)), larger)
        return tuple(extent.times(count) for extent in largest)
    if not all(fills_once_a_session(program, rule, entry) for entry in entries(rule)):
        return ()
    groups = [intent.legs if isinstance(intent, OneOfIntent) else tuple(entries_of(intent)) for intent in rule.intents]
    one = [combine((_loss(grounds, leg) for leg in legs), larger) for legs in groups if legs]
    return tuple(extent.times(Fraction(len(program.instruments))) for extent in combine(one, Extent.plus))


def _by_cap(grounds: Grounds) -> Extents:
    count = entries_cap(grounds.program)
    if count is None:
        return ()
    one = combine((_loss(grounds, entry) for _, entry in grounds.entering), larger)
    return tuple(extent.times(count) for extent in one)


def _loss(grounds: Grounds, entry: EnterIntent) -> Extents:
    return loss_of(grounds.program, entry, prices_stay_positive=grounds.prices_stay_positive)


def _obstacle(grounds: Grounds) -> Obstacle | None:
    """The first line that stands in the way."""
    program = grounds.program
    moves = [move for rule in program.rules for move in rule.intents if isinstance(move, MoveStopIntent)]
    for move in moves:
        if move.looser:
            text = "this loosens stop losses"
            return Obstacle(text=text, line=grounds.line(move.span), remedy="leave out `even if looser`")
    if program.universe or grounds.allocations:
        spans = [intent.span for intent in grounds.allocations] + [entry.span for _, entry in grounds.entering]
        text = "an allocation has no stop loss" if grounds.allocations else "the universe has any number of members"
        return Obstacle(text=text, line=grounds.line(spans[0]), remedy="") if spans else None
    for _, entry in grounds.entering:
        if not _loss(grounds, entry):
            return _unlimited(grounds, entry)
    if entries_cap(program) is not None:
        return None
    for rule, entry in grounds.entering:
        if limit_in_a_session(program, rule) is None and not fills_once_a_session(program, rule, entry):
            text = f"nothing limits how often `{rule.name}` enters in a session"
            return Obstacle(text=text, line=grounds.line(entry.span), remedy="at most 1 per session")
    return None


def _unlimited(grounds: Grounds, entry: EnterIntent) -> Obstacle:
    line = grounds.line(entry.span)
    if grounds.program.sleeves and reads(grounds.program, entry.amount.node, EQUITY):
        return Obstacle(text=OF_SLEEVE, line=line, remedy="")
    if entry.amount.kind is SizingKind.RISK:
        text = "nothing bounds the amount that this entry risks"
        return Obstacle(text=text, line=line, remedy="risking 1% of equity")
    text = "this entry is not sized by what it loses at a stop loss"
    return Obstacle(text=text, line=line, remedy="risking 1% of equity, with a `stop loss at`")
