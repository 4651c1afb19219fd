"""Legal numbers in time: which row holds on a day, and when the next one begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from stratc.compiler.judge import ruletree as tree


def value_on(rows: Iterable[tree.Dated], day: date) -> tree.Dated | None:
    """The row in force on a day: of those that have begun and not ended, the latest."""
    begun = [row for row in rows if row.since <= day and (row.until is None or day < row.until)]
    return max(begun, key=lambda row: row.since, default=None)


def next_change(rows: Iterable[tree.Dated], day: date) -> date | None:
    """The next day after `day` on which a row begins or ends."""
    edges = [edge for row in rows for edge in (row.since, row.until) if edge is not None and edge > day]
    return min(edges, default=None)
