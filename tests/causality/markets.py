"""Made-up markets: bars of several instruments on real calendars, with gaps, holes, splits, rolls and tables.

Everything comes from a seed. A row of a table is known when it says so; a bar at its close; what has a day only, at the
beginning of that day in Greenwich, which lies before the day's first bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from stratc.runtime.model.contracts import contract
from stratc.runtime.model.instrument import Instrument, identify
from stratc.runtime.model.session import Session, calendar
from tests.causality.files import Files, Row

NS = 1_000_000_000
DAY_SECONDS = 86_400
BARS = "time,open,high,low,close,volume"


@dataclass(frozen=True)
class Split:
    """From this session on `new` shares stand for `old`."""

    day: date
    new: int
    old: int


@dataclass(frozen=True)
class Walk:
    """How the bars of an instrument are made: its first price, and how far a bar goes, as a part of the price."""

    symbol: str
    price: float
    step: float
    shows: str = ""  # the file's name where it is not the symbol's


@dataclass(frozen=True)
class Span:
    """Which sessions of a calendar, and how long a bar lasts in them."""

    calendar: str
    first: date
    sessions: int
    seconds: int

    def all(self) -> tuple[Session, ...]:
        found = calendar(self.calendar).sessions_between(self.first, self.first + timedelta(days=2 * self.sessions + 9))
        return found[: self.sessions]


def instant(ns: int) -> str:
    return datetime.fromtimestamp(ns // NS, UTC).isoformat()


def midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * NS


def spans_of(session: Session, seconds: int) -> Iterator[tuple[int, int]]:
    """The bars of a session, the last cut at its end; one for the whole of it where they last a day."""
    if seconds >= DAY_SECONDS:
        yield session.open_ns, session.close_ns
        return
    at = session.open_ns
    while at < session.close_ns:
        yield at, min(at + seconds * NS, session.close_ns)
        at += seconds * NS


def bars(random: Random, walk: Walk, span: Span, splits: Sequence[Split] = (), whole: float = 0.97) -> tuple[Row, ...]:
    """A path by chance: gaps over night, still stretches, now and then no volume; a part of the bars is there."""
    found = identify(walk.symbol, None)
    assert found is not None
    tick, price, rows = float(found.tick), walk.price, []
    for session in span.all():
        price *= random.choice((1.0, 1.0, 0.985, 1.01))
        for split in splits:
            price *= split.old / split.new if split.day == session.date else 1.0
        for opened, closed in spans_of(session, span.seconds):
            price *= 0.88 if random.random() < 0.012 else 1.0
            rows.append(Row(closed, _bar(random, opened, session, span, price, walk.step, tick)))
            price = float(rows[-1].text.split(",")[4])
    kept = [row for place, row in enumerate(rows) if place < 3 or random.random() < whole]
    return tuple(kept)


def _bar(random: Random, opened: int, session: Session, span: Span, price: float, step: float, tick: float) -> str:
    far = step * (5.0 if random.random() < 0.05 else 1.0)
    still = random.random() < 0.04
    start = price * (1.0 + (0.0 if still else random.gauss(0.0, far / 3)))
    end = start * (1.0 + (0.0 if still else random.gauss(0.0, far)))
    high, low = max(start, end), min(start, end)
    high, low = high * (1.0 + abs(random.gauss(0.0, far / 2))), low * (1.0 - abs(random.gauss(0.0, far / 2)))
    time = session.date.isoformat() if span.seconds >= DAY_SECONDS else instant(opened)
    first, top, bottom, last = (max(1, round(value / tick)) for value in (start, high, low, end))
    top, bottom = max(top, first, last), min(bottom, first, last)
    volume = "" if random.random() < 0.02 else str(random.randint(100, 90_000))
    digits = 7 if tick < 0.01 else 4
    prices = (f"{round(value * tick, digits):.{digits}f}" for value in (first, top, bottom, last))
    return ",".join((time, *prices, volume))


# ── tables beside prices ─────────────────────────────────────────────────────────────────────────────────────────────


def events_of(random: Random, symbols: Sequence[str], days: Sequence[date]) -> tuple[Row, ...]:
    """Dates that are estimated, revised, confirmed with a time, canceled: each revision known at its own moment."""
    rows = []
    for number, symbol in enumerate(symbols):
        for count, place in enumerate(range(4, len(days) - 1, max(3, len(days) // 4))):
            said, on = days[max(0, place - 9)], days[place]
            later = days[min(place + 1, len(days) - 1)]
            known = midnight(said) + (14 * 3600 + number * 60) * NS
            name = f"{symbol},Q{count}" if symbol else f"Q{count}"
            told = [(known, f"{name},{later},,estimated")]
            if random.random() < 0.8:
                told.append((known + random.randint(1, 5) * 7_200 * NS, f"{name},{on},,confirmed"))
            moment = instant(midnight(on) + 15 * 3600 * NS)
            told.append((midnight(days[place - 1]) + 16 * 3600 * NS, f"{name},,{moment},confirmed"))
            if random.random() < 0.2:
                told.append((midnight(on) + 1_800 * NS, f"{name},,,canceled"))
            rows += [Row(at, f"{text},{instant(at)},made up") for at, text in dict(told).items()]
    return tuple(rows)


def series_of(random: Random, symbols: Sequence[str], days: Sequence[date], *, dated: bool) -> tuple[Row, ...]:
    """Values in -1..1, each revised some hours later; with `dated` the revision is about the same day."""
    rows = []
    for number, symbol in enumerate(symbols):
        for day in days[:: 2 if dated else 1]:
            for hours in (13, 18):
                at = midnight(day) + (hours * 3600 + number * 47) * NS
                value = round(random.uniform(-1.0, 1.0), 3)
                cells = [symbol] if symbol else []
                cells += [str(value), *([day.isoformat()] if dated else []), instant(at), "made up"]
                rows.append(Row(at, ",".join(cells)))
    return tuple(rows)


def members_of(symbols: Sequence[str], days: Sequence[date]) -> tuple[Row, ...]:
    """Most from the start; one that joins, one that leaves, one whose leaving is known late."""
    start = midnight(days[0]) - 86_400 * NS
    first, third, left = days[0], days[len(days) // 3], days[2 * len(days) // 5]
    rows = [Row(start, f"{symbol},{first},,{instant(start)},made up") for symbol in symbols[:-1]]
    joining = midnight(third) + 12 * 3600 * NS
    rows.append(Row(joining, f"{symbols[-1]},{days[len(days) // 3 + 2]},,{instant(joining)},made up"))
    leaving = midnight(days[2 * len(days) // 3]) + 12 * 3600 * NS
    rows.append(Row(leaving, f"{symbols[0]},{first},{left},{instant(leaving)},made up"))
    return tuple(rows)


def actions_of(symbols: Sequence[str], splits: Mapping[str, Sequence[Split]], days: Sequence[date]) -> tuple[Row, ...]:
    """Splits announced some days before, dividends on the morning of their ex date."""
    rows = []
    for symbol in symbols:
        for split in splits.get(symbol, ()):
            known = split.day - timedelta(days=4)
            text = f"{symbol},split,{split.day},,,{known},made up,{split.new}:{split.old},"
            rows.append(Row(midnight(known), text))
    for symbol, place in zip(symbols, (0.4, 0.6, 0.7), strict=False):
        day = days[int(len(days) * place)]
        rows.append(Row(midnight(day), f"{symbol},dividend,{day},0.37,USD,{day},made up,,"))
    return tuple(rows)


def contracts_of(
    random: Random, roots: Mapping[str, tuple[float, int, tuple[str, ...]]], span_of: Mapping[str, Span]
) -> dict[str, tuple[Row, ...]]:
    """Contracts that overlap, some days apart; activity wanders from one to the next some sessions before its end."""
    found: dict[str, tuple[Row, ...]] = {}
    for root, (price, apart_days, months) in roots.items():
        for place, month in enumerate(months):
            symbol, ends = f"{root}{month}", contract(f"{root}{month}")
            assert ends is not None
            walk = Walk(symbol=root, price=price * (1 + 0.01 * place), step=0.008)
            rows = bars(Random(f"{random.random()} {symbol}"), walk, span_of[root], whole=1.0)
            last = midnight(ends.last_trade) + 86_400 * NS
            found[f"{symbol}.csv"] = tuple(
                _with_interest(random, row, last, apart_days, place) for row in rows if row.known_ns < last
            )
    return found


def _with_interest(random: Random, row: Row, last: int, apart_days: int, place: int) -> Row:
    days = (last - row.known_ns) / (86_400 * NS)
    share = 0.05 if days < 9 else 1.0 if days < apart_days + 15 else 0.1 * 0.2**place
    cells = row.text.split(",")
    cells[5] = str(1 + int(2_000_000 * share * random.uniform(0.5, 1.5)))
    return Row(row.known_ns, ",".join((*cells, str(int(5_000_000 * share * random.uniform(0.7, 1.3))))))


def instrument(symbol: str) -> Instrument:
    found = identify(symbol, None)
    assert found is not None
    return found


def table(rows: Mapping[str, tuple[Row, ...]], headings: Mapping[str, str], texts: Mapping[str, str]) -> Files:
    return Files(headings={name: headings.get(name, BARS) for name in rows}, rows=dict(rows), texts=dict(texts))
