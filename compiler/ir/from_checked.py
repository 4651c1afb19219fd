"""Checked program → `Program`: the lowering, as a table of contents.

Total on programs that were checked without errors; a failure here is ours (`StratcBug`). Rules, caps and halts keep the
order of the text, bindings become names of nodes, and what the text left open becomes an assumption.
"""

from __future__ import annotations

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.checked import Checked
from stratc.compiler.ir.lowering.assumptions import assumptions_of, needs_flat
from stratc.compiler.ir.lowering.beside import leavers_rule, members_only, with_member
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.lowering.choices import decided
from stratc.compiler.ir.lowering.contracts import lower_groups, lower_leave, lower_roll
from stratc.compiler.ir.lowering.expressions import lower_expression, whole, zone_of_text
from stratc.compiler.ir.lowering.flows import lower_flow
from stratc.compiler.ir.lowering.limits import lower_cap, lower_floor, lower_halt, lower_halt_when, lower_input
from stratc.compiler.ir.lowering.orders import lower_actions, with_only_if
from stratc.compiler.ir.lowering.pairs import lower_word
from stratc.compiler.ir.lowering.schedules import lower_schedule
from stratc.compiler.ir.lowering.sequences import lower_sequence
from stratc.compiler.ir.lowering.sleeves import lower_sleeves, place_of_symbol
from stratc.compiler.ir.nodes import (
    Among,
    Binding,
    BookWord,
    EnterIntent,
    Logic,
    LogicOperator,
    NodeId,
    NoEntries,
    OneOfIntent,
    Period,
    Program,
    Rule,
    RuleLimit,
)
from stratc.compiler.ir.uses import intent_nodes, intent_truths
from stratc.compiler.resolve.symbols import Header
from stratc.dsl import syntax
from stratc.dsl.syntax import Cap, Floor, Number
from stratc.runtime.model.clock import SecondOfDay


def lower(checked: Checked) -> Program:
    """The program of a strategy that was checked without errors."""
    builder, resolved = Builder(checked), checked.resolved
    header = _whole_header(resolved.header)
    inputs = tuple(lower_input(stated, builder) for stated in resolved.inputs)
    for statement in resolved.tree.statements:
        _lower_declaration(statement, builder)
    bindings = tuple(
        Binding(name=let.name.text, node=lower_expression(let.value, builder), span=let.span)
        for let in resolved.bindings
    )
    rules = (*leavers_rule(builder), *(_rule(rule, builder) for rule in resolved.rules))
    no_entries = (*members_only(builder), *(_no_entries(each, builder) for each in resolved.no_entries))
    flows = tuple(lower_flow(flow, builder) for flow in resolved.flows)
    limits = [item for item in resolved.tree.statements if isinstance(item, Cap | Floor)]
    caps = tuple(lower_cap(item, builder) if isinstance(item, Cap) else lower_floor(item, builder) for item in limits)
    halts = tuple(lower_halt(halt, builder) for halt in resolved.halts)
    halts_when = tuple(lower_halt_when(halt, builder) for halt in resolved.halts_when)
    hours = _entry_hours(header, builder)
    warmup = max((rule.warmup for rule in rules), default=1)
    return Program(
        title=header.title,
        source_name=checked.source.name,
        source_text=checked.source.text,
        source_files=checked.source.files,
        instruments=tuple(instrument.symbol for instrument in header.instruments),
        reads=tuple(instrument.symbol for instrument in header.reads),
        interval_seconds=header.interval_seconds,
        day_start=header.day_start,
        regular_session=header.trade_line is not None and header.trade_line.regular_session,
        entry_hours=hours,
        account_kind=header.account_kind,
        currency=header.currency,
        inputs=inputs,
        nodes=tuple(builder.nodes),
        bindings=bindings,
        rules=rules,
        no_entries=no_entries,
        universe=header.universe,
        caps=caps,
        halts=halts,
        halts_when=halts_when,
        assumptions=assumptions_of(builder, warmup),
        warmup=warmup,
        roll=lower_roll(resolved, builder),
        leave=lower_leave(resolved),
        groups=lower_groups(resolved),
        flows=flows,
        sleeves=lower_sleeves(resolved),
        pairs=header.pairs,
    )


def _lower_declaration(statement: syntax.Statement, builder: Builder) -> None:
    """Bindings and sequences in the order of the text: each may read those above it."""
    match statement:
        case syntax.Let(value=value):
            lower_expression(value, builder)
        case syntax.Sequence():
            lower_sequence(statement, builder)
        case _:
            pass


def _whole_header(header: Header) -> Header:
    if not (header.instruments and header.interval_seconds and header.account_kind and header.currency):
        raise StratcBug("a program whose header has problems was lowered")
    return header


def _entry_hours(header: Header, builder: Builder) -> tuple[SecondOfDay, int, int] | None:
    hours = header.trade_line.hours if header.trade_line is not None else None
    if hours is None:
        return None
    zone = zone_of_text(hours.zone, builder)
    return SecondOfDay(zone=zone), whole(hours.low, builder), whole(hours.high, builder)


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rule(rule: syntax.Rule, builder: Builder) -> Rule:
    condition = _condition(rule, builder)
    intents = tuple(intent for action in rule.actions for intent in lower_actions(action, builder))
    condition = with_only_if(condition, rule, intents, builder)
    if any(isinstance(intent, EnterIntent | OneOfIntent) for intent in intents):
        condition = with_member(condition, rule.span, builder)
    roots = [condition] if condition is not None else []
    roots += [node for intent in intents for node in (*intent_nodes(intent), *intent_truths(intent))]
    return Rule(
        name=rule.name.text,
        schedule=lower_schedule(rule.every, builder) if rule.every is not None else None,
        condition=condition,
        intents=intents,
        limit=_limit(rule.at_most),
        warmup=max((builder.warmup_of(node) for node in roots), default=1),
        span=rule.span,
        both=any(isinstance(action, syntax.BothOf) for action in rule.actions),
    )


def _no_entries(statement: syntax.NoEntries, builder: Builder) -> NoEntries:
    text = " ".join(builder.checked.source.slice(statement.condition.span).split())
    return NoEntries(condition=lower_expression(statement.condition, builder), text=text, span=statement.span)


def _condition(rule: syntax.Rule, builder: Builder) -> NodeId | None:
    """What the rule is for, the sequence that it waits for and all clauses at once, and `flat` where a group that
    faces both ways needs it."""
    parts = _addressed(rule, builder)
    parts += [] if rule.on is None else [lower_expression(rule.on, builder)]
    parts += [lower_expression(clause.condition, builder) for clause in rule.when]
    parts += decided(rule, builder)
    if needs_flat(rule, builder.checked.resolved):
        parts.insert(0, lower_word(BookWord.FLAT, rule.span, builder))
    if len(parts) < 2:
        return parts[0] if parts else None
    return builder.add(Logic(LogicOperator.AND), tuple(parts), rule.span)


def _addressed(rule: syntax.Rule, builder: Builder) -> list[NodeId]:
    """That the instrument is one of those that the rule is for."""
    if not rule.instruments:
        return []
    those = tuple(place_of_symbol(builder.checked.resolved, named.symbol, rule.name.text) for named in rule.instruments)
    return [builder.add(Among(those), (), rule.span)]


def _limit(at_most: syntax.AtMost | None) -> RuleLimit | None:
    if at_most is None:
        return None
    if not isinstance(at_most.count, Number):
        raise StratcBug("`at most` without a number was lowered")
    return RuleLimit(
        count=int(at_most.count.value),
        period=Period(at_most.period),
        across_instruments=at_most.across_instruments,
    )
