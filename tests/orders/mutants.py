"""What must not be missing from the desk: each of these takes one guard away, and something has to notice.

A mutant of the table changes one line of it; a mutant of the policy one word; the others put a hasty function in the
place of a careful one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from stratc.runtime.executor.life import (
    asking,
    booking,
    desk,
    exposure,
    groups,
    moving,
    placing,
    reconcile,
    reports,
    table,
)
from stratc.runtime.executor.life.happening import Happening
from stratc.runtime.executor.life.policy import CLASSES, Idempotency, Resend, Source
from stratc.runtime.executor.life.state import Role
from stratc.runtime.executor.life.table import Cell, Judgement, Stay
from stratc.runtime.model.order import OrdStatus

S, H = OrdStatus, Happening
MODULES = (asking, booking, desk, exposure, groups, moving, placing, reconcile, reports)
Patch = Callable[[Any], None]


def cell(statuses: tuple[OrdStatus, ...], happening: Happening, to: table.Target) -> Patch:
    """The table says that these statuses go there, and nothing is due."""

    def patch(monkeypatch):
        for status in statuses:
            monkeypatch.setitem(table.LIFE, (status, happening), Cell(judgement=Judgement.ALLOWED, to=to))

    return patch


def of_class(venue: Idempotency, **changes: Any) -> Patch:
    return lambda monkeypatch: monkeypatch.setitem(CLASSES, venue, replace(CLASSES[venue], **changes))


def function(name: str, hasty: Callable[[Any], Any]) -> Patch:
    """In every module that knows the function by this name stands what `hasty` makes of the careful one."""

    def patch(monkeypatch):
        knowing = [module for module in MODULES if name in vars(module)]
        careful = vars(knowing[0])[name]
        for module in knowing:
            monkeypatch.setattr(module, name, hasty(careful))

    return patch


def instead(hasty: Any) -> Callable[[Any], Any]:
    return lambda careful: hasty


def does_nothing(careful: Any) -> Any:
    return lambda *_args, **_named: None


def concludes_at_once(careful):
    return lambda draft, order: careful(draft, replace(order, settled=True, absent_from=frozenset(Source)))


def keeps_old_answers(careful):
    """What was asked before the window was over counts after it."""

    def woke(draft, key, due_ns):
        before = draft.orders[key]
        careful(draft, key, due_ns)
        after = draft.orders[key]
        if after.settled and not before.settled:
            draft.put(replace(after, since=before.since))

    return woke


def takes_every_answer(careful):
    return lambda draft, key, sources, ask: careful(draft, key, sources, max(ask, draft.orders[key].since + 1))


def books_again(careful):
    def book_fill(draft, fill):
        draft.bookings.pop(fill.exec_id, None)
        careful(draft, fill)

    return book_fill


def counts_canceling_as_gone(orders):
    return sum(order.may_still_fill for order in orders if not order.cancel_wanted)


def counts_unknown_as_gone(orders):
    return sum(order.may_still_fill for order in orders if order.status is not S.UNKNOWN)


def protects_once(draft, group, role, lots, terms):
    """For the whole entry, and whatever was filled."""
    legs = groups.orders_of(draft, group, role)
    if legs or not lots:
        return group
    return placing.add_leg(draft, group, role, replace(terms, lots=group.plan.entry.lots))


def closes_at_once(draft, group, plan, lots):
    groups._cancel(draft, groups.orders_of(draft, group, Role.ENTRY, Role.TARGET, Role.STOP_LOSS))
    missing = lots - groups.open_lots(groups.orders_of(draft, group, Role.EXIT))
    if missing > 0:
        placing.add_leg(draft, group, Role.EXIT, groups.exit_at_market(plan, missing))


def follows_unreconciled(draft, *, anew):
    for group in tuple(draft.groups.values()):
        groups.follow(draft, group)


def restarts_as_if_nothing(draft):
    draft.connected = draft.reconciled = False
    draft.snapshot_ask = draft.wake_ns = None


def cancels_again_and_again(draft, key):
    order = draft.orders[key]
    if order.cancel_wanted and not order.closed and draft.connected:
        moving.send_cancel(draft, order)


def sends_again_at_once(draft, order, sources):
    return order.status is S.UNKNOWN and order.sends <= draft.patience.resends_max


def follows_what_changed(careful):
    return lambda draft, *, anew: careful(draft, anew=False)


MUTANTS: dict[str, Patch] = {
    "no settle window": function("is_gone", concludes_at_once),
    "answers from before the end of the window count": function("woke", keeps_old_answers),
    "answers to old questions count": function("not_found", takes_every_answer),
    "a time-out is a rejection": cell((S.INTENDED, S.SENT), H.OUTCOME_UNKNOWN, S.REJECTED),
    "a time-out is an acceptance": cell((S.INTENDED, S.SENT), H.OUTCOME_UNKNOWN, S.LIVE),
    "an unknown order is sent again at once": function("_may_send_again", instead(sends_again_at_once)),
    "ids refused while open are trusted for ever": of_class(Idempotency.OPEN_ONLY, resend=Resend.WHEN_NOT_FOUND),
    "labels are trusted as ids": of_class(Idempotency.LABEL_ONLY, resend=Resend.WHEN_NOT_FOUND),
    "without ids we conclude by ourselves": of_class(Idempotency.NONE, concludes=True),
    "one source is enough": lambda monkeypatch: (
        of_class(Idempotency.OPEN_ONLY, sources=frozenset({Source.QUERY}))(monkeypatch),
        monkeypatch.setattr(asking, "SOURCES_MIN", 1),
    ),
    "a duplicate id is a rejection": cell((S.INTENDED, S.SENT, S.UNKNOWN), H.DUPLICATE_ID, S.REJECTED),
    "a cancel that was sent is a cancel": cell((S.LIVE, S.PARTIAL), H.CANCEL_WANTED, S.CANCELED),
    "a cancel without an answer is a cancel": cell((S.PENDING_CANCEL,), H.FOUND_WORKING, S.CANCELED),
    "a cancel that was refused is a cancel": cell((S.PENDING_CANCEL,), H.CANCEL_REJECTED, S.CANCELED),
    "a cancel that was lost is not repeated": cell((S.PENDING_CANCEL,), H.FOUND_WORKING, Stay.SAME),
    "a wish to cancel is forgotten while unknown": function("_pursue", does_nothing),
    "a cancel storm": function("pursue_cancel", instead(cancels_again_and_again)),
    "an order that is not listed is canceled": cell(table.SHOWN, H.ABSENT, S.CANCELED),
    "a late fill passes in silence": cell(table.ENDED, H.FILL_PART, Stay.SAME),
    "an overfill halts nothing": cell((S.LIVE, S.PARTIAL), H.FILL_OVER, S.FILLED),
    "what is strange is ignored": cell(tuple(S), H.STRANGE, Stay.SAME),
    "an execution is booked twice": function("book_fill", books_again),
    "a bust is ignored": function("amend", does_nothing),
    "what the venue says it filled is forgotten": function(
        "claim", instead(lambda draft, key, cum_lots: draft.orders[key])
    ),
    "a sibling is replaced before it is dead": function("open_lots", instead(counts_canceling_as_gone)),
    "a stop loss that is unknown is sent again": function("open_lots", instead(counts_unknown_as_gone)),
    "protection for the whole entry, once": function("_fit", instead(protects_once)),
    "refused stop losses are tried for ever": function("_refusals", instead(lambda legs: 0)),
    "closed before everything else is dead": function("_close", instead(closes_at_once)),
    "what was closed too much stays": function("_undo_over_exit", does_nothing),
    "one fill does not cancel the other": function("_follow_alternatives", does_nothing),
    "groups are followed before the books were compared": function("follow_all", instead(follows_unreconciled)),
    "after a comparison only what it changed is followed": function("follow_all", follows_what_changed),
    "a restart changes nothing": function("_restart", instead(restarts_as_if_nothing)),
    "what is missing at the venue is not noticed": function("_take_absences", does_nothing),
    "a replace that may have been lost is done": cell((S.PENDING_REPLACE,), H.FOUND_WORKING, S.REPLACED),
    "an order that is to be replaced does not count": cell((S.LIVE, S.PARTIAL), H.REPLACE_WANTED, S.REPLACED),
}

# What the exploration has to notice by itself: in this scenario, with these faults and no others.
NOTICED: dict[str, tuple[str, dict[str, int]]] = {
    "no settle window": ("one order, ids refused while open", {"early": 1, "swaps": 1}),
    "a time-out is a rejection": ("one order, ids refused for ever", {"early": 1}),
    "a time-out is an acceptance": ("one order, ids refused for ever", {"losses": 1}),
    "an unknown order is sent again at once": ("one order, ids a label", {"early": 1, "swaps": 1}),
    "ids refused while open are trusted for ever": ("one order, ids refused while open", {"early": 1, "swaps": 1}),
    "labels are trusted as ids": ("one order, ids a label", {"early": 1, "swaps": 1}),
    "a duplicate id is a rejection": ("one order, ids refused for ever", {"early": 1, "swaps": 2}),
    "a cancel that was sent is a cancel": ("one order, ids refused for ever", {}),
    "a cancel without an answer is a cancel": ("one order, ids refused for ever", {"losses": 1}),
    "a cancel that was refused is a cancel": ("one order, ids refused for ever", {"swaps": 1}),
    "a wish to cancel is forgotten while unknown": ("one order, ids refused for ever", {}),
    "an order that is not listed is canceled": ("one order, ids refused for ever", {"cuts": 1, "hides": 1}),
    "an execution is booked twice": ("one order, ids refused for ever", {"twice": 1}),
    "what the venue says it filled is forgotten": ("one order, ids refused for ever", {"swaps": 1}),
    "a sibling is replaced before it is dead": ("a stop loss and a target, in parts", {}),
    "a stop loss that is unknown is sent again": ("a stop loss", {"losses": 1}),
    "protection for the whole entry, once": ("a stop loss", {}),
    "refused stop losses are tried for ever": ("a stop loss that is refused", {"rejects": 2}),
    "closed before everything else is dead": ("a bracket that is closed", {}),
    "what was closed too much stays": ("a stop loss and a target", {}),
    "one fill does not cancel the other": ("one of two", {}),
    "a restart changes nothing": ("one order, ids refused for ever", {"deaths": 1}),
    "a replace that may have been lost is done": ("one order, replaced", {"losses": 1}),
    "an order that is to be replaced does not count": ("one order, replaced", {}),
}
