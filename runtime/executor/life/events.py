"""Events of the desk: everything that may reach it. Each carries its time; the desk knows no other clock."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from stratc.runtime.executor.gate.approved import Approved
from stratc.runtime.executor.life.policy import VenueTerms
from stratc.runtime.model.report import Report


class Intended(Struct, frozen=True, kw_only=True, tag=True):
    """The gate approved an intent, and both are durable."""

    at_ns: int
    approved: Approved


class Sent(Struct, frozen=True, kw_only=True, tag=True):
    """All bytes of the order left."""

    at_ns: int
    cl_ord_id: str


class CancelAsked(Struct, frozen=True, kw_only=True, tag=True):
    """The strategy or a person wants the order canceled."""

    at_ns: int
    cl_ord_id: str


class CloseAsked(Struct, frozen=True, kw_only=True, tag=True):
    """The strategy or a person wants a bracket closed: its orders canceled, and what it holds taken off at market."""

    at_ns: int
    group: str


class Reported(Struct, frozen=True, kw_only=True, tag=True):
    at_ns: int
    report: Report


class Woke(Struct, frozen=True, kw_only=True, tag=True):
    """The moment `due_ns` that was asked for has come: of an order, or, without one, of the desk."""

    at_ns: int
    cl_ord_id: str | None
    due_ns: int


class TermsSet(Struct, frozen=True, kw_only=True, tag=True):
    """What the desk has to know of its venue, from now on: the first event of an account, and where it was changed."""

    at_ns: int
    venue: VenueTerms


class Connected(Struct, frozen=True, kw_only=True, tag=True):
    at_ns: int


class Disconnected(Struct, frozen=True, kw_only=True, tag=True):
    at_ns: int


class Restarted(Struct, frozen=True, kw_only=True, tag=True):
    """The process begins again with the state that the journal gives; what it was about to send, may have been sent."""

    at_ns: int


class PositionAdopted(Struct, frozen=True, kw_only=True, tag=True):
    """A person decided that the position is what the venue says, `lots`; `adoption_id` names the decision."""

    at_ns: int
    adoption_id: str
    instrument: str
    lots: int


class GoneForSure(Struct, frozen=True, kw_only=True, tag=True):
    """A person looked at the venue: it has no such order. Counts for what could not be resolved by asking."""

    at_ns: int
    cl_ord_id: str


class HaltReleased(Struct, frozen=True, kw_only=True, tag=True):
    at_ns: int
    instrument: str


Event: TypeAlias = (
    Intended | Sent | CancelAsked | CloseAsked | Reported | Woke | Connected | Disconnected | Restarted
    | TermsSet | PositionAdopted | GoneForSure | HaltReleased
)  # fmt: skip
