"""Statements → lines of canonical text, each with the place in the source that it was printed from.

Assumes a tree without holes. A `PrintedLine.anchor` is the offset where what it prints began in the source, so that
comments can be put back beside it.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Final, assert_never

from stratc.dsl.printing.choices import choice_lines, is_nested, print_flat
from stratc.dsl.printing.contracts import print_contracts
from stratc.dsl.printing.expressions import (
    LOOSEST,
    SUM,
    print_clock,
    print_expression,
    print_interval,
    print_joined,
    print_zone,
)
from stratc.dsl.printing.schedules import print_every
from stratc.dsl.syntax import (
    AccountLine,
    Action,
    Advice,
    Allocate,
    AtMost,
    Binary,
    BinaryOperator,
    BlockLine,
    BothOf,
    Cap,
    Data,
    Entry,
    Events,
    Exit,
    Expression,
    Floor,
    Function,
    Halt,
    HaltWhen,
    IfElse,
    Input,
    Let,
    Locate,
    Missing,
    MoveStop,
    Name,
    NoEntries,
    Note,
    Number,
    OneOf,
    OrderPhrase,
    OrderWord,
    ReadLine,
    Rule,
    Sequence,
    SequenceStep,
    Setting,
    Sizing,
    Statement,
    StopLoss,
    StrategyLine,
    Target,
    Text,
    TimeInForce,
    TimeInForceWord,
    TradeLine,
    TrailingStop,
    Unreadable,
    Use,
    When,
)
from stratc.dsl.syntax.books import BookLine, Sleeve
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.syntax.flows import Flow
from stratc.dsl.syntax.ladders import Levels, LevelTarget
from stratc.runtime.model.record import record

LINE_COLUMNS_MAX: Final = 100
_CLAUSE: Final = "  "
_ACTION: Final = "       "
_LEG: Final = "         "
_PRICED: Final = frozenset({OrderWord.LIMIT, OrderWord.STOP, OrderWord.STOP_LIMIT, OrderWord.LEVELS})


@record
class PrintedLine:
    """One line of canonical text and the offset in the source of what it prints."""

    text: str
    anchor: int


def print_statement(node: Statement, name_columns: int) -> tuple[PrintedLine, ...]:
    """The lines of a statement; names of inputs and bindings are padded to `name_columns`."""
    if isinstance(node, Rule):
        return _print_rule(node)
    if isinstance(node, Sequence):
        return _print_sequence(node)
    return tuple(_lines(_print_line(node, name_columns), node.span.start))


def _lines(text: str, anchor: int) -> list[PrintedLine]:
    return [PrintedLine(text=line, anchor=anchor) for line in text.split("\n")]


def _print_line(node: Statement, name_columns: int) -> str:
    match node:
        case StrategyLine(title=title):
            return f"strategy {_required(title)}"
        case TradeLine():
            return _print_trade_line(node)
        case ReadLine(instruments=instruments):
            return f"read    {', '.join(instrument.symbol for instrument in instruments)}"
        case AccountLine(kind=kind, currency=currency):
            return f"account {kind.text}" + (f" {currency.text}" if currency else "")
        case Roll() | Leave() | Group():
            return print_contracts(node)
        case Flow(amount=amount, every=every, withdraw=withdraw):
            verb = "withdraw" if withdraw else "contribute"
            return f"{verb} {print_expression(amount, SUM)} {print_every(every)}"
        case Input(name=name, default=default, range=interval):
            within = f" in {print_interval(interval)}" if interval else ""
            return f"input {name.text:{name_columns}} = {print_expression(default, SUM)}{within}"
        case Let(name=name, value=IfElse() as choice):
            return _print_choice(f"let {name.text:{name_columns}} =", choice)
        case Let(name=name, value=value):
            return _broken_at_words(f"let {name.text:{name_columns}} = ", value, _CLAUSE)
        case Function():
            return _print_function(node)
        case Use():
            return _print_use(node)
        case BookLine(title=title):
            return f"book {_required(title)}"
        case Sleeve(path=path, part=part, alias=alias):
            given_name = "" if alias is None else f" as {alias.text}"
            return f"sleeve {_required(path)} with {print_expression(part, SUM)}{given_name}"
        case BlockLine(name=name, path=path):
            return f"block {_named(name, path)}"
        case Events() | Data() | Advice():
            return _print_table(node)
        case NoEntries(condition=condition):
            return _broken_at_words("no entries when ", condition, _CLAUSE)
        case Cap():
            return _print_cap(node)
        case Floor(kind=kind, bound=bound):
            return f"{kind} at least {print_expression(bound, SUM)}"
        case Halt():
            flatten = ", flatten" if node.flatten else ""
            threshold = print_expression(node.threshold, SUM)
            return f"halt at {node.measure.value} {threshold}{flatten}, until {node.until}"
        case HaltWhen(condition=condition, flatten=flattens, until=until):
            return f"halt when {print_expression(condition)}{', flatten' if flattens else ''}, until {until}"
        case Rule() | Sequence() | Unreadable():
            raise AssertionError("a rule has many lines, and an unreadable statement has no canonical text")
        case _:
            assert_never(node)


def _print_function(node: Function) -> str:
    lead = f"let {node.name.text}({', '.join(parameter.text for parameter in node.parameters)}) ="
    if isinstance(node.value, IfElse):
        return _print_choice(lead, node.value)
    return _broken_at_words(f"{lead} ", node.value, _CLAUSE)


def _print_use(node: Use) -> str:
    """On one line, or each setting on its own."""
    block = _named(node.block, None) if node.block is not None else _named(None, node.path)
    origin = f" from {_named(None, node.path)}" if node.block is not None and node.path is not None else ""
    alias = "" if node.alias is None else f" as {node.alias.text}"
    settings = [_print_setting(setting) for setting in node.settings]
    given = f" with {', '.join(settings)}" if settings else ""
    whole = f"use {block}{origin}{given}{alias}"
    if len(whole) <= LINE_COLUMNS_MAX or not settings:
        return whole
    broken = f",\n{_ACTION}".join(settings)
    return f"use {block}{origin} with\n{_ACTION}{broken}{alias}"


def _print_setting(setting: Setting) -> str:
    return f"{setting.name.text} = {print_expression(setting.value, SUM)}"


def _named(name: Name | None, path: Text | None) -> str:
    return name.text if name is not None else _required(path) if path is not None else ""


def _required(node: Text | Number | Missing) -> str:
    return print_expression(node)


def _print_choice(lead: str, choice: IfElse) -> str:
    """On one line, or each of its alternatives on its own."""
    whole = f"{lead} {print_expression(choice, LOOSEST)}"
    if len(whole) <= LINE_COLUMNS_MAX:
        return whole
    lines, rest = [lead], choice.otherwise
    lines.append(f"if {print_expression(choice.condition)} then {print_expression(choice.then)}")
    while isinstance(rest, IfElse):
        lines.append(f"else if {print_expression(rest.condition)} then {print_expression(rest.then)}")
        rest = rest.otherwise
    return f"\n{_CLAUSE}".join([*lines, f"else {print_expression(rest)}"])


def _print_trade_line(node: TradeLine) -> str:
    symbols = ", ".join(instrument.symbol for instrument in node.instruments)
    traded = symbols if node.universe is None else f"universe {node.universe.text}"
    traded = f"pairs of {traded}" if node.pairs else traded
    hours = f", {print_interval(node.hours)}" if node.hours else ""
    session = ", regular session" if node.regular_session else ""
    leavers = f", leavers {node.leavers}" if node.leavers else ""
    return f"trade   {traded} on {_required(node.interval)}{session}{hours}{_print_day_start(node)}{leavers}"


def _print_table(node: Events | Data | Advice) -> str:
    """A table of events, a series or advice, all in one shape."""
    whose = " of each instrument" if node.each else ""
    match node:
        case Events(name=name):
            return f"events {name.text}{whose}"
        case Data(name=name):
            return f"data {name.text}{whose}: {_print_values(node)}{_print_fresh(node.fresh)}"
        case Advice(name=name, adviser=adviser):
            return f"advice {name.text}{whose}: {_print_values(node)} from {adviser.text}{_print_fresh(node.fresh)}"
        case _:
            assert_never(node)


def _print_values(node: Data | Advice) -> str:
    return node.kind.text + (f" in {print_interval(node.range)}" if node.range else "")


def _print_fresh(fresh: Expression | None) -> str:
    return "" if fresh is None else f", fresh for {print_expression(fresh, SUM)}"


def _print_day_start(node: TradeLine) -> str:
    """`on 1 day from 09:00 Seoul`, and on shorter bars `on 1 hour, day from 09:00 Seoul`."""
    if node.day_start is None:
        return ""
    daily = isinstance(node.interval, Number) and node.interval.unit in ("day", "days")
    return f"{' ' if daily else ', day '}from {print_clock(node.day_start.clock)}{print_zone(node.day_start.zone)}"


def _print_cap(node: Cap) -> str:
    per = "" if node.per is None else f" per {print_expression(node.per)}"
    reduce = ", then reduce" if node.reduce else ""
    return f"cap  {node.kind.text} {print_expression(node.bound, SUM)}{per}{reduce}"


# ── sequences ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _print_sequence(node: Sequence) -> tuple[PrintedLine, ...]:
    found = _lines(f"sequence {node.name.text}", node.span.start)
    for number, step in enumerate(node.steps):
        word = "then " if number else "first"
        found += _lines(f"{_CLAUSE}{word} {_print_step(step)}", step.span.start)
    if node.unless is not None:
        found += _lines(f"{_CLAUSE}unless {print_expression(node.unless)}", node.unless.span.start)
    return tuple(found)


def _print_step(step: SequenceStep) -> str:
    parts = [print_expression(step.condition)]
    parts += [] if step.lasting is None else [f"for {print_expression(step.lasting, SUM)}"]
    timing = [] if step.within is None else [f"within {print_expression(step.within, SUM)}"]
    timing += ["same bar"] if step.same_bar else []
    parts += [", ".join(timing)] if timing else []
    parts += [] if step.name is None else [f"as {step.name.text}"]
    return " ".join(parts)


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _print_rule(rule: Rule) -> tuple[PrintedLine, ...]:
    found = _lines(f"rule {rule.name.text}{_tried_for(rule)}", rule.span.start)
    if rule.on is not None:
        found += _lines(f"{_CLAUSE}on {rule.on.text}", rule.on.span.start)
    if rule.every is not None:
        found += _lines(f"{_CLAUSE}{print_every(rule.every)}", rule.every.span.start)
    for when in rule.when:
        found += _print_when(when)
    for action in rule.actions:
        found += _print_action(action)
    if rule.at_most is not None:
        found += _lines(f"{_CLAUSE}{_print_at_most(rule.at_most)}", rule.at_most.span.start)
    return tuple(found)


def _tried_for(rule: Rule) -> str:
    symbols = ", ".join(instrument.symbol for instrument in rule.instruments)
    return f" for {symbols}" if symbols else ""


def _print_when(when: When) -> list[PrintedLine]:
    return _lines(_broken_at_words(f"{_CLAUSE}when ", when.condition, _ACTION), when.span.start)


def _broken_at_words(lead: str, value: Expression, indent: str) -> str:
    """A line, broken before its outermost `and` or `or` where it would be too long."""
    whole = lead + print_expression(value)
    if len(whole) <= LINE_COLUMNS_MAX or not isinstance(value, Binary):
        return whole
    word = value.operator
    if word not in (BinaryOperator.AND, BinaryOperator.OR):
        return whole
    level = 2 if word is BinaryOperator.AND else 1
    operands: list[str] = []
    rest: Expression = value
    while isinstance(rest, Binary) and rest.operator is word:
        operands.append(print_joined(rest.right, word, level + 1))
        rest = rest.left
    return f"{lead}{print_joined(rest, word, level)}" + "".join(
        f"\n{indent}{word.value} {text}" for text in operands[::-1]
    )


def _print_at_most(at_most: AtMost) -> str:
    across = " across instruments" if at_most.across_instruments else ""
    return f"at most {_required(at_most.count)} per {at_most.period}{across}"


def _print_action(action: Action) -> list[PrintedLine]:
    match action:
        case Entry():
            return _print_entry(action)
        case Exit(portion=portion, order=order, lots=lots):
            which = "" if lots is None else f", {lots.word}"
            text = f"{_CLAUSE}then exit {_print_portion(portion)}{_spaced(order)}{which}"
            return _lines(text, action.span.start)
        case Note():
            return _lines(f"{_CLAUSE}then note", action.span.start)
        case MoveStop():
            return _lines(f"{_CLAUSE}then {_print_move(action)}", action.span.start)
        case OneOf():
            return _print_group(action)
        case BothOf():
            return _print_pair(action)
        case Allocate():
            return print_allocation(action)
        case Missing():
            raise AssertionError("a tree with holes has no canonical text")
        case _:
            assert_never(action)


def print_allocation(action: Allocate) -> list[PrintedLine]:
    """On one line where it fits and no choice nests, else a part a line."""
    parts = [_receivers(action)]
    if action.ranking is not None:
        parts.append("equally" if action.weights is None else f"by {print_expression(action.weights, SUM)}")
    if action.band is not None:
        of = " of target" if action.band.of_target else ""
        parts.append(f"only where off by more than {print_expression(action.band.width, SUM)}{of}")
    if action.new_cash:
        parts.append("new cash to the most underweight")
    if action.locate is not None:
        parts.append("after locate")
    if action.order is not None:
        parts.append(_print_order(action.order))
    whole = f"{_CLAUSE}then {', '.join(parts)}"
    if action.choice is not None and (is_nested(action.choice) or len(whole) > LINE_COLUMNS_MAX):
        paths = "\n".join(choice_lines(action.choice, _ACTION))
        parts[0] = f"allocate {print_expression(action.amount, SUM)} to\n{paths}"
    elif len(whole) <= LINE_COLUMNS_MAX:
        return _lines(whole, action.span.start)
    return _lines(f"{_CLAUSE}then " + f",\n{_ACTION}".join(parts), action.span.start)


def _receivers(action: Allocate) -> str:
    lead = f"allocate {print_expression(action.amount, SUM)}"
    if action.choice is not None:
        return f"{lead} to {print_flat(action.choice)}"
    where = "" if action.where is None else f" where {print_expression(action.where)}"
    if action.each:
        return f"{lead} to each{where}"
    if action.ranking is not None:
        ends = ("bottom", "top") if action.ranking.lowest else ("top", "bottom")
        count, by = print_expression(action.ranking.count), print_expression(action.ranking.by, SUM)
        shorts = action.ranking.shorts
        sides = "" if shorts is None else f" and short {ends[1]} {print_expression(shorts)}"
        return f"{lead} to {ends[0]} {count}{sides} by {by}{where}"
    return f"{lead} equally" if action.weights is None else f"{lead} by {print_expression(action.weights, SUM)}"


def _print_move(move: MoveStop) -> str:
    place = "break even" if move.price is None else print_expression(move.price, SUM)
    return f"move stop loss to {place}{', even if looser' if move.looser else ''}"


def _print_portion(portion: Expression | None) -> str:
    return "all" if portion is None else print_expression(portion, SUM)


def _spaced(order: OrderPhrase | None) -> str:
    return "" if order is None else f" {_print_order(order)}"


def _print_entry(entry: Entry) -> list[PrintedLine]:
    text = f"{_CLAUSE}then {_direction(entry)}"
    if entry.sizing is not None:
        text += f" {_print_sizing(entry.sizing)}"
    order = entry.order
    if order is not None and order.word not in _PRICED:
        comma = "," if entry.sizing is not None and entry.sizing.at_most is not None else ""
        text += f"{comma} {_print_order(order)}"
        order = None
    found = _lines(text, entry.span.start)
    targets = (entry.target, entry.level_target)
    parts = (order, entry.locate, entry.stop_loss, entry.trailing, *targets, entry.time_in_force)
    for part in parts:
        if part is not None:
            found += _lines(_ACTION + _print_part(part), part.span.start)
    return found


def _direction(entry: Entry) -> str:
    return f"reverse and {entry.direction.value}" if entry.reverse else entry.direction.value


def _print_part(part: OrderPhrase | Locate | StopLoss | TrailingStop | Target | LevelTarget | TimeInForce) -> str:
    match part:
        case OrderPhrase():
            return _print_order(part)
        case Locate():
            return "after locate"
        case StopLoss(price=price):
            return f"stop loss at {print_expression(price, SUM)}"
        case TrailingStop(distance=distance):
            return f"trailing stop {print_expression(distance, SUM)}"
        case Target():
            return _print_target(part)
        case LevelTarget(up=up):
            return f"target one level {'up' if up else 'down'}"
        case TimeInForce():
            return _print_time_in_force(part)
        case _:
            assert_never(part)


def _print_sizing(sizing: Sizing) -> str:
    amount = print_expression(sizing.amount, SUM)
    at_most = "" if sizing.at_most is None else f", at most {print_expression(sizing.at_most, SUM)}"
    return f"risking {amount}{at_most}" if sizing.risking else f"{amount}{at_most}"


def _print_order(order: OrderPhrase) -> str:
    limit = "" if order.limit_price is None else print_expression(order.limit_price, SUM)
    stop = "" if order.stop_price is None else print_expression(order.stop_price, SUM)
    match order.word:
        case OrderWord.LIMIT:
            return f"at limit {limit}"
        case OrderWord.LEVELS:
            return _print_levels(order.levels)
        case OrderWord.STOP:
            return f"at stop {stop}"
        case OrderWord.STOP_LIMIT:
            return f"at stop {stop} limit {limit}"
        case word:
            return word.value


def _print_levels(levels: Levels | None) -> str:
    assert levels is not None
    first, last = print_expression(levels.first, SUM), print_expression(levels.last, SUM)
    return f"at each of {print_expression(levels.count)} {levels.spacing} levels from {first} to {last}"


def _print_target(target: Target) -> str:
    only_if = "" if target.only_if is None else f", only if {print_expression(target.only_if)}"
    return f"target {print_expression(target.value, SUM)}{only_if}"


def _print_time_in_force(time: TimeInForce) -> str:
    if time.value is None:
        return time.word.value
    if time.word is TimeInForceWord.BEFORE_END:
        return f"good until {print_expression(time.value, 1)} before end"
    level = SUM if time.word is TimeInForceWord.GOOD_FOR else 1
    return f"{time.word.value} {print_expression(time.value, level)}{print_zone(time.zone)}"


def _print_group(group: OneOf) -> list[PrintedLine]:
    found = _lines(f"{_CLAUSE}then one of", group.span.start)
    for leg, text in zip(group.legs, _aligned([_print_leg(leg) for leg in group.legs]), strict=True):
        found += _lines(_LEG + text, leg.span.start)
    if group.sizing is not None:
        found += _lines(_ACTION + _print_sizing(group.sizing), group.sizing.span.start)
    if group.time_in_force is not None:
        found += _lines(_ACTION + _print_time_in_force(group.time_in_force), group.time_in_force.span.start)
    return found


def _print_pair(pair: BothOf) -> list[PrintedLine]:
    found = _lines(f"{_CLAUSE}then both of", pair.span.start)
    for leg, text in zip(pair.legs, _aligned([_print_pair_leg(leg) for leg in pair.legs]), strict=True):
        found += _lines(_LEG + text, leg.span.start)
    return found


def _print_pair_leg(leg: Entry) -> str:
    """All of a leg on one line: its amount names its instrument."""
    amount = "" if leg.sizing is None else f" {print_expression(leg.sizing.amount, SUM)}"
    of = "" if leg.instrument is None else f" of {leg.instrument.symbol}"
    most = "" if leg.sizing is None or leg.sizing.at_most is None else print_expression(leg.sizing.at_most, SUM)
    given = (leg.order, leg.locate, leg.stop_loss, leg.trailing, leg.target, leg.time_in_force)
    parts = [f"at most {most}"] if most else []
    parts += [_print_part(part) for part in given if part is not None]
    return ", ".join((f"{_direction(leg)}{amount}{of}", *parts))


def _print_leg(leg: Entry) -> str:
    given = (leg.order, leg.locate, leg.stop_loss, leg.trailing, leg.target, leg.level_target)
    parts = [_print_part(part) for part in given if part is not None]
    return f"{_direction(leg)} {', '.join(parts)}".rstrip()


def _aligned(rows: list[str]) -> list[str]:
    """Rows of equally many words as a table; otherwise only their first words are aligned."""
    table = [row.split(" ") for row in rows]
    if len({len(row) for row in table}) > 1 or any('"' in row for row in rows):
        table = [row.split(" ", 1) for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*table, fillvalue="")]
    return [" ".join(f"{word:{width}}" for word, width in zip(row, widths, strict=False)).rstrip() for row in table]
