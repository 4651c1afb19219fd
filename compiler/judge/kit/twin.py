"""Two observers in one story: both are told the same events of one account, and it is seen where they part.

With guards off the breach is what they can part over, with guards on the denial. A version that does not stand in a
case is an observer that demands nothing.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Self

from stratc.compiler.ir.observer import EventKind, GuardTest, Observer, Requirement
from stratc.compiler.judge.observe import Machine, Situation
from stratc.compiler.judge.scenario_ending import scene_of
from stratc.compiler.judge.scenario_run import CannotHappen, Stage, opening
from stratc.compiler.judge.scenario_text import Action, Scenario
from stratc.runtime.model.instrument import Instrument


class Twin(Machine):
    """Two machines as one: it is told what has become of each."""

    def __init__(self, one: Observer, two: Observer) -> None:
        super().__init__(one)
        self.other = Machine(two)
        self.ended = (False, False)

    def start(self, situation: Situation) -> None:
        super().start(situation)
        self.other.start(situation)

    def observe(self, kind: EventKind, instrument: int, situation: Situation) -> tuple[Requirement, ...]:
        broken = super().observe(kind, instrument, situation)
        others = self.other.observe(kind, instrument, situation)
        self._end((bool(broken), bool(others)))
        return broken and others

    def denies(self, instrument: int, situation: Situation) -> GuardTest | None:
        test = super().denies(instrument, situation)
        other = self.other.denies(instrument, situation)
        self._end((test is not None, other is not None))
        return test if other is not None else None

    def copy(self) -> Self:
        made = super().copy()
        made.other, made.ended = self.other.copy(), self.ended
        return made

    def key(self) -> tuple[Fraction | int, ...]:
        return (*super().key(), *self.other.key())

    def _end(self, now: tuple[bool, bool]) -> None:
        self.ended = (self.ended[0] or now[0], self.ended[1] or now[1])


class TwinStage(Stage):
    """One account and both observers; with guards on breaches do not count, with guards off nothing is denied."""

    machine: Twin

    def __init__(
        self, one: Observer, two: Observer, given: Scenario, instruments: tuple[Instrument, ...], *, guarded: bool
    ) -> None:
        super().__init__(one, opening(given, scene_of(given, instruments)))
        self.machine = _Denials(one, two) if guarded else Twin(one, two)
        self.machine.start(self.account)
        self.guarded = guarded

    @property
    def parted(self) -> bool:
        """One has ended and the other has not."""
        return self.machine.ended[0] is not self.machine.ended[1]

    @property
    def ended(self) -> bool:
        """Both have: what follows decides nothing."""
        return all(self.machine.ended)

    def move(self, action: Action | None) -> None:
        """One action once, or a night."""
        if action is None:
            self.next_day()
        else:
            self.act(action, guarded=self.guarded)


class _Denials(Twin):
    """With guards on a breach is nobody's end."""

    def observe(self, kind: EventKind, instrument: int, situation: Situation) -> tuple[Requirement, ...]:
        before = self.ended
        super().observe(kind, instrument, situation)
        self.ended = before
        return ()


def parting(
    one: Observer, two: Observer, story: Scenario, instruments: tuple[Instrument, ...], *, guarded: bool
) -> Scenario | None:
    """The story as far as the action on which one observer ends and the other does not; None where they never part, and
    where the story cannot happen."""
    try:
        return _parting(one, two, story, instruments, guarded=guarded)
    except CannotHappen:
        return None


def _parting(
    one: Observer, two: Observer, story: Scenario, instruments: tuple[Instrument, ...], *, guarded: bool
) -> Scenario | None:
    stage = TwinStage(one, two, story, instruments, guarded=guarded)
    for number, day in enumerate(story.days):
        while stage.day < day.number:
            stage.move(None)
        for place, action in enumerate(day.actions):
            for times in range(1, action.times + 1):
                stage.move(action)
                if stage.parted:
                    last = replace(day, actions=(*day.actions[:place], replace(action, times=times)))
                    return replace(story, days=(*story.days[:number], last))
                if stage.ended:
                    return None
    return None
