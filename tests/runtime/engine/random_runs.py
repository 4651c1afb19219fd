"""Random bars and a strategy that does at random, but the same at the same seed, everything a strategy may do.

The plan is made of whole numbers: a row's orders follow from its number and the seed, so that the compiled twin in
`random_strategy.pyx`, which computes the same numbers, orders the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan
from random import Random

from hypothesis import strategies as st

from stratc.runtime.engine import codes as K
from stratc.runtime.engine import facts
from stratc.runtime.engine.ladders import enter_levels, lay_levels
from stratc.runtime.engine.orders import (
    after_locate,
    choose_lots,
    enter,
    exit_position,
    next_group,
    rule_may_enter,
)
from stratc.runtime.engine.strategy import Strategy
from tests.runtime.engine.scripted import Abroad, new_book

MASK = (1 << 31) - 1


@dataclass(frozen=True)
class World:
    """Bars of two instruments in turn, their dates, the settings, the halts and the seed of the strategy."""

    bars: list
    days: list
    settings: dict
    halts: list
    seed: int
    events: tuple = ()
    abroad: Abroad | None = None


CHOICES = {
    K.SETTING_ACCOUNT: (K.ACCOUNT_CASH, K.ACCOUNT_MARGINED, K.ACCOUNT_BALANCE),
    K.SETTING_LIMIT_FILL: (K.LIMIT_THROUGH, K.LIMIT_TOUCH),
    K.SETTING_FIFO: (0, 1),
    K.SETTING_SLIP_TICKS: (0, 0.5, 2),
    K.SETTING_SLIP_RATE: (0, 0.001),
    K.SETTING_FEE_RATE: (0, 0.0007),
    K.SETTING_FEE_MINIMUM: (0, 3),
    K.SETTING_CAP_LEVERAGE: (-1, -1, 0.01),
    K.SETTING_CAP_ENTRIES: (-1, -1, 1),
    K.SETTING_CAP_ENTRIES_SESSIONS: (2,),
    K.SETTING_CAP_DAY_TRADES: (-1, -1, 1),
    K.SETTING_CAP_DAY_TRADES_SESSIONS: (3,),
    K.SETTING_KEEP_SESSIONS: (-1, -1, 1),
    K.SETTING_REDUCE_LEVERAGE: (-1, -1, -1, 0.002),
    K.SETTING_REDUCE_POSITION_MONEY: (-1, -1, -1, 900),
}


def world_of(seed, count):
    """A world of so many bars; a shorter one with the same seed has the same settings and begins with the same bars."""
    source = Random(seed)
    settings = {code: source.choice(values) for code, values in CHOICES.items()}
    halts = [
        (source.randint(1, 3), source.choice((0.0002, 0.001)), source.randint(0, 1), source.randint(1, 2))
        for _ in range(source.randint(0, 2))
    ]
    per_day = source.randint(1, 8)
    days = [(r // 2) // per_day for r in range(count)]
    return World([bar(source) for _ in range(count)], days, settings, halts, seed)


def bar(source):
    first, second = source.randint(85, 115), source.randint(85, 115)
    above, below = source.randint(0, 15), source.randint(0, 15)
    return (float(first), float(max(first, second) + above), float(min(first, second) - below), float(second))


def eventful(world):
    """The same world with splits, dividends, borrow terms and a restriction on short sales, days before they happen."""
    source = Random(world.seed + 1)
    last = world.days[-1] + 1
    days = sorted(source.randint(0, last) for _ in range(source.randint(1, 6)))
    settings = {
        **world.settings,
        K.SETTING_MARGIN_RATE: source.choice((-1, 65_000_000)),
        K.SETTING_DO_NOT_REDUCE: source.choice((0, 1)),
    }
    events = tuple(number for day in days for number in event(source, day))
    return replace(world, settings=settings, events=events)


def event(source, day):
    kind = source.choice((K.EVENT_SPLIT, K.EVENT_SPLIT, K.EVENT_DIVIDEND, K.EVENT_BORROW))
    i = source.randint(0, 1)
    if kind == K.EVENT_SPLIT:
        new, old = source.choice(((2, 1), (3, 2), (1, 2), (1, 10), (10, 1), (7, 5)))
        return (i, day, kind, new, old, 0, 0)
    if kind == K.EVENT_DIVIDEND:
        return (i, day, kind, 0, 0, source.randint(1, 5), 0)
    return (i, day, kind, source.choice((0, 250_000, 9_000_000)), source.choice((0, 2)), source.choice((-1, 0, 12)), 0)


def set_events(book, world, engine=facts):
    """What the world's events are, for a book of any engine."""
    if world.events:
        engine.set_holding(book, 0, K.PRICES_SPLIT_ADJUSTED, 1, 300_000)
        engine.set_holding(book, 1, K.PRICES_TOTAL_RETURN, 0, 0)
        engine.set_events(book, list(world.events))
    return book


def eventful_worlds():
    return worlds().map(eventful)


def eventful_mixed_worlds():
    """The same where an instrument, or both, pay in another currency."""
    return mixed_worlds().map(eventful)


