"""Actions of a rule → intents: what each order word means, and what a size, a target and a life amount to."""

from __future__ import annotations

from dataclasses import replace

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.allocations.check import is_part, reads_of_one
from stratc.compiler.check.constants import base_value
from stratc.compiler.check.ladders.check import level_count
from stratc.compiler.check.orders import HALF
from stratc.compiler.ir.lowering.adjusted import stated_distance, stated_price
from stratc.compiler.ir.lowering.beside import with_member
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.lowering.choices import lower_choice
from stratc.compiler.ir.lowering.expressions import COMPARISON, lower_expression, whole, zone_of_text
from stratc.compiler.ir.nodes import (
    AllocateIntent,
    Amount,
    ArithmeticOperator,
    Band,
    BandKind,
    Column,
    Compare,
    ComparisonOperator,
    EnterIntent,
    ExitIntent,
    Intent,
    Levels,
    Life,
    Logic,
    LogicOperator,
    LotChoice,
    MoveStopIntent,
    NodeId,
    NoteIntent,
    OneOfIntent,
    OrderKind,
    OrderShape,
    PortionKind,
    ProfitTarget,
    Rank,
    Ranking,
    Share,
    Side,
    SizingKind,
    Spacing,
    TargetKind,
    TimeInForce,
    Trail,
    TrailKind,
)
from stratc.compiler.resolve.symbols import LEGS
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    Action,
    Allocate,
    Binary,
    BinaryOperator,
    BothOf,
    Clock,
    Day,
    Direction,
    Entry,
    Exit,
    Expression,
    LotWord,
    Missing,
    MoveStop,
    Name,
    Note,
    OneOf,
    OrderPhrase,
    OrderWord,
    Rule,
    Sizing,
    Target,
    TimeInForceWord,
    TrailingStop,
)
from stratc.dsl.syntax import Ranking as WrittenRanking
from stratc.dsl.syntax import TimeInForce as WrittenLife
from stratc.dsl.types import DURATION, R_MULTIPLE, RATIO, Price, Quantity
from stratc.runtime.model import clock
from stratc.runtime.model.zone import days_since_epoch

ORDER_KINDS = {
    OrderWord.MARKET: OrderKind.MARKET,
    OrderWord.NEXT_BAR: OrderKind.MARKET,
    OrderWord.NEXT_OPEN: OrderKind.NEXT_OPEN,
    OrderWord.OPENING_AUCTION: OrderKind.NEXT_OPEN,
    OrderWord.CLOSING_AUCTION: OrderKind.CLOSING_AUCTION,
    OrderWord.LIMIT: OrderKind.LIMIT,
    OrderWord.STOP: OrderKind.STOP,
    OrderWord.STOP_LIMIT: OrderKind.STOP_LIMIT,
}
LOT_CHOICES = {
    LotWord.OLDEST: LotChoice.OLDEST,
    LotWord.NEWEST: LotChoice.NEWEST,
    LotWord.HIGHEST_COST: LotChoice.HIGHEST_COST,
    LotWord.LOWEST_COST: LotChoice.LOWEST_COST,
}
SIDES = {Direction.BUY: Side.BUY, Direction.SHORT: Side.SELL_SHORT}


def lower_actions(action: Action, builder: Builder) -> tuple[Intent, ...]:
    """The intents of an action: the two entries of `both of`, else one."""
    if isinstance(action, BothOf):
        # A locate is paid for when its order is placed: of the two it is asked last, after the other was not denied.
        return tuple(_leg(leg, builder) for leg in sorted(action.legs, key=lambda leg: leg.locate is not None))
    return (_action(action, builder),)


def _leg(leg: Entry, builder: Builder) -> EnterIntent:
    header = builder.checked.resolved.header
    symbols = LEGS if header.pairs else [instrument.symbol for instrument in header.instruments]
    if leg.instrument is None:
        raise StratcBug("a leg without an instrument was lowered")
    entered = _entry(leg, leg.sizing, leg.time_in_force, builder)
    return replace(entered, instrument=symbols.index(leg.instrument.symbol))


