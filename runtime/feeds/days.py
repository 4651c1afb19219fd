"""Days that begin at another hour than the market's own: from rows of a file to bars of such days.

Rows of a day that is stamped where the strategy's day begins (or ends) are its bars; shorter bars are joined to days. A
date alone does not say at which hour its bar began, and is refused. A day that the file holds in part is left out at
either end of it; where rows are missing inside, the day is made of those that are there, and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stratc.runtime.feeds.bar_spans import DAY_NS, Spans, Stamp, interval_words
from stratc.runtime.feeds.refusal import DataRefused, first_row
from stratc.runtime.feeds.search import count_before, count_up_to
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar

if TYPE_CHECKING:
    import polars as pl


@record
class Joined:
    """Bars of days: where they stand, their values, and what must be said of them."""

    spans: Spans
    values: pl.DataFrame
    partial: int
    with_gaps: int

    def notes(self) -> tuple[str, ...]:
        told = (
            (self.partial, "days that the file holds in part are left out"),
            (self.with_gaps, "days lack some of their bars and are made of the others"),
        )
        return tuple(f"{count:,} {words}" for count, words in told if count)


def stamped_days(times: pl.Series, calendar: Calendar, *, stamp: Stamp, source: str) -> pl.Series:
    """Instants that are all the beginnings (stamp close: the ends) of such days as dates; others as they were."""
    import polars as pl

    if times.dtype == pl.Date:
        message = f"the rows are dates, which do not say that their days begin as those of `{calendar.name}`"
        remedy = "give times with their offset, or intraday bars, from which the days are made"
        raise DataRefused("D014", message, source=source, row=1, remedy=remedy)
    edges = calendar.opens_ns if stamp is Stamp.OPEN else calendar.closes_ns
    stamps = times.to_physical().cast(pl.Int64)
    index = count_before(edges, stamps).clip(0, len(edges) - 1)
    if (pl.Series(edges, dtype=pl.Int64).gather(index) == stamps).all():
        return pl.Series(calendar.dates, dtype=pl.Int64).gather(index).cast(pl.Int32).cast(pl.Date)
    steps = stamps.diff().slice(1)
    if len(steps) and (steps >= DAY_NS).all():
        message = f"the bars of a day do not begin where the days of `{calendar.name}` do"
        remedy = "give intraday bars, from which the days are made"
        raise DataRefused("D014", message, source=source, row=1, remedy=remedy)
    return times


def check_inside_days(spans: Spans, calendar: Calendar, *, source: str) -> None:
    """Refuses bars that go across a day's beginning: their prices belong to two days."""
    import polars as pl

    days = (count_up_to(calendar.opens_ns, spans.opens) - 1).clip(0)
    row = first_row(spans.opens + spans.interval_ns > pl.Series(calendar.closes_ns, dtype=pl.Int64).gather(days))
    if row is not None:
        message = f"a bar of {interval_words(spans.interval_ns)} goes across a day's beginning in `{calendar.name}`"
        remedy = "give shorter bars, or bars that begin with the day"
        raise DataRefused("D014", message, source=source, row=row, remedy=remedy)


def joined_days(spans: Spans, values: pl.DataFrame, calendar: Calendar, *, source: str) -> Joined:
    """Shorter bars joined to days; assumes that each lies inside of one."""
    import polars as pl

    days = (count_up_to(calendar.opens_ns, spans.opens) - 1).clip(0)
    starts = pl.Series(calendar.opens_ns, dtype=pl.Int64).gather(days)
    ends = pl.Series(calendar.closes_ns, dtype=pl.Int64).gather(days)
    frame = values.with_columns(day=days, start=starts, end=ends, opens=spans.opens, closes=spans.closes)
    grouped = frame.group_by("day", maintain_order=True).agg(
        pl.col("start").first(),
        pl.col("end").first(),
        first=pl.col("opens").first(),
        last=pl.col("closes").last(),
        traded=(pl.col("closes") - pl.col("opens")).sum(),
        open=pl.col("open").first(),
        high=pl.col("high").max(),
        low=pl.col("low").min(),
        close=pl.col("close").last(),
        volume=pl.col("volume").sum(),
    )
    number = pl.int_range(pl.len())
    cut = ((number == 0) & (pl.col("first") > pl.col("start"))) | (
        (number == pl.len() - 1) & (pl.col("last") < pl.col("end"))
    )
    whole = grouped.filter(~cut)
    if not whole.height:
        message = f"the file holds no whole day of `{calendar.name}`"
        raise DataRefused("D003", message, source=source, row=None, remedy="give more rows")
    inside = pl.repeat(value=True, n=whole.height, eager=True, dtype=pl.Boolean)
    return Joined(
        spans=Spans(
            interval_ns=DAY_NS,
            opens=whole.get_column("start"),
            closes=whole.get_column("end"),
            inside=inside,
            across=~inside,
        ),
        values=whole.select("open", "high", "low", "close", "volume"),
        partial=grouped.height - whole.height,
        with_gaps=whole.filter(pl.col("traded") < pl.col("end") - pl.col("start")).height,
    )
