"""Allocations: units of the amount, the ranking, the weights and the band, and what is one for all instruments.

The amount, the band and the rule's condition are decided once, so they may read the account and not one instrument;
ranking and weights compare instruments with each other, so they must be numbers that mean the same for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.check.advice import article
from stratc.compiler.check.allocations.choices import check_choice, conditions_of, shares_of
from stratc.compiler.check.allocations.diagnostics import (
    AllocationNotMoney,
    BandUnclear,
    NotComparableAcross,
    OneForAll,
    PlacesUnclear,
    StandsAlone,
)
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.shorting.check import check_short_places
from stratc.compiler.check.units import want_condition
from stratc.compiler.resolve.diagnostics import NotSupportedYet
from stratc.compiler.resolve.symbols import Resolved
from stratc.compiler.resolve.words import COLUMNS
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import (
    Across,
    Allocate,
    BothOf,
    Call,
    DriftBand,
    Entry,
    Expression,
    InUniverse,
    Name,
    Node,
    Number,
    OfInstrument,
    OneOf,
    OrderWord,
    Ranking,
    Rule,
    children,
)
from stratc.dsl.types import RATIO, UNKNOWN, Money, fits, is_number

OF_ONE_INSTRUMENT = frozenset(
    {
        *COLUMNS,
        "flat",
        "long",
        "short",
        "position",
        "on_order",
        "entry_price",
        "open_profit",
        "invested",
        "bars_held",
        "sessions_held",
        "bar",
    }
)
PRICED = frozenset({OrderWord.LIMIT, OrderWord.STOP, OrderWord.STOP_LIMIT})


def allocations_of(rule: Rule) -> tuple[Allocate, ...]:
    return tuple(action for action in rule.actions if isinstance(action, Allocate))


def check_allocation(action: Allocate, typing: Typing) -> None:
    """The parts of one allocation."""
    found = type_of(action.amount, typing)
    if not fits(found, Money(typing.header.currency)):
        text = typing.text(action.amount)
        advice = f"`{text} of equity`" if found == RATIO else "a share of an amount, `95% of equity`"
        typing.tell(AllocationNotMoney(span=action.amount.span, found=article(found), advice=advice))
    if not action.each:
        _check_one_for_all(action.amount, "the amount", _amount_for_all(action, typing), typing)
    if action.choice is not None:
        check_choice(action.choice, typing)
        for share in shares_of(action.choice):
            first = next((each.symbol for each in typing.header.instruments), "SPY")
            advice = f"say in `let {share.text} = …` whose values are read, for example `close of {first}`"
            _check_one_for_all(share, f"the share `{share.text}`", advice, typing)
        for condition in conditions_of(action.choice):
            _check_one_for_all(condition, "a condition of this choice", "", typing)
    if action.ranking is not None:
        _check_ranking(action.ranking, typing)
    check_short_places(action, typing)
    if action.where is not None:
        want_condition(action.where, type_of(action.where, typing), typing)
    if action.weights is not None:
        _check_comparable(action.weights, "weighed by", typing)
    if action.band is not None:
        _check_band(action.band, typing)
    if action.order is not None and action.order.word in PRICED:
        remedy = "write `at next open` or `at market`: what is sold must trade together with what is bought"
        typing.tell(NotSupportedYet(span=action.order.span, what="`allocate` at a price", instead_of_it=remedy))


def check_alone(rule: Rule, typing: Typing) -> None:
    """An allocation decides whole positions: nothing else in its rule, and no other rule that enters."""
    found = allocations_of(rule)
    if not found:
        return
    where = "a condition of each instrument is written after `to each where` or `to top 2 by … where`"
    advice = "" if any(action.choice is not None for action in found) else where
    for clause in rule.when:
        _check_one_for_all(clause.condition, "the condition of a rule that allocates", advice, typing)
    if len(rule.actions) > 1:
        typing.tell(StandsAlone(span=found[0].span, why=f"`{rule.name.text}` does something else as well"))
    if rule.at_most is not None:
        typing.tell(StandsAlone(span=rule.at_most.span, why="`at most` counts entries; `every` says how often"))
    for other in typing.resolved.rules:
        if any(isinstance(action, Entry | OneOf | BothOf) for action in other.actions):
            typing.tell(StandsAlone(span=other.name.span, why=f"`{other.name.text}` opens positions of its own"))


def _amount_for_all(action: Allocate, typing: Typing) -> str:
    """Where nothing else says how it is shared, each may have an amount of its own."""
    plain = action.choice is None and action.ranking is None
    own = f", or `allocate {typing.text(action.amount)} to each` where each has its own" if plain else ""
    return f"write an amount of the account, such as `95% of equity`{own}"


def reads_of_one(expression: Expression, resolved: Resolved) -> bool:
    """Whether a value differs from instrument to instrument."""
    return next(_readings_of_one(expression, resolved), None) is not None


def _check_one_for_all(expression: Expression, what: str, advice: str, typing: Typing) -> None:
    """Without other advice: whose it could be, as what is chosen is named. Of one instrument that is traded alone
    everything is its own."""
    if len(typing.header.instruments) == 1 and not typing.header.universe:
        return
    culprit = next(_readings_of_one(expression, typing.resolved), None)
    start, end = expression.span.start, expression.span.end
    told = any(start <= problem.span.start and problem.span.end <= end for problem in typing.problems)
    value = typing.resolved.binding(expression.text) if isinstance(expression, Name) else None
    if culprit is not None and not told and not (value is not None and typing.is_told_in(value)):
        said = advice or _whose(culprit, typing)
        typing.tell(OneForAll(span=expression.span, what=what, culprit=typing.text(culprit), advice=said))


def _whose(culprit: Node, typing: Typing) -> str:
    """How the value of one instrument is written, where it is one of its bars."""
    first = next((each.symbol for each in typing.header.instruments), "SPY")
    of_bars = isinstance(culprit, Call) or (isinstance(culprit, Name) and culprit.text in COLUMNS)
    if of_bars:
        return f"say whose it is: `{typing.text(culprit)} of {first}`"
    return f"ask for what is one for all, such as `close of {first} > open of {first}`"


def _readings_of_one(node: Node, resolved: Resolved) -> Iterator[Node]:
    """The places that read one instrument's bars or position, bindings followed."""
    match node:
        case OfInstrument():
            return
        case InUniverse():
            yield node
        case Name(text=text) if (table := resolved.table(text)) is not None:
            if table.each:
                yield node
        case Across(call=call):
            # All but its own place is the same for each instrument.
            if call.function.text == "rank":
                yield node
        case Name(text=text) if text in resolved.declared:
            value = resolved.binding(text)
            if value is not None and any(_readings_of_one(value, resolved)):
                yield node
        case Name(text=text):
            if text in OF_ONE_INSTRUMENT:
                yield node
        case Call(function=function, arguments=arguments):
            indicator = catalogue.lookup(function.text)
            if indicator is not None and any(item.column for item in indicator.inputs):
                yield node
            for argument in arguments:
                yield from _readings_of_one(argument.value, resolved)
        case _:
            for child in children(node):
                yield from _readings_of_one(child, resolved)


