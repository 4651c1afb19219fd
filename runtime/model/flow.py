"""Money that came into an account or left it."""

from __future__ import annotations

from decimal import Decimal

from stratc.runtime.model.record import record


@record
class DatedFlow:
    """Money paid in, or taken out below nought, at a moment (UTC nanoseconds); in the account's currency."""

    at_ns: int
    amount: Decimal
