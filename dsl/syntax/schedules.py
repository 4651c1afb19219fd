"""Nodes of schedules: which sessions a rule is tried in, and when in them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from stratc.dsl.syntax.expressions import Clock, Expression, Node, Number, Zone
from stratc.runtime.model.record import record

ORDINALS: Final = ("first", "second", "third", "fourth", "fifth")


class Holiday(StrEnum):
    """What a schedule does where its day has no session."""

    BEFORE = "or session before"
    AFTER = "or session after"
    SKIPPED = "or skipped"


@record
class OnSession(Node):
    """`on first session`, `on session 3`, `on session 2 from end`: `number` counts from 1."""

    number: Number
    from_end: bool


@record
class OnWeekday(Node):
    """`on Friday`, `on third Friday or session before`; Monday is 1, `nth` 0 means each, -1 the last."""

    weekday: int
    nth: int
    holiday: Holiday | None


@record
class Every(Node):
    """`every session, 5 min before end`, `every 6 months, on last session`, `every Monday, at 12:00 UTC`.

    `period` is session | day | week | month | quarter | half year | year, or the unit of `count` in `every 6 months`.
    At most one of `before_end`, `after_start` and `at` is set; without any of them the session's close is meant.
    """

    period: str
    count: Number | None = None
    on: OnSession | OnWeekday | None = None
    before_end: Expression | None = None
    after_start: Expression | None = None
    at: Clock | None = None
    zone: Zone | None = None
