"""What a report is made of: one backtest as plain data.

Whoever ran the backtest fills a `Run`; reports only read it. Times are UTC nanoseconds; money is in the account's
currency and exact (`Decimal`) wherever it is one amount; columns, which are only drawn and measured, are floats with
NaN for a missing value. All columns of one object have one length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class Origin(StrEnum):
    """Why an order was there that became this fill."""

    RULE = "rule"
    STOP = "stop"
    TARGET = "target"
    HALT = "halt"
    CAP = "cap"  # one that says `then reduce`
    ROLL = "roll"  # a future's next contract, or the end of its last
    ACTION = "corporate_action"  # a merger for cash, a delisting, a fraction of a share after a split
    CLOSE_OUT = "close_out"  # the end of the data, or of the session where the strategy says so


class VerdictStatus(StrEnum):
    PROVED = "proved"
    GUARDED = "guarded"
    VIOLATED = "violated"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The bars of one instrument, on one price basis: no split lies within, or the prices are adjusted for it."""

    symbol: str
    currency: str
    zone: str  # IANA name of the time zone in which a person reads its times
    daily: bool  # shown by their date instead of their time
    decimals: int  # of a price, when shown
    opens_utc_ns: Sequence[int]
    closes_utc_ns: Sequence[int]
    open: Sequence[float]
    high: Sequence[float]
    low: Sequence[float]
    close: Sequence[float]
    volume: Sequence[float] | None
    source: str
    licence: str
    synthetic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityCurve:
    """The account, marked at the close of every moment of the run, in order of time."""

    closes_utc_ns: Sequence[int]
    equity: Sequence[float]
    gross_exposure: Sequence[float]  # sum of |position x price|; zero when flat


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One execution. `bar` is the index of the bar within which it happened, in the `Prices` of its symbol."""

    symbol: str
    bar: int
    at_utc_ns: int
    side: Side
    quantity: Decimal
    price: Decimal  # quantized to the tick, so that it reads as it was quoted
    origin: Origin
    rule: str  # the name of the rule in the strategy's text
    commission: Decimal
    slippage: Decimal  # what the fill cost against the price that triggered it; negative when it was better


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """A position, or a part of one, from its opening to its closing.

    `contract` is the single future that it was in, empty where `symbol` is all there is; `pair` is the pair whose leg
    it was, where pairs were traded.
    """

    symbol: str
    contract: str = ""
    side: Side  # of the opening: buy is long
    quantity: Decimal
    opened_utc_ns: int
    open_price: Decimal
    closed_utc_ns: int
    close_price: Decimal
    fees: Decimal
    pnl: Decimal  # after fees
    rule_in: str
    rule_out: str
    bars_held: int
    long_term: bool = False  # held for more than a year
    pair: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyFlow:
    """Money paid in, or taken out below nought, at the end of a moment, after its marks."""

    at_utc_ns: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleeve:
    """One sleeve of a book, or with no name what is in none of them."""

    name: str
    percent: Decimal  # of the equity at the start
    start: Decimal
    equity: Decimal  # at the end
    round_trips: int
    fills: int
    commission: Decimal
    slippage: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """What the compiler said of one rule, and what its guard did in this run (None where there is no guard)."""

    rule: str
    status: VerdictStatus
    because: str
    citation: str
    changes_on: date | None
    checked: int | None = None
    denied: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One backtest."""

    strategy: str
    artefact_digest: str
    data_digest: str
    stratc_version: str
    currency: str
    start_equity: Decimal  # above zero
    final_equity: Decimal
    orders: int
    denied: int
    law: str  # which day's law was applied, in words
    prices: tuple[Prices, ...]
    curve: EquityCurve
    fills: tuple[Fill, ...]
    round_trips: tuple[RoundTrip, ...]
    verdicts: tuple[RuleVerdict, ...]
    assumptions: tuple[str, ...]
    notes: tuple[str, ...] = ()
    conversion_cost: Decimal = Decimal(0)  # what exchanging currencies cost against the middle rate
    overnight_interest: Decimal = Decimal(0)  # earned, or paid where it is below nought
    carried: tuple[tuple[str, Decimal], ...] = ()  # what holding paid, or cost below nought, by what it is called
    flows: tuple[MoneyFlow, ...] = ()  # in the order of time
    sleeves: tuple[Sleeve, ...] = ()  # of a book, the reserve last; they come to the account's equity
    backtest_only: str = ""  # why no paper or live artefact may be made; on every page when not empty
