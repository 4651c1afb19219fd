"""Answers from tables: from what was known to one float64 for each bar, by requests of `runtime.model.known`.

A bar sees the rows with `known_at` up to its close and no others; a revision that is published between two bars is
seen at the later one. So the answer for a bar is a function of a prefix of the table, and cutting bars or rows at a
moment changes nothing before it. The shapes of the tables are here too: what a row of each kind must say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

from stratc.runtime.feeds.known_table import KnownTable, Shape, read_known
from stratc.runtime.feeds.search import count_before, count_up_to
from stratc.runtime.model.known import EventReading, EventWord, MemberReading, Request, SeriesReading
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, Session
from stratc.runtime.model.zone import NS_PER_SECOND, date_of

if TYPE_CHECKING:
    import polars as pl

CONFIRMED, ESTIMATED, CANCELED = "confirmed", "estimated", "canceled"
STATUSES: Final = (CONFIRMED, ESTIMATED, CANCELED)


def shape_of(request: Request) -> Shape:
    """What the rows of the table that a request reads must say."""
    match request:
        case EventReading(each=each):
            whose = ("symbol",) if each else ()
            return Shape(
                texts=(*whose, "event", "status"),
                dates=("on",),
                moments=("at",),
                optional=frozenset({"on", "at"}),
                key=(*whose, "event"),
            )
        case SeriesReading(each=each):
            whose = ("symbol",) if each else ()
            optional = frozenset({"as_of"})
            return Shape(texts=whose, numbers=("value",), dates=("as_of",), optional=optional, key=(*whose, "as_of"))
        case MemberReading():
            return Shape(
                texts=("symbol",), dates=("from", "until"), optional=frozenset({"until"}), key=("symbol", "from")
            )
        case _:
            assert_never(request)


def read_tables(
    requests: tuple[Request, ...], files: Mapping[str, Path], *, timezone: str | None
) -> Mapping[str, KnownTable]:
    """Every table that the requests read, by name; raises `DataRefused`."""
    tables: dict[str, KnownTable] = {}
    for request in requests:
        if request.table not in tables:
            shape = shape_of(request)
            table = read_known(files[request.table], name=request.table, shape=shape, timezone=timezone)
            _check(table, request)
            tables[request.table] = table
    return tables


@record
class Bars:
    """Whose bars, when they close, and the calendar that their sessions are counted by."""

    symbol: str
    closes_ns: pl.Series
    calendar: Calendar


def answer(request: Request, table: KnownTable, bars: Bars) -> pl.Series:
    """The float64 column of a request for these bars, nan where nothing is known."""
    import polars as pl

    match request:
        case EventReading():
            found = _event_answer(request, own_rows(request, table, bars.symbol), table, bars)
        case SeriesReading():
            found = _series_answer(request, own_rows(request, table, bars.symbol), bars.closes_ns)
        case MemberReading():
            found = _member_answer(own_rows(request, table, bars.symbol), bars)
        case _:
            assert_never(request)
    return found.cast(pl.Float64).alias(request.table)


def own_rows(request: Request, table: KnownTable, symbol: str) -> pl.DataFrame:
    """The rows about a symbol: its own where the table has rows for each instrument."""
    each = isinstance(request, MemberReading) or request.each
    return table.rows.filter(table.rows["symbol"] == symbol) if each else table.rows


# ── checks of a whole table ──────────────────────────────────────────────────────────────────────────────────────────


def _check(table: KnownTable, request: Request) -> None:
    match request:
        case EventReading():
            _check_events(table)
        case SeriesReading():
            _check_series(table, request)
        case MemberReading():
            _check_spells(table)
        case _:
            assert_never(request)


def _check_events(table: KnownTable) -> None:
    for place, (status, on, at) in enumerate(table.rows.select("status", "on", "at").iter_rows()):
        if status not in STATUSES:
            remedy = f"write {', '.join(STATUSES[:-1])} or {STATUSES[-1]}"
            raise table.refuse("D024", place, f"`{status}` is no status of an event", remedy)
        if status != CANCELED and on is None and at is None:
            message = "the event has neither a date `on` nor a moment `at`"
            remedy = "say when it is; where that is not known, leave the row out: no row means that no date is known"
            raise table.refuse("D022", place, message, remedy)


def _check_series(table: KnownTable, request: SeriesReading) -> None:
    import polars as pl

    rows = table.rows
    if request.low is not None and request.high is not None:
        outside = (rows["value"] < request.low) | (rows["value"] > request.high)
        if outside.any():
            place = outside.arg_max() or 0
            message = f"the value {rows['value'][place]:g} lies outside {request.low:g}..{request.high:g}"
            remedy = "repair the row or the range that the strategy declares; a value outside it is a broken message"
            raise table.refuse("D025", place, message, remedy)
    if 0 < rows["as_of"].null_count() < rows.height:
        place = rows["as_of"].is_null().arg_max() or 0
        remedy = "fill in `as_of` on every row, or leave the column out: then each row replaces the one before"
        raise table.refuse("D022", place, "`as_of` is empty here and filled in on other rows", remedy)
    known_on = (rows["known_at"] // (86_400 * NS_PER_SECOND)).cast(pl.Int32).cast(pl.Date)
    # The date line: a day begins up to 14 hours before it does in Greenwich.
    early = (rows["as_of"] > known_on.dt.offset_by("1d")).fill_null(value=False)
    if early.any():
        place = early.arg_max() or 0
        message = f"the value of {rows['as_of'][place]} was known before that day"
        remedy = "`as_of` is the day that a value is about, `known_at` when it was published: they may be swapped"
        raise table.refuse("D026", place, message, remedy)


def _check_spells(table: KnownTable) -> None:
    for place, (start, end) in enumerate(table.rows.select("from", "until").iter_rows()):
        if end is not None and end < start:
            message = f"the membership from {start} ends before it begins, on {end}"
            raise table.refuse("D026", place, message, "`until` is the first day on which it is no member any more")


# ── what is known from one moment to the next ────────────────────────────────────────────────────────────────────────


@record
class Epoch:
    """The bars from `first` to before `last`, at whose closes the same rows were known: the first `known` of them."""

    first: int
    last: int
    known: int


def _epochs(rows: pl.DataFrame, closes_ns: pl.Series) -> Iterator[Epoch]:
    """The spans of bars between which something more became known, in order; every bar lies in exactly one."""
    counts = count_up_to(rows["known_at"].to_list(), closes_ns)
    changes = (counts != counts.shift(1)).fill_null(value=True)
    starts = changes.arg_true().to_list()
    for first, last in zip(starts, [*starts[1:], len(closes_ns)], strict=True):
        yield Epoch(first=first, last=last, known=int(counts[first]))


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class Planned:
    """An event as it was known: when it has passed, the number of its session, its moment (0 where it has only a date)
    and whether it is confirmed."""

    passed_ns: int
    session: int
    at_ns: int
    confirmed: bool


def _event_answer(request: EventReading, rows: pl.DataFrame, table: KnownTable, bars: Bars) -> pl.Series:
    import polars as pl

    planned = [plan(table, bars.calendar, row) for row in rows.iter_rows(named=True)]
    keys = rows["event"].to_list()
    sessions = count_before(bars.calendar.rolls_ns, bars.closes_ns)
    parts = [pl.Series([], dtype=pl.Float64)]
    for epoch in _epochs(rows, bars.closes_ns):
        newest = dict(zip(keys[: epoch.known], planned[: epoch.known], strict=True))
        events = sorted((each for each in newest.values() if each is not None), key=lambda each: each.passed_ns)
        span = slice(epoch.first, epoch.last)
        parts.append(_told(request.word, events, bars.closes_ns[span], sessions[span], bars.calendar))
    return pl.concat(parts)


def plan(table: KnownTable, calendar: Calendar, row: Mapping[str, object]) -> Planned | None:
    """What a row says of its event; None where it is canceled."""
    if row["status"] == CANCELED:
        return None
    at, on = row["at"], row["on"]
    found = calendar.trading_day_of(at) if isinstance(at, int) else _session_on(calendar, on)
    if found is None:
        message = f"the event {row['event']} lies beyond the calendar `{calendar.name}`, which ends on {calendar.last}"
        place = table.rows["row"].to_list().index(row["row"])
        raise table.refuse("D027", place, message, "leave the row out until the calendar reaches so far")
    moment = at if isinstance(at, int) else 0
    passed = moment if moment else calendar.rolls_ns[found.index] + 1
    return Planned(passed_ns=passed, session=found.index, at_ns=moment, confirmed=row["status"] == CONFIRMED)


def _session_on(calendar: Calendar, day: object) -> Session | None:
    """The first session on that date or after it."""
    assert isinstance(day, date)
    return calendar.session(day) or calendar.next_session(day)


def _told(
    word: EventWord, events: list[Planned], closes: pl.Series, sessions: pl.Series, calendar: Calendar
) -> pl.Series:
    """What these events answer at each close."""
    import polars as pl

    passed = count_up_to([each.passed_ns for each in events], closes)
    back = word in (EventWord.SESSIONS_SINCE, EventWord.DAYS_SINCE, EventWord.SECONDS_SINCE)
    which = passed - 1 if back else passed
    there = (which >= 0) & (which < len(events))
    if not there.any():
        return pl.Series([None] * len(closes), dtype=pl.Float64).fill_null(float("nan"))
    at = which.clip(0, len(events) - 1)
    session = pl.Series([each.session for each in events], dtype=pl.Int64).gather(at)
    match word:
        case EventWord.SESSIONS_UNTIL | EventWord.SESSIONS_SINCE:
            found = (session - sessions).cast(pl.Float64)
        case EventWord.DAYS_UNTIL | EventWord.DAYS_SINCE:
            dates = pl.Series(calendar.dates, dtype=pl.Int64)
            found = (dates.gather(session) - dates.gather(sessions)).cast(pl.Float64)
        case EventWord.SECONDS_UNTIL | EventWord.SECONDS_SINCE:
            moments = pl.Series([each.at_ns for each in events], dtype=pl.Int64).gather(at)
            there = there & (moments != 0)
            # By a column of them: polars divides by one number as it multiplies with its reciprocal, an ulp beside.
            nanoseconds = pl.repeat(float(NS_PER_SECOND), len(closes), dtype=pl.Float64, eager=True)
            found = (moments - closes).cast(pl.Float64) / nanoseconds
        case EventWord.CONFIRMED:
            found = pl.Series([float(each.confirmed) for each in events], dtype=pl.Float64).gather(at)
        case _:
            assert_never(word)
    return _where(there, -found if back else found)


def _where(there: pl.Series, values: pl.Series) -> pl.Series:
    """The values where they are there, nan elsewhere; never minus nought."""
    import polars as pl

    frame = pl.DataFrame({"there": there, "value": values})
    # Adding nought would do, but polars leaves it out where there are several rows: minus nought stayed there.
    told = pl.when(pl.col("value") == 0.0).then(0.0).otherwise(pl.col("value"))
    return frame.select(pl.when(pl.col("there")).then(told).otherwise(float("nan"))).to_series()


# ── series ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def effective(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are the newest word when they become known: about the latest day so far, or about none."""
    import polars as pl

    about = pl.col("as_of").cast(pl.Int32).fill_null(0)
    return rows.filter(about >= about.cum_max()) if rows["as_of"].null_count() < rows.height else rows


