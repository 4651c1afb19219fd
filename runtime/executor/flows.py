"""Money that was paid in and taken out, by its moment: which row of a market it comes with."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN
from types import ModuleType
from typing import Any

from stratc.runtime.engine import facts
from stratc.runtime.engine.codes import FUNDED_MAX, ROW_MOMENT_END
from stratc.runtime.executor.market import Market
from stratc.runtime.executor.scale import RunRefused, Scale
from stratc.runtime.executor.terms import Terms


def set_flows(module: ModuleType | None, book: Any, market: Market, scaled: Scale, terms: Terms) -> int:
    """Tell the book what the account's table says, and give how many flows lie outside of the market's time.

    A flow is there at the first close at or after its moment. What came before the first bar began is part of what the
    account begins with; what comes after the last close is not of this run.
    """
    if terms.flows is None:
        return 0
    ends = [n for n, packed in enumerate(market.rows) if packed & ROW_MOMENT_END]
    closes = [market.closes_ns[n] for n in ends]
    first = market.opens_ns[0] if len(market.rows) else 0
    table: list[int] = []
    outside = 0
    for flow in terms.flows:
        place = bisect_left(closes, flow.at_ns)
        if flow.at_ns < first or place == len(closes):
            outside += 1
        else:
            quanta = int(flow.amount.scaleb(scaled.digits).to_integral_value(ROUND_HALF_EVEN))
            if abs(quanta) > FUNDED_MAX:
                at = datetime.fromtimestamp(flow.at_ns // 10**9, UTC).isoformat()
                raise RunRefused("money", f"the flow of {flow.amount} at {at} is more than the arithmetic holds")
            table += [ends[place], quanta]
    engine: Any = module.engine if module else facts
    engine.set_flows(book, table)
    return outside
