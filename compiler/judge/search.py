"""The search for counterexamples: real runs on made-up markets, rule guards off, until a rule breaks.

A breach is shrunk (fewer sessions with anything in them, smaller moves), replayed, and replayed once more with the
rule's guard on, which names the order that would have been refused. The effort is counted in bars, weighed by what is
computed on them and told of them, and not in seconds, so that the same strategy always gets the same verdict. Finding
nothing means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Final, Protocol

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.market import QUIET, SessionPlan, Shape, Stage, make_bars, set_stage
from stratc.compiler.judge.rig import Frame, MadeBar, Run, frame_of, set_up
from stratc.compiler.judge.watch import Watch
from stratc.runtime.engine.codes import ROW_INSTRUMENT_SHIFT, ROW_INSTRUMENTS
from stratc.runtime.executor.scale import RunRefused
from stratc.runtime.executor.terms import Terms
from stratc.runtime.model.clock import EveryPeriod, Period, Schedule
from stratc.runtime.model.instrument import Instrument, InstrumentKind
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.judge.values.critical import Steps

# What a bar, a value computed on it, a rule tried on it, an event told to an observer and a bar's place in time are
# taken to cost, in millionths of a CPU second, on the slow side; fitted by `tests/bench/search.py`.
PER_BAR: Final = 90
PER_VALUE: Final = 5
PER_RULE: Final = 18
PER_EVENT: Final = 36
PER_FRAME: Final = 60
EFFORT_PER_SECOND: Final = 1_000_000
HORIZON_SESSIONS: Final = 20
# What is due once a month is due at least once in so many sessions, and its orders fill.
MONTH_SESSIONS: Final = 25
CALMER: Final = 7
SHORT_SESSIONS: Final = 6
# Where a session has many bars, what breaks within one or two is looked for first.
FEW_SESSIONS: Final = 2
MANY_BARS: Final = 100
AMPLITUDES: Final = (0.02, 0.006, 0.05)
# Currencies move less in a day, and a box of many pips is no box of theirs.
AMPLITUDES_OF: Final = {InstrumentKind.FOREX: (0.006, 0.02, 0.05)}
GAPS: Final = (0.0, 0.01, -0.01, 0.03, -0.03)
SHAPES: Final = (
    Shape.BREAKOUT_UP,
    Shape.FAILED_UP,
    Shape.BREAKOUT_DOWN,
    Shape.CHOP,
    Shape.DIP,
    Shape.FAILED_DOWN,
    Shape.PEAK,
    Shape.UP,
    Shape.DOWN,
)


@record
class Found:
    """A breach: the observer by its index, the run that shows it, and what its guard refused (None: nothing)."""

    observer: int
    run: Run
    guarded: Run | None


@record
class Outcome:
    """What a search came to: the shrunk plans of every breach, with the observer's index."""

    breaches: tuple[tuple[int, tuple[SessionPlan, ...]], ...]


class Kept(Protocol):
    """Where outcomes are kept by all that a search depends on, and the answers of proofs in values by what they do."""

    def find(self, asked: tuple[object, ...]) -> Outcome | None: ...

    def keep(self, asked: tuple[object, ...], outcome: Outcome) -> None: ...

    def find_steps(self, asked: tuple[object, ...]) -> Steps | None: ...

    def keep_steps(self, asked: tuple[object, ...], steps: Steps) -> None: ...


