"""Markets: the same bars for the reference, in decimals, and for the engine, on the real calendar of the exchange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stratc.compiler.judge.rig import MadeBar
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.session import calendar
from tests.reference.account import Bar as Mine

FIRST = date(2026, 7, 1)  # 2 July is followed by a holiday
NS = 1_000_000_000
STEP = 1_800 * NS


@dataclass(frozen=True)
class Move:
    """A bar by its cents: the gap to its open, the body, what sticks out above and below; `slot` of the session."""

    gap: int
    body: int
    above: int
    below: int


def markets(
    sessions: Sequence[Sequence[tuple[int, Move]]], start_cents: int, *, daily: bool
) -> tuple[list[Mine], tuple[MadeBar, ...]]:
    """Sessions of bars by slot (0 to 12 of the regular session; the last ends it), one bar a session where daily."""
    kept, price = calendar("XNYS"), start_cents
    session = kept.session(FIRST)
    mine: list[Mine] = []
    theirs: list[MadeBar] = []
    for day, bars in enumerate(sessions):
        assert session is not None
        for slot, move in bars:
            opens = max(price + move.gap, 50)
            closes = max(opens + move.body, 50)
            high, low = max(opens, closes) + move.above, max(min(opens, closes) - move.below, 40)
            price = closes
            begin = session.open_ns if daily else session.open_ns + slot * STEP
            end = session.close_ns if daily else begin + STEP
            cents = (opens, high, low, closes)
            mine.append(Mine(day, *(Decimal(each) / 100 for each in cents), last=end == session.close_ns))
            o, h, low_price, c = (each / 100 for each in cents)
            made = Bar(open_ns=begin, close_ns=end, open=o, high=h, low=low_price, close=c, volume=1_000.0)
            theirs.append(MadeBar(instrument=0, bar=made))
        session = kept.next_session(session.date)
    return mine, tuple(theirs)
