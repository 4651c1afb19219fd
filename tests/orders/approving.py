"""The one place where tests approve: what the gate will do once it judges."""

from __future__ import annotations

from stratc.runtime.executor.gate.approved import Approved
from stratc.runtime.executor.gate.seal import SEAL
from stratc.runtime.model.intent import Intent


def approved(intent: Intent, number: int = 1) -> Approved:
    return Approved(SEAL, number=number, intent=intent)
