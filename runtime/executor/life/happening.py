"""What can happen to an order, and what it makes the desk do: the alphabet of the life table."""

from __future__ import annotations

from enum import StrEnum


class Happening(StrEnum):
    """Reports, answers and deadlines, sorted into kinds before the table is asked."""

    SENT = "sent"
    """All bytes of the order left."""

    NOT_SENT = "not sent"
    """The adapter is certain that no byte left, and this was the only attempt."""

    OUTCOME_UNKNOWN = "outcome unknown"
    """Time-out, server error, connection lost, restart: the order may be at the venue or not."""

    RESENT = "resent"
    """We send the same order under the same id again, as the idempotency class allows."""

    DUPLICATE_ID = "duplicate id"
    ACCEPTANCE_PENDING = "acceptance pending"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"

    FILL_PART = "fill, part"
    FILL_LAST = "fill, last"
    FILL_OWED = "fill, owed"
    """A fill that the venue had counted already when it closed the order: late to us, and no surprise."""

    FILL_OVER = "fill, over"
    """More than the order was for."""

    FILL_AGAIN = "fill, again"
    """An execution that has been booked."""

    BUST = "bust"
    CORRECTION = "correction"

    CANCEL_WANTED = "cancel wanted"
    CANCEL_PENDING = "cancel pending"
    CANCELED = "canceled"
    CANCELED_UNASKED = "canceled, unasked"
    CANCEL_REJECTED = "cancel rejected"

    REPLACE_WANTED = "replace wanted"
    REPLACE_PENDING = "replace pending"
    REPLACED = "replaced"
    REPLACE_REJECTED = "replace rejected"

    EXPIRED = "expired"
    DONE_FOR_DAY = "done for day"
    SUSPENDED = "suspended"
    RESTATED = "restated"

    FOUND_WORKING = "found working"
    """An answer to a question asked since the last change: the venue has the order at work."""

    ABSENT = "absent"
    """An answer to a question asked since the last change: the venue does not list the order."""

    SETTLED_ABSENT = "settled absent"
    """The settle window is over, and as many sources as the policy asks for do not know the order."""

    GIVEN_UP = "given up"
    """Asked for as often as the policy says, in vain."""

    STRANGE = "strange"
    """A status or message that we have no word for."""


class Duty(StrEnum):
    """What the desk owes after a transition."""

    SETTLE = "settle"
    """Begin the settle window and ask."""

    ASK = "ask"
    """Ask the venue how the order stands before anything is taken for granted."""

    CANCEL = "cancel"
    """Send the request to cancel."""

    CANCEL_LATER = "cancel later"
    """Remember the wish until the venue shows the order."""

    CANCEL_AGAIN = "cancel again"
    """The request did not take: send it again, as often as the policy allows."""

    REPLACE = "replace"
    REFUSE_REPLACE = "refuse replace"
    NOTE_ABSENCE = "note absence"
    HALT = "halt"
    """No new risk in the instrument until a person releases it."""


class Flag(StrEnum):
    """What stays written on an order for good."""

    LATE_FILL = "late fill"
    OVERFILL = "overfill"
    BUSTED = "busted"
    CORRECTED = "corrected"
    RESTATED = "restated"
    CAME_BACK = "came back"
    """The venue showed it after we had concluded that it was gone."""

    CONTRADICTED = "contradicted"
    """Two reports of the venue cannot both be true."""


class Alarm(StrEnum):
    """What a person is told at once."""

    LATE_FILL = "late fill"
    OVERFILL = "overfill"
    BUSTED = "busted"
    CORRECTED = "corrected"
    RESTATED = "restated"
    CAME_BACK = "came back"
    CONTRADICTED = "contradicted"
    CANCELED_UNASKED = "canceled unasked"
    REJECTED_LATE = "rejected after it worked"
    VENUE_LOST = "venue lost"
    MISSING = "missing at the venue"
    ESCALATED = "escalated"
    STRANGE = "strange"
    DENIED_AT_VENUE = "denied order at the venue"
    UNKNOWN_TOO_LONG = "unknown too long"
    CANCEL_STUCK = "cancel stuck"
    EXTERNAL_ORDER = "external order"
    EXTERNAL_FILL = "external fill"
    UNKNOWN_ORDER = "report of an unknown order"
    BUST_OF_UNKNOWN = "bust of an unknown execution"
    POSITION_DIFFERS = "position differs"
    PROTECTION_REFUSED = "protective order refused"
    NAKED = "naked position"
    OVER_EXIT = "closed more than was held"
    BOTH_FILLED = "both filled"
    TRIGGER_FAILED = "triggered order failed"
    EXIT_FAILED = "exit failed"
