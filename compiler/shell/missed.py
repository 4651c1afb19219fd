"""Scheduled moments without bars, told: from a program and its instruments' bars to one note a rule.

A schedule is looked at on the bars of each instrument that its rule is for; the first gap is named with its day and
instrument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.uses import places
from stratc.runtime.feeds.missed import missed
from stratc.runtime.model.clock import Schedule
from stratc.runtime.model.zone import local_date

if TYPE_CHECKING:
    from stratc.runtime.feeds.bars import BarTable
    from stratc.runtime.model.session import Calendar

Watched = Mapping[str, tuple["BarTable", "Calendar"]]


def missed_notes(program: Program, tables: Sequence[BarTable], calendars: Sequence[Calendar]) -> tuple[str, ...]:
    """What must be said of the schedules of rules and of flows; `tables` begin with the instruments that are traded."""
    every = dict(zip(program.instruments, zip(tables, calendars, strict=False), strict=False))
    found = ((name, _note(asked, {each: every[each] for each in symbols})) for name, asked, symbols in _asked(program))
    return tuple(f"{name} {note}" for name, note in found if note)


def _asked(program: Program) -> Iterator[tuple[str, Schedule, tuple[str, ...]]]:
    """What has a schedule, the schedule, and the instruments that it is asked for."""
    for rule in program.rules:
        if isinstance(rule.schedule, Schedule):
            symbols = dict.fromkeys(program.instruments[place] for place in sorted(places(program, rule)))
            yield f"`{rule.name}`", rule.schedule, tuple(symbols)
    for flow in program.flows:
        if isinstance(flow.schedule, Schedule):
            yield f"`{flow.text}`", flow.schedule, tuple(dict.fromkeys(program.instruments))


def _note(asked: Schedule, watched: Watched) -> str:
    gaps: dict[tuple[int, str], str] = {}
    untried: set[int] = set()
    for symbol, (table, calendar) in watched.items():
        found = missed(asked.kind, table.closes_ns.to_list(), table.interval_ns, calendar)
        untried.update(found.untried_ns)
        gaps |= {(due, symbol): f"{local_date(due, calendar.zone)}, {symbol}" for due in found.moments_ns}
    return _told(gaps, len(untried))


def _told(gaps: Mapping[tuple[int, str], str], untried: int) -> str:
    if not gaps:
        return ""
    times = "once" if len(gaps) == 1 else f"{len(gaps):,} times"
    lost = f"; {untried:,} were not tried, as several came together" if untried else ""
    return (
        f"fell due {times} while bars were lacking, first on {gaps[min(gaps)]}: it was tried on the last bar before, "
        f"its orders went with the next bar there was{lost}"
    )
