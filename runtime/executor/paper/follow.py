"""A feed followed to its end: lines to bars, bars to moments, and what is said of everything that is not as it should
be.

The only place where a paper run meets time. `wall` None: time is what the bars say, and lines are taken as fast as they
come. With a wall clock a bar is taken when that says it is closed, and a moment is decided on a grace after its close.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final, Protocol

from stratc.runtime.executor.paper.moments import Moments
from stratc.runtime.executor.paper.record import Recorder
from stratc.runtime.executor.paper.taken import Alarm, AlarmKind, Taken
from stratc.runtime.feeds.live.sources import Source
from stratc.runtime.feeds.live.wire import FedBar, LineRefused, Wire
from stratc.runtime.model.record import record

NS: Final = 1_000_000_000
EARLY_NS: Final = 2 * NS
"""How far a feed's clock may go before ours."""
SILENT_INTERVALS: Final = 3
"""A market that is open and has said nothing for so many bars is silent."""
TICK_S: Final = 1.0
"""How often the wall clock is looked at where nothing comes."""


class WallClock(Protocol):
    """The clock port: nothing else in a paper run asks what time it is."""

    def now_ns(self) -> int:
        """UTC nanoseconds since 1970-01-01."""


class Ending(StrEnum):
    """How a run ended; all of them in order: what had come was decided on, and the report is whole."""

    ENDED = "the feed ended"
    STOPPED = "stopped"
    TIMED_OUT = "timed out"
    REFUSED = "refused"


@record
class Ended:
    """`words` say why where it is a problem, `remedy` what to do."""

    ending: Ending
    words: str = ""
    remedy: str = ""

    @property
    def is_problem(self) -> bool:
        return self.ending in (Ending.TIMED_OUT, Ending.REFUSED)


@record
class FollowPolicy:
    """`skips_bad_lines`: a line that cannot be read is an alarm, and not the end. Nothing for `timeout_s` ends the
    run."""

    skips_bad_lines: bool
    timeout_s: float


class Follower:
    """Follows one source. `taken` is told of every bar that counts; `stopping` says whether the run was told to
    stop."""

    def __init__(
        self,
        source: Source,
        wire: Wire,
        moments: Moments,
        alarm: Callable[[Alarm], None],
        *,
        policy: FollowPolicy,
        wall: WallClock | None,
        arrivals: WallClock,
        recorder: Recorder | None,
        taken: Callable[[Taken], None],
        stopping: Callable[[], bool],
    ) -> None:
        self.source, self.wire, self.moments, self.alarm = source, wire, moments, alarm
        self.policy, self.wall, self.arrivals = policy, wall, arrivals
        self.recorder, self.taken, self.stopping = recorder, taken, stopping
        self.numbers = {symbol: number for number, symbol in enumerate(moments.symbols)}
        self.lines = 0
        self.silent = False

    def run(self) -> Ended:
        """Follow it to the end, and decide on everything that has come."""
        ended = self._follow()
        self.moments.finish()
        return ended

    def _follow(self) -> Ended:
        heard_ns = self.arrivals.now_ns()
        while not self.stopping():
            lines = self.source.read(self._wait_s())
            now_ns = self.arrivals.now_ns()
            if lines is None:
                return Ended(ending=Ending.ENDED)
            if lines:
                heard_ns, self.silent = now_ns, False
            if self.wall is not None:
                self.moments.settle(now_ns)
                self._watch_silence(now_ns, heard_ns)
            ended = self._take_all(lines, now_ns)
            if ended is not None:
                return ended
            if now_ns - heard_ns > self.policy.timeout_s * NS:
                words = f"nothing has come for {self.policy.timeout_s:g} seconds"
                return Ended(ending=Ending.TIMED_OUT, words=words, remedy="look after the feed, or raise `--timeout`")
        return Ended(ending=Ending.STOPPED)

    def _wait_s(self) -> float:
        due = self.moments.due_ns()
        if due is None or self.wall is None:
            return min(TICK_S, self.policy.timeout_s)
        return min(TICK_S, max(0.0, (due - self.wall.now_ns()) / NS))

    def _take_all(self, lines: list[bytes], now_ns: int) -> Ended | None:
        for line in lines:
            self.lines += 1
            try:
                bar = self.wire.read(line, self.lines)
            except LineRefused as problem:
                self._record(line, now_ns, AlarmKind.BAD_LINE)
                if not self.policy.skips_bad_lines:
                    return Ended(ending=Ending.REFUSED, words=str(problem), remedy=problem.remedy)
                self.alarm(Alarm(kind=AlarmKind.BAD_LINE, symbol="", closed=0, words=str(problem)))
                continue
            if bar is None:
                self._record(line, now_ns, None)
                return Ended(ending=Ending.ENDED)
            ended = self._take(line, bar, now_ns)
            if ended is not None:
                return ended
        return None

    def _take(self, line: bytes, bar: FedBar, now_ns: int) -> Ended | None:
        taken = Taken(self.numbers[bar.symbol], bar.opened, bar.closed, *bar.values)
        words = self.moments.engine.beyond_bound(taken)
        if words:
            self._record(line, now_ns, AlarmKind.BEYOND_BOUND)
            return Ended(ending=Ending.REFUSED, words=words, remedy="say how high prices can be: `--price-max`")
        if self.wall is not None and bar.closed > now_ns + EARLY_NS:
            kind: AlarmKind | None = AlarmKind.EARLY
            self.alarm(Alarm(kind=AlarmKind.EARLY, symbol=bar.symbol, closed=bar.closed))
        else:
            kind = self.moments.refusal(taken)
        # What counts is written down before it is decided on.
        self._record(line, now_ns, kind)
        if kind is None:
            self.taken(taken)
            self.moments.take(taken)
        elif kind is not AlarmKind.EARLY:
            self.moments.tell(kind, taken)
        return None

    def _record(self, line: bytes, now_ns: int, left_out: AlarmKind | None) -> None:
        if self.recorder is not None:
            self.recorder.line(line, now_ns, left_out)

    def _watch_silence(self, now_ns: int, heard_ns: int) -> None:
        """An alarm where a market is open and its bars have not come, once for each silence."""
        if self.silent:
            return
        for symbol, fed in self.wire.fed.items():
            quiet_ns = now_ns - heard_ns
            if quiet_ns > SILENT_INTERVALS * fed.interval_ns and fed.calendar.is_trading(now_ns - quiet_ns):
                self.silent = True
                self.alarm(Alarm(kind=AlarmKind.SILENT, symbol=symbol, closed=now_ns, count=1))
                return
