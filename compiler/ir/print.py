"""A program as text: stable, complete but for places in the source, and read by people.

The form is for goldens, for digests of what a program does and for `show --stage ir`. Equal texts mean equal programs,
titles and spans apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import assert_never

from stratc.compiler.ir.nodes import (
    Across,
    AllocateIntent,
    Among,
    Amount,
    Anchor,
    Arithmetic,
    AtEntry,
    Book,
    Column,
    Compare,
    Constant,
    Datum,
    Delay,
    EnterIntent,
    ExitIntent,
    Follow,
    FollowStep,
    Indicate,
    InputParameter,
    Intent,
    IsKnown,
    Levels,
    Life,
    Logic,
    LotChoice,
    MoveStopIntent,
    Node,
    NodeId,
    NoteIntent,
    Of,
    OfLeg,
    OneOfIntent,
    Operation,
    OrderKind,
    OrderShape,
    Output,
    Parameter,
    PriceStep,
    Program,
    Reached,
    Rule,
    Sample,
    Select,
    Share,
    Since,
    SinceEntry,
    Time,
    TimeInForce,
)
from stratc.runtime.model.zone import date_of


def print_program(program: Program) -> str:
    return "".join(f"{line}\n" for line in program_lines(program))


def program_lines(program: Program) -> Iterator[str]:
    traded = f"universe {program.universe}" if program.universe else ", ".join(program.instruments)
    yield f"bars of {program.interval_seconds} s of {traded}"
    if program.reads:
        yield f"reading {', '.join(program.reads)}"
    yield f"account {program.account_kind} {program.currency}"
    if program.day_start:
        yield f"days from {program.day_start}"
    if program.regular_session:
        yield "regular session"
    if program.entry_hours:
        request, start, end = program.entry_hours
        yield f"entries in {start}..{end} of {clock(request)}"
    if program.roll:
        roll = program.roll
        yield f"roll by {roll.by}, {roll.sessions} sessions before {roll.before}, adjusted by {roll.adjusted}"
    if program.leave:
        yield f"leave {program.leave.sessions} sessions before {program.leave.before}"
    yield from (f"group {group.name} {' '.join(map(str, group.members))}" for group in program.groups)
    if program.pairs:
        yield f"pairs {len(program.instruments) // 2}"
    for sleeve in program.sleeves:
        yield f"sleeve {sleeve.name} {sleeve.percent}% {' '.join(map(str, sleeve.places))}"
    yield from (input_line(declared) for declared in program.inputs)
    names: dict[NodeId, list[str]] = {}
    for binding in program.bindings:
        names.setdefault(binding.node, []).append(binding.name)
    yield from (node_line(node, names.get(node.id, [])) for node in program.nodes)
    for flow in program.flows:
        verb = "withdraw" if flow.withdraw else "contribute"
        yield f"{verb} %{flow.amount} every {clock(flow.schedule)}, once a {flow.period}"
    for rule in program.rules:
        yield from rule_lines(rule)
    for statement in program.no_entries:
        yield f"no entries when %{statement.condition}"
    for when in program.halts_when:
        yield f"halt when %{when.condition}{', flatten' if when.flatten else ''}, until {when.until}"
    for cap in program.caps:
        reduces = ", then reduce" if cap.reduces else ""
        yield f"cap {cap.kind} %{cap.bound} {cap.unit}, {cap.sessions} sessions{reduces}"
    for halt in program.halts:
        flatten = ", flatten" if halt.flatten else ""
        yield f"halt {halt.measure} %{halt.threshold} of {halt.baseline}{flatten}, until {halt.until}"


def input_line(declared: InputParameter) -> str:
    low, high = ("" if bound is None else repr(bound) for bound in (declared.low, declared.high))
    whole = ", whole" if declared.whole else ""
    return f"input {declared.name} = {declared.default!r} in {low}..{high} {declared.unit}{whole}"


def node_line(node: Node, names: list[str]) -> str:
    arguments = " ".join(f"%{argument}" for argument in node.arguments)
    text = " ".join(part for part in (operation_text(node.operation), arguments) if part)
    comment = f"  # {', '.join(names)}" if names else ""
    text += f" on {clock(node.bars)}" if node.bars is not None else ""
    return f"%{node.id} {node.kind} {text}, known at bar {node.warmup}{comment}"


def operation_text(operation: Operation) -> str:
    match operation:
        case Constant(value=value):
            return repr(value)
        case Parameter(name=name):
            return f"input {name}"
        case PriceStep(step=step):
            return f"step {step}"
        case Column(name=name):
            return f"column {name}"
        case Time(request=request):
            return f"time {clock(request)}"
        case Datum(request=asked):
            return f"datum {clock(asked)}"
        case Book(word=word, leg=leg):
            return f"book {word}" if leg is None else f"book {word} of leg {leg}"
        case Arithmetic(operator=arithmetic):
            return str(arithmetic)
        case Compare(operator=comparison):
            return str(comparison)
        case Logic(operator=logic):
            return str(logic)
        case IsKnown():
            return "is known"
        case Among(instruments=those):
            return f"is instrument {' or '.join(map(str, those))}"
        case Indicate(stem=stem, params=params):
            return f"{stem}({', '.join(str(value) for value in params)})"
        case Output(name=name):
            return f"output {name}"
        case Delay(bars=bars):
            return f"delay {bars}"
        case Sample():
            return "sample"
        case Anchor(aggregate=aggregate, window=window):
            return f"{aggregate} over {clock(window)}"
        case Follow(steps=steps, cancel=cancel):
            return f"follow {', '.join(map(follow_text, steps))}{' unless' if cancel else ''}"
        case Reached(step=number):
            return f"reached {number}"
        case Since(gathered=gathered):
            return f"{gathered} since"
        case AtEntry():
            return "at entry"
        case SinceEntry(aggregate=aggregate):
            return f"{aggregate} since entry"
        case Select():
            return "select"
        case Across(beside=beside):
            return f"{beside} across instruments"
        case Of(instrument=number):
            return f"of instrument {number}"
        case OfLeg(leg=leg):
            return f"of leg {leg}"
        case _:
            assert_never(operation)


def follow_text(step: FollowStep) -> str:
    return f"{step.lasting_bars} within {step.within_bars}{' same bar' if step.same_bar else ''}"


def clock(request: object) -> str:
    """A request in its own words: its class and the values of its fields."""
    if not is_dataclass(request):
        return str(request.value) if isinstance(request, Enum) else str(request)
    values = ", ".join(clock(getattr(request, field.name)) for field in fields(request))
    return f"{type(request).__name__}({values})"


def rule_lines(rule: Rule) -> Iterator[str]:
    yield f"rule {rule.name}, from bar {rule.warmup}"
    if rule.schedule:
        yield f"  every {clock(rule.schedule)}"
    if rule.condition is not None:
        yield f"  when %{rule.condition}"
    for intent in rule.intents:
        yield from (f"  {line}" for line in intent_lines(intent))
    if rule.limit:
        across = " across instruments" if rule.limit.across_instruments else ""
        yield f"  at most {rule.limit.count} per {rule.limit.period}{across}"


def intent_lines(intent: Intent) -> Iterator[str]:
    match intent:
        case EnterIntent():
            yield enter_line(intent)
        case ExitIntent():
            portion = "" if intent.node is None else f" %{intent.node}"
            lots = "" if intent.lots is LotChoice.OLDEST else f", {intent.lots} first"
            yield f"exit {intent.portion}{portion} {order_text(intent.order)}{lots}"
        case MoveStopIntent(node=node, looser=looser):
            place = "break even" if node is None else f"%{node}"
            yield f"move stop loss to {place}{', even if looser' if looser else ''}"
        case NoteIntent():
            yield "note"
        case OneOfIntent():
            yield "one of"
            yield from (f"  {enter_line(leg)}" for leg in intent.legs)
        case AllocateIntent():
            yield allocate_line(intent)
        case _:
            assert_never(intent)


def enter_line(entry: EnterIntent) -> str:
    parts = [f"{entry.side} {amount_text(entry.amount)}"]
    if entry.instrument is not None:
        parts.append(f"of instrument {entry.instrument}")
    if entry.at_most:
        parts.append(f"at most {amount_text(entry.at_most)}")
    parts.append(order_text(entry.order))
    if entry.levels:
        parts.append(levels_text(entry.levels))
    if entry.stop_loss is not None:
        parts.append(f"stop loss %{entry.stop_loss}")
    if entry.trail:
        parts.append(f"trailing stop {entry.trail.kind} %{entry.trail.node}")
    if entry.target:
        parts.append(f"target {entry.target.kind} %{entry.target.node}")
    parts.append(life_text(entry.time_in_force))
    if entry.locate:
        parts.append("after locate")
    if entry.reverse:
        parts.append("reverse")
    return ", ".join(parts)


def levels_text(levels: Levels) -> str:
    target = ", target the next" if levels.to_next else ""
    return f"levels {levels.number}.. {levels.count} {levels.spacing} to %{levels.last}{target}"


def allocate_line(intent: AllocateIntent) -> str:
    words = {Share.EACH: " each", Share.OWN: " of its own to each"}
    parts = [f"allocate %{intent.amount}{words.get(intent.share, '')}"]
    if intent.where is not None:
        parts.append(f"where %{intent.where}")
    if intent.ranking:
        ranking = intent.ranking
        shorts = f" and short {ranking.short_part or ranking.shorts}" if ranking.shorts else ""
        parts.append(f"{ranking.rank} {ranking.part or ranking.places}{shorts} by %{ranking.score}")
    weighed = f"{'parts' if intent.share is Share.STATED else 'weighed by'} %{intent.weight}"
    parts.append("equally" if intent.weight is None else weighed)
    if intent.band:
        parts.append(f"off by more than {intent.band.kind} %{intent.band.node}")
    if intent.new_cash:
        parts.append("new cash to the most underweight")
    if intent.locate:
        parts.append("after locate")
    return ", ".join((*parts, order_text(intent.order)))


def amount_text(amount: Amount) -> str:
    return f"{amount.kind} %{amount.node}"


def order_text(order: OrderShape) -> str:
    match order.kind:
        case OrderKind.LIMIT:
            return f"at limit %{order.limit_price}"
        case OrderKind.STOP:
            return f"at stop %{order.stop_price}"
        case OrderKind.STOP_LIMIT:
            return f"at stop %{order.stop_price} limit %{order.limit_price}"
        case OrderKind.MARKET | OrderKind.NEXT_OPEN | OrderKind.CLOSING_AUCTION:
            return f"at {order.kind}"
        case _:
            assert_never(order.kind)


def life_text(life: TimeInForce) -> str:
    match life.life:
        case Life.BARS:
            return f"good for {life.bars} bars"
        case Life.UNTIL:
            return f"good until {clock(life.clock)}"
        case Life.DATE:
            assert life.last is not None
            return f"good until {date_of(life.last)}"
        case Life.DAY | Life.IMMEDIATE_OR_CANCEL | Life.FILL_OR_KILL:
            return f"life {life.life}"
        case _:
            assert_never(life.life)