def _action(action: Action, builder: Builder) -> Intent:
    match action:
        case Entry():
            return _entry(action, action.sizing, action.time_in_force, builder)
        case Exit():
            return _exit(action, builder)
        case MoveStop(price=price, looser=looser):
            node = None if price is None else lower_price(price, builder)
            return MoveStopIntent(node=node, looser=looser, span=action.span)
        case Note():
            return NoteIntent(span=action.span)
        case OneOf():
            legs = tuple(
                _entry(leg, leg.sizing or action.sizing, leg.time_in_force or action.time_in_force, builder)
                for leg in action.legs
            )
            return OneOfIntent(legs=legs, span=action.span)
        case Allocate():
            return _allocation(action, builder)
        case BothOf():
            raise StratcBug("`both of` is two intents")
        case Missing():
            raise StratcBug("an action that could not be read was lowered")


def _entry(entry: Entry, sizing: Sizing | None, life: WrittenLife | None, builder: Builder) -> EnterIntent:
    if sizing is None:
        raise StratcBug("an entry without a size was lowered")
    return EnterIntent(
        side=SIDES[entry.direction],
        amount=_amount(sizing.amount, builder, SizingKind.RISK if sizing.risking else None),
        at_most=None if sizing.at_most is None else _amount(sizing.at_most, builder, None),
        order=_shape(entry.order, builder),
        stop_loss=None if entry.stop_loss is None else lower_price(entry.stop_loss.price, builder),
        target=None if entry.target is None else _target(entry.target, builder),
        time_in_force=_life(life, builder),
        reverse=entry.reverse,
        span=entry.span,
        trail=None if entry.trailing is None else _trail(entry.trailing, builder),
        locate=entry.locate is not None,
        levels=None
        if entry.order is None
        else lower_levels(entry.order, builder, to_next=entry.level_target is not None),
    )


def _amount(expression: Expression, builder: Builder, kind: SizingKind | None) -> Amount:
    """An amount's unit says how it sizes, unless it is risked."""
    by_unit = SizingKind.QUANTITY if isinstance(builder.type_of(expression), Quantity) else SizingKind.NOTIONAL
    return Amount(kind=kind or by_unit, node=lower_expression(expression, builder))


def _shape(order: OrderPhrase | None, builder: Builder) -> OrderShape:
    """Without a word an order is at market; the limit of a ladder is its first level."""
    if order is None:
        return OrderShape(kind=OrderKind.MARKET)
    if order.levels is not None:
        return OrderShape(kind=OrderKind.LIMIT, limit_price=lower_price(order.levels.first, builder))
    return OrderShape(
        kind=ORDER_KINDS[order.word],
        limit_price=None if order.limit_price is None else lower_price(order.limit_price, builder),
        stop_price=None if order.stop_price is None else lower_price(order.stop_price, builder),
    )


def lower_price(price: Expression, builder: Builder) -> NodeId:
    """A price for an order, on the scale that rules read; the engine makes the contract's ticks of it."""
    return stated_price(lower_expression(price, builder), builder.type_of(price), price.span, builder)


def lower_levels(order: OrderPhrase, builder: Builder, *, to_next: bool) -> Levels | None:
    """The levels of a ladder, numbered behind those before it."""
    levels = order.levels
    count = None if levels is None else level_count(levels)
    if levels is None:
        return None
    if count is None:
        raise StratcBug("levels without a number were lowered")
    number, builder.levels = builder.levels + 1, builder.levels + count
    spacing = Spacing(levels.spacing.value)
    last = lower_price(levels.last, builder)
    return Levels(number=number, count=count, spacing=spacing, last=last, to_next=to_next)


def _target(target: Target, builder: Builder) -> ProfitTarget:
    """An amount as written, `target 2 USD`, is a distance: a price is written as one, `target close + 2 USD`."""
    kind = builder.type_of(target.value)
    by_unit = TargetKind.PRICE if isinstance(kind, Price) else TargetKind.DISTANCE
    node = stated_distance(lower_expression(target.value, builder), kind, target.span, builder)
    return ProfitTarget(kind=TargetKind.R_MULTIPLE if kind == R_MULTIPLE else by_unit, node=node)


