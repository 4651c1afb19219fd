"""The desk: `step(state, event) -> state, commands` over all orders of an account.

The executor journals an event, commits, steps, and then does what the commands say: nothing leaves before what it
follows from is durable. A command may be lost with the process; no command is ever repeated by replaying. `Restarted`
makes everything that was under way unknown, and reconciliation finds out.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from stratc.runtime.executor.life import reports
from stratc.runtime.executor.life.asking import conclude_gone, inquire, needs_asking, woke
from stratc.runtime.executor.life.booking import adopt_position
from stratc.runtime.executor.life.commands import Command, WakeAt
from stratc.runtime.executor.life.draft import Draft
from stratc.runtime.executor.life.events import (
    CancelAsked,
    CloseAsked,
    Connected,
    Disconnected,
    Event,
    GoneForSure,
    HaltReleased,
    Intended,
    PositionAdopted,
    Reported,
    Restarted,
    Sent,
    TermsSet,
    Woke,
)
from stratc.runtime.executor.life.groups import close_group, follow_all
from stratc.runtime.executor.life.happening import Happening
from stratc.runtime.executor.life.moving import happen, pursue_cancel, want_cancel
from stratc.runtime.executor.life.placing import place
from stratc.runtime.executor.life.state import DeskState
from stratc.runtime.model.order import OrdStatus


def step(state: DeskState, event: Event) -> tuple[DeskState, tuple[Command, ...]]:
    """The state after the event, and what has to be done because of it."""
    draft = Draft(state, event.at_ns)
    _take(draft, event)
    _pursue(draft, anew=draft.connected and not state.connected)
    follow_all(draft, anew=draft.reconciled and not state.reconciled)
    _keep_appointments(draft)
    return draft.finished(), tuple(draft.commands)


def _take(draft: Draft, event: Event) -> None:
    match event:
        case Reported(report=report):
            reports.take(draft, report)
        case Woke():
            _wake(draft, event)
        case Sent(cl_ord_id=key):
            if key in draft.orders:
                happen(draft, key, Happening.SENT)
        case Intended(approved=approved):
            place(draft, approved)
        case CancelAsked(cl_ord_id=key):
            if key in draft.orders:
                want_cancel(draft, key)
        case CloseAsked(group=key):
            close_group(draft, key)
        case TermsSet(venue=venue):
            draft.venue = venue
        case Connected():
            _connect(draft)
        case Disconnected():
            _disconnect(draft, "the connection was lost")
        case Restarted():
            _restart(draft)
        case PositionAdopted(adoption_id=adoption_id, instrument=instrument, lots=lots):
            adopt_position(draft, adoption_id, instrument, lots)
        case GoneForSure(cl_ord_id=key):
            if key in draft.orders and draft.orders[key].status is OrdStatus.ESCALATED:
                conclude_gone(draft, key)
        case HaltReleased(instrument=instrument):
            draft.halted -= {instrument}
        case _:
            assert_never(event)


def _wake(draft: Draft, event: Woke) -> None:
    if event.cl_ord_id is not None:
        woke(draft, event.cl_ord_id, event.due_ns)
    elif event.due_ns == draft.wake_ns:
        draft.wake_ns = None
        draft.take_snapshot()


def _connect(draft: Draft) -> None:
    """Nothing that adds risk leaves before the venue's books were compared with ours."""
    draft.connected = True
    draft.reconciled = False
    for key, order in tuple(draft.orders.items()):
        if needs_asking(order):
            inquire(draft, key)
    draft.take_snapshot()


def _disconnect(draft: Draft, why: str) -> None:
    """What was not answered is unknown, and what waits for an answer will have to ask."""
    draft.connected = draft.reconciled = False
    draft.snapshot_ask = draft.wake_ns = None
    for key, order in tuple(draft.orders.items()):
        if order.status in (OrdStatus.INTENDED, OrdStatus.SENT):
            happen(draft, key, Happening.OUTCOME_UNKNOWN, why)
        elif needs_asking(order):
            draft.put(replace(order, doubted=True))


def _restart(draft: Draft) -> None:
    _disconnect(draft, "the process began again")
    for order in draft.orders.values():
        if order.wake_ns is not None:
            draft.commands.append(WakeAt(due_ns=max(order.wake_ns, draft.now_ns), cl_ord_id=order.cl_ord_id))


def _pursue(draft: Draft, *, anew: bool) -> None:
    """Wishes to cancel that could not be followed when they came up: of what changed, or of all."""
    for key in tuple(draft.orders) if anew else sorted(draft.touched):
        order = draft.orders[key]
        if order.cancel_wanted and not order.closed:
            pursue_cancel(draft, key)


def _keep_appointments(draft: Draft) -> None:
    """Whoever waits for an answer has a moment at which it is looked at, and nobody else has."""
    for key in sorted(draft.touched):
        order = draft.orders[key]
        if not needs_asking(order):
            draft.put(replace(order, wake_ns=None))
        elif order.wake_ns is None:
            draft.wake_order(order, draft.patience.poll_ns)
