"""Days of one's own: a market that never shuts, in days that begin at an hour of some zone.

Day follows day without a gap: where the clocks change, one day has 23 hours and one has 25.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.session import OWN_DAY, ROUND_THE_CLOCK, Calendar
from stratc.runtime.model.zone import day_ns, days_since_epoch, second_of


def with_own_days(base: Calendar, *, name: str, start: str) -> Calendar:
    """The calendar in days that begin at `09:00 Asia/Seoul`; a day's date is that of its beginning there."""
    clock, _, zone = start.partition(" ")
    second = second_of(time.fromisoformat(clock))
    # The first day of the table that begins in it, and the last that ends in it.
    dates = range(days_since_epoch(base.first) + 1, days_since_epoch(base.last))
    edges = tuple(day_ns(day, second, zone) for day in (*dates, dates.stop))
    return replace(
        base,
        name=name,
        zone=zone,
        dates=tuple(dates),
        opens_ns=edges[:-1],
        closes_ns=edges[1:],
        rolls_ns=edges[1:],
        half_days=frozenset(),
        starts_ns=edges[:-1],
        ends_ns=edges[1:],
        source=f"{base.source}; days begin at {start}",
    )


def on_own_days(instrument: Instrument, start: str) -> Instrument:
    """The instrument in days that begin at `start`; as it is where nothing is said or where its market shuts."""
    if not start or instrument.calendar not in ROUND_THE_CLOCK:
        return instrument
    name = f"{instrument.calendar}{OWN_DAY}{start}"
    return replace(instrument, calendar=name, regular_calendar=name)
