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
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Final

from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.flow import DatedFlow

NEEDED: Final = ("at", "amount")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?")
AMOUNT_MAX: Final = Decimal(10) ** 12
EXTRA: Final = None  # the key under which the reader keeps what stands behind the last cell


def read_flows(text: str, source: str, digits: int) -> tuple[DatedFlow, ...]:
    """The flows in the text of a file, in order of time, of a currency of so many digits; raises `DataRefused`."""
    reader = csv.DictReader(StringIO(text), restval="")
    try:
        return tuple(_rows(reader, source, digits))
    except csv.Error as problem:
        raise _refused("D033", f"this is no table: {problem}", source, None, f"head it {','.join(NEEDED)}") from None


def _rows(reader: csv.DictReader[str], source: str, digits: int) -> Iterator[DatedFlow]:
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise _refused("D033", f"there is no column `{missing[0]}`", source, None, f"head it {','.join(NEEDED)}")
    before = None
    for row, cells in enumerate(reader, 1):
        if EXTRA in cells:
            remedy = "write 1000 and not 1,000: a comma begins the next cell"
            raise _refused("D034", "it has more cells than the heading", source, row, remedy)
        at, amount = _moment(cells["at"], source, row), _amount(cells["amount"], source, row, digits)
        if before is not None and at < before:
            raise _refused("D035", "it comes before the row above it", source, row, "put the rows in order of time")
        before = at
        yield DatedFlow(at_ns=at, amount=amount)


def _moment(cell: str, source: str, row: int) -> int:
    try:
        found = datetime.fromisoformat(cell.strip())
    except ValueError:
        raise _refused("D033", f"`{cell}` is no moment", source, row, "write it like 2024-01-02T14:00:00Z") from None
    if found.tzinfo is None:
        message = f"`{cell}` says no offset from UTC, so nobody knows when the money was there"
        raise _refused("D033", message, source, row, "write it like 2024-01-02T14:00:00Z")
    return int((found - EPOCH).total_seconds()) * 10**9


def _amount(cell: str, source: str, row: int, digits: int) -> Decimal:
    text = cell.strip()
    if not AMOUNT.fullmatch(text):
        raise _refused("D034", f"`{cell}` is no amount", source, row, "write it like 1000 or -250.50")
    amount = Decimal(text)
    if amount != round(amount, digits):
        remedy = f"write it with {digits} digits behind the point at the most"
        raise _refused("D034", f"`{cell}` is finer than the currency's smallest amount", source, row, remedy)
    if amount == 0 or abs(amount) > AMOUNT_MAX:
        raise _refused("D034", f"`{cell}` moves no money that can be booked", source, row, "correct or remove it")
    return amount


def _refused(code: str, message: str, source: str, row: int | None, remedy: str) -> DataRefused:
    return DataRefused(code, message, source=source, row=row, remedy=remedy)
