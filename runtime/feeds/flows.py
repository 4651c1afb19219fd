"""Tables of contributions and withdrawals, which an account's profile names.

```
at,amount
2024-01-02T14:00:00Z,1000
2024-06-28T20:00:00Z,-250
```
The moment is when the money is there, or gone, with an offset from UTC; the amount is in the account's currency, below
nought where it was taken out. Rows stand in the order of time. Every row is read or the table is refused by its row.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Final

from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.flow import DatedFlow

NEEDED: Final = ("at", "amount")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
AMOUNT_MAX: Final = Decimal(10) ** 12


def read_flows(text: str, source: str) -> tuple[DatedFlow, ...]:
    """The flows in the text of a file, in order of time; raises `DataRefused`."""
    reader = csv.DictReader(StringIO(text), restval="")
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise _refused("D033", f"there is no column `{missing[0]}`", source, None, f"head it {','.join(NEEDED)}")
    flows: list[DatedFlow] = []
    for row, cells in enumerate(reader, 1):
        flow = DatedFlow(at_ns=_moment(cells["at"], source, row), amount=_amount(cells["amount"], source, row))
        if flows and flow.at_ns < flows[-1].at_ns:
            raise _refused("D035", "it comes before the row above it", source, row, "put the rows in order of time")
        flows.append(flow)
    return tuple(flows)


def _moment(cell: str, source: str, row: int) -> int:
    try:
        found = datetime.fromisoformat(cell.strip())
    except ValueError:
        raise _refused("D033", f"`{cell}` is no moment", source, row, "write it like 2024-01-02T14:00:00Z") from None
    if found.tzinfo is None:
        message = f"`{cell}` says no offset from UTC, so nobody knows when the money was there"
        raise _refused("D033", message, source, row, "write it like 2024-01-02T14:00:00Z")
    return int((found - EPOCH).total_seconds()) * 10**9


def _amount(cell: str, source: str, row: int) -> Decimal:
    try:
        amount = Decimal(cell.strip())
    except InvalidOperation:
        raise _refused("D034", f"`{cell}` is no amount", source, row, "write it like 1000 or -250.50") from None
    if not amount.is_finite() or amount == 0 or abs(amount) > AMOUNT_MAX:
        raise _refused("D034", f"`{cell}` moves no money that can be booked", source, row, "correct or remove it")
    return amount


def _refused(code: str, message: str, source: str, row: int | None, remedy: str) -> DataRefused:
    return DataRefused(code, message, source=source, row=row, remedy=remedy)
