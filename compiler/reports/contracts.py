"""Rolls, ways out of a contract, groups and the limits that they share, in plain English."""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.ir.nodes import InstrumentGroup, Program
from stratc.runtime.model.contracts import Adjustment, LeaveRule, RollBy, RollRule


def say_contracts(program: Program) -> Iterator[str]:
    if program.roll is not None:
        yield _roll(program.roll)
    if program.leave is not None:
        yield _leave(program.leave)
    for group in program.groups:
        yield _group(group, program)


def _roll(rule: RollRule) -> str:
    latest = f"{_sessions(rule.sessions)} before the {rule.before}"
    when = latest
    if rule.by is not RollBy.DAYS:
        when = f"one session after the next contract had more {rule.by}, at the latest {latest}"
    kept = "distances" if rule.adjusted is Adjustment.DIFFERENCE else "returns"
    return (
        f"Futures go to their next contract at the close {when}: a position is closed in the old one and opened in the "
        "new one, with costs, and its orders, stop loss, target and entry price move by the gap. Rules read the prices "
        f"of one contract after the other joined by {rule.adjusted}, which keeps {kept}; orders go to the contract."
    )


def _leave(rule: LeaveRule) -> str:
    return (
        f"At the close {_sessions(rule.sessions)} before the {rule.before} everything is canceled and the position is "
        "closed; nothing is opened after that."
    )


def _group(group: InstrumentGroup, program: Program) -> str:
    return f"`{group.name}` are {', '.join(program.instruments[member] for member in group.members)}."


def _sessions(count: int) -> str:
    return f"{count} session{'s' if count != 1 else ''}"


def say_units(bound: str, shared: str) -> str:
    """A unit is one entry, and counts while it is open or works."""
    of_what = {
        "group": "the instruments of a group",
        "side": "all instruments",
    }.get(shared, "an instrument")
    return (
        f"an entry is denied where {of_what} would hold more than {bound} units on one side: a unit is an entry that "
        "is open or works"
    )


def say_shared(bound: str, shared: str) -> str:
    what = "the positions of a group together" if shared == "group" else "all positions on one side together"
    return f"an entry is denied where {what} would go over {bound}"
