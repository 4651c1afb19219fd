"""`Approved`: holding one proves that the gate was asked and said yes.

The gate makes it in two ways: by judging an intent, and by reading back from a journal what was judged before
(`restoring`). Nothing else holds the seal that its constructor asks for.
"""

from __future__ import annotations

from typing import final

from stratc.runtime.executor.gate.seal import SEAL, Seal
from stratc.runtime.model.intent import Intent
from stratc.runtime.model.record import record


@final
@record
class Approved:
    """An intent that may become orders; `number` counts the approvals of a deployment."""

    number: int
    intent: Intent

    def __init__(self, seal: Seal, /, *, number: int, intent: Intent) -> None:
        if seal is not SEAL:
            raise TypeError("only the gate approves: an intent becomes an order through `approve`, or not at all")
        self.__dict__.update(number=number, intent=intent)
