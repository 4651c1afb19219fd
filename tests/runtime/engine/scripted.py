"""Runs of the engine on a few bars, as tables: tick, quantity step and money are all 1.

`run` takes bars `(open, high, low, close)` and what is ordered after each, and gives the book. Prices are ticks,
quantities lots and money quanta, so that expectations can be worked out by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

from stratc.runtime.engine import codes as K
from stratc.runtime.engine import facts
from stratc.runtime.engine.book import Book
from stratc.runtime.engine.columns import Columns, pack_row
from stratc.runtime.engine.halts import bar_entries, halt_now
from stratc.runtime.engine.ladders import enter_levels, lay_levels
from stratc.runtime.engine.loop import run_rows
from stratc.runtime.engine.orders import after_locate, choose_lots, enter, exit_position, next_group, rule_may_enter
from stratc.runtime.engine.stops import move_stop
from stratc.runtime.engine.strategy import Strategy
from stratc.runtime.engine.trailing import trail_next_entry

BARS = tuple[float, float, float, float]
START = 1_000_000
NAMES = {
    K.ROLE_ENTRY: "entry",
    K.ROLE_EXIT: "exit",
    K.ROLE_STOP_LOSS: "stop",
    K.ROLE_TARGET: "target",
    K.ROLE_FLATTEN: "flatten",
    K.ROLE_ROLL: "roll",
    K.ROLE_LEAVE: "leave",
    K.ROLE_REDUCE: "reduce",
}


@dataclass(frozen=True, kw_only=True)
class Enter:
    """An entry; without more, 10 lots at market."""

    side: int = K.BUY
    i: int = 0
    rule: int = 0
    size: tuple[int, float] = (K.SIZE_QUANTITY, 10)
    at_most: tuple[int, float] = (K.SIZE_NONE, 0)
    kind: int = K.KIND_MARKET
    limit: float = nan
    stop: float = nan
    loss: float | None = None
    target: tuple[int, float] = (K.TARGET_NONE, 0)
    life: tuple[int, int] = (K.LIFE_DAY, 0)
    group: int = 0
    reverse: bool = False
    trail: tuple[int, float] | None = None
    locate: bool = False
    same_tick: bool = False

    def do(self, book: Book, strategy: Strategy) -> int:
        book.next_same_tick = self.same_tick
        if self.locate:
            after_locate(book)
        if self.trail:
            trail_next_entry(book, *self.trail)
        stop_kind, loss = (K.STOP_NONE, 0.0) if self.loss is None else (K.STOP_PRICE, self.loss)
        return enter(
            book,
            strategy,
            self.i,
            self.rule,
            self.side,
            *self.size,
            *self.at_most,
            self.kind,
            self.limit,
            self.stop,
            stop_kind,
            loss,
            *self.target,
            *self.life,
            self.group,
            self.reverse,
        )


@dataclass(frozen=True, kw_only=True)
class Levels:
    """A ladder of 10 lots a level; without more, three levels 10 ticks apart, each sold one level up."""

    side: int = K.BUY
    rule: int = 0
    size: tuple[int, float] = (K.SIZE_QUANTITY, 10)
    number: int = 1
    count: int = 3
    spacing: int = K.SPACING_ARITHMETIC
    first: float = 80.0
    last: float = 100.0
    loss: float | None = None
    target: tuple[int, float] = (K.TARGET_NEXT_LEVEL, 0)
    life: tuple[int, int] = (K.LIFE_DAY, 0)
    trail: tuple[int, float] | None = None
    locate: bool = False

    def do(self, book: Book, strategy: Strategy) -> int:
        if self.locate:
            after_locate(book)
        if self.trail:
            trail_next_entry(book, *self.trail)
        stop_kind, loss = (K.STOP_NONE, 0.0) if self.loss is None else (K.STOP_PRICE, self.loss)
        lay_levels(book, self.number, self.count, self.spacing, self.first, self.last)
        unclipped = (K.SIZE_NONE, 0)
        return enter_levels(
            book,
            strategy,
            0,
            self.rule,
            self.side,
            *self.size,
            *unclipped,
            stop_kind,
            loss,
            *self.target,
            *self.life,
        )


@dataclass(frozen=True)
class Halt:
    """The condition of the halt of this number is true."""

    number: int = 0

    def do(self, book: Book, strategy: Strategy) -> int:
        halt_now(book, strategy, self.number)
        return K.NO_ORDER


@dataclass(frozen=True, kw_only=True)
class Exit:
    """An exit; without more, all at market."""

    i: int = 0
    rule: int = 1
    portion: tuple[int, float] = (K.PORTION_ALL, 1)
    kind: int = K.KIND_MARKET
    limit: float = nan
    stop: float = nan
    lots: int = K.LOTS_OLDEST

    def do(self, book: Book, strategy: Strategy) -> int:
        choose_lots(book, self.lots)
        return exit_position(book, strategy, self.i, self.rule, *self.portion, self.kind, self.limit, self.stop)


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """Entries of which the first that fills cancels the others."""

    entries: tuple[Enter, ...]

    def do(self, book: Book, strategy: Strategy) -> int:
        group = next_group(book)
        for entry in self.entries:
            Enter(**{**entry.__dict__, "group": group}).do(book, strategy)
        return group


@dataclass(frozen=True)
class Limited:
    """An entry of a rule with `at most n per period`."""

    entry: Enter
    count: int = 1
    period: int = K.PERIOD_SESSION
    across: bool = False

    def do(self, book: Book, strategy: Strategy) -> int:
        rule_may_enter(book, self.entry.i, self.entry.rule, self.count, self.period, self.across)
        return self.entry.do(book, strategy)


@dataclass
class Bar:
    """From here on the statement of this number bars entries; 0 ends it."""

    statement: int = 1
    i: int = 0

    def do(self, book: Book, strategy: Strategy) -> int:
        bar_entries(book, strategy, self.i, self.statement)
        return K.NO_ORDER


@dataclass(frozen=True, kw_only=True)
class Move:
    """A move of the stop losses; without a price to break even."""

    i: int = 0
    rule: int = 2
    price: float | None = None
    looser: bool = False

    def do(self, book: Book, strategy: Strategy) -> int:
        kind = K.MOVE_BREAK_EVEN if self.price is None else K.MOVE_PRICE
        return move_stop(book, self.i, self.rule, kind, self.price or 0.0, self.looser)


@dataclass(frozen=True)
class Ask:
    """What a word says at this moment."""

    word: Callable[[Book, int], float]

    def do(self, book: Book, strategy: Strategy) -> float:
        return self.word(book, 0)


Action = Enter | Levels | Halt | Exit | OneOf | Limited | Bar | Move | Ask


@dataclass
class Scripted(Strategy):
    """Does what its script says at the end of a row's moment; notes the observers' calls and the answers."""

    script: Mapping[int, Sequence[Action]]
    ends: Mapping[int, int] = field(default_factory=dict)
    outside: frozenset[int] = frozenset()
    guard: Callable[[Book, int, int, int, int, bool], int] = lambda *given: 0
    answers: list[float] = field(default_factory=list)
    seen: list[tuple[object, ...]] = field(default_factory=list)
    # of every order that was sent (true) or done, whether it was told to outlive its session
    told: list[tuple[bool, bool]] = field(default_factory=list)

    def signals(self, book: Book, r: int, i: int) -> None:
        book.ends[i] = self.ends.get(r, 0)
        book.outside_hours[i] = 1 if r in self.outside else 0

    def decide(self, book: Book, r: int) -> None:
        self.answers += [action.do(book, self) for action in self.script.get(r, ())]

    def deny_opening(self, book, i, side, lots, price_ticks, outlives_session, /):
        return self.guard(book, i, side, lots, price_ticks, outlives_session)

    def observe_locate(self, book, i, lots, /):
        self.seen.append(("locate", i, lots))

    def observe_order(self, book, i, opening, side, lots, price_ticks, outlives_session, /):
        self.seen.append(("order", i, opening, side, lots, price_ticks))
        self.told.append((True, bool(outlives_session)))

    def observe_order_done(self, book, i, opening, outlives_session, /):
        self.seen.append(("done", i, opening))
        self.told.append((False, bool(outlives_session)))

    def observe_fill(self, book, i, opening, side, lots, price_ticks, rule, /):
        self.seen.append(("fill", i, opening, side, lots, price_ticks, rule))

    def observe_new_day(self, book, i, /):
        self.seen.append(("day", book.day_of[i], book.equity_at_last_close))


@dataclass(frozen=True)
class Run:
    book: Book
    strategy: Scripted
    columns: Columns

    @property
    def fills(self) -> list[tuple[object, ...]]:
        """Row, role, signed lots and ticks of every fill."""
        return [
            (row[K.FILL_ROW], NAMES[row[K.FILL_ROLE]], row[K.FILL_SIDE] * row[K.FILL_LOTS], row[K.FILL_TICKS])
            for row in rows_of(self.book, K.LOG_FILLS, K.FILL_WIDTH)
        ]

    @property
    def statuses(self) -> list[int]:
        """How each order ended, in the order of placing."""
        return [row[K.PLACED_STATUS] for row in rows_of(self.book, K.LOG_ORDERS, K.PLACED_WIDTH)]

    @property
    def denials(self) -> list[tuple[int, int]]:
        """Row and reason."""
        return [(row[K.DENIAL_ROW], row[K.DENIAL_REASON]) for row in rows_of(self.book, K.LOG_DENIALS, K.DENIAL_WIDTH)]


@dataclass(frozen=True, kw_only=True)
class Abroad:
    """Another currency, 1, with its rates at each row's bar and mark, and the instruments that pay in it.

    `by_price` are those whose own price is the rate, with what the rate times the price is. `interest` is a lot's,
    long and short, before each row.
    """

    rates: Sequence[tuple[float, float]]
    instruments: Sequence[int] = (0,)
    converts: bool = True
    cost: float = 0.0
    by_price: Mapping[int, float] = field(default_factory=dict)
    interest: Sequence[tuple[float, float]] = ()

    def lay(self, book: Book, handed: Callable[[list[float]], object] = lambda column: column) -> None:
        book.set_currencies(handed([rate for pair in self.rates for rate in pair]), 1, self.converts, self.cost)
        for i in self.instruments:
            book.set_currency(i, 1, self.by_price.get(i, 0.0))
        if self.interest:
            book.set_interest(handed([earned for pair in self.interest for earned in pair]))


def rows_of(book: Book, log: int, width: int) -> list[list[int]]:
    told = book.log(log)
    return [told[at : at + width] for at in range(0, len(told), width)]


def new_book(
    settings: Mapping[int, float], halts: Sequence[tuple[int, float, int, int]], instruments: int, slots: int
) -> Book:
    """Ticks, lots and quanta of 1; a margined account, limits filled by touch, no costs, no caps."""
    return set_up(Book(instruments, slots, 8), settings, halts, instruments)


def set_up(
    book: Book, settings: Mapping[int, float], halts: Sequence[tuple[int, float, int, int]], instruments: int
) -> Book:
    """The same for a book of any engine."""
    for i in range(instruments):
        book.set_instrument(i, 1.0, 1.0, 0.0, 1, 1 << 20, 1 << 30)
    for code in range(K.SETTING_CAP_POSITION_RATIO, K.SETTINGS):
        book.set_setting(code, -1.0)
    book.set_setting(K.SETTING_FEE_RATE_MAX, -1.0)
    for code, value in {K.SETTING_ACCOUNT: K.ACCOUNT_MARGINED, K.SETTING_LIMIT_FILL: K.LIMIT_TOUCH, **settings}.items():
        book.set_setting(code, value)
    for halt in halts:
        book.add_halt(*halt)
    book.start(START, 1.0)
    return book


def run(
    bars: Sequence[BARS],
    script: Mapping[int, Sequence[Action]],
    *,
    days: Sequence[int] | None = None,
    settings: Mapping[int, float] | None = None,
    halts: Sequence[tuple[int, float, int, int]] = (),
    instruments: Sequence[int] | None = None,
    slots: int = 8,
    abroad: Abroad | None = None,
    rolls: Sequence[tuple[int, int, int, int, int, float, float]] = (),
    groups: Sequence[int] = (),
    signals: Sequence[BARS] | None = None,
    open_ended: Container[int] = (),
    **strategy: object,
) -> Run:
    """`days` is each bar's trading date (all the same unless given), `instruments` each bar's instrument.

    After the rows of `open_ended` the session goes on, though no bar of it comes.
    Rows of the same moment: a bar of instrument 0 begins a new moment. `rolls` are the arguments of `announce_roll`.
    """
    days = days or [0] * len(bars)
    which = instruments or [0] * len(bars)
    book = new_book(settings or {}, halts, max(which) + 1, slots)
    if abroad is not None:
        abroad.lay(book)
    facts.begin_rolls(book, len(rolls))
    for roll in rolls:
        facts.announce_roll(book, *roll)
    for i, group in enumerate(groups):
        book.set_group(i, group)
    flags = [moment_bit(which, r) | (0 if r in open_ended else session_bit(days, which, r)) for r in range(len(bars))]
    columns = Columns(
        *([float(bar[k]) for bar in bars] for k in range(4)),
        [0.0] * len(bars),
        [pack_row(day, i, flag) for day, i, flag in zip(days, which, flags, strict=True)],
        [0] * len(bars),
        signals=None if signals is None else [[float(bar[k]) for bar in signals] for k in range(4)],
    )
    acting = Scripted(script, **strategy)
    run_rows(book, acting, columns, 0, len(bars))
    return Run(book, acting, columns)


def moment_bit(which: Sequence[int], r: int) -> int:
    return K.ROW_MOMENT_END if r + 1 == len(which) or which[r + 1] == 0 else 0


def session_bit(days: Sequence[int], which: Sequence[int], r: int) -> int:
    """Set where the instrument has a later bar and that is of another date."""
    later = [days[k] for k in range(r + 1, len(days)) if which[k] == which[r]]
    return K.ROW_SESSION_END if later and later[0] != days[r] else 0
