"""The dispatcher: the one order in which an account's facts become acts.

An event is appended, the desk steps, what it ordered and what changed is appended too, and one commit makes all of it
durable. Only then does the new state count and only then are the commands given out, so no byte of an order leaves
before its intent, its approval and the order itself would survive the process. If the commit fails nothing happened
here: the state is the one before, no command is given out, and the journal takes nothing more.

What is appended follows from the events alone. Stepping through the events of a journal again gives the same state, and
with it the same records: `resume` does the first, and tests hold the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Raw

from stratc.runtime.executor.dispatch.telling import records_of
from stratc.runtime.executor.gate.approve import Denied, approve
from stratc.runtime.executor.gate.limits import Limits
from stratc.runtime.executor.gate.view import View
from stratc.runtime.executor.life.commands import Command
from stratc.runtime.executor.life.desk import step
from stratc.runtime.executor.life.encoding import decode_event, encode, encode_intent
from stratc.runtime.executor.life.events import Event, Intended, Restarted, TermsSet
from stratc.runtime.executor.life.policy import VenueTerms
from stratc.runtime.executor.life.state import DeskState, new_desk
from stratc.runtime.journal import kinds
from stratc.runtime.journal.journal import Journal
from stratc.runtime.journal.record import Entry, Record
from stratc.runtime.model.intent import Intent

GATE: Final = "gate"
DESK: Final = "desk"
EXECUTOR: Final = "executor"


class Dispatcher:
    """One account at one venue, and its journal. One thread at a time."""

    def __init__(self, journal: Journal, state: DeskState, approvals: int) -> None:
        self._journal = journal
        self._state = state
        self._approvals = approvals

    @property
    def state(self) -> DeskState:
        """As of the last event that is durable."""
        return self._state

    def propose(
        self, intent: Intent, view: View, limits: Limits, *, actor: str, decided_ticks: int | None = None
    ) -> Denied | tuple[Command, ...]:
        """Ask the gate, and on its yes the commands to be done now. Either answer is durable on return.

        The view's desk has to be this dispatcher's `state`: an approval of other books is none.
        """
        if view.desk is not self._state:
            raise ValueError("the gate was shown other books than the dispatcher's")
        number = self._approvals + 1
        answer = approve(intent, view, limits, number=number, decided_ticks=decided_ticks)
        if isinstance(answer, Denied):
            body = kinds.Denial(
                intent=Raw(encode_intent(intent)), reason=answer.reason.name.lower(), detail=answer.text
            )
            self._journal.write(Entry(at=self._journal.clock(), actor=GATE, body=body, cl_ord_id=intent.cl_ord_id))
            return answer
        commands = self.take(Intended(at_ns=view.now_ns, approved=answer), actor=actor)
        self._approvals = number
        return commands

    def take(self, event: Event, *, actor: str, cause: int | None = None) -> tuple[Command, ...]:
        """What has to be done because of the event, now that it is durable. Raises a `JournalError` where it is not."""
        state, commands = step(self._state, event)
        at = self._journal.clock()
        body = kinds.Event(event=Raw(encode(event)))
        sequence = self._journal.append(Entry(at=at, actor=actor, body=body, cl_ord_id=_order_of(event), cause=cause))
        for told in records_of(self._state, state, commands):
            self._journal.append(Entry(at=at, actor=DESK, body=told.body, cl_ord_id=told.cl_ord_id, cause=sequence))
        self._journal.commit()
        self._state = state
        return commands


def resume(journal: Journal, venue: VenueTerms, now_ns: int) -> tuple[Dispatcher, tuple[Command, ...]]:
    """The dispatcher as its journal has it, and what has to be done first: all that was under way is unknown now.

    The terms of the venue are events too, so that what happened under others is stepped through under those. Of a
    journal without events it is the dispatcher of a new account, and nothing has to be done.
    """
    events = tuple(events_of(journal.of_kind(kinds.Event.kind)))
    state = fold(new_desk(venue), events)
    approvals = max((event.approved.number for event in events if isinstance(event, Intended)), default=0)
    dispatcher = Dispatcher(journal, state, approvals)
    if not events or state.venue != venue:
        dispatcher.take(TermsSet(at_ns=now_ns, venue=venue), actor=EXECUTOR)
    commands = dispatcher.take(Restarted(at_ns=now_ns), actor=EXECUTOR) if events else ()
    return dispatcher, commands


def events_of(records: Iterable[Record]) -> Iterator[Event]:
    """The desk's events among the records of a journal, as they came."""
    for record in records:
        body = record.read()
        if isinstance(body, kinds.Event):
            yield decode_event(bytes(body.event))


def fold(state: DeskState, events: Iterable[Event]) -> DeskState:
    """The state after all of them; their commands were given out when they came."""
    for event in events:
        state, _ = step(state, event)
    return state


def _order_of(event: Event) -> str | None:
    """The client order id that the event is about, so that an order's records are found by it."""
    if isinstance(event, Intended):
        return event.approved.intent.cl_ord_id
    report = getattr(event, "report", event)
    return getattr(report, "cl_ord_id", None)
