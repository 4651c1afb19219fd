"""What the levels of ladders come to: an entry that rests at many prices is as many entries."""

from __future__ import annotations

from fractions import Fraction

from stratc.compiler.ir.nodes import EnterIntent, Program, Side, SizingKind
from stratc.compiler.ir.uses import allocation_of, entries
from stratc.compiler.judge.amounts import upper


def levels_of(entry: EnterIntent) -> int:
    """How many orders or tax lots of an entry there may be at one time: one, or its levels."""
    return entry.levels.entered if entry.levels else 1


def levels_cost(program: Program) -> Fraction | None:
    """The sum over all levels of the most that an entry there may cost; None where another entry is made too.

    A level has one order or one tax lot, never both, and a purchase at a limit costs no more than was meant for it, so
    that no more is committed at one time. Where lots are closed first in, first out, a level's lot may be another's,
    and where money is exchanged, its rate may have moved: then nothing is said.
    """
    exchanged = any(each.id == "A-conversion" for each in program.assumptions)
    if program.universe or exchanged or program.account_kind == "forex":
        return None
    # What a cap sells is the oldest lot, whichever level's it is.
    if any(allocation_of(rule) for rule in program.rules) or any(cap.reduces for cap in program.caps):
        return None
    total = Fraction(0)
    for rule in program.rules:
        for entry in entries(rule):
            amounts = [each for each in (entry.amount, entry.at_most) if each and each.kind is SizingKind.NOTIONAL]
            known = [bound for each in amounts if (bound := upper(program, each.node)) is not None]
            if entry.levels is None or entry.side is not Side.BUY or not known:
                return None
            total += min(known) * levels_of(entry) * len(program.instruments)
    return total or None
