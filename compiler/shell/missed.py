"""Scheduled moments without bars, told: from a program and its instruments' bars to one note a rule.

A schedule of several instruments is looked at on the bars of each; the first gap is named with its day and instrument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from stratc.compiler.ir.nodes import Program
from stratc.runtime.feeds.missed import missed
from stratc.runtime.model.clock import Schedule
from stratc.runtime.model.zone import local_date

if TYPE_CHECKING:
    from stratc.runtime.feeds.bars import BarTable
    from stratc.runtime.model.session import Calendar


def missed_notes(program: Program, tables: Sequence[BarTable], calendars: Sequence[Calendar]) -> tuple[str, ...]:
    """What must be said of the schedules of rules and of flows; `tables` begin with the instruments that are traded."""
    notes = {asked: _note(asked, program, tables, calendars) for _, asked in _schedules(program)}
    return tuple(f"{name} {notes[asked]}" for name, asked in _schedules(program) if notes[asked])


def _schedules(program: Program) -> Iterator[tuple[str, Schedule]]:
    for rule in program.rules:
        if isinstance(rule.schedule, Schedule):
            yield f"`{rule.name}`", rule.schedule
    for flow in program.flows:
        if isinstance(flow.schedule, Schedule):
            yield f"`{flow.text}`", flow.schedule


def _note(asked: Schedule, program: Program, tables: Sequence[BarTable], calendars: Sequence[Calendar]) -> str:
    gaps: dict[tuple[int, str], str] = {}
    untried = 0
    for symbol, table, calendar in zip(program.instruments, tables, calendars, strict=False):
        found = missed(asked.kind, table.closes_ns.to_list(), table.interval_ns, calendar)
        untried += found.untried
        gaps |= {(due, symbol): f"{local_date(due, calendar.zone)}, {symbol}" for due in found.moments_ns}
    return _told(gaps, untried)


def _told(gaps: Mapping[tuple[int, str], str], untried: int) -> str:
    if not gaps:
        return ""
    times = "once" if len(gaps) == 1 else f"{len(gaps):,} times"
    lost = f"; {untried:,} were not tried, as several came together" if untried else ""
    return (
        f"fell due {times} while bars were lacking, first on {gaps[min(gaps)]}: it was tried on the last bar before, "
        f"its orders went with the next bar there was{lost}"
    )
