"""Local clocks: the one place where time zones are known.

Maps between UTC nanoseconds and the dates and times of day that people in a zone read. Of a local time that comes twice
the earlier is meant; one that the clocks skip is the moment of the change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NS_PER_SECOND: Final = 1_000_000_000
EPOCH: Final = date(1970, 1, 1)


class UnknownZone(ValueError):
    """A time zone that the zone base does not have."""


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of that name, such as `America/New_York`; raises `UnknownZone`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise UnknownZone(f"unknown time zone `{name}`; write it as in `America/New_York`") from problem


def days_since_epoch(day: date) -> int:
    return (day - EPOCH).days


def date_of(days: int) -> date:
    return EPOCH + timedelta(days=days)


def utc_ns(day: date, clock: time, zone: str) -> int:
    """UTC nanoseconds of a local date and time of day."""
    return day_ns(days_since_epoch(day), second_of(clock), zone)


def second_of(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def day_ns(days: int, second: int, zone: str) -> int:
    """UTC nanoseconds of a second, 0 to 86399 by the clock on the wall, of the local day that many days after 1970."""
    offset = _offset_at_midnight(days - 1, zone)
    if offset == _offset_at_midnight(days + 2, zone):
        # No clock changes near this day, as on almost all days: tables of thousands of sessions need it fast.
        return (days * 86_400 + second - offset) * NS_PER_SECOND
    clock = time(second // 3600, second // 60 % 60, second % 60)
    local = datetime.combine(date_of(days), clock, tzinfo=zone_of(zone))
    seconds = int(local.timestamp())
    # A time that exists reads the same in both folds, or is the first of two; a skipped one is later in fold 0.
    folded = int(local.replace(fold=1).timestamp())
    return (seconds if seconds <= folded else _change_between(folded, seconds, zone)) * NS_PER_SECOND


def moment(day: date, second: int, zone: str) -> int:
    """UTC nanoseconds of a second of a local day; 86400 is the midnight that ends it."""
    return moment_on(days_since_epoch(day), second, zone)


def moment_on(day: int, second: int, zone: str) -> int:
    """The same of a day that is counted from 1970."""
    days, rest = divmod(second, 86_400)
    return day_ns(day + days, rest, zone)


def local_date(moment_ns: int, zone: str) -> date:
    """The date that a calendar on the wall in `zone` shows."""
    return _local(moment_ns, zone).date()


def second_of_day(moment_ns: int, zone: str) -> int:
    """Seconds that a clock on the wall in `zone` shows, 0 to 86399."""
    local = _local(moment_ns, zone)
    return local.hour * 3600 + local.minute * 60 + local.second


@cache
def _offset_at_midnight(days: int, zone: str) -> int:
    """Seconds by which the zone is ahead of UTC at 00:00 UTC of a day."""
    offset = datetime.fromtimestamp(days * 86_400, zone_of(zone)).utcoffset()
    return offset.days * 86_400 + offset.seconds if offset is not None else 0


def _local(moment_ns: int, zone: str) -> datetime:
    return datetime.fromtimestamp(moment_ns // NS_PER_SECOND, UTC).astimezone(zone_of(zone))


def _change_between(low: int, high: int, zone: str) -> int:
    """The second between two at which the zone's offset changes."""
    before = datetime.fromtimestamp(low, zone_of(zone)).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        same = datetime.fromtimestamp(middle, zone_of(zone)).utcoffset() == before
        low, high = (middle, high) if same else (low, middle)
    return high
