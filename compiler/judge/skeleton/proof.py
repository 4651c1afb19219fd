"""Proofs by seeing every state (T1): the control skeleton of a program beside a rule's registers, rule guards off.

First the rule is tried on the skeleton with everything that the program says. Where no reachable state breaks it, every
assumption and every clause is left out in turn, and stays out where the rule is proved without: what is left is what
the proof needs, and it is named. The effort is counted in changes, not in seconds, so that the same question always has
the same answer; where it is used up, what was not left out yet is named too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.prove import Proof
from stratc.compiler.judge.sizes import sessions_are_days
from stratc.compiler.judge.skeleton.bounded import Cells
from stratc.compiler.judge.skeleton.explore import Explored, Explorer, Told
from stratc.compiler.judge.skeleton.outline import COUNTING, EVENTLESS, ORDERLY, WHOLE, Clause, clauses_of, outline_of
from stratc.compiler.judge.skeleton.registers import Registers, Unrepresentable
from stratc.runtime.model.record import record

# How often a change may be made for a question, which is half a second at most, and how many times what the proof
# took may be spent on finding what it needs.
WORK_MAX: Final = 120_000
WORK_MIN: Final = 4_000
WORK_FACTOR: Final = 2
COUNTED: Final = frozenset(word.value for word in COUNTING)
ALWAYS_ASSUMED: Final = ("A-cal", "A-excl", "A-flat", "A-oms")
START: Final = Clause(key="A-start", text="nothing was counted before the first day")
ASSUMPTIONS: Final = (START, EVENTLESS, WHOLE, ORDERLY)


@record
class History:
    """What the broker has counted: the times of a happening by business days before the first day."""

    happening: str
    counts: tuple[tuple[int, int], ...]


@record
class Attempt:
    """What the skeleton says of a rule: a proof, or the shortest events that lead to a breach, or why neither."""

    proof: Proof | None
    breach: tuple[Told, ...] | None
    note: str


NOT_SAID: Final = Attempt(proof=None, breach=None, note="")


def attempt(
    program: Program,
    observer: Observer,
    history: History | None,
    *,
    one_calendar: bool,
    flattened: bool = False,
    work_max: int = WORK_MAX,
) -> Attempt:
    """The skeleton's answer; `history` None where the account states none: that it is empty is an assumption then.

    `flattened`: a rule may close everything at the end of any moment.
    """
    try:
        question = _Question(program, observer, history, one_calendar=one_calendar, flattened=flattened)
        return question.answer(work_max)
    except Unrepresentable:
        return NOT_SAID


class _Question:
    """One rule on one program, asked with more clauses or fewer."""

    def __init__(
        self, program: Program, observer: Observer, history: History | None, *, one_calendar: bool, flattened: bool
    ) -> None:
        self._program = program
        self._flattened = flattened
        self._registers = Registers(observer)
        self._history = history
        self._clauses = clauses_of(program)
        self._alike = one_calendar and sessions_are_days(program, observer)
        if not one_calendar and len(program.instruments) > 1:
            raise Unrepresentable

    def answer(self, work_max: int) -> Attempt:
        """Asked on fewer clauses first, which is quicker: what is proved of more behaviour is proved of less."""
        left, seen = work_max, 0
        breach: tuple[Told, ...] | None = None
        for kept in self._stages():
            told, work = self._ask(kept, left)
            left, seen, breach = left - work, max(seen, told.states), told.breach
            if not told.complete:
                break
            if told.breach is None:
                kept, states = self._needed(kept, told.states, max(work * WORK_FACTOR, WORK_MIN))
                return replace(NOT_SAID, proof=self._proof(kept, states, tested=told.tested))
        if breach is not None:
            return replace(NOT_SAID, breach=breach)
        return replace(NOT_SAID, note=f"the control skeleton was given up after {seen:,} states")

    def _stages(self) -> Sequence[frozenset[str]]:
        """Without what counts bars and sessions and in any order of fills; with all but the order; with all."""
        every = frozenset(each.key for each in (*ASSUMPTIONS, *self._clauses))
        unordered = every - {ORDERLY.key}
        return tuple(dict.fromkeys((unordered - COUNTED, unordered, every)))

    def _needed(self, kept: frozenset[str], states: int, work_max: int) -> tuple[frozenset[str], int]:
        """What is left where every assumption and clause goes that the proof does without; the states that it saw."""
        left = work_max
        # Of several instruments another may have traded before an event of one, which is not modelled.
        stays = EVENTLESS.key if len(self._program.instruments) > 1 else ""
        for clause in (*ASSUMPTIONS, *self._clauses):
            if clause.key in kept and clause.key != stays and left > 0:
                told, work = self._ask(kept - {clause.key}, left)
                left -= work
                if told.complete and told.breach is None:
                    kept, states = kept - {clause.key}, told.states
        return kept, states

    def _ask(self, kept: frozenset[str], work_max: int) -> tuple[Explored, int]:
        explorer = Explorer(
            outline=outline_of(self._program, kept, flattened=self._flattened, days_alike=self._alike),
            listener=self._registers,
            asks=self._registers.asks,
            work_max=work_max,
        )
        return explorer.explore((self._start(kept),)), explorer.work

    def _start(self, kept: frozenset[str]) -> Cells:
        """What is stated of the time before; of the rest nothing is known, or that there was nothing is assumed."""
        history = History(happening="", counts=()) if self._history is None else self._history
        cells = self._registers.start if START.key in kept else self._registers.unstated(history.happening)
        for days_ago, times in history.counts:
            cells = self._registers.seeded(history.happening, days_ago, times, cells)
        return cells

    def _proof(self, kept: frozenset[str], states: int, *, tested: bool) -> Proof:
        needed = [clause.text for clause in self._clauses if clause.key in kept]
        assumed = {clause.key for clause in ASSUMPTIONS if clause.key in kept}
        said = [f"because of {' and '.join(needed)}"] if needed else []
        if not tested:
            said.append("what it tests never happens in this program")
        told = f"no run breaks it: all {states:,} states of the control skeleton were seen"
        borne = [] if ORDERLY.key in assumed else ["late fills"]
        borne += [] if WHOLE.key in kept else ["partial fills"]
        said += [f"it bears {' and '.join(borne)}"] if borne else []
        return Proof(
            because="; ".join([told, *said]),
            assumptions=tuple(sorted({*ALWAYS_ASSUMED, *assumed})),
            gap=None,
        )