def _allocation(action: Allocate, builder: Builder) -> AllocateIntent:
    ranking, band = action.ranking, action.band
    return AllocateIntent(
        amount=lower_expression(action.amount, builder),
        share=_share(action, builder),
        ranking=None if ranking is None else _ranking(ranking, builder),
        where=with_member(
            None if action.where is None else lower_expression(action.where, builder), action.span, builder
        ),
        weight=_weight(action, builder),
        band=None
        if band is None
        else Band(
            kind=BandKind.OF_TARGET if band.of_target else BandKind.MONEY, node=lower_expression(band.width, builder)
        ),
        order=_shape(action.order, builder),
        span=action.span,
        new_cash=action.new_cash,
        locate=action.locate is not None,
    )


def _ranking(written: WrittenRanking, builder: Builder) -> Ranking:
    count, shorts = written.count, written.shorts
    return Ranking(
        rank=Rank.LOWEST if written.lowest else Rank.HIGHEST,
        places=1 if is_part(count) else int(count.value),
        score=lower_expression(written.by, builder),
        shorts=0 if shorts is None else 1 if is_part(shorts) else int(shorts.value),
        part=float(base_value(count)) if is_part(count) else 0.0,
        short_part=float(base_value(shorts)) if shorts is not None and is_part(shorts) else 0.0,
    )


def _share(action: Allocate, builder: Builder) -> Share:
    if action.choice is not None:
        return Share.STATED
    if action.each and _differs(action, builder):
        return Share.OWN
    return Share.EACH if action.each else Share.PLACES


def _differs(action: Allocate, builder: Builder) -> bool:
    """Whether what each gets is its own: of one instrument alone there is one amount."""
    header = builder.checked.resolved.header
    several = len(header.instruments) > 1 or bool(header.universe)
    return several and reads_of_one(action.amount, builder.checked.resolved)


def _weight(action: Allocate, builder: Builder) -> NodeId | None:
    if action.choice is not None:
        return lower_choice(action.choice, builder)
    if _share(action, builder) is Share.OWN:
        return lower_expression(action.amount, builder)
    return None if action.weights is None else lower_expression(action.weights, builder)


def _trail(trailing: TrailingStop, builder: Builder) -> Trail:
    unit = builder.type_of(trailing.distance)
    in_price = TrailKind.RATE if unit == RATIO else TrailKind.DISTANCE
    kind = TrailKind.R_MULTIPLE if unit == R_MULTIPLE else in_price
    node = lower_expression(trailing.distance, builder)
    written = builder.type_of(trailing.distance)
    return Trail(kind=kind, node=stated_distance(node, written, trailing.span, builder))


def _exit(action: Exit, builder: Builder) -> ExitIntent:
    kind, node = _portion(action.portion, builder)
    lots = LotChoice.OLDEST if action.lots is None else LOT_CHOICES[action.lots.word]
    return ExitIntent(portion=kind, node=node, order=_shape(action.order, builder), span=action.span, lots=lots)


def _portion(portion: Expression | None, builder: Builder) -> tuple[PortionKind, int | None]:
    match portion:
        case None:
            return PortionKind.ALL, None
        case Name(text=text) if text == HALF:
            return PortionKind.FRACTION, builder.constant(0.5, portion.span)
        case Binary(operator=BinaryOperator.OF, left=share, right=Name(text="position")):
            return PortionKind.FRACTION, lower_expression(share, builder)
        case _:
            return PortionKind.QUANTITY, lower_expression(portion, builder)


def with_only_if(condition: NodeId | None, rule: Rule, intents: tuple[Intent, ...], builder: Builder) -> NodeId | None:
    """The rule's condition, and that its entry's target is far enough, which is known from the order's own price."""
    match rule.actions, intents:
        case (Entry(target=Target(only_if=Binary() as only_if)),), (EnterIntent() as entry,):
            far = _far_enough(only_if, entry, builder)
            return far if condition is None else builder.add(Logic(LogicOperator.AND), (condition, far), only_if.span)
        case _:
            return condition


