"""How large positions are: of each instrument at its own opening orders, of the whole account at every one.

Caps are tested at the same moment on a stricter measure. An entry that asks for `flat` is all there is on its
instrument; an allocation buys no more than target less position; a cash account buys with what it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import (
    AllocateIntent,
    BandKind,
    BoundUnit,
    Cap,
    CapKind,
    ExitIntent,
    OrderKind,
    Share,
    SizingKind,
)
from stratc.compiler.judge.amounts import upper
from stratc.compiler.judge.bounds.extent import (
    Extent,
    Extents,
    combine,
    extents_of,
    larger,
    of_equity,
    of_money,
    quantity_of,
    tightest,
    value_of,
)
from stratc.compiler.judge.bounds.grounds import Grounds, legs_of
from stratc.compiler.judge.bounds.ladders import levels_cost
from stratc.compiler.judge.bounds.sheet import WHOLE_TEXT, Obstacle, Quantity, Stated, bounded, counted, unbounded
from stratc.runtime.executor.terms import AccountKind
from stratc.runtime.model.instrument import InstrumentKind

RELATIVE: Final = frozenset({BoundUnit.RATIO, BoundUnit.RATIO_OF_EQUITY})
OF_ALL: Final = frozenset({CapKind.GROSS, CapKind.LEVERAGE})
OF_ONE: Final = OF_ALL | {CapKind.POSITION, CapKind.GROUP_POSITION}

Reason = tuple[Extents, str]


def position(grounds: Grounds) -> Stated:
    """What an instrument comes to at its own opening orders."""
    reasons = [*_caps(grounds, OF_ONE), *_flat(grounds), *_targets(grounds), *_cash(grounds)]
    return _stated(Quantity.POSITION, reasons) or unbounded(Quantity.POSITION, _why_no_position(grounds))


def gross(grounds: Grounds) -> Stated:
    """What all instruments together come to at every opening order."""
    reasons = [*_caps(grounds, OF_ALL), *_cash(grounds), *_allocated(grounds)]
    if grounds.alone:
        reasons += [*_caps(grounds, OF_ONE), *_flat(grounds)]
    return _stated(Quantity.GROSS, reasons) or unbounded(Quantity.GROSS, _why_no_gross(grounds))


def leverage(grounds: Grounds, of_all: Stated) -> Stated:
    """Gross exposure over equity."""
    if of_all.multiple is not None:
        return counted(Quantity.LEVERAGE, of_all.multiple, of_all.because)
    if of_all.obstacle is not None:
        return unbounded(Quantity.LEVERAGE, of_all.obstacle)
    text = "gross exposure is bounded in money, and equity may shrink"
    return unbounded(Quantity.LEVERAGE, Obstacle(text=text, line=WHOLE_TEXT, remedy=_cap_leverage(grounds)))


def committed(grounds: Grounds, of_all: Stated) -> Stated:
    """What of the account's own money its purchases tie up: never more than there is, the rest is borrowed."""
    if grounds.pays is AccountKind.BALANCE:
        text = "nothing is bought: the broker's margin is tied up, by its terms and not by this text"
        return unbounded(Quantity.COMMITTED, Obstacle(text=text, line=WHOLE_TEXT, remedy=""))
    if grounds.shorting:
        text = "what a short sale ties up is the broker's margin, by its terms and not by this text"
        return unbounded(Quantity.COMMITTED, Obstacle(text=text, line=grounds.line(grounds.shorting[0]), remedy=""))
    own = (of_equity(Fraction(1)),)
    cost = levels_cost(grounds.program)
    if cost is not None:
        lines = grounds.lines([entry.span for _, entry in grounds.entering])
        because = f"a level has one order or one tax lot, and all of them cost no more ({lines})"
        return bounded(Quantity.COMMITTED, tightest((*own, *of_all.extents, of_money(cost))), because, "costs apart")
    if of_all.multiple is not None and of_all.multiple <= 1:
        return bounded(
            Quantity.COMMITTED, of_all.extents, of_all.because, "purchases fill at the price of the decision"
        )
    borrows = grounds.pays is not AccountKind.CASH
    because = "the rest is borrowed" if borrows else "a cash account buys with what it has"
    return bounded(
        Quantity.COMMITTED, tightest((*own, *of_all.extents)), because, "purchases fill at the price of the decision"
    )


