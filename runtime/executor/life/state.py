"""What the desk knows: orders, groups, bookings, positions. The fold of its events, and nothing that is not in them."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from stratc.runtime.executor.life.happening import Alarm, Flag
from stratc.runtime.executor.life.policy import Source, VenueTerms
from stratc.runtime.executor.life.table import CLOSED
from stratc.runtime.model.intent import Bracket, OneCancelsOther, OneTriggersOther
from stratc.runtime.model.order import OrderTerms, OrdStatus, Side
from stratc.runtime.model.report import Busted, Corrected

CLOSED_STATUSES = frozenset(CLOSED)


class Role(StrEnum):
    """Which part an order has in its intent."""

    SINGLE = "single"
    ENTRY = "entry"
    STOP_LOSS = "stop loss"
    TARGET = "target"
    EXIT = "exit"
    MEMBER = "member"
    FIRST = "first"
    TRIGGERED = "triggered"
    UNDO = "undo"  # brings back what was closed beyond what was held
    EXTERNAL = "external"


class OrderLife(Struct, frozen=True, kw_only=True):
    """An order with all that was learned of it.

    `booked` is the sum of its executions, `claimed` the most that the venue said it had filled; where they differ,
    executions are owed to us. Answers to questions numbered above `since` are about the order as it is now. `place`
    tells orders of one role apart.
    """

    cl_ord_id: str
    group: str
    role: Role
    approval: int
    valid_until_ns: int
    terms: OrderTerms
    status: OrdStatus
    since: int
    place: int = 0
    order_id: str | None = None
    seen: bool = False
    booked: int = 0
    claimed: int = 0
    sends: int = 0
    cancel_wanted: bool = False
    cancels: int = 0
    doubted: bool = False
    settled: bool = False
    absent_from: frozenset[Source] = frozenset()
    polls: int = 0
    wake_ns: int | None = None
    replaces: str | None = None
    flags: frozenset[Flag] = frozenset()

    @property
    def closed(self) -> bool:
        return self.status in CLOSED_STATUSES

    @property
    def leaves(self) -> int:
        return max(self.terms.lots - self.booked, 0)

    @property
    def owed(self) -> int:
        """Lots that the venue filled and whose executions we have not seen."""
        return max(self.claimed - self.booked, 0)

    @property
    def may_still_fill(self) -> int:
        """Lots that may yet be added to our books: all that is open, and what is owed of closed orders."""
        return self.owed if self.closed else max(self.leaves, self.owed)


class GroupMode(StrEnum):
    WORKING = "working"
    CLOSING = "closing"
    EMERGENCY = "emergency"
    STUCK = "stuck"
    """Nothing more is tried by itself; an alarm was raised."""


class Group(Struct, frozen=True, kw_only=True):
    """Orders of one intent that hang together. `legs` counts those that the desk added."""

    group: str
    approval: int
    valid_until_ns: int
    plan: Bracket | OneCancelsOther | OneTriggersOther
    members: tuple[str, ...]
    mode: GroupMode = GroupMode.WORKING
    legs: int = 0
    told: frozenset[Alarm] = frozenset()


class Booking(Struct, frozen=True, kw_only=True):
    """One line of the book of executions: `lots` signed as the position moves. Lines are added, never altered.

    A bust is a line that takes its execution back, a correction such a line and one with what is true; `original` is
    the execution that they are about.
    """

    cl_ord_id: str
    instrument: str
    original: str
    lots: int
    price: Decimal


class Standing(Struct, frozen=True, kw_only=True):
    """An execution as it stands after corrections."""

    cl_ord_id: str
    instrument: str
    side: Side
    lots: int
    price: Decimal


class DeskState(Struct, frozen=True, kw_only=True):
    """All orders of an account at one venue.

    `standing` holds executions by their id, `waiting` busts and corrections of executions that have not come yet.
    `differences` are positions at the venue less ours, as of the last snapshot.
    """

    venue: VenueTerms
    orders: dict[str, OrderLife]
    groups: dict[str, Group]
    bookings: dict[str, Booking]
    standing: dict[str, Standing]
    waiting: dict[str, Busted | Corrected]
    positions: dict[str, int]
    differences: dict[str, int]
    halted: frozenset[str]
    connected: bool
    reconciled: bool
    asked: int
    snapshot_ask: int | None
    wake_ns: int | None


def new_desk(venue: VenueTerms) -> DeskState:
    """The desk of an account before its first connection."""
    return DeskState(
        venue=venue,
        orders={},
        groups={},
        bookings={},
        standing={},
        waiting={},
        positions={},
        differences={},
        halted=frozenset(),
        connected=False,
        reconciled=False,
        asked=0,
        snapshot_ask=None,
        wake_ns=None,
    )
