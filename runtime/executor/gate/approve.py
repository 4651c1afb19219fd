"""`approve`: the only place where an intent is allowed to become orders. First denial wins, with its reason."""

from __future__ import annotations

from stratc.runtime.executor.gate.approved import Approved
from stratc.runtime.executor.gate.asked import Asked
from stratc.runtime.executor.gate.checks import CHECKS
from stratc.runtime.executor.gate.limits import Limits
from stratc.runtime.executor.gate.seal import SEAL
from stratc.runtime.executor.gate.view import View
from stratc.runtime.model.gate_denial import FOR_OPENINGS, GateDenial
from stratc.runtime.model.intent import Intent
from stratc.runtime.model.record import record


@record
class Denied:
    """An intent that goes no further, and why. A value: it is journaled, and the strategy is told."""

    intent: Intent
    reason: GateDenial
    text: str


def approve(
    intent: Intent, view: View, limits: Limits, *, number: int, decided_ticks: int | None = None
) -> Approved | Denied:
    """Approval `number`, or the first reason against it; `decided_ticks` is the price that the decision was made at.

    An intent all of whose orders reduce is asked only whether it makes sense, is new, and fits the position.
    """
    asked = Asked(intent, view, limits, decided_ticks)
    for reason in GateDenial:
        if reason is FOR_OPENINGS and not asked.openings:
            break
        text = CHECKS[reason](asked)
        if text is not None:
            return Denied(intent=intent, reason=reason, text=text)
    return Approved(SEAL, number=number, intent=intent)
