"""Calendar tables: from the dated text files in `calendars/` to columns of sessions in UTC nanoseconds.

A table says the usual hours since a date, the days without a session, the short days, the days that open late, and the
sessions on days that are none of the week's. Its `sha256` covers every line below it, so that a damaged or hand-edited
table is refused and not traded on.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from importlib.resources import files
from typing import Any, Final

from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import day_ns, days_since_epoch, second_of

# The two stock markets of Mumbai share their holidays and hours.
FILES: Final = {"24/7": "CRYPTO", "XNSE": "XBOM"}


class DamagedTable(ValueError):
    """A calendar table whose content does not have the digest that it states."""


@record
class Hours:
    """The usual hours since a date; `open_day` and `close_day` are offsets from the session's date.

    `pause` and `resume`, both or none, are on the session's own date.
    """

    since: date
    open: time
    open_day: int
    close: time
    close_day: int
    pause: time | None = None
    resume: time | None = None


def table_digest(body: str) -> str:
    """The digest that a table states of the lines below it."""
    return hashlib.sha256(body.encode()).hexdigest()


def read_table(name: str) -> Calendar:
    """The calendar of a table file; raises `DamagedTable`."""
    text = files("stratc.runtime.model").joinpath("calendars", f"{FILES.get(name, name)}.toml").read_text("utf-8")
    return build(text, name=name)


def build(text: str, *, name: str) -> Calendar:
    """The calendar that a table's text describes, under `name`."""
    heading, stated, body = text.partition("\n# end of heading\n")
    digest = table_digest(body)
    if not stated or f"# sha256 {digest}" not in heading:
        raise DamagedTable(f"calendar table `{name}` does not have the digest it states; reinstall or regenerate it")
    table = tomllib.loads(body)
    columns = _columns(table)
    return Calendar(
        name=name,
        zone=table["zone"],
        **columns,
        first=table["first"],
        last=table["last"],
        source=table["source"],
        digest=digest,
    )


def _columns(table: Mapping[str, Any]) -> dict[str, Any]:
    zone, at_midnight = table["zone"], table["roll"] == "midnight"
    early = {_number(day): second_of(close) for day, close in table.get("early_closes", {}).items()}
    late = {_number(day): second_of(opens) for day, opens in table.get("late_opens", {}).items()}
    dates, opens, closes, rolls, halves = [], [], [], [], []
    starts, ends = [], []
    for day, hours in _days(table):
        short, delayed = early.get(day), late.get(day)
        dates.append(day)
        opens.append(_at(day + hours.open_day, hours.open, zone) if delayed is None else day_ns(day, delayed, zone))
        closes.append(_at(day + hours.close_day, hours.close, zone) if short is None else day_ns(day, short, zone))
        rolls.append(day_ns(day + 1, 0, zone) if at_midnight else closes[-1])
        if short is not None:
            halves.append(len(dates) - 1)
        for start, end in _stretches(day, hours, opens[-1], closes[-1], zone):
            starts.append(start)
            ends.append(end)
    return {
        "dates": tuple(dates),
        "opens_ns": tuple(opens),
        "closes_ns": tuple(closes),
        "rolls_ns": tuple(rolls),
        "half_days": frozenset(halves),
        "starts_ns": tuple(starts),
        "ends_ns": tuple(ends),
    }


def _at(day: int, clock: time, zone: str) -> int:
    return day_ns(day, second_of(clock), zone)


def _stretches(day: int, hours: Hours, opens: int, closes: int, zone: str) -> tuple[tuple[int, int], ...]:
    """The session without its pause; a day that opens after it, or closes before it, has none."""
    if hours.pause is None or hours.resume is None:
        return ((opens, closes),)
    pause, resume = _at(day, hours.pause, zone), _at(day, hours.resume, zone)
    return ((opens, closes),) if resume <= opens or closes <= resume else ((opens, pause), (resume, closes))


def _number(day: str) -> int:
    return days_since_epoch(date.fromisoformat(day))


def _days(table: Mapping[str, Any]) -> Iterator[tuple[int, Hours]]:
    """The days with a session, counted from 1970, and their usual hours."""
    spans = [(days_since_epoch(hours.since), hours) for hours in (Hours(**span) for span in table["hours"])]
    spans.reverse()
    holidays = {days_since_epoch(day) for day in table["holidays"]}
    weekdays, extra = set(table["weekdays"]), {days_since_epoch(day) for day in table.get("extra_days", ())}
    for day in range(days_since_epoch(table["first"]), days_since_epoch(table["last"]) + 1):
        # 1970 began on a Thursday, the fourth day of the week.
        if ((day + 3) % 7 + 1 in weekdays and day not in holidays) or day in extra:
            yield day, next(hours for since, hours in spans if since <= day)
