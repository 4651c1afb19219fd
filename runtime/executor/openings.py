"""Opening orders as they went out, with what the account came to at that moment: the figures that bounds speak of.

Whole numbers as the engine wrote them: quanta of the account's currency, lots of the instrument; see
`runtime.engine.standing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from stratc.runtime.engine import codes
from stratc.runtime.model.record import record


@record
class Opening:
    """One opening order. `risk` is its loss at its stop loss, or its value; `filled` the row of its fill."""

    row: int
    instrument: int
    rule: int
    side: int
    lots: int
    equity: int
    exposure: int
    gross: int
    held: int
    risk: int
    filled: int | None


def openings(order_log: Sequence[int]) -> Iterator[Opening]:
    """Every opening order in the order of placing."""
    for at in range(0, len(order_log), codes.PLACED_WIDTH):
        row = order_log[at : at + codes.PLACED_WIDTH]
        if row[codes.PLACED_ROLE] != codes.ROLE_ENTRY:
            continue
        filled = row[codes.PLACED_STATUS] == codes.STATUS_FILLED
        yield Opening(
            row=row[codes.PLACED_ROW],
            instrument=row[codes.PLACED_INSTRUMENT],
            rule=row[codes.PLACED_RULE],
            side=row[codes.PLACED_SIDE],
            lots=row[codes.PLACED_LOTS],
            equity=row[codes.PLACED_EQUITY],
            exposure=row[codes.PLACED_EXPOSURE],
            gross=row[codes.PLACED_GROSS],
            held=row[codes.PLACED_HELD],
            risk=row[codes.PLACED_RISK],
            filled=row[codes.PLACED_ROW_DONE] if filled else None,
        )


def orders_by_moment(order_log: Sequence[int]) -> Mapping[int, int]:
    """How many orders, exits among them, went out at each row: all orders of a moment have its last row."""
    return Counter(order_log[codes.PLACED_ROW :: codes.PLACED_WIDTH])
