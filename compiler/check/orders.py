"""Orders: what the words of an action mean, and whether its sizes, prices and targets have the right units."""

from __future__ import annotations

from stratc.compiler.check.advice import article, sample_distance, sample_quantity, with_currency
from stratc.compiler.check.allocations.check import check_allocation, check_alone
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.diagnostics import (
    OnlyIfUnclear,
    PortionUnclear,
    PriceWanted,
    RiskNotMoney,
    SizeWithoutUnit,
    StopLossMissing,
    TargetUnclear,
    TrailUnclear,
)
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.ladders.check import check_ladder, check_ladders_of
from stratc.compiler.check.mending import grouped, is_price_share
from stratc.compiler.check.pairs.check import check_pairs
from stratc.compiler.check.shorting.check import check_locate
from stratc.compiler.check.units import want_condition
from stratc.compiler.resolve.diagnostics import NotSupportedYet
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    Action,
    Allocate,
    Binary,
    BinaryOperator,
    BothOf,
    Direction,
    Entry,
    Exit,
    Expression,
    Missing,
    MoveStop,
    Name,
    Note,
    Number,
    OneOf,
    OrderPhrase,
    OrderWord,
    Rule,
    Sizing,
    Target,
    TrailingStop,
)
from stratc.dsl.types import (
    EACH,
    R_MULTIPLE,
    RATIO,
    UNKNOWN,
    Money,
    Price,
    PriceDiff,
    Quantity,
    Stated,
    Type,
    fits,
    is_number,
)

HALF = "half"
FARTHER = (BinaryOperator.GREATER, BinaryOperator.GREATER_EQUAL)


def check_orders(typing: Typing) -> None:
    """Every rule: its conditions, then its actions."""
    for rule in typing.resolved.rules:
        for clause in rule.when:
            want_condition(clause.condition, type_of(clause.condition, typing), typing)
        for action in rule.actions:
            _check_action(action, typing)
        check_alone(rule, typing)
        check_ladders_of(rule, typing)
        check_pairs(rule, typing)
        _tell_only_if_among_others(rule, typing)


def entries_of(action: Action) -> tuple[Entry, ...]:
    """The entries of an action: one, the legs of a group, or none."""
    match action:
        case Entry():
            return (action,)
        case OneOf() | BothOf():
            return action.legs
        case Exit() | Allocate() | MoveStop() | Note() | Missing():
            return ()


def _check_action(action: Action, typing: Typing) -> None:
    match action:
        case Entry():
            _check_sizing(action.sizing, action, typing)
            _check_entry(action, action.sizing, typing)
        case OneOf():
            _check_sizing(action.sizing, action, typing)
            for leg in action.legs:
                _check_entry(leg, action.sizing, typing)
        case BothOf():
            for leg in action.legs:
                _check_sizing(leg.sizing, leg, typing)
                _check_entry(leg, leg.sizing, typing)
        case Exit():
            _check_exit(action, typing)
        case Allocate():
            check_allocation(action, typing)
        case MoveStop(price=price):
            if price is not None:
                _check_price("move stop loss to", price, "-", typing)
        case Note() | Missing():
            return


# ── sizes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_sizing(sizing: Sizing | None, action: Entry | OneOf, typing: Typing) -> None:
    if sizing is None:
        return
    found = type_of(sizing.amount, typing)
    if sizing.risking:
        _check_risk(sizing.amount, found, typing)
        for entry in entries_of(action):
            if entry.stop_loss is None:
                _tell_stop_loss_missing("`risking`", sizing.span, entry, typing)
    else:
        _check_size(sizing.amount, typing)
    if sizing.at_most is not None:
        _check_size(sizing.at_most, typing)


def _check_size(amount: Expression, typing: Typing) -> None:
    """A quantity or an amount of money."""
    found = type_of(amount, typing)
    if is_size(found, typing):
        return
    advice = _advice_to_size(amount, found, typing)
    problem = SizeWithoutUnit(span=amount.span, text=typing.text(amount), found=article(found), advice=advice)
    typing.tell_clash(problem, amount)


def is_size(kind: Type, typing: Typing) -> bool:
    return fits(kind, Quantity(EACH)) or fits(kind, Money(typing.header.currency))


def _advice_to_size(amount: Expression, found: Type, typing: Typing) -> str:
    text = typing.text(amount)
    if found == RATIO and isinstance(amount, Binary) and isinstance(typing.types[amount.left], Stated):
        return f"`{typing.text(amount.left)}`: an amount of money is a size"
    if found == RATIO:
        return f"`{grouped(amount, typing)} of equity`"
    if is_number(found) and isinstance(amount, Number) and amount.value >= 1:
        unit = sample_quantity(typing.header_at(amount)).rpartition(" ")[2]
        return f"`{text} {unit}`, or `{with_currency(text, typing.header)}` for an amount of money"
    if is_number(found) and isinstance(amount, Number):
        unit = sample_quantity(typing.header_at(amount)).rpartition(" ")[2]
        return f"`{plain_percent(amount)} of equity`, or `{text} {unit}`"
    return f"a quantity or an amount of money: `{sample_quantity(typing.header_at(amount))}` or `50% of equity`"