@record
class Account:
    """What a run starts from: the terms, and day trades in the days before, by business days ago."""

    terms: Terms
    day_trades: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Chance:
    """Whole numbers that look random and never change: a linear congruential sequence (Knuth, MMIX)."""

    state: int = 1

    def below(self, bound: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % bound


@dataclass(slots=True)
class _Search:
    program: Program
    instruments: tuple[Instrument, ...]
    observers: tuple[Observer, ...]
    account: Account
    stage: Stage
    effort_left: int
    calm: bool = False
    frame: Frame | None = None
    found: dict[int, Found] = field(default_factory=dict)
    shrunk: dict[int, tuple[SessionPlan, ...]] = field(default_factory=dict)

    def run(self, plans: Sequence[SessionPlan], observers: Sequence[Observer], *, armed: int) -> Run:
        """One run to its end, or to the first breach of each observer."""
        watch = Watch(observers, armed=armed)
        for days_ago, times in self.account.day_trades:
            watch.seed("day_trade", days_ago, times)
        bars = make_bars(self.stage, plans)
        made = set_up(self.program, self.instruments, bars, self._frame(bars), self.account.terms, watch)
        rows = 0
        for session in range(len(made.ends)):
            made.drive(session)
            rows = made.ends[session]
            if watch.breaches and len({breach.observer for breach in watch.breaches}) == len(observers):
                break
        each = PER_BAR + PER_VALUE * made.strategy.values_a_bar + PER_RULE * len(self.program.rules)
        self.effort_left -= rows * each + PER_EVENT * len(watch.happenings) * len(observers)
        return made

    def _frame(self, bars: Sequence[MadeBar]) -> Frame:
        """The longest frame so far, cut to these bars; a new one where it does not reach."""
        if self.frame is None or not self.frame.fits(bars):
            self.frame = frame_of(self.program, self.instruments, bars)
            self.effort_left -= PER_FRAME * len(bars)
        return self.frame.cut(len(bars))

    def broken(self, plans: Sequence[SessionPlan], observer: Observer) -> bool:
        return bool(self.run(plans, (observer,), armed=0).watch.breaches)

    def search(self) -> None:
        """Fixed plans over a short horizon, then over the whole one, then mixed ones, while there is budget."""
        for plans in _plans(self.stage):
            open_ = [index for index in range(len(self.observers)) if index not in self.found]
            if not open_ or self.effort_left <= 0:
                return
            made = self.run(plans, [self.observers[index] for index in open_], armed=0)
            for place in sorted({breach.observer for breach in made.watch.breaches}):
                index = open_[place]
                self.found[index] = self._settle(index, plans)

    def _settle(self, index: int, plans: Sequence[SessionPlan]) -> Found:
        """The shrunk counterexample, replayed with the guard off and then on."""
        small = self._shrink(list(plans), self.observers[index])
        self.shrunk[index] = tuple(self._calmed(small, self.observers[index]) if self.calm else small)
        return self._shown(index, self.shrunk[index])

    def replays(self, outcome: Outcome) -> bool:
        """Take a search's outcome over, by replaying every breach; without one where any does not break its rule."""
        budget = self.effort_left
        if all(0 <= index < len(self.observers) for index, _ in outcome.breaches):
            self.found = {index: self._shown(index, plans) for index, plans in outcome.breaches}
            if all(found.run.watch.breaches for found in self.found.values()):
                return True
        # As if nothing had been replayed: what is searched never depends on what was kept.
        self.found, self.frame, self.effort_left = {}, None, budget
        return False

    def _shown(self, index: int, small: Sequence[SessionPlan]) -> Found:
        observer = self.observers[index]
        bare = self.run(small, (observer,), armed=0)
        guarded = self.run(small, (observer,), armed=1) if observer.guards else None
        return Found(observer=index, run=bare, guarded=guarded)

    def _calmed(self, plans: list[SessionPlan], observer: Observer) -> list[SessionPlan]:
        """The same plans with all moves as much smaller as they can be and still break the rule."""
        low, high, calmest = 0.0, 1.0, plans
        for _ in range(CALMER):
            middle = (low + high) / 2
            calmer = [replace(each, amplitude=each.amplitude * middle, gap=each.gap * middle) for each in plans]
            if self.broken(calmer, observer):
                high, calmest = middle, calmer
            else:
                low = middle
        return calmest

    def _shrink(self, plans: list[SessionPlan], observer: Observer) -> list[SessionPlan]:
        """Leave out sessions, then flatten moves, as long as the rule still breaks."""
        reserve = self.effort_left // 2
        for size in (len(plans) // 2, len(plans) // 4, 1):
            at = len(plans) - 1
            while size and at >= 0 and self.effort_left > reserve:
                shorter = plans[: max(at - size + 1, 0)] + plans[at + 1 :]
                if shorter and self.broken(shorter, observer):
                    plans = shorter
                at -= size
        for at in range(len(plans)):
            for flatter in (QUIET, replace(plans[at], gap=0.0), replace(plans[at], amplitude=plans[at].amplitude / 2)):
                candidate = [*plans[:at], flatter, *plans[at + 1 :]]
                if self.effort_left > reserve and flatter != plans[at] and self.broken(candidate, observer):
                    plans = candidate
        return plans


def search(
    program: Program,
    instruments: Sequence[Instrument],
    observers: Sequence[Observer],
    account: Account,
    as_of: date,
    budget_seconds: float,
    kept: Kept | None = None,
    *,
    horizon: int | None = None,
    calm: bool = False,
) -> tuple[dict[int, Found], str]:
    """The breaches found, by the observers' indices, and why nothing could be tried where that is so.

    `horizon` is how many sessions are looked ahead. `calm`: a breach is shown with moves as small as they can be.
    """
    if not observers:
        return {}, ""
    horizon = horizon_of(program) if horizon is None else horizon
    stage = set_stage(program, instruments, as_of, horizon)
    if stage is None:
        return {}, f"the calendars have no {horizon} sessions from {as_of} on to search through"
    hunt = _Search(
        program=program,
        instruments=tuple(instruments),
        observers=tuple(observers),
        account=account,
        stage=stage,
        effort_left=int(budget_seconds * EFFORT_PER_SECOND),
        calm=calm,
    )
    asked = (program, hunt.instruments, hunt.observers, account, as_of, budget_seconds, horizon, calm)
    before = None if kept is None else kept.find(asked)
    try:
        if before is None or not hunt.replays(before):
            hunt.search()
            if kept is not None:
                kept.keep(asked, Outcome(breaches=tuple(sorted(hunt.shrunk.items()))))
    except RunRefused as refused:
        return {}, str(refused)
    return hunt.found, ""


def largest_move(run: Run) -> Fraction:
    """How far a price of a run is from the close before, as a fraction of it, up to the first breach."""
    first = run.watch.breaches[0].happening if run.watch.breaches else -1
    last = run.watch.happenings[first].row if first >= 0 else len(run.columns.close) - 1
    closes: dict[int, float] = {}
    largest = 0.0
    for row in range(last + 1):
        i = (run.columns.rows[row] >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS
        prices = [column[row] for column in (run.columns.open, run.columns.high, run.columns.low, run.columns.close)]
        if i in closes:
            largest = max(largest, *(abs(price / closes[i] - 1) for price in prices))
        closes[i] = prices[-1]
    return Fraction(largest).limit_denominator(1_000_000)


def horizon_of(program: Program) -> int:
    """How many sessions the search looks ahead."""
    kinds = [rule.schedule.kind for rule in program.rules if isinstance(rule.schedule, Schedule)]
    monthly = any(isinstance(kind, EveryPeriod) and kind.period is Period.MONTH for kind in kinds)
    return MONTH_SESSIONS if monthly else HORIZON_SESSIONS


def _plans(stage: Stage) -> Iterator[list[SessionPlan]]:
    """Sessions that are all alike first: they are what a rule a session is broken by; then mixtures."""
    amplitudes = AMPLITUDES_OF.get(stage.instruments[0].kind, AMPLITUDES)
    horizon = len(stage.sessions) - stage.quiet
    # Where warming up is most of a run, a short one is hardly shorter.
    short = SHORT_SESSIONS if stage.quiet < horizon else horizon
    if stage.bars_per_session >= MANY_BARS:
        for shape in SHAPES:
            yield [SessionPlan(shape=shape, amplitude=amplitudes[0], gap=0.0)] * FEW_SESSIONS
    for length in dict.fromkeys((short, horizon)):
        for amplitude, shape in product(amplitudes, SHAPES):
            yield [SessionPlan(shape=shape, amplitude=amplitude, gap=0.0)] * length
        if length == short:
            yield from _waves(amplitudes, horizon)
    chance = Chance()
    while True:
        yield [
            SessionPlan(
                shape=SHAPES[chance.below(len(SHAPES))],
                amplitude=amplitudes[chance.below(len(amplitudes))],
                gap=GAPS[chance.below(len(GAPS))],
            )
            for _ in range(horizon)
        ]


def _waves(amplitudes: Sequence[float], horizon: int) -> Iterator[list[SessionPlan]]:
    """Sessions up and down in turn, for strategies that hold over days."""
    for period in (1, 2, 4):
        for amplitude in amplitudes:
            up = [SessionPlan(shape=Shape.UP, amplitude=amplitude, gap=0.0)] * period
            down = [SessionPlan(shape=Shape.DOWN, amplitude=amplitude, gap=0.0)] * period
            yield ((down + up) * horizon)[:horizon]


def days_before(as_of: date, days: Sequence[date]) -> tuple[tuple[int, int], ...]:
    """How many of these days were how many weekdays before the first day of a run."""
    counts: dict[int, int] = {}
    for day in days:
        if day < as_of:
            between = sum(1 for k in range((as_of - day).days) if (day + timedelta(k)).isoweekday() <= 5)
            counts[between] = counts.get(between, 0) + 1
    return tuple(sorted(counts.items()))
