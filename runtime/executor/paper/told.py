"""What a paper run must be told before its first bar, since no bar will say it: facts of the account and of the
calendar.

Everything else it finds out bar by bar. Of the future only this is asked: sessions (from calendars), what is announced
(corporate actions and contracts with their days, tables with the moment at which each row became known, money that
comes and goes), and a bound of prices, because whole numbers need room.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stratc.runtime.executor.interest import InterestRates
from stratc.runtime.executor.market import Event, MarketRoll
from stratc.runtime.feeds.known_table import KnownTable
from stratc.runtime.model.clock import Request as ClockRequest
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.known import Request as KnownRequest
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar

PRICE_ROOM_UNTOLD: Final = 8.0
"""Where no bound of an instrument's prices is told: so many times the first price that comes."""


@record
class TradedPair:
    """A currency pair whose bars convert money: by the number of its symbol in `Told.symbols`."""

    symbol: int
    base: str
    quote: str


@record
class CurrencyTold:
    """A currency beside the account's: its pairs, each read forwards or not, first to last; none where it is only read.

    `rate_max` bounds what one unit of it is worth.
    """

    currency: str
    way: tuple[tuple[int, bool], ...]
    rate_max: float
    source: str


@record
class Told:
    """`symbols` are all whose bars are taken: those of `instruments` in their order, each once, then the pairs that
    only convert. `price_max` has 0.0 where no bound is told. `clocks` and `known` are what the program asks, in its
    order.

    `rows_max`: how many rows a run may have whose bars are told to the strategy again (splits); the others have no
    limit. `nominal`: a schedule is due by the nominal close of the next bar, and not by when that comes; see
    `moments.py`.
    """

    instruments: tuple[Instrument, ...]
    symbols: tuple[str, ...]
    calendars: tuple[Calendar, ...]
    price_max: tuple[float, ...]
    events: tuple[Event, ...]
    rolls: tuple[MarketRoll, ...]
    pairs: tuple[TradedPair, ...]
    currencies: tuple[CurrencyTold, ...]
    fresh_ns: int
    interest: InterestRates | None
    clocks: tuple[ClockRequest, ...]
    known: tuple[KnownRequest, ...]
    tables: Mapping[str, KnownTable]
    separate_signals: bool
    rows_max: int
    nominal: bool

    @property
    def places(self) -> tuple[tuple[int, ...], ...]:
        """Of each symbol, where it stands among the instruments: several times in sleeves and pairs."""
        return tuple(
            tuple(i for i, each in enumerate(self.instruments) if each.symbol == symbol) for symbol in self.symbols
        )
