"""The limits of an account: declared, exact, and never raised by a program.

None is `no such limit`. What an account leaves out is not unlimited: `STRICT` is what counts then.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from stratc.runtime.model.record import record

SECOND_NS: Final = 1_000_000_000


@record
class LossLimits:
    """The greatest losses in the account's currency: since the start, since the day's open, and from the peak."""

    since_start: Decimal | None = None
    since_day_open: Decimal | None = None
    from_peak: Decimal | None = None


@record
class Limits:
    """Money in the account's currency, times in nanoseconds, ratios of a price. Limits are the greatest allowed value.

    `collar` bounds a limit or stop price about the middle of the quote, `slippage` what would be paid now about the
    price of the decision. Of a rule at most `rule_executions` orders are sent within `rule_window_ns`.
    """

    order_lots: int | None = None
    order_notional: Decimal | None = None
    position_notional: Decimal | None = None
    gross_notional: Decimal | None = None
    open_orders: int | None = None
    unknown_orders: int | None = None
    orders_per_second: int | None = None
    orders_per_minute: int | None = None
    quote_age_ns: int | None = None
    collar: Fraction | None = None
    slippage: Fraction | None = None
    repeat_window_ns: int = 0
    rule_executions: int | None = None
    rule_window_ns: int = 0
    losses: LossLimits = LossLimits()


STRICT: Final = Limits(
    open_orders=50,
    unknown_orders=1,
    orders_per_second=5,
    orders_per_minute=60,
    quote_age_ns=5 * SECOND_NS,
    collar=Fraction(1, 20),
    slippage=Fraction(1, 100),
    repeat_window_ns=SECOND_NS,
    rule_executions=10,
    rule_window_ns=60 * SECOND_NS,
)