def plain_percent(number: Number) -> str:
    """A fraction as a person says it: `0.5` is `50%`."""
    return f"{(number.value * 100).normalize():f}%"


def _check_risk(amount: Expression, found: Type, typing: Typing) -> None:
    if fits(found, Money(typing.header.currency)):
        return
    text = grouped(amount, typing)
    currency = typing.header.currency or "USD"
    if found == RATIO:
        advice = f"`risking {text} of equity`"
    elif is_number(found):
        advice = f"`risking {text} {currency}` or `risking {text}% of equity`"
    else:
        advice = f"`risking 1% of equity` or `risking 100 {currency}`"
    typing.tell_clash(RiskNotMoney(span=amount.span, found=article(found), advice=advice), amount)


def _tell_stop_loss_missing(what: str, span: Span, entry: Entry, typing: Typing) -> None:
    side = "low" if entry.direction is Direction.BUY else "high"
    problem = StopLossMissing(span=span, what=what, sample=side)
    # The legs of a group share their size, and there are two sides.
    if problem not in typing.problems[-2:]:
        typing.tell(problem)


def _want_stop_loss(what: str, span: Span, entry: Entry, sizing: Sizing | None, typing: Typing) -> None:
    """Told once an entry: where the size is measured to the stop loss it was told of the size."""
    known = any(isinstance(each, StopLossMissing) and each.span.start >= entry.span.start for each in typing.problems)
    if entry.stop_loss is None and not known and not (sizing is not None and sizing.risking):
        _tell_stop_loss_missing(what, span, entry, typing)


# ── prices ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_entry(entry: Entry, sizing: Sizing | None, typing: Typing) -> None:
    if entry.order is not None:
        check_order_prices(entry.order, typing)
    check_ladder(entry, typing)
    check_locate(entry, typing)
    if entry.stop_loss is not None:
        _check_price("stop loss at", entry.stop_loss.price, _away(entry.direction), typing)
    if entry.trailing is not None:
        _check_trailing(entry, entry.trailing, sizing, typing)
    if entry.target is not None:
        _check_target(entry, entry.target, sizing, typing)
    if entry.reverse and entry.order is not None and is_resting(entry.order):
        remedy = "write `reverse` with `at market` or `at next open`: the exit must come before the entry"
        typing.tell(NotSupportedYet(span=entry.order.span, what="`reverse` with a resting order", instead_of_it=remedy))


def is_resting(order: OrderPhrase) -> bool:
    return order.word in (OrderWord.LIMIT, OrderWord.STOP, OrderWord.STOP_LIMIT, OrderWord.LEVELS)


def _away(direction: Direction) -> str:
    """The sign of a stop loss: below for a buy, above for a short."""
    return "-" if direction is Direction.BUY else "+"


def check_order_prices(order: OrderPhrase, typing: Typing) -> None:
    if order.limit_price is not None:
        _check_price("at limit", order.limit_price, "-", typing)
    if order.stop_price is not None:
        _check_price("at stop", order.stop_price, "+", typing)
    if order.levels is not None:
        _check_price("from", order.levels.first, "-", typing)
        _check_price("to", order.levels.last, "-", typing)


def _check_price(phrase: str, price: Expression, sign: str, typing: Typing) -> None:
    found = type_of(price, typing)
    if fits(found, Price(EACH, typing.header_at(price).price_currency)):
        return
    text = grouped(price, typing)
    if isinstance(found, PriceDiff):
        advice = f"`{phrase} close {sign} {text}`"
    elif found == RATIO and is_price_share(price, typing):
        advice = f"`{phrase} {text} of close`"
    elif found == RATIO:
        advice = f"`{phrase} close {sign} {text} of close`"
    elif is_number(found):
        advice = _advice_to_price(phrase, price, sign, typing)
    else:
        extreme = "low" if sign == "-" else "high"
        advice = f"a price such as `{phrase} {extreme} {sign} {sample_distance(typing.header_at(price))}`"
    typing.tell_clash(PriceWanted(span=price.span, phrase=phrase, found=article(found), advice=advice), price)


