"""The engine, moment by moment: the same step as the backtest's, given one bar at a time as it becomes known.

`PaperEngine.moment` takes the bars that closed at one moment and does what the backtest does with their rows. It
answers what a row asks (session, clocks, tables, rates, nights, money that came) from what is known at that close, and
never from a later bar. Memory: the engine's own state, its logs, and twenty-four bytes a row for the equity curve.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN
from types import ModuleType
from typing import Any, Final

from stratc.runtime.engine import codes, facts, following, loop
from stratc.runtime.executor.backtest import announce, close_book, fee_per_lot, open_book, set_instrument
from stratc.runtime.executor.conversion import Conversion, CurrencyRates
from stratc.runtime.executor.decisions import NOTHING, DecisionLog, News
from stratc.runtime.executor.happenings import amounts_paid, set_happenings
from stratc.runtime.executor.market import Market
from stratc.runtime.executor.paper.columns import Columns
from stratc.runtime.executor.paper.rates import Nights, PairPrices, Rates
from stratc.runtime.executor.paper.sessions import Sessions
from stratc.runtime.executor.paper.taken import Taken
from stratc.runtime.executor.paper.told import PRICE_ROOM_UNTOLD, Told
from stratc.runtime.executor.results import Backtest, rows_of
from stratc.runtime.executor.scale import RunRefused, Scale, scale
from stratc.runtime.executor.sleeves import refuse_sleeves, set_sleeves
from stratc.runtime.executor.terms import Caps, HaltAt, SleeveTerms, Terms
from stratc.runtime.feeds.known_row import Reading
from stratc.runtime.model.record import record

MakeStrategy = Callable[[Any, list[Any]], Any]
Signals = tuple[float, float, float, float]
WIDTHS: Final = (
    codes.FILL_WIDTH,
    codes.CLOSING_WIDTH,
    codes.PLACED_WIDTH,
    codes.DENIAL_WIDTH,
    codes.ROLL_WIDTH,
    codes.CARRY_WIDTH,
    codes.NOTE_WIDTH,
)


@record
class Order:
    """What a paper run does: the account's terms and limits, the strategy's rules, and who makes the strategy.

    `make_strategy` is given the engine's columns and the columns that the program asks, and answers with the strategy.
    """

    terms: Terms
    caps: Caps
    halts: tuple[HaltAt, ...]
    rules: tuple[str, ...]
    planned_flows: int
    make_strategy: MakeStrategy
    module: ModuleType | None
    sleeves: tuple[SleeveTerms, ...] = ()
    pairs: bool = False


class PaperEngine:
    """One run; `log` is told of every moment where there is one."""

    def __init__(self, told: Told, order: Order) -> None:
        self.told, self.order = told, order
        self.log: DecisionLog | None = None
        self.columns = Columns(told, order.module)
        self.market = _before_the_first_bar(told)
        refuse_sleeves(self.market, order.terms, order.sleeves)
        self.scaled = self._scale(told.price_max)
        self.bounds = list(told.price_max)
        self.book = self._open()
        self.strategy = order.make_strategy(
            self.columns.table, [self.columns.hand(each) for each in self.columns.asked]
        )
        self.run_row = order.module.run_row if order.module is not None else loop.run_row
        self.sessions = tuple(Sessions(calendar, told.clocks) for calendar in told.calendars)
        self.places, self.lines, self.lines_now = told.places, 0, 0
        self.opens, self.closes, self.equity = array("q"), array("q"), array("q")
        self.counts, self.working = [0] * codes.LOGS, list[int]()
        self.flows: list[tuple[int, int]] = _flows(order.terms, self.scaled)
        self.flows_outside = 0
        self._answer_rows()

    @property
    def number(self) -> int:
        """The next row's."""
        return len(self.equity)

    def moment(self, bars: Sequence[Taken], limits: Sequence[int | None], signals: Sequence[Signals | None]) -> None:
        """The bars that closed at one moment, in the order of their symbols.

        `limits`: when the next bar of each closes, as far as schedules need it; None: nominally. `signals` are the
        prices that the strategy reads in the place of a bar's own.
        """
        for bar in bars:
            if self.pair_of[bar.symbol] is not None:
                self.pair_of[bar.symbol].take(bar.opened, bar.closed, bar.open, bar.close)
        rows = sorted(self._rows(bars, limits, signals), key=lambda row: row[0])
        for place, bar, marks, asked, seen in rows:
            packed = marks + (place << codes.ROW_INSTRUMENT_SHIFT)
            last = place == rows[-1][0]
            self._row(place, bar, packed + last * codes.ROW_MOMENT_END, asked, seen, last=last)
        if rows and self.log is not None:
            self._tell(bars[0].closed)

    def result(self) -> Backtest:
        """What the run did so far."""
        market = replace(self.market, opens_ns=self.opens, closes_ns=self.closes)
        outside = self.flows_outside + len(self.flows)
        done = close_book(self.book, market, self.scaled, self.equity, self.order.rules, outside)
        return replace(done, sleeves=self.order.sleeves, pairs=self.order.pairs)

    # ── a row ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _plain_step(self) -> Callable[[Taken, Signals | None], None]:
        """The step of the only instrument of a program that asks for nothing but prices: what is the same for all bars
        is looked up once."""
        opens, highs, lows, closes, volumes = self.columns.prices
        rows, moments, equity, sessions = self.columns.rows, self.columns.moments, self.columns.equity, self.sessions[0]
        run_row, book, strategy, table = self.run_row, self.book, self.strategy, self.columns.table
        keep_open, keep_close, kept = self.opens.append, self.closes.append, self.equity
        keep_equity, bounds, end = kept.append, self.bounds, codes.ROW_MOMENT_END

        def step(bar: Taken, _signals: Signals | None = None) -> None:
            _, opened, closed, opens[0], high, low, closes[0], volumes[0] = bar
            bound = bounds[0]
            if not (high <= bound and low >= -bound):
                self._check_bound(0, bar)
            highs[0], lows[0], moments[0] = high, low, closed
            rows[0] = end + (sessions.plain if closed < sessions.plain_until else sessions.marks(opened, closed))
            lines = run_row(book, strategy, table, len(kept), 0)
            keep_open(opened)
            keep_close(closed)
            keep_equity(equity[0])
            if self.log is not None:
                self.lines_now = lines
                self._tell(closed)

        return step

    def _step(self, bar: Taken, signals: Signals | None = None) -> None:
        self.moment((bar,), (None,), (signals,))

    def _rows(
        self, bars: Sequence[Taken], limits: Sequence[int | None], signals: Sequence[Signals | None]
    ) -> list[tuple[int, Taken, int, list[float], Signals | None]]:
        """Place, bar, marks, what is asked and signals of each row of a moment."""
        found = []
        for bar, limit, seen in zip(bars, limits, signals, strict=True):
            places = self.places[bar.symbol]
            if not places:
                continue
            sessions = self.sessions[bar.symbol]
            marks = sessions.marks(bar.opened, bar.closed)
            clocks = sessions.clocks(limit) if self.told.clocks else {}
            asked: list[float] = [clocks[request] for request in self.told.clocks]
            asked += [reading.at(bar.closed) for reading in self.readings[bar.symbol]]
            found += [(place, bar, marks, asked, seen) for place in places]
        return found

    def _row(
        self, place: int, bar: Taken, packed: int, asked: list[float], seen: Signals | None, *, last: bool
    ) -> None:
        number = self.number
        at = number if self.columns.keeps_all else place
        if at >= self.columns.room:
            raise RunRefused("rows", f"a run over a split has room for {self.columns.room:,} rows, and they are full")
        if not (-self.bounds[place] <= bar.low and bar.high <= self.bounds[place]):
            self._check_bound(place, bar)
        values = (bar.open, bar.high, bar.low, bar.close, bar.volume)
        for column, value in zip(self.columns.prices, values, strict=True):
            column[at] = value
        for column, value in zip(self.columns.signals, (*(seen or values[:4]), bar.volume), strict=False):
            column[at] = value
        for of_request, answer in zip(self.columns.asked, asked, strict=True):
            of_request[at] = answer
        self.columns.rows[at], self.columns.moments[at] = packed, bar.closed
        if self.rates is not None:
            self.rates.put(at, bar.opened, bar.closed)
        if self.nights is not None:
            self.nights.put(at, place, packed, bar.close)
        self._announce(number, bar, last=last)
        self.lines_now = self.run_row(self.book, self.strategy, self.columns.table, number, at)
        self.opens.append(bar.opened)
        self.closes.append(bar.closed)
        self.equity.append(self.columns.equity[at])

    def _announce(self, number: int, bar: Taken, *, last: bool) -> None:
        """Rolls of this row, and money that has come by the end of its moment."""
        while self.rolls and self.rolls[0].row == number:
            announce(self.engine, self.book, self.rolls.pop(0), self.scaled)
        if not self.flows:
            return
        if number == 0:
            before = sum(at_ns < bar.opened for at_ns, _ in self.flows)
            self.flows_outside = before
            self.flows = self.flows[before:]
        due = [quanta for at_ns, quanta in self.flows if at_ns <= bar.closed] if last else []
        if due:
            self.flows = self.flows[len(due) :]
            self.engine.set_flows(self.book, [each for quanta in due for each in (number, quanta)])

    def _check_bound(self, place: int, bar: Taken) -> None:
        """The bound of a price that nobody told follows from the first bar; what is beyond one ends the run."""
        prices = [abs(price) for price in (bar.open, bar.high, bar.low, bar.close) if price == price]
        if not prices:
            return
        if self.bounds[place] == 0.0:
            self.bounds[place] = PRICE_ROOM_UNTOLD * max(prices)
            self.scaled = self._scale(self.bounds)
            numbers = self.scaled.instruments[place]
            fee = float(fee_per_lot(self.told.instruments[place], self.scaled, self.order.terms))
            set_instrument(self.book, place, numbers, fee)
        if max(prices) > self.bounds[place]:
            raise RunRefused("price", self._words_beyond(place, max(prices)))

    def beyond_bound(self, bar: Taken) -> str:
        """Why a bar would have no room in the run's whole numbers; nothing where it has."""
        for place in self.places[bar.symbol]:
            bound = self.bounds[place]
            top = max((abs(price) for price in bar[3:7] if price == price), default=0.0)
            if 0.0 < bound < top:
                return self._words_beyond(place, top)
        return ""

    def _words_beyond(self, place: int, top: float) -> str:
        symbol, bound = self.told.instruments[place].symbol, self.bounds[place]
        return f"{symbol} is at {top:g} and the run was told that it is never above {bound:g}"

    # ── what was decided ─────────────────────────────────────────────────────────────────────────────────────────────

    def _tell(self, closed: int) -> None:
        assert self.log is not None
        news = NOTHING if self.lines_now == self.lines else self._news()
        self.lines = self.lines_now
        self.log.moment(self.number - 1, closed, self.equity[-1], news)

    def _news(self) -> News:
        """The lines that the logs have gained, and the orders that were working and are not."""
        engine, counts = self.following, self.following.log_counts(self.book)
        gained = [
            list(rows_of(engine.log_lines(self.book, which, self.counts[which], counts[which]), WIDTHS[which]))
            for which in range(codes.LOGS)
        ]
        self.working += [row[codes.PLACED_ID] for row in gained[codes.LOG_ORDERS]]
        now = [engine.log_lines(self.book, codes.LOG_ORDERS, number, number + 1) for number in self.working]
        ended = [row for row in now if row[codes.PLACED_STATUS] != codes.STATUS_WORKING]
        over = {row[codes.PLACED_ID] for row in ended}
        self.working = [number for number in self.working if number not in over]
        self.counts = counts
        return News(
            fills=gained[codes.LOG_FILLS],
            ended=ended,
            carries=gained[codes.LOG_CARRIES],
            rolls=gained[codes.LOG_ROLLS],
            notes=gained[codes.LOG_NOTES],
            orders=gained[codes.LOG_ORDERS],
            denials=gained[codes.LOG_DENIALS],
        )

    # ── before the first bar ─────────────────────────────────────────────────────────────────────────────────────────

    def _scale(self, price_max: Sequence[float]) -> Scale:
        terms, market = self.order.terms, self.market
        paid = amounts_paid(market)
        return scale(market.instruments, price_max, terms.currency, terms.equity, market.conversion, paid)

    def _open(self) -> Any:
        order, told, scaled = self.order, self.told, self.scaled
        module = order.module
        self.engine: Any = module.engine if module is not None else facts
        self.following: Any = module.engine if module is not None else following
        rules = len(order.rules) + order.planned_flows
        book = open_book(module, told.instruments, scaled, order.terms, order.caps, order.halts, rules)
        set_sleeves(book, [each.symbol for each in told.instruments], scaled, order.sleeves)
        if told.currencies:
            exchange = order.terms.exchange
            given = self.columns.hand(self.columns.rates)
            book.set_currencies(given, len(told.currencies), exchange.every_fill, float(exchange.cost))
        book.set_moments(self.columns.hand(self.columns.moments))
        self.engine.begin_rolls(book, len(told.rolls))
        set_happenings(module, book, self.market, scaled, order.terms)
        return book

    def _answer_rows(self) -> None:
        """Who answers what a row asks beside its prices."""
        told, terms = self.told, self.order.terms
        prices = [PairPrices(told.fresh_ns) for _ in told.pairs]
        of_symbol = {pair.symbol: found for pair, found in zip(told.pairs, prices, strict=True)}
        self.pair_of: list[Any] = [of_symbol.get(number) for number in range(len(told.symbols))]
        self.rates = Rates(told.currencies, prices, self.scaled, self.columns.rates) if told.currencies else None
        nights = Nights(told.instruments, told.interest, self.scaled, self.columns.interest)
        self.nights = nights if any(nights.bearing) else None
        if self.nights is not None:
            self.book.set_interest(self.columns.hand(self.columns.interest))
        self.readings = [
            [Reading(request, told.tables[request.table], symbol, calendar) for request in told.known]
            for symbol, calendar in zip(told.symbols, told.calendars, strict=True)
        ]
        self.rolls = list(told.rolls)
        while self.rolls and self.rolls[0].row < 0:
            announce(self.engine, self.book, self.rolls.pop(0), self.scaled)
        if terms.flows is not None:
            self.engine.set_flows(self.book, [])
        plainly = (
            len(told.symbols) == len(told.instruments) == 1
            and not (told.clocks or told.known or told.currencies or told.rolls or self.flows)
            and self.nights is None
            and not self.columns.signals
        )
        # `step` takes the one bar of a moment of a run of one symbol whose schedules are decided.
        self.step = self._plain_step() if plainly else self._step


def _flows(terms: Terms, scaled: Scale) -> list[tuple[int, int]]:
    """Money that comes and goes, in order of time: when, and how many quanta."""
    found = []
    for flow in terms.flows or ():
        quanta = int(flow.amount.scaleb(scaled.digits).to_integral_value(ROUND_HALF_EVEN))
        if abs(quanta) > codes.FUNDED_MAX:
            raise RunRefused("money", f"a flow of {flow.amount} is more than the arithmetic holds")
        found.append((flow.at_ns, quanta))
    return found


def _before_the_first_bar(told: Told) -> Market:
    """A market without rows, of which the same is told as of a backtest's."""
    rates = tuple(
        CurrencyRates(currency=each.currency, at_open=[], at_close=[], rate_max=each.rate_max, source=each.source)
        for each in told.currencies
    )
    return Market(
        instruments=told.instruments,
        opens_ns=[],
        closes_ns=[],
        open=[],
        high=[],
        low=[],
        close=[],
        volume=[],
        rows=[],
        price_max=told.price_max,
        conversion=Conversion(rates=rates),
        events=told.events,
        rolls=told.rolls,
    )
