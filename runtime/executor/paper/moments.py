"""From bars as they come to moments: which bars belong together, when nothing more can come, and what is left out.

A moment is over when a bar of every symbol is there, when time has gone past it, or at the end. Time is what the bars
say (`watermark`: a bar that closes later has come; bars come in order of their closes), or a wall clock (`due_ns`: the
moment and a grace after it). A bar of a moment that is over is late. Nothing is repaired, and nothing is left out
silently.

Schedules belong to the last bar that has closed when their moment comes. By the bars' own time that is seen when the
next bar comes, so a moment waits until each of its schedules is decided; by the wall clock a schedule is due where it
lies before the nominal close of the next bar (`nominal`), and one that passes while bars are lacking is an alarm.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Final

from stratc.runtime.executor.paper.engine import PaperEngine, Signals
from stratc.runtime.executor.paper.taken import Alarm, AlarmKind, Taken
from stratc.runtime.model.record import record

FROZEN_BARS: Final = 20


@record
class Clocked:
    """How a run follows the wall clock: a moment is decided on when so long has passed since its close."""

    grace_ns: int


class Moments:
    """Takes bars and gives moments to the engine. `clocked` None: time is what the bars say."""

    def __init__(
        self, engine: PaperEngine, alarm: Callable[[Alarm], None], *, clocked: Clocked | None, regular_session: bool
    ) -> None:
        self.engine, self.alarm, self.clocked = engine, alarm, clocked
        told = engine.told
        self.regular_session = regular_session
        self.all, self.symbols = len(told.symbols), told.symbols
        self.scheduled = not told.nominal and any(each.kinds for each in engine.sessions)
        self.alone = self.all == 1 and not self.scheduled and not regular_session
        self.pending: dict[int, dict[int, tuple[Taken, Signals | None]]] = {}
        self.order: list[int] = []
        self.over = self.newest = -1
        self.last: list[Taken | None] = [None] * self.all
        self.same = [0] * self.all
        # A bar has come; gives why it was left out, if it was. Of one symbol nearly every bar needs less.
        self.take: Callable[..., AlarmKind | None] = self._take_next() if self.alone else self._take

    # ── bars ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, bar: Taken, signals: Signals | None = None) -> AlarmKind | None:
        kind = self.refusal(bar)
        if kind is not None:
            self.tell(kind, bar)
            return kind
        self._watch(bar)
        closed = bar.closed
        if self.alone:
            self.engine.step(bar, signals)
            return None
        self.newest = max(self.newest, closed)
        if closed not in self.pending:
            self.pending[closed] = {}
            insort(self.order, closed)
        self.pending[closed][bar.symbol] = (bar, signals)
        self.settle()
        return None

    def _take_next(self) -> Callable[..., AlarmKind | None]:
        """Of one symbol each bar is a moment, and nearly every one follows the one before: that is asked first."""
        last, same, step, take = self.last, self.same, self.engine.step, self._take

        def take_next(bar: Taken, signals: Signals | None = None) -> AlarmKind | None:
            before = last[0]
            if before is None or before[2] != bar[1] or bar[2] <= bar[1] or before[6] == bar[6]:
                return take(bar, signals)
            last[0], same[0] = bar, 0
            step(bar, signals)
            return None

        return take_next

    def refusal(self, bar: Taken) -> AlarmKind | None:
        """Why a bar would be left out."""
        last = self.last[bar.symbol]
        if last is not None and bar.closed <= last.closed:
            return self._again(bar, last)
        if bar.closed <= self.over:
            return AlarmKind.LATE
        if self.regular_session and not self.engine.sessions[bar.symbol].is_inside(bar.opened, bar.closed):
            return AlarmKind.OFF_SESSION
        return None

    def _again(self, bar: Taken, last: Taken) -> AlarmKind | None:
        """A bar that closes no later than one of its symbol that is there."""
        if bar.closed == last.closed:
            return AlarmKind.DUPLICATE if is_same(bar, last) else AlarmKind.CONFLICT
        waiting = self.pending.get(bar.closed, {}).get(bar.symbol)
        if waiting is not None:
            return AlarmKind.DUPLICATE if is_same(bar, waiting[0]) else AlarmKind.CONFLICT
        return AlarmKind.LATE if bar.closed <= self.over else None

    def _watch(self, bar: Taken) -> None:
        """Gaps and prices that stand still: said, and traded on as they are."""
        symbol, closed = bar.symbol, bar.closed
        last = self.last[symbol]
        if last is None or closed > last.closed:
            self.last[symbol] = bar
            # In the middle of a session the next bar closes as much later as it is long: nothing to look up.
            if last is not None and closed - last.closed != closed - bar.opened:
                self._watch_gap(last, bar)
        if last is not None and last[3:] == bar[3:]:
            self.same[symbol] += 1
            if self.same[symbol] == FROZEN_BARS - 1:
                self.tell(AlarmKind.FROZEN, bar, FROZEN_BARS)
        else:
            self.same[symbol] = 0

    def _watch_gap(self, last: Taken, bar: Taken) -> None:
        sessions = self.engine.sessions[bar.symbol]
        expected = sessions.expected_after(last.opened, last.closed)
        if expected is None or expected >= bar.closed:
            return
        self.tell(AlarmKind.GAP, bar)
        if self.engine.told.nominal and sessions.has_scheduled(expected, bar.closed):
            self.tell(AlarmKind.MISSED_SCHEDULE, bar)

    def tell(self, kind: AlarmKind, bar: Taken, count: int = 1) -> None:
        self.alarm(Alarm(kind=kind, symbol=self.symbols[bar.symbol], closed=bar.closed, count=count))

    # ── moments ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def settle(self, now_ns: int | None = None) -> None:
        """Decide on every moment that is over; `now_ns` is the wall clock's time where the run follows it."""
        while self.order and self._is_over(self.order[0], now_ns):
            self._decide(self.order[0], at_end=False)

    def due_ns(self) -> int | None:
        """When the wall clock ends the next moment; None where nothing waits for it."""
        if self.clocked is None or not self.order:
            return None
        return self.order[0] + self.clocked.grace_ns

    def finish(self) -> None:
        """Nothing more comes: decide on what is there."""
        while self.order:
            self._decide(self.order[0], at_end=True)

    def _is_over(self, closed: int, now_ns: int | None) -> bool:
        complete = len(self.pending[closed]) == self.all
        if self.clocked is not None:
            return complete or (now_ns is not None and now_ns >= closed + self.clocked.grace_ns)
        if not complete and self.newest <= closed:
            return False
        return not self.scheduled or all(self._is_decided(bar) for bar, _ in self.pending[closed].values())

    def _is_decided(self, bar: Taken) -> bool:
        """Whether the schedules of a bar hang on nothing that is still to come."""
        sessions = self.engine.sessions[bar.symbol]
        return self._next_close(bar) is not None or sessions.last_scheduled(bar.closed, self.newest) < self.newest

    def _next_close(self, bar: Taken) -> int | None:
        """When the next bar of this symbol closes, as far as it has come."""
        later = (closed for closed in self.order if closed > bar.closed and bar.symbol in self.pending[closed])
        return next(later, None)

    def _decide(self, closed: int, *, at_end: bool) -> None:
        taken = sorted(self.pending[closed].values(), key=lambda each: each[0].symbol)
        bars = [bar for bar, _ in taken]
        limits = [self._limit(bar, at_end=at_end) for bar in bars] if self.scheduled else [None] * len(bars)
        self.order.pop(0)
        del self.pending[closed]
        self.over = closed
        self.engine.moment(bars, limits, [seen for _, seen in taken])

    def _limit(self, bar: Taken, *, at_end: bool) -> int | None:
        """Up to when a schedule counts for this bar; None: up to the nominal close of the next."""
        found = self._next_close(bar)
        if found is not None or (not at_end and self.newest > bar.closed):
            return found or self.newest
        nominal = self.engine.sessions[bar.symbol].expected_after(bar.opened, bar.closed) or 0
        return self.newest if self.newest > nominal else None


def is_same(left: Taken, right: Taken) -> bool:
    """Whether two bars say the same; what is unknown is unknown in both."""
    pairs = zip(left, right, strict=True)
    return all(one == other or (one != one and other != other) for one, other in pairs)