def _series_answer(request: SeriesReading, rows: pl.DataFrame, closes_ns: pl.Series) -> pl.Series:
    import polars as pl

    newest = effective(rows)
    if not newest.height:
        return pl.Series([float("nan")], dtype=pl.Float64).new_from_index(0, len(closes_ns))
    which = count_up_to(newest["known_at"].to_list(), closes_ns) - 1
    at = which.clip(0)
    there = which >= 0
    if request.fresh_seconds is not None:
        age = closes_ns - newest["known_at"].gather(at)
        there = there & (age < request.fresh_seconds * NS_PER_SECOND)
    return _where(there, newest["value"].gather(at))


@record
class Word:
    """A value of a series as it stood at a moment: since when it was known, and who said it."""

    value: float
    known_ns: int
    source: str


def word_at(request: SeriesReading, table: KnownTable, symbol: str, moment_ns: int) -> Word | None:
    """The row that counted for an instrument at a moment, fresh or not; None where nothing was known yet."""
    rows = table.rows.filter(table.rows["symbol"] == symbol) if request.each else table.rows
    newest = effective(rows.filter(rows["known_at"] <= moment_ns))
    if not newest.height:
        return None
    last = newest.row(newest.height - 1, named=True)
    return Word(value=float(last["value"]), known_ns=int(last["known_at"]), source=str(last["source"]))


# ── membership ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _member_answer(rows: pl.DataFrame, bars: Bars) -> pl.Series:
    import polars as pl

    spells = list(zip(rows["from"].to_list(), rows["until"].to_list(), strict=True))
    sessions = count_before(bars.calendar.rolls_ns, bars.closes_ns)
    days = pl.Series(bars.calendar.dates, dtype=pl.Int64).gather(sessions).to_list()
    found = [0.0] * len(days)
    for epoch in _epochs(rows, bars.closes_ns):
        newest = dict(spells[: epoch.known])
        for place in range(epoch.first, epoch.last):
            day = date_of(days[place])
            found[place] = float(any(start <= day and (end is None or day < end) for start, end in newest.items()))
    return pl.Series(found, dtype=pl.Float64)