def _check_ranking(ranking: Ranking, typing: Typing) -> None:
    count, traded = ranking.count, len(typing.header.instruments)
    whole = count.unit == "" and count.value == count.value.to_integral_value() and count.value >= 1
    fits_in = bool(typing.header.universe) or count.value <= max(traded, 1)
    if is_part(count):
        # 2% of four instruments is a slip for two of them.
        fits_in = whole = bool(typing.header.universe) or count.value * traded >= 100
    if not (whole and fits_in):
        sample = max(1, min(2, traded))
        typing.tell(PlacesUnclear(span=count.span, count=typing.text(count), traded=traded, sample=sample))
    _check_comparable(ranking.by, "ranked by", typing)


def is_part(count: Number) -> bool:
    """`10%`: a share of those that are eligible."""
    return count.unit == "%" and 0 < count.value <= 100


def _check_comparable(expression: Expression, verb: str, typing: Typing) -> None:
    """A number, a ratio or money means the same for every instrument; prices and quantities do not."""
    found = type_of(expression, typing)
    if found in (UNKNOWN, RATIO) or is_number(found) or fits(found, Money(typing.header.currency)):
        return
    if not typing.is_blamed(expression):
        typing.tell_clash(NotComparableAcross(span=expression.span, verb=verb, found=article(found)), expression)


def _check_band(band: DriftBand, typing: Typing) -> None:
    found = type_of(band.width, typing)
    wanted = found == RATIO if band.of_target else fits(found, Money(typing.header.currency))
    if found != UNKNOWN and not wanted:
        typing.tell(BandUnclear(span=band.width.span, found=article(found)))
    _check_one_for_all(band.width, "the band", "write a share, such as `20% of target` or `2% of equity`", typing)
