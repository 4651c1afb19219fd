"""Corporate actions and terms of borrowing: what happens to an instrument on a day, and since when it was known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from stratc.runtime.model.record import record


class ActionKind(StrEnum):
    """What a row of a table of actions says.

    A split gives `new` shares for `old` ones, fewer for a reverse split. Dividends pay `amount` a share. A merger for
    cash and a delisting close every share at `amount`. A rename tells the symbol that the instrument had before.
    """

    DIVIDEND = "dividend"
    SPECIAL_DIVIDEND = "special_dividend"
    SPLIT = "split"
    MERGER = "merger"
    DELISTING = "delisting"
    RENAME = "rename"


class SignalPrices(StrEnum):
    """Which prices a strategy's signals read; orders always trade at the prices as they were.

    Adjusted prices are adjusted backwards as of each bar, by what is effective by then: the last bar is always raw.
    """

    RAW = "raw"
    SPLIT_ADJUSTED = "split_adjusted"
    TOTAL_RETURN = "total_return"


@record
class Action:
    """One corporate action; effective before the ex date's first trade, in the currency of the instrument."""

    symbol: str
    kind: ActionKind
    ex_date: date
    amount: Decimal
    new: int
    old: int
    to: str | None
    known_at: date
    source: str


@record
class BorrowTerms:
    """From `since` on so many shares may be borrowed (None: any number) at a rate in percent of their value a year.

    `locate_fee` is due for each share that is located, whether it is sold or not.
    """

    symbol: str
    since: date
    quantity: Decimal | None
    rate_percent: Decimal
    locate_fee: Decimal
    source: str
