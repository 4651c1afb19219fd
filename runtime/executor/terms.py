"""On what terms an account is traded in a run: money, costs, fill model, caps and halts, as plain numbers.

An account profile says the first, the strategy's `cap` and `halt at` clauses the last; whoever calls the backtest
brings both into this form. None means: no such bound.
"""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from typing import Final

from stratc.runtime.executor.conversion import FRESH_HOURS_DEFAULT
from stratc.runtime.model.account import AccountProfile, AccountType, CommissionSchedule, SlippageModel
from stratc.runtime.model.flow import DatedFlow
from stratc.runtime.model.record import record

NO_COMMISSION = CommissionSchedule(
    per_order=Decimal(0),
    per_share=Decimal(0),
    per_contract=Decimal(0),
    percent_of_value=Decimal(0),
    minimum=Decimal(0),
    maximum_percent=None,
)
NO_SLIPPAGE = SlippageModel(ticks=Decimal(0), bps=Decimal(0), spread_ticks=Decimal(0), spread_bps=Decimal(0))


class AccountKind(IntEnum):
    """What cash means. Codes as in the engine."""

    CASH = 1
    """Purchases are paid from cash, which bounds them; nothing is sold short."""

    MARGINED = 2
    """Purchases are paid, with borrowed money where cash is short; caps and rule guards bound them."""

    BALANCE = 3
    """Nothing is paid but profit, loss and fees: futures, forex, contracts for difference."""


class LimitFill(IntEnum):
    """When a resting limit order fills. Codes as in the engine."""

    THROUGH = 1
    """Only where the price went beyond it: being touched is not enough."""

    TOUCH = 2
    """Where the price reached it."""


class HaltBaseline(IntEnum):
    """What a fall of equity is measured from; nothing where a condition trips the halt. Codes as in the engine."""

    NONE = 0
    LAST_CLOSE = 1
    PEAK = 2
    START = 3


class HaltUntil(IntEnum):
    """How long a halt lasts. Codes as in the engine."""

    NEXT_SESSION = 1
    RELEASED = 2


@record
class Exchange:
    """How the broker exchanges other currencies for the account's.

    `every_fill`: what a fill brings or costs is exchanged at once; else balances stay in their own currencies.
    `cost` is the fraction of an amount that an exchange costs, `fresh_hours` how old a rate may be.
    """

    every_fill: bool
    cost: Decimal
    fresh_hours: int


EVERY_FILL: Final = Exchange(every_fill=True, cost=Decimal(0), fresh_hours=FRESH_HOURS_DEFAULT)


@record
class Terms:
    """The account: `equity` to start with, all of it cash, in `currency`.

    `first_in_first_out`: the account must offset the oldest tax lot first, also where a younger one's stop loss filled.
    `do_not_reduce`: cash dividends lower no open order. Rates are in percent a year, of what is owed or borrowed.
    `settles`: what a sale brings may be withdrawn once it has settled. `flows` are what was paid in and taken out, in
    order of time; None where nobody says, and the flows of the strategy's text are booked.
    """

    kind: AccountKind
    currency: str
    equity: Decimal
    commission: CommissionSchedule
    slippage: SlippageModel
    limit_fill: LimitFill
    first_in_first_out: bool
    exchange: Exchange = EVERY_FILL
    do_not_reduce: bool = False
    margin_rate: Decimal = Decimal(0)
    borrow_rate: Decimal = Decimal(0)
    settles: bool = False
    flows: tuple[DatedFlow, ...] | None = None


@record
class Caps:
    """Bounds of exposure and counts. Ratios as fractions of equity, money in the account's currency."""

    position_ratio: float | None = None
    position_money: float | None = None
    position_units: float | None = None
    gross_ratio: float | None = None
    gross_money: float | None = None
    leverage: float | None = None
    orders_per_second: float | None = None
    slippage: float | None = None
    entries: float | None = None
    entries_sessions: int = 1
    day_trades: float | None = None
    day_trades_sessions: int = 5
    keep_sessions: float | None = None
    stop_distance: float | None = None
    gone_days: float | None = None
    units: float | None = None
    group_units: float | None = None
    side_units: float | None = None
    group_ratio: float | None = None
    group_money: float | None = None
    side_ratio: float | None = None
    side_money: float | None = None
    reducing: Caps | None = None
    """Those of them that bring a position back which the market moved beyond: exposure only."""
    groups: tuple[int, ...] = ()
    """Of each instrument, the number of its group from 1, or 0 for none; nothing where there are no groups."""


@record
class SleeveTerms:
    """A sleeve of a book: its `percent` of the equity that the account starts with, and its places."""

    name: str
    percent: Decimal
    places: tuple[int, ...]


@record
class HaltAt:
    """`halt at` a fall by `threshold` (a fraction) of the baseline; `halt when` has none, its strategy says when."""

    baseline: HaltBaseline
    threshold: float
    flatten: bool
    until: HaltUntil


def terms_of(profile: AccountProfile, equity: Decimal, limit_fill: LimitFill, *, segment: str = "") -> Terms:
    """The terms that a profile states; where it states no commissions or slippage, there are none (an assumption).

    Of several segments the one that the strategy names counts, else the first.
    """
    first = next((each for each in profile.types if each.value == segment), profile.types[0])
    if first is AccountType.CASH:
        kind = AccountKind.CASH
    elif first in (AccountType.FUTURES, AccountType.FOREX, AccountType.CFD):
        kind = AccountKind.BALANCE
    else:
        kind = AccountKind.MARGINED
    return Terms(
        kind=kind,
        currency=profile.currency,
        equity=equity,
        commission=profile.broker.commissions or NO_COMMISSION,
        slippage=profile.broker.slippage or NO_SLIPPAGE,
        limit_fill=limit_fill,
        first_in_first_out=first is AccountType.FOREX,
        exchange=exchange_of(profile),
        do_not_reduce=bool(profile.broker.do_not_reduce),
        margin_rate=profile.broker.margin_rate or Decimal(0),
        borrow_rate=profile.broker.borrow_rate or Decimal(0),
        settles=first in (AccountType.CASH, AccountType.MARGIN, AccountType.PORTFOLIO_MARGIN),
    )


def exchange_of(profile: AccountProfile) -> Exchange:
    """How the profile's broker exchanges; what it leaves out is the strict value and among the run's assumptions."""
    stated = profile.broker.conversion
    if stated is None:
        return EVERY_FILL
    return Exchange(every_fill=stated.every_fill, cost=stated.bps / 10_000, fresh_hours=stated.fresh_hours)
