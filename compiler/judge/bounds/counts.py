"""How many: orders in one second, and a rule's entries in one session."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import (
    CapKind,
    EnterIntent,
    ExitIntent,
    Life,
    OneOfIntent,
    Period,
    Program,
    Rule,
    Side,
)
from stratc.compiler.ir.uses import allocation_of, entries, shorts_of
from stratc.compiler.judge.amounts import upper
from stratc.compiler.judge.bounds.grounds import Grounds
from stratc.compiler.judge.bounds.ladders import levels_of
from stratc.compiler.judge.bounds.sheet import WHOLE_TEXT, Obstacle, Quantity, Stated, counted, unbounded
from stratc.compiler.judge.sizes import asks_flat
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.dsl.source import Line

IN_A_SESSION: Final = frozenset({Period.SESSION, Period.DAY})
# Orders of these lives never work beside the next session's one of the same schedule.
SHORT_LIVES: Final = frozenset({Life.DAY, Life.IMMEDIATE_OR_CANCEL, Life.FILL_OR_KILL})
PROTECTION: Final = "of rules and halts; stop losses and targets are part of their entry, and cancels are not counted"


def orders_per_second(grounds: Grounds) -> Stated:
    """All orders that one moment can bring, bars being a second long or more; caps hold back openings only."""
    program = grounds.program
    if program.interval_seconds < 1:
        text = "bars are shorter than a second"
        return unbounded(Quantity.ORDERS, Obstacle(text=text, line=WHOLE_TEXT, remedy="trade longer bars"))
    if program.universe:
        text = "nobody knows how many members the universe has"
        return unbounded(
            Quantity.ORDERS, Obstacle(text=text, line=_line_of_trade(program), remedy="name the instruments in `trade`")
        )
    openings, exits, shared = openings_in_a_moment(program), exits_in_a_moment(program), allocated_in_a_moment(program)
    orders, why = Fraction(openings + exits + shared), "all rules in one moment"
    for cap in program.caps:
        bound = upper(program, cap.bound) if cap.kind is CapKind.ORDERS_PER_SECOND else None
        if bound is not None and int(bound) + exits + shared < orders:
            orders = Fraction(int(bound) + exits + shared)
            why = f"`cap orders` for openings ({grounds.lines([cap.span])}), exits beside"
    return counted(Quantity.ORDERS, orders, why, PROTECTION)


def openings_in_a_moment(program: Program) -> int:
    """Each entry once for each instrument, of a ladder each level."""
    orders = sum(levels_of(entry) for rule in program.rules for entry in entries(rule))
    return orders * len(program.instruments)


def allocated_in_a_moment(program: Program) -> int:
    """A purchase or a sale of each instrument, both where a position may turn round."""
    found = [intent for rule in program.rules if (intent := allocation_of(rule))]
    turns = any(shorts_of(intent) for intent in found) or any(
        entry.side is Side.SELL_SHORT for rule in program.rules for entry in entries(rule)
    )
    return len(found) * (2 if turns else 1) * len(program.instruments)


def exits_in_a_moment(program: Program) -> int:
    """Exits, the first half of `reverse`, a halt's flatten, and what caps bring back, each for itself."""
    exits = sum(isinstance(intent, ExitIntent) for rule in program.rules for intent in rule.intents)
    reversing = sum(entry.reverse for rule in program.rules for entry in entries(rule))
    flattening = any([halt.flatten for halt in program.halts] + [halt.flatten for halt in program.halts_when])
    reducing = sum(cap.reduces for cap in program.caps)
    return (exits + reversing + flattening + reducing) * len(program.instruments)


def _line_of_trade(program: Program) -> Line:
    lines = program.source_text.splitlines()
    return Line(number=next((number for number, line in enumerate(lines, 1) if line.startswith("trade")), 0))


def limit_in_a_session(program: Program, rule: Rule) -> Fraction | None:
    """How many entries of a rule fill in one session at most, by its `at most`; None where it says nothing of it.

    What has filled and what works is counted, a `one of` once, before all intents of the rule together: so the last
    time it fires it may go beyond its limit by all intents but one.
    """
    limit = rule.limit
    if limit is None or limit.period not in IN_A_SESSION:
        return None
    intents = sum(isinstance(intent, EnterIntent | OneOfIntent) for intent in rule.intents)
    count = limit.count + intents - 1
    return Fraction(count if limit.across_instruments else count * len(program.instruments))


def fills_once_a_session(program: Program, rule: Rule, entry: EnterIntent) -> bool:
    """Whether an entry fills at most once a session on each instrument.

    On bars of a day, and on a schedule, a rule fires once a session; its orders must not outlive the next one.
    """
    once = program.interval_seconds >= DAY_SECONDS or rule.schedule is not None
    return once and (entry.time_in_force.life in SHORT_LIVES or asks_flat(program, rule))


def entries_cap(program: Program) -> Fraction | None:
    """`cap entries` of one session: the whole account's entries that fill."""
    caps = [cap for cap in program.caps if cap.kind is CapKind.ENTRIES and cap.sessions >= 1]
    return min((bound for cap in caps if (bound := upper(program, cap.bound)) is not None), default=None)
