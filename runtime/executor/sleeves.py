"""Sleeves of a book: what the engine is told of them, what a run of them cannot have, and what each of them came to.

All is exact: what sleeves begin with, and what is in none of them (the reserve), comes to the account's equity at the
start, and what they have at the end with that reserve to its equity at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from stratc.runtime.engine import codes
from stratc.runtime.executor.market import EventKind, Market
from stratc.runtime.executor.results import Backtest, rows_of
from stratc.runtime.executor.scale import RunRefused, Scale
from stratc.runtime.executor.terms import SleeveTerms, Terms
from stratc.runtime.model.record import record


@record
class SleeveResult:
    """What a sleeve began with and came to; money in the account's currency."""

    name: str
    percent: Decimal
    start: Decimal
    equity: Decimal
    fills: int
    fees: Decimal
    slippage: Decimal
    round_trips: int


@record
class Meeting:
    """Orders of several sleeves in one instrument that met at one open: what was bought and sold, what the account
    sent (below nought: sold), at which price for all."""

    symbol: str
    bought: Decimal
    sold: Decimal
    price: Decimal

    @property
    def inside(self) -> Decimal:
        """What changed hands inside the book."""
        return min(self.bought, self.sold)


def part_of(scaled: Scale, sleeve: SleeveTerms) -> int:
    """What a sleeve begins with, in quanta: its part, rounded down."""
    return int((Decimal(scaled.start) * sleeve.percent / 100).to_integral_value(ROUND_DOWN))


def set_sleeves(book: Any, symbols: Sequence[str], scaled: Scale, sleeves: Sequence[SleeveTerms]) -> None:
    """Tell the book whose each place is, and what each sleeve begins with; raises `ValueError` for too many.

    Without sleeves an instrument that stands there more than once is in several pairs: its places are netted, and all
    of them are of the account.
    """
    if len(sleeves) > codes.SLEEVES:
        raise ValueError(f"more than {codes.SLEEVES} sleeves")
    if not sleeves:
        first = {symbol: place for place, symbol in reversed(list(enumerate(symbols)))}
        for place, symbol in enumerate(symbols):
            book.set_place(place, 0, first[symbol])
    for number, sleeve in enumerate(sleeves, start=1):
        book.add_sleeve(part_of(scaled, sleeve))
        for place in sleeve.places:
            book.set_place(place, number, symbols.index(symbols[place]))


def refuse_sleeves(market: Market, terms: Terms, sleeves: Sequence[SleeveTerms]) -> None:
    """Raise `RunRefused` for what nobody has decided how to share out over sleeves, or over pairs."""
    if sleeves and terms.flows:
        raise RunRefused("book", "money that comes in or goes out is in no sleeve: a book runs without a file of flows")
    if sleeves and terms.margin_rate > 0:
        raise RunRefused("book", "margin interest is owed by the account and by no sleeve: leave its rate out")
    symbols = [instrument.symbol for instrument in market.instruments]
    owners = "sleeves" if sleeves else "pairs"
    for event in market.events:
        symbol = market.instruments[event.instrument].symbol
        if symbols.count(symbol) > 1 and event.kind is EventKind.SPLIT and event.new % event.old != 0:
            message = f"the split of {symbol}, {event.new} for {event.old}, leaves parts of shares to several {owners}"
            raise RunRefused("book", f"{message}: end the run before it, or let one of them trade it")


def sleeve_results(backtest: Backtest) -> tuple[SleeveResult, ...]:
    """What each sleeve of the run came to, in the order of the text."""
    money, scaled = backtest.scale.money, backtest.scale
    owner = {place: number for number, sleeve in enumerate(backtest.sleeves) for place in sleeve.places}
    fills, fees, slippage, trips = ([0] * len(backtest.sleeves) for _ in range(4))
    for row in rows_of(backtest.fill_log, codes.FILL_WIDTH):
        number = owner[row[codes.FILL_INSTRUMENT]]
        fills[number] += 1
        fees[number] += row[codes.FILL_FEE]
        slippage[number] += row[codes.FILL_SLIPPAGE]
    for row in rows_of(backtest.closing_log, codes.CLOSING_WIDTH):
        trips[owner[row[codes.CLOSING_INSTRUMENT]]] += 1
    return tuple(
        SleeveResult(
            name=sleeve.name,
            percent=sleeve.percent,
            start=money(part_of(scaled, sleeve)),
            equity=money(part_of(scaled, sleeve) + sum(backtest.brought[place] for place in sleeve.places)),
            fills=fills[number],
            fees=money(fees[number]),
            slippage=money(slippage[number]),
            round_trips=trips[number],
        )
        for number, sleeve in enumerate(backtest.sleeves)
    )


def reserve_of(backtest: Backtest) -> Decimal:
    """The money that is in no sleeve."""
    return backtest.scale.money(backtest.scale.start - sum(part_of(backtest.scale, each) for each in backtest.sleeves))


def meetings(backtest: Backtest) -> Iterator[Meeting]:
    """The opens at which sleeves bought and sold the same instrument, in the order of time."""
    symbols = [instrument.symbol for instrument in backtest.instruments]
    shared = {symbol for symbol, places in Counter(symbols).items() if places > 1}
    met: dict[tuple[int, str], list[int]] = {}
    first: dict[tuple[int, str], Sequence[int]] = {}
    for row in rows_of(backtest.fill_log, codes.FILL_WIDTH):
        place = row[codes.FILL_INSTRUMENT]
        if symbols[place] in shared:
            key = int(backtest.closes_ns[row[codes.FILL_ROW]]), symbols[place]
            lots = met.setdefault(key, [0, 0])
            lots[0 if row[codes.FILL_SIDE] > 0 else 1] += row[codes.FILL_LOTS]
            first.setdefault(key, row)
    for key, (bought, sold) in met.items():
        if bought and sold:
            row = first[key]
            numbers = backtest.scale.instruments[row[codes.FILL_INSTRUMENT]]
            yield Meeting(
                symbol=key[1],
                bought=bought * numbers.step,
                sold=sold * numbers.step,
                price=row[codes.FILL_TICKS] * numbers.tick,
            )
