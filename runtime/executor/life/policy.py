"""What a venue's habits allow: idempotency classes as data, and the patience of an account.

An adapter declares its class; without one it does not start. See `README.md` for where the classes come from.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Idempotency(StrEnum):
    """What a venue does with a client order id that it has seen before."""

    HARD = "A"  # refuses it for ever
    OPEN_ONLY = "B"  # refuses it while the first order is open
    LABEL_ONLY = "C"  # takes it as a label
    NONE = "D"  # knows no such id


class Source(StrEnum):
    """Where a venue is asked for an order."""

    QUERY = "query"  # by its client order id
    OPEN_ORDERS = "open orders"
    CLOSED_ORDERS = "closed orders"
    EXECUTIONS = "executions"
    POSITIONS = "positions"  # agrees when the venue's positions are ours


class Resend(StrEnum):
    """When an order whose outcome was not seen may be sent again, under the same id."""

    WHEN_NOT_FOUND = "when not found"  # after one definite `not found`: a second acceptance is impossible
    WHEN_SETTLED = "when settled"  # after the window and the sweep of the class
    NEVER = "never"  # a person decides


class ClassPolicy(Struct, frozen=True, kw_only=True):
    """`sources` that all have to say `not found` after the window, before an order counts as never arrived."""

    resend: Resend
    sources: frozenset[Source]
    concludes: bool  # whether we may conclude at all, or a person has to


SWEEP: Final = frozenset({Source.OPEN_ORDERS, Source.CLOSED_ORDERS, Source.EXECUTIONS})
CLASSES: Final = {
    Idempotency.HARD: ClassPolicy(
        resend=Resend.WHEN_NOT_FOUND, sources=frozenset({Source.QUERY, Source.OPEN_ORDERS}), concludes=True
    ),
    Idempotency.OPEN_ONLY: ClassPolicy(resend=Resend.WHEN_SETTLED, sources=SWEEP | {Source.QUERY}, concludes=True),
    Idempotency.LABEL_ONLY: ClassPolicy(resend=Resend.WHEN_SETTLED, sources=SWEEP, concludes=True),
    Idempotency.NONE: ClassPolicy(resend=Resend.NEVER, sources=SWEEP, concludes=False),
}
SOURCES_MIN: Final = 2


class Patience(Struct, frozen=True, kw_only=True):
    """How long and how often, of one venue and account. Times in nanoseconds.

    `settle_ns` has to exceed what the venue takes to accept an order, to show it, and to let a request lapse.
    """

    answer_ns: int
    settle_ns: int
    poll_ns: int
    snapshot_ns: int
    polls_to_alarm: int
    polls_to_halt: int
    polls_to_escalate: int
    cancels_max: int
    resends_max: int


class VenueTerms(Struct, frozen=True, kw_only=True):
    """What the desk has to know of the venue of its account."""

    idempotency: Idempotency
    patience: Patience

    @property
    def policy(self) -> ClassPolicy:
        return CLASSES[self.idempotency]