def units(grounds: Grounds) -> Stated:
    """How many units an instrument comes to at its own opening orders."""
    caps = [
        (bound, f"`cap position` ({grounds.lines([cap.span])})")
        for cap in grounds.program.caps
        if cap.kind is CapKind.POSITION and cap.unit is BoundUnit.UNITS
        if (bound := upper(grounds.program, cap.bound)) is not None
    ]
    found = min([*caps, *_flat_units(grounds), *_stacked_units(grounds)], default=None)
    if found is not None:
        return counted(Quantity.UNITS, *found)
    spans = [entry.span for _, entry in grounds.entering if quantity_of(grounds.program, entry) is None]
    spans += [intent.span for intent in grounds.allocations] or [rule.span for rule in grounds.adding]
    text = "quantities follow from money and prices" if spans else "nothing is ever opened"
    if not spans:
        return counted(Quantity.UNITS, Fraction(0), text)
    unit = grounds.instruments[0].quantity_unit.value if grounds.instruments else "shares"
    obstacle = Obstacle(text=text, line=grounds.line(spans[0]), remedy=f"cap position 100 {unit}")
    return unbounded(Quantity.UNITS, obstacle)


# ── reasons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stated(quantity: Quantity, reasons: list[Reason]) -> Stated | None:
    """All bounds together, with the reasons of those that bind."""
    extents = tightest(extent for found, _ in reasons for extent in found)
    because = dict.fromkeys(why for found, why in reasons if any(extent in extents for extent in found))
    return bounded(quantity, extents, "; ".join(because)) if extents else None


def _caps(grounds: Grounds, kinds: frozenset[CapKind]) -> Iterator[Reason]:
    one_sided = len(grounds.sides) < 2
    for cap in grounds.program.caps:
        if cap.kind in kinds or (cap.kind is CapKind.SIDE_POSITION and one_sided):
            extent = _cap_extent(grounds, cap)
            if extent is not None:
                yield (extent,), f"`cap {_NAMES.get(cap.kind, cap.kind.value)}` ({grounds.lines([cap.span])})"


_NAMES: Final = {CapKind.GROUP_POSITION: "position … per group", CapKind.SIDE_POSITION: "position … per side"}


def _cap_extent(grounds: Grounds, cap: Cap) -> Extent | None:
    bound = upper(grounds.program, cap.bound)
    if bound is None or cap.unit is BoundUnit.UNITS:
        return None
    return of_equity(bound) if cap.unit in RELATIVE else of_money(bound)


def _flat(grounds: Grounds) -> Iterator[Reason]:
    """Entries that ask for `flat`: the largest is all that an instrument comes to."""
    program = grounds.program
    if not grounds.enters_flat:
        return
    sides = [legs for rule in program.rules for intent in rule.intents for legs in legs_of(intent)]
    each = [combine((value_of(program, leg) for leg in legs), Extent.plus) for legs in sides]
    extents = combine(each, larger)
    if extents:
        where = grounds.lines(entry.span for _, entry in grounds.entering)
        yield extents, f"the largest entry, made only when flat ({where})" if each else "nothing is ever opened"


def _flat_units(grounds: Grounds) -> Iterator[tuple[Fraction, str]]:
    program = grounds.program
    if not grounds.enters_flat:
        return
    most = Fraction(0)
    for intent in (intent for rule in program.rules for intent in rule.intents):
        for legs in legs_of(intent):
            quantities = [quantity_of(program, leg) for leg in legs]
            if None in quantities:
                return
            most = max(most, sum((quantity for quantity in quantities if quantity is not None), Fraction(0)))
    yield most, f"the largest entry, made only when flat ({grounds.lines(e.span for _, e in grounds.entering)})"


def _stacked_units(grounds: Grounds) -> Iterator[tuple[Fraction, str]]:
    """So many units of at most so much each; shares are left out, because a split makes more of what is held."""
    kinds = {CapKind.UNITS, CapKind.GROUP_UNITS, CapKind.SIDE_UNITS}
    caps = [cap for cap in grounds.program.caps if cap.kind in kinds]
    split = not grounds.instruments or any(each.kind is InstrumentKind.EQUITY for each in grounds.instruments)
    quantities = [quantity_of(grounds.program, entry) for _, entry in grounds.entering]
    if grounds.allocations or split or None in quantities or not quantities:
        return
    largest = max(quantity for quantity in quantities if quantity is not None)
    for cap in caps:
        count = upper(grounds.program, cap.bound)
        if count is not None:
            yield count * largest, f"`cap units` times the largest entry ({grounds.lines([cap.span])})"


def _targets(grounds: Grounds) -> Iterator[Reason]:
    """One instrument's target where nothing but allocations opens positions; with weights one may get all.

    With short places a position may turn round, and what it grew to counts until it is closed.
    """
    if grounds.entering or grounds.shorting or not grounds.allocations:
        return
    each = [_target(grounds, intent) for intent in grounds.allocations]
    where = grounds.lines(intent.span for intent in grounds.allocations)
    if extents := combine(each, larger):
        yield extents, f"the largest target ({where})"


def _target(grounds: Grounds, intent: AllocateIntent) -> Extents:
    amount = extents_of(grounds.program, intent.amount)
    if intent.share is Share.PLACES and intent.weight is None:
        amount = tuple(extent.times(Fraction(1, _places(grounds, intent))) for extent in amount)
    return _with_band(grounds, intent, amount, bands=1) if intent.new_cash else amount


