"""What a run came to at its opening orders, against the static bounds of its program: observed never exceeds bound.

`checked` wraps the function that runs a program, so that every run through it is compared; the suite's runners use it.
Drift, what prices do to positions between orders, is measured apart, by `drift_of`, and not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import wraps
from typing import Any

from stratc.compiler.ir.nodes import Program
from stratc.compiler.judge.bounds import BoundSheet, Stated, sheet_of
from stratc.runtime.engine import codes
from stratc.runtime.executor.openings import Opening, openings, orders_by_moment

# Sizes are rounded up by one part in 10^9 (`engine.sizing`), and caps let as much through.
TOLERANCE = Fraction(1, 10**8)


class BoundExceeded(AssertionError):
    """A run came to more than was stated of its program: a false bound, which is a bug."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A run's log of orders, what a quantum and a lot are worth, and each row's trading day, second of closing
    and instrument."""

    order_log: Sequence[int]
    quanta: int
    steps: Sequence[Fraction]
    days: Sequence[int]
    seconds: Sequence[int]
    instruments: Sequence[int] = ()


def excesses(sheet: BoundSheet, seen: Seen) -> list[str]:
    """Every quantity that went beyond its bound, in words; nothing where all bounds were kept."""
    found = [text for opening in openings(seen.order_log) for text in _excesses_at(sheet, seen, opening)]
    found += list(_too_many(sheet, seen))
    return found + list(_lost_too_much(sheet, seen))


def _excesses_at(sheet: BoundSheet, seen: Seen, opening: Opening) -> Iterator[str]:
    equity = Fraction(opening.equity, seen.quanta)
    where = f"at row {opening.row}, with {float(equity):.2f} of equity"
    exposure, gross = Fraction(opening.exposure, seen.quanta), Fraction(opening.gross, seen.quanta)
    # Where all that is held becomes worthless, all that it is worth is lost: a worst loss is stated of purchases alone.
    each_of_all = (sheet.gross, sheet.committed, sheet.worst)
    for stated, value in ((sheet.position, exposure), *((stated, gross) for stated in each_of_all)):
        # Own money tied up is never more than there is: what goes beyond is borrowed.
        value = min(value, equity) if stated is sheet.committed else value
        if not _within(stated, value, equity, seen):
            yield f"{stated.quantity} of {float(value):.2f} {where}"
    if sheet.leverage.number is not None and equity > 0 and gross > _widened(sheet.leverage.number * equity, seen):
        yield f"leverage of {float(gross / equity):.6f} {where}"
    units = opening.held * seen.steps[opening.instrument]
    if sheet.units.number is not None and units > sheet.units.number * (1 + TOLERANCE):
        yield f"{float(units)} units {where}"


def _within(stated: Stated, value: Fraction, equity: Fraction, seen: Seen) -> bool:
    """Bounds with a multiple hold while equity is not below nought, those of money alone always."""
    extents = [each for each in stated.extents if equity >= 0 or not each.multiple]
    return all(value <= _widened(each.at(equity), seen) for each in extents)


def _widened(bound: Fraction, seen: Seen) -> Fraction:
    return bound * (1 + TOLERANCE) + Fraction(1, seen.quanta)


def _too_many(sheet: BoundSheet, seen: Seen) -> Iterator[str]:
    """More orders in one second than stated."""
    if sheet.orders.number is None:
        return
    by_second: dict[int, int] = defaultdict(int)
    for row, count in orders_by_moment(seen.order_log).items():
        by_second[seen.seconds[row]] += count
    for second, count in by_second.items():
        if count > sheet.orders.number:
            yield f"{count} orders in second {second}"


def _lost_too_much(sheet: BoundSheet, seen: Seen) -> Iterator[str]:
    """More planned to be lost by one session's entries than stated, at the largest equity of their orders."""
    if not sheet.loss.is_bound:
        return
    planned: dict[int, Fraction] = defaultdict(Fraction)
    equity: dict[int, Fraction] = defaultdict(Fraction)
    for opening in openings(seen.order_log):
        if opening.filled is None:
            continue
        day = seen.days[opening.filled]
        planned[day] += Fraction(opening.risk, seen.quanta)
        equity[day] = max(equity[day], Fraction(opening.equity, seen.quanta))
    for day, loss in planned.items():
        if not _within(sheet.loss, loss, equity[day], seen):
            yield f"planned loss of {float(loss):.2f} on day {day}, with {float(equity[day]):.2f} of equity"


def drift_of(seen: Seen, fill_log: Sequence[int], marks: Sequence[Fraction], equity: Sequence[int]) -> Fraction:
    """The largest gross exposure over equity at any row's mark; for instruments whose lots nothing restates."""
    held: dict[int, Fraction] = defaultdict(Fraction)
    last: dict[int, Fraction] = defaultdict(Fraction)
    by_row: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at in range(0, len(fill_log), codes.FILL_WIDTH):
        row = fill_log[at : at + codes.FILL_WIDTH]
        lots = row[codes.FILL_SIDE] * row[codes.FILL_LOTS]
        by_row[row[codes.FILL_ROW]].append((row[codes.FILL_INSTRUMENT], lots))
    largest = Fraction(0)
    for row, mark in enumerate(marks):
        for i, lots in by_row[row]:
            held[i] += lots * seen.steps[i]
        last[seen.instruments[row]] = mark
        gross = sum((abs(held[i]) * last[i] for i in held), Fraction(0))
        if equity[row] > 0:
            largest = max(largest, gross * seen.quanta / equity[row])
    return largest


# ── whole runs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def seen_of(backtest: Any, market: Any) -> Seen:
    return Seen(
        order_log=backtest.order_log,
        quanta=10**backtest.scale.digits,
        steps=[Fraction(each.step) for each in backtest.scale.instruments],
        days=[row >> codes.ROW_DAY_SHIFT for row in market.rows],
        seconds=[at // 10**9 for at in market.closes_ns],
    )


def keep(program: Program, sheet: BoundSheet, seen: Seen) -> None:
    """Raise where a bound was exceeded."""
    if found := excesses(sheet, seen):
        told = "\n  ".join(found[:5])
        raise BoundExceeded(f"{len(found)} excesses of the static bounds of `{program.title}`:\n  {told}")


def checked(run: Callable[..., Any]) -> Callable[..., Any]:
    """The function that runs a program, with every run compared with the program's bounds."""

    @wraps(run)
    def running(program: Program, machine: Any, feed: Any, terms: Any, *more: Any, **named: Any) -> Any:
        ran = run(program, machine, feed, terms, *more, **named)
        own = {each.symbol: each for each in feed.market.instruments}
        sheet = sheet_of(program, terms.kind, own)
        keep(program, sheet, seen_of(ran.backtest, feed.market))
        return ran

    return running
