"""Calendar tables as text: what `runtime.model.calendar_table` reads, byte for byte the same for the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import groupby

from stratc.runtime.model.calendar_table import Hours, table_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Everything that a calendar's file says."""

    zone: str
    first: date
    last: date
    weekdays: tuple[int, ...]
    roll: str
    source: str
    hours: tuple[Hours, ...]
    holidays: tuple[date, ...]
    early: Mapping[date, time] = field(default_factory=dict)
    late: Mapping[date, time] = field(default_factory=dict)
    extra: tuple[date, ...] = ()


def dates_by_year(days: Iterable[date]) -> str:
    lines = (", ".join(d.isoformat() for d in year) for _, year in groupby(sorted(days), key=lambda d: d.year))
    return "\n".join(f"  {line}," for line in lines)


def table_text(table: Table) -> str:
    """The file of a table, with the digest of what stands below its heading."""
    lines = [f'zone = "{table.zone}"', f"first = {table.first}", f"last = {table.last}"]
    lines += [f"weekdays = {list(table.weekdays)}", f'roll = "{table.roll}"', f'source = "{table.source}"']
    lines += ["holidays = [", dates_by_year(table.holidays), "]"]
    if table.extra:
        lines += ["extra_days = [", dates_by_year(table.extra), "]"]
    for span in table.hours:
        lines += hours_lines(span)
    for heading, days in (("early_closes", table.early), ("late_opens", table.late)):
        if days:
            lines += ["", f"[{heading}]", *(f"{day} = {clock}" for day, clock in sorted(days.items()))]
    body = "\n".join(lines) + "\n"
    heading = "# Made by tests/make_session_tables.py: change the rules there, not the dates here.\n"
    return f"{heading}# sha256 {table_digest(body)}\n# end of heading\n{body}"


def hours_lines(span: Hours) -> list[str]:
    lines = ["", "[[hours]]", f"since = {span.since}", f"open = {span.open}", f"open_day = {span.open_day}"]
    lines += [f"close = {span.close}", f"close_day = {span.close_day}"]
    if span.pause is not None:
        lines += [f"pause = {span.pause}", f"resume = {span.resume}"]
    return lines
