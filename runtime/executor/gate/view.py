"""What the gate sees at one moment. All of it is given: the gate reads no clock and asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from stratc.runtime.executor.life.state import DeskState
from stratc.runtime.model.order import OrderTerms, Side
from stratc.runtime.model.record import record
from stratc.runtime.model.venue import Listing


@record
class Quote:
    """Bid and ask in ticks, and when they were taken."""

    bid_ticks: int
    ask_ticks: int
    at_ns: int

    @property
    def sound(self) -> bool:
        return 0 < self.bid_ticks <= self.ask_ticks

    def paid_by(self, side: Side) -> int:
        """What an order that crosses the spread pays or is paid."""
        return self.ask_ticks if side is Side.BUY else self.bid_ticks


@record
class Traded:
    """An instrument now: its listing, its quote, what a tick of a lot is worth in the account's currency.

    `in_session`: it is open; `waits`: the venue keeps an order for the next session; `cut_off`: that of the auction to
    come is past.
    """

    listing: Listing
    tick_value: Decimal
    quote: Quote | None
    in_session: bool
    waits: bool
    cut_off: bool

    def value(self, lots: int, ticks: int) -> Decimal:
        return abs(lots) * abs(ticks) * self.tick_value


@record
class SentOrder:
    """An order that left, for rates and repetitions."""

    at_ns: int
    strategy: str
    rule: str | None
    terms: OrderTerms


@record
class Baselines:
    """Equity at the start, at the day's open and at the peak: durable, so that a restart forgets no loss."""

    start: Decimal
    day_open: Decimal
    peak: Decimal


@record
class View:
    """`gate_open`: start and connection are reconciled and the journal takes records. `halts` are reasons by scope:
    `account`, `strategy NAME` or `instrument SYMBOL`. `sent` has the orders of the longest window, oldest first."""

    now_ns: int
    desk: DeskState
    instruments: Mapping[str, Traded]
    equity: Decimal
    baselines: Baselines
    buying_power: Decimal | None
    gate_open: bool
    halts: Mapping[str, str]
    sent: tuple[SentOrder, ...]
