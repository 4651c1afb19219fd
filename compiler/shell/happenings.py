"""What happened to a run's instruments: the tables of actions and of borrowing beside their prices, as events.

A folder of prices may hold `actions.csv` and `borrow.csv`. What they say of an instrument is checked against its bars
and put into the market; what they did not say is said in a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.uses import remembers_account
from stratc.runtime.engine.codes import ROW_DAY_SHIFT, ROW_INSTRUMENT_SHIFT, ROW_INSTRUMENTS
from stratc.runtime.executor.happenings import restates
from stratc.runtime.executor.market import Event, EventKind, Market
from stratc.runtime.executor.scale import RunRefused
from stratc.runtime.feeds.actions import (
    ACTIONS,
    BORROW,
    actions_of,
    check_prices,
    read_actions,
    read_borrow,
)
from stratc.runtime.feeds.bars import BarTable
from stratc.runtime.model.action import Action, ActionKind, BorrowTerms
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    import polars as pl

EPOCH: Final = date(1970, 1, 1)
KINDS: Final = {
    ActionKind.DIVIDEND: EventKind.DIVIDEND,
    ActionKind.SPECIAL_DIVIDEND: EventKind.DIVIDEND,
    ActionKind.SPLIT: EventKind.SPLIT,
    ActionKind.MERGER: EventKind.END,
    ActionKind.DELISTING: EventKind.END,
}


@record
class Happenings:
    """The events of a run in order of day, what is said of them, and the digests of the tables that were read."""

    events: tuple[Event, ...]
    told: tuple[str, ...]
    digests: tuple[str, ...]


def read_happenings(
    instruments: Sequence[Instrument],
    tables: Sequence[BarTable],
    files: Mapping[str, Path],
    rows: Sequence[int] | pl.Series,
    *,
    goes_on: bool = False,
) -> Happenings:
    """What the tables beside the prices say of the instruments; raises `DataRefused`. `goes_on`: more bars will
    come."""
    days = _days(rows, len(instruments))
    events: list[Event] = []
    told: list[str] = []
    for i, (instrument, table) in enumerate(zip(instruments, tables, strict=True)):
        if instrument.symbol not in files:
            continue  # a future of several contracts has no one file, and none of these happens to it
        beside = files[instrument.symbol].parent
        actions = actions_of(instrument, read_actions(beside / ACTIONS), source=ACTIONS)
        check_prices(table, actions, days[i])
        within = [
            each
            for each in actions
            if days[i] and days[i][0] < each.ex_date and (goes_on or each.ex_date <= days[i][-1])
        ]
        terms = [each for each in read_borrow(beside / BORROW) if each.symbol == instrument.symbol]
        events += [_event(i, action) for action in within]
        events += [_borrow(i, each) for each in terms]
        told += _notes(instrument, within, terms)
    return Happenings(
        events=tuple(sorted(events, key=lambda event: event.day)),
        told=tuple(told),
        digests=tuple(_digests(files, {instruments[event.instrument].symbol for event in events})),
    )


def _days(rows: Sequence[int] | pl.Series, count: int) -> list[list[date]]:
    """The trading dates of each instrument's bars, one a bar."""
    found: list[list[date]] = [[] for _ in range(count)]
    dates: dict[int, date] = {}
    for row in rows:
        day = row >> ROW_DAY_SHIFT
        if day not in dates:
            dates[day] = EPOCH + timedelta(days=day)
        found[(row >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS].append(dates[day])
    return found


def _event(i: int, action: Action) -> Event:
    day = (action.ex_date - EPOCH).days
    return Event(instrument=i, day=day, kind=KINDS[action.kind], new=action.new, old=action.old, amount=action.amount)


def _borrow(i: int, terms: BorrowTerms) -> Event:
    day = (terms.since - EPOCH).days
    return Event(
        instrument=i,
        day=day,
        kind=EventKind.BORROW,
        amount=terms.quantity,
        rate_percent=terms.rate_percent,
        locate_fee=terms.locate_fee,
    )


def _notes(instrument: Instrument, actions: Sequence[Action], terms: Sequence[BorrowTerms]) -> Iterator[str]:
    for kind in ActionKind:
        count = sum(action.kind is kind for action in actions)
        if count:
            what = kind.value.replace("_", " ")
            yield f"{instrument.symbol}: {count:,} {what}{'s' if count > 1 else ''} by {ACTIONS}"
    if terms:
        yield f"{instrument.symbol}: what may be borrowed, and at what fee, by {BORROW}"


def _digests(files: Mapping[str, Path], symbols: set[str]) -> Iterator[str]:
    for folder in sorted({files[symbol].parent for symbol in symbols}):
        for name in (ACTIONS, BORROW):
            if (folder / name).is_file():
                yield sha256((folder / name).read_bytes()).hexdigest()


def refuse_restatement(program: Program, market: Market) -> None:
    """A split is told to signals by telling every bar again, but what the account was at each bar is not kept."""
    restated = {event.instrument for event in market.events if restates(event, market.instruments)}
    if restated and remembers_account(program):
        symbols = ", ".join(market.instruments[i].symbol for i in sorted(restated))
        raise RunRefused(
            "restated",
            f"the strategy remembers what its account was on earlier bars, which cannot be told again after a split of "
            f'{symbols}: write `prices = "raw"` for it in instruments.toml, or remember only prices',
        )
