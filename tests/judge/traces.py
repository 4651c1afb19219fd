"""Random stories of orders, fills and days, as an adversary would tell them, over a small account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import strategies as st

from stratc.compiler.ir.observer import EventKind, Signal

INSTRUMENTS = 2
STEPS = ("order", "order overnight", "fill", "close", "partly", "cancel", "day", "poor day", "rich day")
stories = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, INSTRUMENTS - 1)), max_size=30)


@dataclass
class World:
    """Positions and working openings by instrument; equity moves between days only. Answers signals."""

    position: list[int] = field(default_factory=lambda: [0] * INSTRUMENTS)
    working: list[list[bool]] = field(default_factory=lambda: [[] for _ in range(INSTRUMENTS)])
    equity: Fraction = Fraction(10_000)
    last_close: Fraction = Fraction(10_000)
    day: int = 0
    overnight: bool = False

    quanta = 1

    def signal(self, signal: Signal, instrument: int):
        match signal:
            case Signal.EQUITY | Signal.CASH:
                return self.equity
            case Signal.EQUITY_AT_LAST_CLOSE:
                return self.last_close
            case Signal.ORDER_OUTLIVES_SESSION:
                return self.overnight
            case Signal.LONG_QUANTITY:
                return self.position[instrument]
            case Signal.LONG_VALUE_AFTER | Signal.EXPOSURE_AFTER:
                return 1_000 * (self.position[instrument] + len(self.working[instrument]))
            case Signal.ORDER_BUYS | Signal.FILL_WHOLE_TICKET:
                return True
            case _:
                return 0

    def all_signals(self):
        return {(signal, i): self.signal(signal, i) for signal in Signal for i in (-1, *range(INSTRUMENTS))}


def play(story, world: World, may_open=lambda world, i: True, *, whole: bool = True) -> Iterator[tuple[EventKind, int]]:
    """The events of a story; what cannot happen is left out. `whole`: a close first cancels what works (A-oms)."""
    for step, i in story:
        match step:
            case "order" | "order overnight":
                world.overnight = step == "order overnight"
                if may_open(world, i):
                    world.working[i].append(world.overnight)
                    yield EventKind.ORDER_OPENING, i
            case "fill" if world.working[i]:
                world.working[i].pop()
                world.position[i] += 2
                yield EventKind.FILL_OPENING, i
                yield EventKind.DONE_OPENING, i
            case "close" | "partly" if world.position[i]:
                while whole and world.working[i]:
                    world.working[i].pop()
                    yield EventKind.DONE_OPENING, i
                yield EventKind.ORDER_CLOSING, i
                world.position[i] -= 1 if step == "partly" else world.position[i]
                yield EventKind.FILL_CLOSING, i
                yield EventKind.DONE_CLOSING, i
            case "cancel" if world.working[i]:
                world.working[i].pop()
                yield EventKind.DONE_OPENING, i
            case "day" | "poor day" | "rich day":
                yield from _night(world, step)


def _night(world: World, step: str) -> Iterator[tuple[EventKind, int]]:
    for i, working in enumerate(world.working):
        for overnight in list(working):
            if not overnight:
                working.remove(overnight)
                yield EventKind.DONE_OPENING, i
    world.day += 1
    world.equity = {"day": world.equity, "poor day": Fraction(10_000), "rich day": Fraction(30_000)}[step]
    world.last_close = world.equity
    yield EventKind.NEW_DAY, -1
