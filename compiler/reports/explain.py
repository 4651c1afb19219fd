"""Explanations: a checked strategy in plain English, with every assumption listed.

Deterministic: the same text gives the same words. `explain` says the header, the inputs, each binding with its formula,
unit, moment of knowledge and warm-up, each rule as a sentence, then limits and assumptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stratc.compiler.check.advice import article
from stratc.compiler.check.checked import Checked, Known, expression_type
from stratc.compiler.check.limits import shared_by
from stratc.compiler.check.orders import HALF
from stratc.compiler.check.timing.clock import duration_text
from stratc.compiler.ir.nodes import Assumption, Program
from stratc.compiler.reports.beside import say_no_entries, say_table
from stratc.compiler.reports.choices import say_choice
from stratc.compiler.reports.contracts import say_contracts, say_shared, say_units
from stratc.compiler.reports.flows import say_flow
from stratc.compiler.reports.functions import as_written, say_block, say_function
from stratc.compiler.reports.ladders import say_halt_when, say_level_target, say_levels
from stratc.compiler.reports.phrases import say, say_range
from stratc.compiler.reports.schedules import say_every
from stratc.compiler.reports.sequences import say_sequence
from stratc.compiler.reports.sides import say_order_of_sides, say_places, say_sides
from stratc.compiler.reports.sleeves import say_pairs, say_sleeves
from stratc.dsl.syntax import (
    Action,
    Allocate,
    Binary,
    BinaryOperator,
    BothOf,
    Cap,
    Day,
    Entry,
    Exit,
    Floor,
    Halt,
    HaltWhen,
    Input,
    Let,
    LotWord,
    Missing,
    MoveStop,
    Name,
    NoEntries,
    Note,
    Number,
    OneOf,
    OrderPhrase,
    OrderWord,
    Rule,
    Sizing,
    StopLoss,
    Target,
    TimeInForce,
    TimeInForceWord,
    TrailingStop,
)
from stratc.dsl.types import R_MULTIPLE, RATIO, Price

NUMBER_WORDS = {1: "once", 2: "twice"}


def explain(checked: Checked, program: Program) -> str:
    """The strategy said back. Assumes that `program` was lowered from `checked`."""
    checked = as_written(checked)
    resolved = checked.resolved
    sections = [
        _header(program),
        _section("Inputs", (_input(stated) for stated in resolved.inputs)),
        _section("Names", (_binding(binding, checked) for binding in resolved.bindings)),
        _section("Sleeves", say_sleeves(program)),
        _section("Pairs", say_pairs(program)),
        _section("Blocks", (say_block(used) for used in resolved.blocks.used if not resolved.blocks.is_sleeve(used))),
        _section("Functions", (say_function(function) for function in resolved.functions)),
        _section("Beside prices", (say_table(table) for table in resolved.tables)),
        _section("Sequences", (say_sequence(sequence, checked) for sequence in resolved.sequences)),
        _section("Money in and out", (say_flow(flow) for flow in resolved.flows)),
        _section("Rules", (_rule(rule, checked) for rule in resolved.rules)),
        _section("Limits", _limits(checked)),
        _section("Assumptions", _assumptions(program.assumptions)),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _section(title: str, lines: Iterable[str]) -> str:
    told = [f"- {line}" for line in lines]
    return "\n".join([title, *told]) if told else ""


def _header(program: Program) -> str:
    symbols = (
        f"the members of `{program.universe}`" if program.universe else ", ".join(dict.fromkeys(program.instruments))
    )
    symbols = f"every pair of {symbols}" if program.pairs else symbols
    hours = ", regular session only" if program.regular_session else ""
    days = f", in days that begin at {program.day_start}" if program.day_start else ""
    account = program.account_kind.replace("_", " ")
    reads = f", reading {', '.join(program.reads)}" if program.reads else ""
    return (
        f"{program.title}\n"
        f"Trades {symbols}{reads} on bars of {duration_text(program.interval_seconds)}{days}{hours}, "
        f"in a {account} account in {program.currency}.\n"
        f"Warm-up: {program.warmup} bar{'s' if program.warmup != 1 else ''}."
        + "".join(f"\n{line}" for line in say_contracts(program))
    )


def _input(stated: Input) -> str:
    held = (
        f", may be set {say_range(stated.range)}" if stated.range is not None else " and cannot be set: it has no range"
    )
    return f"`{stated.name.text}` is {say(stated.default)}{held}"


def _binding(binding: Let, checked: Checked) -> str:
    kind = expression_type(checked, binding.value)
    known = checked.known.get(binding.value)
    when = f"; {_known(known)}" if known is not None else ""
    return f"`{binding.name.text}` is {say(binding.value)} ({article(kind)}{when})"


def _known(known: Known) -> str:
    after = [f"{known.bars} bar{'s' if known.bars != 1 else ''}"] if known.bars > 1 else []
    after += [f"{known.sessions} window{'s' if known.sessions != 1 else ''}"] if known.sessions else []
    return f"known {known.when.value}" + (f", first after {' and '.join(after)}" if after else "")


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rule(rule: Rule, checked: Checked) -> str:
    symbols = ", ".join(each.symbol for each in rule.instruments)
    moments = [f"for {symbols} only"] if symbols else []
    moments += [f"on the bar on which `{rule.on.text}` forms"] if rule.on is not None else []
    moments += [say_every(rule.every)] if rule.every is not None else []
    conditions = " and ".join(say(clause.condition) for clause in rule.when)
    moments += [f"when {conditions}"] if conditions else []
    when = ", ".join(moments) if moments else "on every bar"
    actions = "; then ".join(_action(action, checked) for action in rule.actions)
    limit = f" This may happen at most {_at_most(rule)}." if rule.at_most is not None else ""
    return f"{rule.name.text}: {when[:1].upper()}{when[1:]}, {actions}.{limit}"


def _at_most(rule: Rule) -> str:
    limit = rule.at_most
    if limit is None or isinstance(limit.count, Missing):
        return ""
    count = int(limit.count.value)
    times = NUMBER_WORDS.get(count, f"{count} times")
    across = " across all instruments" if limit.across_instruments else " for each instrument"
    return f"{times} a {limit.period}{across}"


def _action(action: Action, checked: Checked) -> str:
    match action:
        case Entry():
            return _entry(action, checked)
        case Exit():
            lots = "" if action.lots is None else f", the tax lots {_LOTS[action.lots.word]} first"
            both = " of both legs" if checked.resolved.header.pairs else ""
            return f"exit {_portion(action)}{both} {_order(action.order)}{lots}"
        case MoveStop():
            return _move(action)
        case Note():
            return "order nothing, and note in the report that it was so"
        case OneOf():
            legs = "; or ".join(_entry(leg, checked) for leg in action.legs)
            shared = "".join(_shared(action))
            return f"place these together, the first that fills cancels the others: {legs}{shared}"
        case BothOf():
            legs = " and ".join(f"{_entry(leg, checked)}{_of(leg)}" for leg in action.legs)
            return f"do both of these or neither, one being denied means that the other is not sent: {legs}"
        case Allocate():
            return _allocation(action)
        case Missing():
            return "(something unreadable)"


def _of(leg: Entry) -> str:
    return "" if leg.instrument is None else f", of {leg.instrument.symbol}"


def _allocation(action: Allocate) -> str:
    where = f" for which {say(action.where)}" if action.where is not None else ""
    shared = "equally" if action.weights is None else f"in proportion to {say(action.weights)}"
    if action.choice is not None:
        parts = [f"bring {say(action.amount)} into {say_choice(action.choice)}"]
    elif action.each:
        parts = [f"bring every instrument{where} to {say(action.amount)}"]
    elif action.ranking is not None and action.ranking.shorts is not None:
        parts = [say_sides(action, action.ranking, action.ranking.shorts, shared)]
    elif action.ranking is not None:
        end = "lowest" if action.ranking.lowest else "highest"
        count = say_places(action.ranking.count)
        parts = [
            f"share {say(action.amount)} {shared} among the {count} instruments{where} with the {end} "
            f"{say(action.ranking.by).removeprefix('the ')}"
        ]
    else:
        parts = [f"share {say(action.amount)} {shared} among all instruments"]
    parts.append("bring all others to zero")
    if action.band is not None:
        of = " of its target" if action.band.of_target else ""
        parts.append(f"leave alone what is off by no more than {say(action.band.width)}{of}")
    if action.locate is not None:
        parts.append("locate shares to borrow before what is sold short")
    if action.new_cash:
        parts.append("buy with what was paid in the one that is furthest below its target, up to the edge of its band")
    return f"{', '.join(parts)}, {_order(action.order)}, {say_order_of_sides(action)}"


def _shared(group: OneOf) -> Iterator[str]:
    if group.sizing is not None:
        yield f"; each {_size(group.sizing)}"
    if group.time_in_force is not None:
        yield f"; {_life(group.time_in_force)}"


def _entry(entry: Entry, checked: Checked) -> str:
    size = f" {_size(entry.sizing)}" if entry.sizing is not None else ""
    verb = f"turn round and {entry.direction.value}" if entry.reverse else entry.direction.value
    parts = [f"{verb}{size} {_order(entry.order)}"]
    parts += ["once shares to borrow are located for it"] if entry.locate is not None else []
    parts += [_stop_loss(entry.stop_loss)] if entry.stop_loss is not None else []
    parts += [_trailing(entry.trailing, checked)] if entry.trailing is not None else []
    parts += [_target(entry.target, checked)] if entry.target is not None else []
    parts += [say_level_target(entry)] if entry.level_target is not None else []
    parts += [_life(entry.time_in_force)] if entry.time_in_force is not None else []
    return ", ".join(parts)


def _size(sizing: Sizing) -> str:
    most = f", at most {say(sizing.at_most)}" if sizing.at_most is not None else ""
    amount = say(sizing.amount)
    if sizing.risking:
        return f"as much as loses {amount} at the stop loss{most}"
    counted = isinstance(sizing.amount, Number) and not sizing.amount.unit.isupper()
    return f"{'' if counted else 'with '}{amount}{most}"


def _stop_loss(stop: StopLoss) -> str:
    return f"with a stop loss at {say(stop.price)}"


def _move(move: MoveStop) -> str:
    place = "break even, costs included" if move.price is None else say(move.price)
    bound = "wherever that is" if move.looser else "where that is tighter"
    return f"move the stop loss of the whole position to {place}, {bound}"


def _trailing(trailing: TrailingStop, checked: Checked) -> str:
    kind = expression_type(checked, trailing.distance)
    if kind == R_MULTIPLE and isinstance(trailing.distance, Number):
        distance = f"{trailing.distance.value:f} times the initial risk"
    elif kind == RATIO:
        distance = f"{say(trailing.distance)} of that price"
    else:
        distance = say(trailing.distance)
    return f"with a stop that trails the best price since the entry by {distance} as of the order"


def _target(target: Target, checked: Checked) -> str:
    only_if = ""
    if isinstance(target.only_if, Binary):
        multiple = say(target.only_if.right).removesuffix("R")
        more = "at least" if target.only_if.operator is BinaryOperator.GREATER_EQUAL else "more than"
        only_if = f" (placed only if it is {more} {multiple} times the initial risk from the order's own price)"
    return _target_itself(target, checked) + only_if


def _target_itself(target: Target, checked: Checked) -> str:
    kind = expression_type(checked, target.value)
    if kind == R_MULTIPLE and isinstance(target.value, Number):
        return f"and a target of {target.value.value:f} times the initial risk"
    if isinstance(kind, Price):
        return f"and a target at {say(target.value)}"
    return f"and a target {say(target.value)} from the entry"


_LOTS: Final = {
    LotWord.OLDEST: "bought longest ago",
    LotWord.NEWEST: "bought last",
    LotWord.HIGHEST_COST: "that cost most",
    LotWord.LOWEST_COST: "that cost least",
}


def _portion(action: Exit) -> str:
    match action.portion:
        case None:
            return "the whole position"
        case Name(text=text) if text == HALF:
            return "half of the position"
        case portion:
            return say(portion)


def _order(order: OrderPhrase | None) -> str:
    if order is None:
        return "at market"
    limit = say(order.limit_price) if order.limit_price is not None else ""
    stop = say(order.stop_price) if order.stop_price is not None else ""
    match order.word:
        case OrderWord.LIMIT:
            return f"with a limit order at {limit}"
        case OrderWord.LEVELS:
            assert order.levels is not None
            return say_levels(order.levels)
        case OrderWord.STOP:
            return f"with a stop order at {stop}"
        case OrderWord.STOP_LIMIT:
            return f"with a stop order at {stop} and a limit at {limit}"
        case OrderWord.MARKET | OrderWord.NEXT_BAR:
            return "at market, as soon as the next bar begins"
        case OrderWord.NEXT_OPEN | OrderWord.OPENING_AUCTION:
            return "at the next open, in the opening auction"
        case OrderWord.CLOSING_AUCTION:
            return "in the closing auction"


def _life(life: TimeInForce) -> str:
    zone = f" {life.zone.text}" if life.zone is not None else ""
    match life.word:
        case TimeInForceWord.GOOD_UNTIL if isinstance(life.value, Day):
            return f"good through the session of {say(life.value)}, after which nothing is entered here"
        case TimeInForceWord.GOOD_UNTIL | TimeInForceWord.GOOD_FOR:
            return f"{life.word.value} {say(life.value)}{zone}" if life.value is not None else life.word.value
        case TimeInForceWord.BEFORE_END:
            return "good until " + (say(life.value) if life.value is not None else "") + " before the session's end"
        case TimeInForceWord.IMMEDIATE_OR_CANCEL:
            return "canceled as far as it does not fill at once"
        case TimeInForceWord.FILL_OR_KILL:
            return "filled whole at once or not at all"


# ── limits and assumptions ───────────────────────────────────────────────────────────────────────────────────────────


def _limits(checked: Checked) -> Iterator[str]:
    for statement in checked.resolved.tree.statements:
        match statement:
            case NoEntries():
                yield say_no_entries(statement)
            case Cap():
                yield _cap(statement)
            case Floor(kind="keep"):
                held = f"a position is kept for at least {say(statement.bound)}"
                yield f"{held}: until then nothing closes it, neither its stop loss nor a halt"
            case Floor():
                yield f"an entry is denied where its stop loss is nearer than {say(statement.bound)} of the price"
            case Halt():
                yield _halt(statement)
            case HaltWhen():
                yield say_halt_when(statement)
            case _:
                pass


def _cap(cap: Cap) -> str:
    """What is denied, and what is brought back where the text says so."""
    if not cap.reduce:
        return _denied_by(cap)
    back = "in proportion, " if cap.kind.text != "position" or shared_by(cap.per) in ("group", "side") else ""
    return (
        f"{_denied_by(cap)}; where the market has moved beyond it at a bar's close, what is too much is exited {back}"
        "at market in the next bar, oldest first, and entries that would add to it are canceled"
    )


def _denied_by(cap: Cap) -> str:
    bound = say(cap.bound)
    shared = shared_by(cap.per)
    per = "" if cap.per is None else cap.per.text if isinstance(cap.per, Name) else say(cap.per)
    match cap.kind.text:
        case "slippage":
            return f"entries at market go as limits at most {bound} beyond the quote; exits are never held back by it"
        case "orders":
            return f"at most {bound} orders are sent per {per}; those beyond are denied"
        case "entries":
            return f"at most {bound} entries are made per {per}; those beyond are denied"
        case "day_trades":
            return f"at most {bound} day trades are made per {per}; an entry that could make one more is denied"
        case "units":
            return say_units(bound, shared)
        case "position" if shared in ("group", "side"):
            return say_shared(bound, shared)
        case "position":
            return f"an entry is denied where the position in an instrument would go over {bound}"
        case "gross":
            return f"an entry is denied where all positions together would go over {bound}"
        case kind:
            return f"an entry is denied where {kind} would go over {bound}"


def _halt(halt: Halt) -> str:
    then = "cancel what opens, exit the position" if halt.flatten else "cancel what opens, keep stop losses and targets"
    until = "until the next session" if halt.until == "next session" else "until a person releases it"
    return (
        f"trading stops when the {halt.measure.value} reaches {say(halt.threshold)}: {then}, {until} "
        "(the loss can be larger than that)"
    )


def _assumptions(assumptions: Iterable[Assumption]) -> Iterator[str]:
    for assumption in assumptions:
        risk = " (risk: write it down before trading live)" if assumption.risk_bearing else ""
        yield f"{assumption.id}: {assumption.text}{risk}"
