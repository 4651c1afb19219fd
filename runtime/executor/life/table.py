"""The life table: what each happening does to an order in each status. Everything is stated, nothing falls through.

It is written by happening; each line names the statuses it is for. `life_of` answers one pair, and the module does not
load unless every pair is stated exactly once. Terminal statuses are soft: money that moved is booked, whatever we
thought.
Execution quantities are booked before the table is asked; it decides what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, TypeAlias

from stratc.runtime.executor.life.happening import Alarm, Duty, Flag, Happening
from stratc.runtime.model.order import OrdStatus
from stratc.runtime.model.record import record


class Judgement(StrEnum):
    ALLOWED = "allowed"
    IGNORED = "ignored"  # a duplicate, or overtaken by what we know
    ALARMED = "alarmed"
    HALTED = "halted"  # must never be passed over


class Stay(StrEnum):
    """Where an order goes that is given no status by name."""

    SAME = "same"
    BY_QUANTITY = "by quantity"  # live, partial or filled, by what has been booked
    GONE = "gone"  # venue lost where the venue had shown it, never arrived where it had not


Target: TypeAlias = OrdStatus | Stay


@record
class Cell:
    judgement: Judgement
    to: Target
    duties: tuple[Duty, ...] = ()
    flag: Flag | None = None
    alarm: Alarm | None = None


Statuses: TypeAlias = tuple[OrdStatus, ...]
Line: TypeAlias = tuple[Statuses, Cell]
Pair: TypeAlias = tuple[OrdStatus, Happening]

S = OrdStatus
H = Happening
DENIED: Final = (S.DENIED,)
UNANSWERED: Final = (S.INTENDED, S.SENT)
IN_DOUBT: Final = (S.UNKNOWN, S.ESCALATED)
UNSEEN: Final = (*UNANSWERED, *IN_DOUBT)
WORKING: Final = (S.LIVE, S.PARTIAL)
RESTING: Final = (S.SUSPENDED, S.DONE_FOR_DAY)
PENDING: Final = (S.PENDING_CANCEL, S.PENDING_REPLACE)
SHOWN: Final = (S.PENDING_NEW, *WORKING, *RESTING, *PENDING)
OPEN: Final = (*UNSEEN, *SHOWN)
# Closed by our own conclusion and not by a word of the venue.
CONCLUDED: Final = (S.NEVER_ARRIVED, S.VENUE_LOST)
STOPPED_SHORT: Final = (S.CANCELED, S.EXPIRED, S.REJECTED)
ENDED: Final = (S.FILLED, *STOPPED_SHORT, S.REPLACED)
CLOSED: Final = (*DENIED, *CONCLUDED, *ENDED)


def move(statuses: Statuses, to: Target, *duties: Duty) -> Line:
    return statuses, Cell(judgement=Judgement.ALLOWED, to=to, duties=duties)


def ignore(*statuses: OrdStatus) -> Line:
    return statuses, Cell(judgement=Judgement.IGNORED, to=Stay.SAME)


def alarm(statuses: Statuses, to: Target, what: Alarm, *duties: Duty, flag: Flag | None = None) -> Line:
    return statuses, Cell(judgement=Judgement.ALARMED, to=to, duties=duties, flag=flag, alarm=what)


def halt(statuses: Statuses, what: Alarm, *duties: Duty, to: Target = Stay.SAME, flag: Flag | None = None) -> Line:
    cell = Cell(judgement=Judgement.HALTED, to=to, duties=(*duties, Duty.HALT), flag=flag, alarm=what)
    return statuses, cell


def came_back(to: Target, *duties: Duty) -> Line:
    """The venue shows what we had concluded to be gone."""
    return alarm(CONCLUDED, to, Alarm.CAME_BACK, *duties, flag=Flag.CAME_BACK)


def contradicts(*statuses: OrdStatus) -> Line:
    return alarm(statuses, Stay.SAME, Alarm.CONTRADICTED, Duty.ASK, flag=Flag.CONTRADICTED)


def late(statuses: Statuses, to: Target, *duties: Duty) -> Line:
    return alarm(statuses, to, Alarm.LATE_FILL, *duties, flag=Flag.LATE_FILL)


# What we denied never left. If a venue speaks of it, our books and the venue's are not of the same orders.
IMPOSSIBLE: Final = halt(DENIED, Alarm.DENIED_AT_VENUE, Duty.ASK)


LINES: Final[dict[Happening, tuple[Line, ...]]] = {
    H.SENT: (
        move((S.INTENDED,), S.SENT),
        # The answer may overtake the note that the bytes are out; and what is unknown stays so.
        ignore(S.SENT, *IN_DOUBT, *SHOWN, *CONCLUDED, *ENDED),
        IMPOSSIBLE,
    ),
    H.NOT_SENT: (
        move(UNANSWERED, S.NEVER_ARRIVED),
        # After an unseen outcome only the settle window may say so.
        ignore(*IN_DOUBT, *CONCLUDED, *DENIED),
        contradicts(*SHOWN, *ENDED),
    ),
    H.OUTCOME_UNKNOWN: (
        move(UNANSWERED, S.UNKNOWN, Duty.SETTLE),
        # The venue has shown it, so the request that failed was another; a cancel is never taken for done.
        move(SHOWN, Stay.SAME, Duty.ASK),
        ignore(*IN_DOUBT, *CLOSED),
    ),
    H.RESENT: (
        move((S.UNKNOWN,), S.SENT),
        halt((*UNANSWERED, S.ESCALATED, *SHOWN, *CLOSED), Alarm.CONTRADICTED),
    ),
    H.DUPLICATE_ID: (
        move(UNANSWERED, S.UNKNOWN, Duty.SETTLE),
        move(IN_DOUBT, Stay.SAME, Duty.ASK),
        ignore(*SHOWN, *ENDED),
        came_back(S.UNKNOWN, Duty.SETTLE),
        IMPOSSIBLE,
    ),
    H.ACCEPTANCE_PENDING: (
        move(UNSEEN, S.PENDING_NEW),
        ignore(*SHOWN, *ENDED),
        came_back(S.PENDING_NEW, Duty.ASK),
        IMPOSSIBLE,
    ),
    H.ACKNOWLEDGED: (
        move((*UNSEEN, S.PENDING_NEW), Stay.BY_QUANTITY),
        ignore(*WORKING, *RESTING, *PENDING, S.FILLED, S.CANCELED, S.EXPIRED, S.REPLACED),
        contradicts(S.REJECTED),
        came_back(Stay.BY_QUANTITY, Duty.ASK),
        IMPOSSIBLE,
    ),
    H.REJECTED: (
        move((*UNSEEN, S.PENDING_NEW, *CONCLUDED), S.REJECTED),
        alarm((*WORKING, *RESTING, *PENDING), S.REJECTED, Alarm.REJECTED_LATE),
        ignore(S.REJECTED),
        contradicts(S.FILLED, S.CANCELED, S.EXPIRED, S.REPLACED),
        IMPOSSIBLE,
    ),
    H.FILL_PART: (
        move((*UNSEEN, S.PENDING_NEW, *WORKING), Stay.BY_QUANTITY),
        move((*PENDING, *RESTING), Stay.SAME),
        late(ENDED, Stay.SAME),
        late(CONCLUDED, Stay.BY_QUANTITY, Duty.ASK),
        halt(DENIED, Alarm.DENIED_AT_VENUE, Duty.ASK, flag=Flag.LATE_FILL),
    ),
    H.FILL_LAST: (
        move(OPEN, S.FILLED),
        late((*STOPPED_SHORT, *CONCLUDED), S.FILLED),
        late((S.FILLED, S.REPLACED), Stay.SAME),
        halt(DENIED, Alarm.DENIED_AT_VENUE, Duty.ASK, flag=Flag.LATE_FILL),
    ),
    H.FILL_OWED: (
        move((*UNSEEN, S.PENDING_NEW, *WORKING), Stay.BY_QUANTITY),
        move((*PENDING, *RESTING, *ENDED, *CONCLUDED), Stay.SAME),
        halt(DENIED, Alarm.DENIED_AT_VENUE, Duty.ASK, flag=Flag.LATE_FILL),
    ),
    H.FILL_OVER: (
        halt((*OPEN, *STOPPED_SHORT, *CONCLUDED), Alarm.OVERFILL, to=S.FILLED, flag=Flag.OVERFILL),
        halt((S.FILLED, S.REPLACED, *DENIED), Alarm.OVERFILL, Duty.ASK, flag=Flag.OVERFILL),
    ),
    H.FILL_AGAIN: (ignore(*OPEN, *CLOSED),),
    H.BUST: (
        alarm((*UNSEEN, S.PENDING_NEW, *WORKING), Stay.BY_QUANTITY, Alarm.BUSTED, flag=Flag.BUSTED),
        # A venue does not put a closed order back to work because a fill of it is undone; if it does, it says so.
        alarm((*PENDING, *RESTING, *CLOSED), Stay.SAME, Alarm.BUSTED, Duty.ASK, flag=Flag.BUSTED),
    ),
    H.CORRECTION: (
        alarm((*UNSEEN, S.PENDING_NEW, *WORKING), Stay.BY_QUANTITY, Alarm.CORRECTED, flag=Flag.CORRECTED),
        alarm((*PENDING, *RESTING, *CLOSED), Stay.SAME, Alarm.CORRECTED, Duty.ASK, flag=Flag.CORRECTED),
    ),
    H.CANCEL_WANTED: (
        # What the venue has not shown cannot be canceled yet, and must not be forgotten.
        move((*UNSEEN, S.PENDING_REPLACE), Stay.SAME, Duty.CANCEL_LATER),
        move((S.PENDING_NEW, *WORKING, *RESTING), S.PENDING_CANCEL, Duty.CANCEL),
        ignore(S.PENDING_CANCEL, *CLOSED),
    ),
    H.CANCEL_PENDING: (
        move((*UNSEEN, S.PENDING_NEW, *WORKING, *RESTING), S.PENDING_CANCEL),
        ignore(*PENDING, *ENDED),
        came_back(S.PENDING_CANCEL, Duty.ASK),
        IMPOSSIBLE,
    ),
    H.CANCELED: (
        move((*OPEN, *CONCLUDED), S.CANCELED),
        ignore(*ENDED),
        IMPOSSIBLE,
    ),
    H.CANCELED_UNASKED: (
        alarm((*OPEN, *CONCLUDED), S.CANCELED, Alarm.CANCELED_UNASKED),
        ignore(*ENDED),
        IMPOSSIBLE,
    ),
    H.CANCEL_REJECTED: (
        move((S.PENDING_CANCEL,), Stay.BY_QUANTITY, Duty.ASK),
        move((*UNSEEN, S.PENDING_REPLACE, S.PENDING_NEW, *WORKING, *RESTING), Stay.SAME, Duty.ASK),
        ignore(*ENDED, *CONCLUDED),
        IMPOSSIBLE,
    ),
    H.REPLACE_WANTED: (
        move((*WORKING, *RESTING), S.PENDING_REPLACE, Duty.REPLACE),
        move((*UNSEEN, S.PENDING_NEW, *PENDING, *CLOSED), Stay.SAME, Duty.REFUSE_REPLACE),
    ),
    H.REPLACE_PENDING: (
        move((*UNSEEN, S.PENDING_NEW, *WORKING, *RESTING), S.PENDING_REPLACE),
        ignore(*PENDING, *ENDED),
        came_back(S.PENDING_REPLACE, Duty.ASK),
        IMPOSSIBLE,
    ),
    H.REPLACED: (
        move((*OPEN, *CONCLUDED), S.REPLACED),
        ignore(S.REPLACED),
        contradicts(S.FILLED, *STOPPED_SHORT),
        IMPOSSIBLE,
    ),
    H.REPLACE_REJECTED: (
        move((S.PENDING_REPLACE,), Stay.BY_QUANTITY, Duty.ASK),
        ignore(*UNSEEN, S.PENDING_NEW, *WORKING, *RESTING, S.PENDING_CANCEL, *CONCLUDED, *ENDED),
        IMPOSSIBLE,
    ),
    H.EXPIRED: (
        move((*OPEN, *CONCLUDED), S.EXPIRED),
        ignore(*ENDED),
        IMPOSSIBLE,
    ),
    H.DONE_FOR_DAY: (
        move((*UNSEEN, S.PENDING_NEW, *WORKING, S.SUSPENDED), S.DONE_FOR_DAY),
        move(PENDING, Stay.SAME),
        ignore(S.DONE_FOR_DAY, *ENDED),
        came_back(S.DONE_FOR_DAY, Duty.ASK),
        IMPOSSIBLE,
    ),
    H.SUSPENDED: (
        move((*UNSEEN, S.PENDING_NEW, *WORKING, S.DONE_FOR_DAY), S.SUSPENDED),
        move(PENDING, Stay.SAME),
        ignore(S.SUSPENDED, *ENDED),
        came_back(S.SUSPENDED, Duty.ASK),
        IMPOSSIBLE,
    ),
    H.RESTATED: (
        alarm((*UNSEEN, S.PENDING_NEW, *WORKING), Stay.BY_QUANTITY, Alarm.RESTATED, flag=Flag.RESTATED),
        alarm((*PENDING, *RESTING, *ENDED), Stay.SAME, Alarm.RESTATED, Duty.ASK, flag=Flag.RESTATED),
        came_back(Stay.BY_QUANTITY, Duty.ASK),
        IMPOSSIBLE,
    ),
    H.FOUND_WORKING: (
        move((*UNSEEN, S.PENDING_NEW, *WORKING, *RESTING), Stay.BY_QUANTITY),
        # Only who has waited for the answer in vain sends a second request; else it is still on its way.
        move((S.PENDING_CANCEL,), Stay.SAME, Duty.CANCEL_AGAIN),
        move((S.PENDING_REPLACE,), Stay.SAME),
        alarm(STOPPED_SHORT, Stay.BY_QUANTITY, Alarm.CAME_BACK, Duty.ASK, flag=Flag.CAME_BACK),
        contradicts(S.FILLED, S.REPLACED),
        came_back(Stay.BY_QUANTITY),
        IMPOSSIBLE,
    ),
    H.ABSENT: (
        # An answer is still due, and it will come or time out.
        ignore(*UNANSWERED),
        move(IN_DOUBT, Stay.SAME, Duty.NOTE_ABSENCE),
        # Neither filled nor canceled without a word for it: the venue is asked, and the exposure stays.
        alarm(SHOWN, S.UNKNOWN, Alarm.MISSING, Duty.SETTLE),
        ignore(*CLOSED),
    ),
    H.SETTLED_ABSENT: (
        move(IN_DOUBT, Stay.GONE),
        ignore(*UNANSWERED, *SHOWN, *CLOSED),
    ),
    H.GIVEN_UP: (
        alarm((S.UNKNOWN,), S.ESCALATED, Alarm.ESCALATED),
        ignore(*UNANSWERED, S.ESCALATED, *SHOWN, *CLOSED),
    ),
    H.STRANGE: (
        halt((*OPEN, *CLOSED), Alarm.STRANGE, Duty.ASK),
    ),
}  # fmt: skip


def complete(lines: dict[Happening, tuple[Line, ...]]) -> dict[Pair, Cell]:
    """Every pair of status and happening with what is stated of it; raises `ValueError` at a gap or a double."""
    cells: dict[Pair, Cell] = {}
    for happening, stated in lines.items():
        for statuses, cell in stated:
            for status in statuses:
                if (status, happening) in cells:
                    raise ValueError(f"{status.name} x {happening.name} is stated twice")
                cells[status, happening] = cell
    _refuse_gaps(cells)
    return cells


def _refuse_gaps(cells: Iterable[Pair]) -> None:
    gaps = {(status, happening) for status in OrdStatus for happening in Happening} - set(cells)
    if gaps:
        raise ValueError(
            f"nothing is stated of {sorted(f'{status.name} x {happening.name}' for status, happening in gaps)}"
        )


LIFE: Final = complete(LINES)


def life_of(status: OrdStatus, happening: Happening) -> Cell:
    return LIFE[status, happening]