def _advice_to_price(phrase: str, price: Expression, sign: str, typing: Typing) -> str:
    """What a bare number beside a price may mean: a distance, some ranges of bars, the price itself."""
    text, header = grouped(price, typing), typing.header_at(price)
    amount, ranges = with_currency(text, header), f"`{phrase} close {sign} {text} * atr(14)`"
    if not isinstance(price, Number) or any(each.pip is None for each in header.instruments):
        return f"`{phrase} close {sign} {amount}`, {ranges} or `{phrase} {amount}`"
    # Nobody means a pair at 20 USD, nor a distance of 1.05 pips.
    return f"{f'`{phrase} close {sign} {text} pips`' if _counts(price) else f'`{phrase} {amount}`'} or {ranges}"


def _counts(number: Number) -> bool:
    return number.value >= 1 and number.value == number.value.to_integral_value()


def _check_target(entry: Entry, target: Target, sizing: Sizing | None, typing: Typing) -> None:
    found = type_of(target.value, typing)
    sign = "+" if entry.direction is Direction.BUY else "-"
    if target.only_if is not None:
        _check_only_if(target.only_if, entry, sizing, typing)
    if found == R_MULTIPLE:
        _want_stop_loss("a target in R", target.span, entry, sizing, typing)
    own = isinstance(found, Price | PriceDiff) and found.of == EACH
    if own or found in (R_MULTIPLE, UNKNOWN) or isinstance(found, Stated):
        return
    text = grouped(target.value, typing)
    if is_number(found):
        header = typing.header_at(target.value)
        pips = (
            isinstance(target.value, Number) and _counts(target.value) and all(each.pip for each in header.instruments)
        )
        amount = f"{text} pips" if pips else with_currency(text, header)
        advice = f"`target {text}R`, `target {text} * atr(14)` or `target close {sign} {amount}`"
    elif found == RATIO and isinstance(target.value, Number) and target.value.unit == "x":
        advice = f"`target {target.value.value:f}R`, a multiple of the initial risk"
    elif found == RATIO:
        share = f"{text} of close"
        advice = f"`target {share}`" if is_price_share(target.value, typing) else f"`target close {sign} {share}`"
    else:
        advice = "`target 2R`"
    typing.tell_clash(TargetUnclear(span=target.value.span, found=article(found), advice=advice), target.value)


def _check_only_if(condition: Expression, entry: Entry, sizing: Sizing | None, typing: Typing) -> None:
    """The one comparison that is known at the decision, from the order's own price."""
    match condition:
        case Binary(operator=operator, left=Name(text="target"), right=multiple) if operator in FARTHER:
            if type_of(multiple, typing) not in (R_MULTIPLE, UNKNOWN):
                typing.tell(OnlyIfUnclear(span=condition.span))
            else:
                _want_stop_loss("`only if`", condition.span, entry, sizing, typing)
        case Missing():
            return
        case _:
            typing.tell(OnlyIfUnclear(span=condition.span))


def _tell_only_if_among_others(rule: Rule, typing: Typing) -> None:
    """It decides whether the rule fires at all, so the rule has one action."""
    for action in rule.actions:
        for entry in entries_of(action):
            only_if = entry.target.only_if if entry.target is not None else None
            if only_if is not None and (len(rule.actions) > 1 or isinstance(action, OneOf)):
                what = "`only if` in a rule of several orders"
                remedy = "write the entry in a rule of its own"
                typing.tell(NotSupportedYet(span=only_if.span, what=what, instead_of_it=remedy))


def _check_trailing(entry: Entry, trailing: TrailingStop, sizing: Sizing | None, typing: Typing) -> None:
    found = type_of(trailing.distance, typing)
    if found == R_MULTIPLE:
        _want_stop_loss("a trailing stop in R", trailing.span, entry, sizing, typing)
    if found in (R_MULTIPLE, RATIO, UNKNOWN) or isinstance(found, PriceDiff | Stated):
        return
    text = grouped(trailing.distance, typing)
    if is_number(found):
        advice = f"`trailing stop {text}%`, `trailing stop {text} * atr(14)` or `trailing stop {text}R`"
    elif isinstance(found, Price):
        advice = "a distance such as `trailing stop 3 * atr(14)`; a price is moved by a rule, `move stop loss to …`"
    else:
        advice = "`trailing stop 3 * atr(14)` or `trailing stop 5%`"
    problem = TrailUnclear(span=trailing.distance.span, found=article(found), advice=advice)
    typing.tell_clash(problem, trailing.distance)


# ── exits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_exit(action: Exit, typing: Typing) -> None:
    if action.order is not None:
        check_order_prices(action.order, typing)
    portion = action.portion
    if portion is None or (isinstance(portion, Name) and portion.text == HALF):
        return
    found = type_of(portion, typing)
    if not fits(found, Quantity(EACH)):
        problem = PortionUnclear(
            span=portion.span, found=article(found), sample=sample_quantity(typing.header_at(portion))
        )
        typing.tell_clash(problem, portion)