def _far_enough(only_if: Binary, entry: EnterIntent, builder: Builder) -> NodeId:
    """The stop loss lies on the losing side, and the way to the target is so many times the way to it."""
    span, target = only_if.span, entry.target
    if target is None or entry.stop_loss is None:
        raise StratcBug("`only if` without a target or a stop loss was lowered")
    price = _own_price(entry.order, span, builder)
    long = entry.side is Side.BUY
    risk = _way(entry.stop_loss, price, span, builder) if long else _way(price, entry.stop_loss, span, builder)
    match target.kind:
        case TargetKind.PRICE:
            gain = _way(price, target.node, span, builder) if long else _way(target.node, price, span, builder)
        case TargetKind.DISTANCE:
            gain = target.node
        case TargetKind.R_MULTIPLE:
            gain = builder.arithmetic(ArithmeticOperator.MULTIPLY, span, target.node, risk)
    multiple = lower_expression(only_if.right, builder)
    wanted = builder.arithmetic(ArithmeticOperator.MULTIPLY, span, multiple, risk)
    risked = builder.add(Compare(ComparisonOperator.GREATER), (risk, builder.constant(0.0, span)), span)
    far = builder.add(Compare(COMPARISON[only_if.operator]), (gain, wanted), span)
    return builder.add(Logic(LogicOperator.AND), (risked, far), span)


def _own_price(order: OrderShape, span: Span, builder: Builder) -> NodeId:
    """The limit, else the stop, else the price at the decision: what `risking` sizes at."""
    stated = order.limit_price if order.limit_price is not None else order.stop_price
    return builder.add(Column("close"), (), span) if stated is None else stated


def _way(start: NodeId, end: NodeId, span: Span, builder: Builder) -> NodeId:
    return builder.arithmetic(ArithmeticOperator.SUBTRACT, span, end, start)


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _life(written: WrittenLife | None, builder: Builder) -> TimeInForce:
    if written is None:
        return TimeInForce(life=Life.DAY)
    match written.word:
        case TimeInForceWord.GOOD_UNTIL if isinstance(written.value, Day):
            return TimeInForce(life=Life.DATE, last=days_since_epoch(written.value.value))
        case TimeInForceWord.GOOD_UNTIL:
            return TimeInForce(life=Life.UNTIL, clock=_ends_at(written, builder))
        case TimeInForceWord.BEFORE_END:
            return TimeInForce(life=Life.UNTIL, clock=_before_end(written.value, builder))
        case TimeInForceWord.GOOD_FOR:
            return TimeInForce(life=Life.BARS, bars=_bars(written.value, builder))
        case TimeInForceWord.IMMEDIATE_OR_CANCEL:
            return TimeInForce(life=Life.IMMEDIATE_OR_CANCEL)
        case TimeInForceWord.FILL_OR_KILL:
            return TimeInForce(life=Life.FILL_OR_KILL)


def _ends_at(written: WrittenLife, builder: Builder) -> clock.Schedule:
    if not isinstance(written.value, Clock):
        raise StratcBug("`good until` without a time of day was lowered")
    zone = zone_of_text(written.zone, builder)
    return clock.Schedule(kind=clock.EveryDay(second=written.value.second_of_day, zone=zone))


def _before_end(distance: Expression | None, builder: Builder) -> clock.Schedule:
    if distance is None:
        raise StratcBug("`good until … before end` without a duration was lowered")
    seconds = whole(distance, builder)
    return clock.Schedule(kind=clock.EverySession(anchor=clock.Anchor.BEFORE_END, seconds=seconds))


def _bars(value: Expression | None, builder: Builder) -> int:
    """A number of bars; a duration is as many bars as it lasts, and on daily bars a session is one."""
    if value is None:
        raise StratcBug("`good for` without a number was lowered")
    amount = whole(value, builder)
    interval = builder.checked.resolved.header.interval_seconds
    return amount // interval if builder.type_of(value) == DURATION else amount
