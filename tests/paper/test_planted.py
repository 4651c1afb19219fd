"""The parity test proves itself: a copy of the driver that looks ahead, or leaves something out, is told apart.

Each fault is one that a careless driver would have. It is run on a few made-up strategies of markets in which it can
show, all of which pass without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import nan
from typing import Any

import pytest

from stratc.runtime.engine import codes
from stratc.runtime.executor.paper.engine import PaperEngine
from stratc.runtime.executor.paper.moments import Moments
from stratc.runtime.executor.paper.rates import PairPrices
from stratc.runtime.executor.paper.sessions import Sessions
from tests.causality.strategies import PLACES
from tests.paper.parity import backtest, difference, interpreted, paper
from tests.paper.test_generated import made_ready


def next_close(bars):
    """Each bar with the close of its symbol's next: a driver that reads one row ahead."""
    later, found = {}, []
    for bar, signals in reversed(bars):
        after = later.get(bar.symbol, bar)
        later[bar.symbol] = bar
        found.append((bar._replace(close=after.close, high=max(bar.high, after.close)), signals))
    return found[::-1]


class ForgetsMomentEnd(PaperEngine):
    def _row(self, place, bar, packed, asked, seen, *, last):
        super()._row(
            place, bar, packed & ~codes.ROW_MOMENT_END if self.number % 7 == 3 else packed, asked, seen, last=last
        )


class DecidesAfterEachBar(PaperEngine):
    """Takes every bar for the last of its moment."""

    def _row(self, place, bar, packed, asked, seen, *, last):
        super()._row(place, bar, packed | codes.ROW_MOMENT_END, asked, seen, last=last)


class LosesCancels(PaperEngine):
    def _news(self):
        news = super()._news()
        kept = [row for row in news.ended if row[codes.PLACED_STATUS] != codes.STATUS_CANCELED]
        return replace(news, ended=kept)


class RollsALate(PaperEngine):
    """Announces what rolls a row too late."""

    def _announce(self, number, bar, *, last):
        super()._announce(number - 1, bar, last=last)


def no_session_end(patch):
    right = Sessions.marks
    patch.setattr(Sessions, "marks", lambda self, *times: right(self, *times) & ~codes.ROW_SESSION_END)


def no_session_start(patch):
    right = Sessions.marks
    patch.setattr(Sessions, "marks", lambda self, *times: right(self, *times) & ~codes.ROW_SESSION_START)


def schedules_by_what_is_usual(patch):
    patch.setattr(Moments, "_limit", lambda self, bar, *, at_end: None)


def rates_of_the_bar_before(patch):
    """A pair's bar counts when the next one has come."""
    right = PairPrices.last_known

    def late(self, moment_ns):
        before = [closed for closed in self.closes_ns if closed <= moment_ns][:-1]
        return right(self, before[-1]) if before else nan

    patch.setattr(PairPrices, "last_known", late)


@dataclass(frozen=True)
class Fault:
    """A fault, how it is planted, and the world whose strategies must tell."""

    name: str
    world: str
    engine: type = PaperEngine
    feed: Callable[[Any], Any] | None = None
    patch: Callable[[pytest.MonkeyPatch], None] | None = None
    quick: bool = False


FAULTS = (
    Fault("a row ahead", "shares", feed=next_close, quick=True),
    Fault("no moment end", "shares", ForgetsMomentEnd, quick=True),
    Fault("every bar is the last", "shares", DecidesAfterEachBar),
    Fault("no session end", "shares", patch=no_session_end, quick=True),
    Fault("no session start", "shares", patch=no_session_start),
    Fault("nominal schedules", "members", patch=schedules_by_what_is_usual),
    Fault("old rates", "abroad", patch=rates_of_the_bar_before),
    Fault("lost cancels", "shares", LosesCancels),
    Fault("a roll too late", "futures", RollsALate),
)
TRIED = 3


@cache
def right(seed):
    """A strategy and its backtest, which paper equals where nothing is planted."""
    ready = made_ready(seed)
    whole = backtest(ready, interpreted(ready))
    assert difference(ready, whole, paper(ready, interpreted(ready))) == ""
    return ready, whole


@pytest.mark.parametrize(
    "fault", [pytest.param(each, id=each.name, marks=() if each.quick else pytest.mark.slow) for each in FAULTS]
)
def test_a_planted_fault_is_caught(fault, monkeypatch):
    seeds = [seed for seed, (world, _) in enumerate(PLACES) if world.name == fault.world]
    assert seeds
    for seed in seeds[:TRIED]:
        ready, whole = right(seed)
        with monkeypatch.context() as patch:
            if fault.patch is not None:
                fault.patch(patch)
            feed = fault.feed or (lambda bars: bars)
            try:
                told = difference(ready, whole, paper(ready, interpreted(ready), engine_type=fault.engine, feed=feed))
            except (IndexError, ValueError) as problem:
                told = f"it does not even run: {problem}"
        if told:
            return
    raise AssertionError(f"not caught by {len(seeds[:TRIED])} strategies: {fault.name}")