def mixed_world_of(seed, count):
    """The same, where the second instrument, or both, pay in another currency and positions earn or pay overnight."""
    source, world = Random(seed + 1), world_of(seed, count)
    rates = [(drawn_rate(source), drawn_rate(source)) for _ in range(count)]
    interest = [(source.choice((0.0, 0.25, -1.5, nan)), source.choice((0.0, -0.75, 2.5, nan))) for _ in range(count)]
    which = source.choice(((1,), (0, 1)))
    abroad = Abroad(
        rates=rates,
        instruments=which,
        converts=source.choice((True, True, False)),
        cost=source.choice((0.0, 0.002)),
        by_price=source.choice(({}, {1: 100.0})),
        interest=interest,
    )
    return replace(world, abroad=abroad)


def drawn_rate(source):
    return nan if source.random() < 0.1 else round(source.uniform(0.3, 3.0), 3)


def mixed_worlds():
    return st.builds(mixed_world_of, st.integers(min_value=1, max_value=MASK), st.integers(min_value=4, max_value=60))


def worlds():
    return st.builds(world_of, st.integers(min_value=1, max_value=MASK), st.integers(min_value=4, max_value=60))


class RandomStrategy(Strategy):
    """Up to two orders an instrument and moment. `watch` is called after every observed event."""

    def __init__(self, columns, seed, watch=lambda book, i: None):
        self.columns, self.state, self.watch, self.sum = columns, seed, watch, [0.0, 0.0]

    def draw(self, below):
        """The next number of a linear congruential sequence, below a bound."""
        self.state = (self.state * 1103515245 + 12345) & MASK
        return (self.state >> 8) % below

    def begin_again(self, book, i):
        self.sum[i] = 0.0

    def signals(self, book, r, i):
        self.sum[i] += self.columns.signal_close[r]
        book.ends[i] = 1 if r % 11 == 0 else 0

    def decide(self, book, r):
        for i in range(book.instruments):
            if book.fresh[i] == 1:
                for _ in range(self.draw(3)):
                    self.order(book, r, i)

    def order(self, book, r, i):
        close = self.columns.close[r] + (1.0 if self.sum[i] > 99.0 * (1 + r // 2) else 0.0)
        if self.draw(3) == 0:
            kind = self.draw(6) + 1
            choose_lots(book, self.draw(4))
            exit_position(
                book,
                self,
                i,
                1,
                self.draw(3) + 1,
                0.5 * self.draw(3),
                kind,
                close + self.draw(9) - 4.0,
                close + self.draw(9) - 4.0,
            )
            return
        if self.draw(5) == 0:
            self.ladder(book, i, close)
            return
        group = next_group(book) if self.draw(4) == 0 else 0
        for _ in range(2 if group else 1):
            self.entry(book, i, close, group)

    def ladder(self, book, i, close):
        """Levels away from the market, some of which fall on one tick."""
        side = 1 - 2 * self.draw(2)
        count = self.draw(4) + 2
        spacing = self.draw(2) + 1
        first = close - side * (self.draw(6) + 1.0)
        last = first - side * self.draw(6)
        sizing = self.draw(2) + 1
        amount = self.draw(9) + 0.5 if sizing == K.SIZE_QUANTITY else 100.0 * self.draw(9)
        target_kind = self.draw(2) * K.TARGET_NEXT_LEVEL
        life = self.draw(5) + 1
        lay_levels(book, 1, count, spacing, first, last)
        enter_levels(
            book, self, i, 0, side, sizing, amount, K.SIZE_NONE, 0.0, K.STOP_NONE, 0.0, target_kind, 0.0, life,
            self.draw(3) if life == K.LIFE_BARS else 0,
        )  # fmt: skip

    def entry(self, book, i, close, group):
        side = 1 - 2 * self.draw(2)
        kind = self.draw(6) + 1
        sizing = self.draw(3) + 1
        amount = self.draw(20) + 0.5 if sizing == K.SIZE_QUANTITY else 100.0 * self.draw(20)
        target_kind = self.draw(4)
        target = close + side * self.draw(12) if target_kind == K.TARGET_PRICE else 0.5 * self.draw(12)
        stop_kind = self.draw(2)
        loss = close - side * (self.draw(12) - 1.0)
        limit = close + self.draw(9) - 4.0
        stop = close + self.draw(9) - 4.0
        life = self.draw(5) + 1
        reverse = self.draw(4) == 0
        if self.draw(2) == 0:
            rule_may_enter(book, i, 0, 2, self.draw(4) + 1, self.draw(2) == 0)
        if self.draw(3) == 0:
            after_locate(book)
        enter(
            book, self, i, 0, side, sizing, amount, self.draw(2) * K.SIZE_NOTIONAL, 900.0, kind, limit, stop, stop_kind,
            loss, target_kind, target, life, self.draw(3) if life == K.LIFE_BARS else 0, group, reverse,
        )  # fmt: skip

    def deny_opening(self, book, i, side, lots, price_ticks, outlives_session, /):
        return 5 if self.draw(16) == 0 else 0

    def observe_order(self, book, i, opening, side, lots, price_ticks, outlives_session, /):
        self.watch(book, i)

    def observe_order_done(self, book, i, opening, outlives_session, /):
        self.watch(book, i)


def book_of(world):
    book = new_book(world.settings, world.halts, 2, 8)
    if world.abroad is not None:
        world.abroad.lay(book)
    return set_events(book, world)
