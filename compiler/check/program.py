"""Resolved program to checked program: asks every question of every statement, in the order of the text.

Never raises on any tree; a program without errors can be lowered, and the lowering asks nothing again.
"""

from __future__ import annotations

from stratc.compiler.check.addressed.check import check_addressed
from stratc.compiler.check.addressed.whom import addressed, as_seen_by
from stratc.compiler.check.beside.tables import check_bounds, check_table
from stratc.compiler.check.beside.taint import check_taint
from stratc.compiler.check.beside.universe import check_universe
from stratc.compiler.check.beside.unknown_dates import check_unknown_dates
from stratc.compiler.check.books.check import check_books
from stratc.compiler.check.checked import Checked, Typing
from stratc.compiler.check.contracts.check import check_contracts
from stratc.compiler.check.contracts.prices import check_adjusted
from stratc.compiler.check.days.auctions import check_auctions
from stratc.compiler.check.days.check import check_day_start
from stratc.compiler.check.flows.check import check_flows
from stratc.compiler.check.given.check import as_declared, check_given
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.lasting.check import check_lasting
from stratc.compiler.check.limits import check_at_most, check_cap, check_floor, check_halt, check_input
from stratc.compiler.check.orders import check_orders, entries_of
from stratc.compiler.check.pairs.chosen import check_chosen
from stratc.compiler.check.reducing.check import check_reducing
from stratc.compiler.check.sense.limits import check_sense_of_limits
from stratc.compiler.check.sense.orders import check_sense_of_orders
from stratc.compiler.check.sense.values import check_sense_of_values
from stratc.compiler.check.sequences import check_held, check_on, check_sequence
from stratc.compiler.check.sessions.check import check_sessions
from stratc.compiler.check.timing.causality import check_history, check_order_times, prove
from stratc.compiler.check.timing.clock import exchange_zones
from stratc.compiler.check.timing.schedules import check_every, check_hours, check_life, check_times
from stratc.compiler.check.timing.warmup import measure
from stratc.compiler.check.together.check import check_together
from stratc.compiler.check.units import want_condition
from stratc.compiler.resolve.symbols import Resolved, Table
from stratc.dsl.diagnostic import Diagnostic
from stratc.dsl.source import Source
from stratc.dsl.syntax import Advice, Clock, Data, Events, Flow, Input, Let, Name, OneOf, Rule, Sequence, walk


def check(resolved: Resolved, source: Source) -> tuple[Checked, tuple[Diagnostic, ...]]:
    """What a program's parts are and when they are known, and every problem with units, time, orders and limits."""
    typing = Typing(source=source, resolved=resolved, addressed=addressed(resolved))
    _check_declarations(typing)
    check_contracts(typing)
    check_addressed(typing)
    check_orders(typing)
    check_together(typing)
    check_lasting(typing)
    _check_limits(typing)
    check_reducing(typing)
    check_flows(typing)
    check_books(typing)
    check_chosen(typing)
    check_taint(typing)
    check_universe(typing)
    check_unknown_dates(typing)
    check_sense_of_orders(typing)
    check_sense_of_limits(typing)
    _check_time(typing)
    check_sense_of_values(typing)
    check_adjusted(typing)
    known = measure(typing)
    prove(known)
    checked = Checked(
        source=source,
        resolved=resolved,
        types=typing.types,
        known=known,
        addressed=typing.addressed,
        exchange_zone=_exchange_zone(typing),
    )
    problems = sorted(typing.problems, key=lambda problem: (problem.span.start, problem.code))
    return checked, tuple(problem.diagnostic() for problem in problems)


def _check_declarations(typing: Typing) -> None:
    """Inputs, bindings and sequences from top to bottom, so that each is typed before what reads it."""
    for statement in typing.resolved.tree.statements:
        match statement:
            case Input():
                type_of(statement.default, typing)
                check_input(as_declared(statement, typing), typing)
            case Let():
                type_of(statement.value, typing)
            case Events() | Data() | Advice():
                _check_table(statement, typing)
            case Sequence():
                check_sequence(statement, typing)
            case Rule(on=Name() as on):
                check_on(on, typing)
            case _:
                pass
    for given in typing.resolved.blocks.given:
        if isinstance(given.setting.value, Name):
            check_given(given, typing)


def _check_table(table: Table, typing: Typing) -> None:
    if not isinstance(table, Events) and table.range is not None:
        ends = type_of(table.range.low, typing), type_of(table.range.high, typing)
        check_bounds(table, ends, typing)
    check_table(table, typing)


def _check_limits(typing: Typing) -> None:
    resolved = typing.resolved
    for statement in resolved.no_entries:
        want_condition(statement.condition, type_of(statement.condition, typing), typing)
    for halt_when in resolved.halts_when:
        want_condition(halt_when.condition, type_of(halt_when.condition, typing), typing)
    for cap in resolved.caps:
        check_cap(cap, typing)
    for floor in resolved.floors:
        check_floor(floor, typing)
    for halt in resolved.halts:
        check_halt(halt, typing)
    for rule in resolved.rules:
        if rule.at_most is not None:
            check_at_most(rule.at_most, typing)


def _check_time(typing: Typing) -> None:
    for statement in typing.resolved.tree.statements:
        check_history(statement, typing)
        check_held(statement, typing)
        check_sessions(statement, typing)
        check_times(statement, typing)
        if isinstance(statement, Rule):
            _check_rule_times(statement, typing)
        if isinstance(statement, Flow):
            check_every(statement.every, typing.header, typing)
    _check_entry_hours(typing)
    check_day_start(typing)


def _check_rule_times(rule: Rule, typing: Typing) -> None:
    if rule.every is not None:
        check_every(rule.every, as_seen_by(rule, typing.header), typing)
    check_order_times(rule, typing)
    check_auctions(rule, typing)
    for action in rule.actions:
        lives = [entry.time_in_force for entry in entries_of(action)]
        lives += [action.time_in_force] if isinstance(action, OneOf) else []
        for life in lives:
            if life is not None:
                check_life(life, typing)


def _check_entry_hours(typing: Typing) -> None:
    line = typing.header.trade_line
    if line is not None and line.hours is not None:
        check_hours(line.hours, typing)


def _exchange_zone(typing: Typing) -> str:
    """The zone of `time` where none is written; empty where no text asks for one, or the instruments differ."""
    asks = any(
        isinstance(node, Clock) or (isinstance(node, Name) and node.text == "time")
        for node in walk(typing.resolved.tree)
    )
    zones = exchange_zones(typing.header) if asks else ()
    return zones[0] if len(zones) == 1 else ""
