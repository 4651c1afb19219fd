"""Random stories of orders, fills and days, as an adversary would tell them, over a small account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from hypothesis import strategies as st

from stratc.compiler.ir.observer import EventKind, Signal

INSTRUMENTS = 2
STEPS = ("order", "order overnight", "fill", "close", "partly", "cancel", "day", "poor day", "rich day")
# What else can happen: the other side, the clock, prices, and what comes and goes.
MORE_STEPS = (
    *STEPS,
    *("short", "market", "market", "weekend", "second", "second", "minute"),
    *("up", "down", "locate", "deposit", "withdraw", "reset"),
)
stories = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, INSTRUMENTS - 1)), max_size=30)
wide_stories = st.lists(st.tuples(st.sampled_from(MORE_STEPS), st.integers(0, INSTRUMENTS - 1)), max_size=30)


class Order(NamedTuple):
    """In lots and ticks; `side` is 1 for what buys and -1 for what sells."""

    overnight: bool = False
    side: int = 1
    lots: int = 2
    ticks: int = 10
    market: bool = False


NO_ORDER = Order()


@dataclass
class World:
    """Positions and working openings by instrument; equity moves between days only. Answers signals."""

    position: list[int] = field(default_factory=lambda: [0] * INSTRUMENTS)
    working: list[list[Order]] = field(default_factory=lambda: [[] for _ in range(INSTRUMENTS)])
    price: list[int] = field(default_factory=lambda: [10] * INSTRUMENTS)
    closed_at: list[int] = field(default_factory=lambda: [10] * INSTRUMENTS)
    equity: Fraction = Fraction(10_000)
    last_close: Fraction = Fraction(10_000)
    day: int = 0
    calendar: int = 0
    second: int = 0
    order: Order = NO_ORDER
    told: int = 0

    quanta = 1

    def signal(self, signal: Signal, instrument: int):
        found = self.of_account(signal)
        if found is None:
            found = self.of_event(signal, instrument)
        return self.of_instrument(signal, instrument) if found is None else found

    def of_account(self, signal: Signal):
        match signal:
            case Signal.EQUITY | Signal.CASH:
                return self.equity
            case Signal.EQUITY_AT_LAST_CLOSE:
                return self.last_close
            case Signal.LOCATE_QUANTITY | Signal.DEPOSIT_AMOUNT | Signal.WITHDRAWAL_AMOUNT:
                return self.told
            case Signal.CALENDAR_DAY:
                return self.calendar
            case Signal.SECOND:
                return self.second

    def of_event(self, signal: Signal, instrument: int):
        match signal:
            case Signal.ORDER_OUTLIVES_SESSION:
                return self.order.overnight
            case Signal.ORDER_BUYS | Signal.FILL_BUYS:
                return self.order.side > 0
            case Signal.ORDER_QUANTITY | Signal.FILL_QUANTITY:
                return self.order.lots
            case Signal.ORDER_PRICE | Signal.FILL_PRICE:
                return self.order.ticks
            case Signal.ORDER_VALUE | Signal.FILL_VALUE:
                return 1_000 * self.order.lots
            case Signal.ORDER_AT_MARKET:
                return self.order.market
            case Signal.ORDER_MEETS_OWN_ORDER:
                return any(each.side != self.order.side for each in self.working[instrument])
            case Signal.FILL_WHOLE_TICKET:
                return True
            case Signal.FILL_OLDER_TICKETS | Signal.FILL_OLDER_SAME_SIZE:
                return 0

    def of_instrument(self, signal: Signal, i: int):
        works = {side: sum(each.lots for each in self.working[i] if each.side == side) for side in (1, -1)}
        held = {side: max(side * self.position[i], 0) for side in (1, -1)}
        return {
            Signal.LONG_VALUE: 1_000 * held[1],
            Signal.SHORT_VALUE: 1_000 * held[-1],
            Signal.LONG_QUANTITY: held[1],
            Signal.SHORT_QUANTITY: held[-1],
            Signal.LONG_QUANTITY_AFTER: held[1] + works[1],
            Signal.SHORT_QUANTITY_AFTER: held[-1] + works[-1],
            Signal.WORKING_BUY_QUANTITY: works[1],
            Signal.WORKING_SELL_QUANTITY: works[-1],
            Signal.LONG_VALUE_AFTER: 1_000 * (held[1] + works[1] // 2),
            Signal.SHORT_VALUE_AFTER: 1_000 * (held[-1] + works[-1] // 2),
            Signal.EXPOSURE_AFTER: 1_000 * max(held[1] + works[1] // 2, held[-1] + works[-1] // 2),
            Signal.PRICE: self.price[i],
            Signal.PRICE_AT_LAST_CLOSE: self.closed_at[i],
        }[signal]

    def all_signals(self):
        return {(signal, i): self.signal(signal, i) for signal in Signal for i in (-1, *range(INSTRUMENTS))}


def play(story, world: World, may_open=lambda world, i: True, *, whole: bool = True) -> Iterator[tuple[EventKind, int]]:
    """The events of a story; what cannot happen is left out. `whole`: a close first cancels what works (A-oms)."""
    for step, i in story:
        match step:
            case "order" | "order overnight" | "short" | "market":
                side = -1 if step == "short" else 1
                if side * world.position[i] < 0:
                    continue
                market = step == "market"
                lots, ticks = 1 if market else 2, world.price[i] + (world.price[i] % 2 if step == "short" else 0)
                world.order = Order(step == "order overnight", side, lots, ticks, market)
                if may_open(world, i):
                    world.working[i].append(world.order)
                    yield EventKind.ORDER_OPENING, i
            case "fill" if world.working[i] and world.working[i][-1].side * world.position[i] >= 0:
                world.order = world.working[i].pop()
                world.position[i] += world.order.side * world.order.lots
                yield EventKind.FILL_OPENING, i
                yield EventKind.DONE_OPENING, i
            case "close" | "partly" if world.position[i]:
                while whole and world.working[i]:
                    world.order = world.working[i].pop()
                    yield EventKind.DONE_OPENING, i
                lots = 1 if step == "partly" else abs(world.position[i])
                world.order = Order(
                    side=-1 if world.position[i] > 0 else 1, lots=lots, ticks=world.price[i], market=True
                )
                yield EventKind.ORDER_CLOSING, i
                world.position[i] += world.order.side * lots
                yield EventKind.FILL_CLOSING, i
                yield EventKind.DONE_CLOSING, i
            case "cancel" if world.working[i]:
                world.order = world.working[i].pop()
                yield EventKind.DONE_OPENING, i
            case "day" | "poor day" | "rich day" | "weekend":
                yield from _night(world, step)
            case "second" | "minute":
                world.second += 1 if step == "second" else 60
            case "up" | "down":
                world.price[i] += 1 if step == "up" else -1
                yield EventKind.MARK, -1
            case "locate" | "deposit" | "withdraw" | "reset":
                world.told = 1 + world.price[i]
                kind = EventKind("withdrawal" if step == "withdraw" else step)
                yield kind, i if kind is EventKind.LOCATE else -1


def _night(world: World, step: str) -> Iterator[tuple[EventKind, int]]:
    for i, working in enumerate(world.working):
        for order in list(working):
            if not order.overnight:
                working.remove(order)
                world.order = order
                yield EventKind.DONE_OPENING, i
    world.day += 1
    world.calendar += 3 if step == "weekend" else 1
    world.second += 3_600
    world.closed_at = list(world.price)
    world.equity = {"poor day": Fraction(10_000), "rich day": Fraction(30_000)}.get(step, world.equity)
    world.last_close = world.equity
    yield EventKind.NEW_DAY, -1
