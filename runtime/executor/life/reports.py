"""From a venue's report to what happened to which order."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from stratc.runtime.executor.life.asking import canceled, claim, found, not_found
from stratc.runtime.executor.life.booking import amend, book_fill, known_order
from stratc.runtime.executor.life.draft import Draft
from stratc.runtime.executor.life.happening import Alarm, Happening
from stratc.runtime.executor.life.moving import happen
from stratc.runtime.executor.life.policy import Source
from stratc.runtime.executor.life.reconcile import reconcile, unanswered
from stratc.runtime.model.report import (
    AcceptancePending,
    Acknowledged,
    Busted,
    Canceled,
    CancelPending,
    CancelRejected,
    Corrected,
    DoneForDay,
    DuplicateId,
    Expired,
    Filled,
    Malformed,
    NoAnswer,
    NotSent,
    OutcomeUnknown,
    Rejected,
    Replaced,
    ReplacePending,
    ReplaceRejected,
    Report,
    Restated,
    Snapshot,
    StatusAnswer,
    Strange,
    Suspended,
)

PLAIN = {
    DuplicateId: Happening.DUPLICATE_ID,
    CancelPending: Happening.CANCEL_PENDING,
    ReplacePending: Happening.REPLACE_PENDING,
    DoneForDay: Happening.DONE_FOR_DAY,
    Suspended: Happening.SUSPENDED,
}


def take(draft: Draft, report: Report) -> None:
    """Books what it says, wherever it belongs; nothing is dropped."""
    match report:
        case Filled():
            book_fill(draft, report)
        case Busted() | Corrected():
            amend(draft, report)
        case Snapshot():
            reconcile(draft, report)
        case NoAnswer(ask=ask):
            unanswered(draft, ask)
        case Malformed(cl_ord_id=key, raw=raw) if key is None or known_order(draft, key, None) is None:
            draft.alarm(Alarm.STRANGE, cl_ord_id=key, instrument=None, text=raw)
            draft.take_snapshot()
        case _:
            assert report.cl_ord_id is not None
            _take_of_order(draft, report, report.cl_ord_id)


def _take_of_order(draft: Draft, report: Report, named: str) -> None:
    """A report of an order that is not ours begs the question what else is at the venue."""
    key = known_order(draft, named, getattr(report, "order_id", None))
    if key is None:
        draft.alarm(Alarm.UNKNOWN_ORDER, cl_ord_id=named, instrument=None, text=type(report).__name__)
        draft.take_snapshot()
        return
    match report:
        case Acknowledged() | AcceptancePending():
            _acknowledge(draft, key, report)
        case Rejected(text=text):
            _take_rejection(draft, key, text)
        case NotSent(text=text):
            only = draft.orders[key].sends <= 1
            happen(draft, key, Happening.NOT_SENT if only else Happening.OUTCOME_UNKNOWN, text)
        case OutcomeUnknown(why=why):
            happen(draft, key, Happening.OUTCOME_UNKNOWN, why.value)
        case Canceled(cum_lots=cum_lots):
            happen(draft, key, canceled(claim(draft, key, cum_lots)))
        case Expired(cum_lots=cum_lots):
            claim(draft, key, cum_lots)
            happen(draft, key, Happening.EXPIRED)
        case CancelRejected(text=text):
            happen(draft, key, Happening.CANCEL_REJECTED, text)
        case Replaced() | ReplaceRejected():
            _take_of_replace(draft, key, report)
        case Restated(lots=lots):
            order = draft.orders[key]
            draft.put(replace(order, terms=replace(order.terms, lots=lots)))
            happen(draft, key, Happening.RESTATED, f"{order.terms.lots} lots are {lots}")
        case Strange(raw=raw) | Malformed(raw=raw):
            happen(draft, key, Happening.STRANGE, raw)
        case StatusAnswer(ask=ask, found=None):
            not_found(draft, key, frozenset({Source.QUERY}), ask)
        case StatusAnswer(ask=ask, found=seen) if seen is not None:
            found(draft, key, seen, ask)
        case _:
            happen(draft, key, PLAIN[type(report)])


def _acknowledge(draft: Draft, key: str, report: Acknowledged | AcceptancePending) -> None:
    order = draft.orders[key]
    draft.put(replace(order, order_id=order.order_id or report.order_id))
    accepted = isinstance(report, Acknowledged)
    happen(draft, key, Happening.ACKNOWLEDGED if accepted else Happening.ACCEPTANCE_PENDING)


def _take_rejection(draft: Draft, key: str, text: str) -> None:
    order = happen(draft, key, Happening.REJECTED, text)
    if order.replaces is not None and order.replaces in draft.orders:
        happen(draft, order.replaces, Happening.REPLACE_REJECTED, text)


def _take_of_replace(draft: Draft, key: str, report: Replaced | ReplaceRejected) -> None:
    old = known_order(draft, report.replaces, None)
    match report:
        case Replaced(lots=lots, order_id=order_id, cum_lots=cum_lots):
            order = draft.orders[key]
            terms = replace(order.terms, lots=lots)
            draft.put(replace(order, terms=terms, order_id=order_id or order.order_id))
            if old is not None:
                claim(draft, old, cum_lots)
                happen(draft, old, Happening.REPLACED)
            happen(draft, key, Happening.ACKNOWLEDGED)
        case ReplaceRejected(text=text):
            happen(draft, key, Happening.REJECTED, text)
            if old is not None:
                happen(draft, old, Happening.REPLACE_REJECTED, text)
        case _:
            assert_never(report)