def _places(grounds: Grounds, intent: AllocateIntent) -> int:
    return intent.ranking.places if intent.ranking else len(grounds.program.instruments)


def _with_band(grounds: Grounds, intent: AllocateIntent, amount: Extents, *, bands: int) -> Extents:
    """An amount and what may be above it: what a band leaves alone, and new cash buys up to its edge."""
    program = grounds.program
    if intent.band is None:
        return amount
    if intent.band.kind is BandKind.OF_TARGET:
        band = upper(program, intent.band.node)
        return () if band is None else tuple(extent.times(1 + max(band, Fraction(0))) for extent in amount)
    above = tuple(extent.times(Fraction(bands)) for extent in extents_of(program, intent.band.node))
    return combine((amount, above), Extent.plus)


def _allocated(grounds: Grounds) -> Iterator[Reason]:
    """All targets together: what is above its target is being sold in the same way in which the others are bought.

    Exits with a price, or in another auction, would leave positions that count beside the purchases; so would holding
    exits back. With short places nothing is said: a side beyond its half leaves the other side its own.
    """
    program = grounds.program
    exits = [intent for rule in program.rules for intent in rule.intents if isinstance(intent, ExitIntent)]
    keeps = any(cap.kind is CapKind.KEEP_SESSIONS for cap in program.caps)
    # Amounts of their own are not held against what an instrument without a bar has grown to.
    own = any(intent.share is Share.OWN for intent in grounds.allocations)
    if (
        own
        or grounds.entering
        or grounds.shorting
        or keeps
        or any(each.order.kind is not OrderKind.MARKET for each in exits)
    ):
        return
    each = [_total(grounds, intent) for intent in grounds.allocations]
    kinds = {intent.order.kind for intent in grounds.allocations}
    if each and len(kinds) == 1 and (extents := combine(each, larger)):
        where = grounds.lines(intent.span for intent in grounds.allocations)
        yield extents, f"all targets together, sales and purchases in one step ({where})"


def _total(grounds: Grounds, intent: AllocateIntent) -> Extents:
    """What is shared, and what the band leaves above it."""
    places = _places(grounds, intent)
    total = extents_of(grounds.program, intent.amount)
    if intent.share is Share.EACH:
        total = tuple(extent.times(Fraction(places)) for extent in total)
    return _with_band(grounds, intent, total, bands=places)


def _cash(grounds: Grounds) -> Iterator[Reason]:
    """A cash account's purchases are paid from what it has; sales count as cash only for what an allocation buys."""
    if grounds.pays is AccountKind.CASH and grounds.one_currency and not grounds.allocations:
        yield (of_equity(Fraction(1)),), "a cash account buys with what it has"


# ── obstacles ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _cap_leverage(grounds: Grounds) -> str:
    return "cap leverage 10x" if grounds.pays is AccountKind.BALANCE else "cap leverage 2x"


def _why_no_position(grounds: Grounds) -> Obstacle:
    program = grounds.program
    remedy = "cap position 100% of equity" if grounds.pays is not AccountKind.BALANCE else "cap leverage 10x"
    for _, entry in grounds.entering:
        if value_of(program, entry):
            continue
        text = {
            SizingKind.QUANTITY: "it opens a quantity, whose value follows the price",
            SizingKind.NOTIONAL: "nothing bounds the amount of this entry",
            SizingKind.RISK: "the nearer the stop loss, the larger the position",
        }[entry.amount.kind]
        return Obstacle(text=text, line=grounds.line(entry.span), remedy=remedy)
    for intent in grounds.allocations:
        if not extents_of(program, intent.amount):
            text = "nothing bounds the amount that is allocated"
            return Obstacle(text=text, line=grounds.line(intent.span), remedy=remedy)
    if grounds.allocations and grounds.shorting:
        text = "a position that turns round counts beside what is opened on the other side until it is closed"
        return Obstacle(text=text, line=grounds.line(grounds.shorting[0]), remedy=remedy)
    for rule in grounds.adding:
        text = f"`{rule.name}` may add to what is held, as it does not ask for `flat`"
        return Obstacle(text=text, line=grounds.line(rule.span), remedy=remedy)
    text = "entries and allocations open positions side by side"
    return Obstacle(text=text, line=grounds.line(grounds.allocations[0].span), remedy=remedy)


def _why_no_gross(grounds: Grounds) -> Obstacle:
    """The one instrument's obstacle; of several, that each is judged by its own orders only."""
    if grounds.alone:
        obstacle = _why_no_position(grounds)
        return Obstacle(text=obstacle.text, line=obstacle.line, remedy=_cap_leverage(grounds))
    spans = [entry.span for _, entry in grounds.entering] + [intent.span for intent in grounds.allocations]
    text = "several instruments: what one grew to counts beside the next one's order, and equity may have shrunk since"
    return Obstacle(text=text, line=grounds.line(spans[0]), remedy=_cap_leverage(grounds))
