"""Approvals read back: what the gate judged before a restart, as the journal has it.

The journal is the evidence that the gate was asked. An import contract lets only the decoder of the desk's events in.
"""

from __future__ import annotations

from stratc.runtime.executor.gate.approved import Approved
from stratc.runtime.executor.gate.seal import SEAL
from stratc.runtime.model.intent import Intent


def restore(number: int, intent: Intent) -> Approved:
    return Approved(SEAL, number=number, intent=intent)
