"""Whether a rule is kept where no price moves by more than a gap: k-induction (k = 1) with invariants from templates.

First what every moment keeps is found, then asked whether a moment that starts so can break the rule. Which invariants
the proof needs is read off an unsatisfiable core. The effort is counted by the solver's own steps, not in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import z3

from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.values.invariants import candidates, kept_by_all, view_of
from stratc.compiler.judge.values.model import Model
from stratc.compiler.judge.values.reading import NotLinear
from stratc.compiler.judge.values.step import Moment, beginning, sane, state
from stratc.compiler.judge.values.watched import Watched, register_start, register_state

Expression = Any
EFFORT: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """The rule is kept: the invariants that show it."""

    invariants: tuple[str, ...]


class Question:
    """A rule on a model, asked for one gap after another."""

    def __init__(self, model: Model, observer: Observer) -> None:
        self._model = model
        self._observer = observer

    def kept_within(self, gap: Fraction) -> Kept | None:
        """What shows that no run breaks the rule where no price moves by more than this; None where nothing does."""
        model, observer = self._model, self._observer
        before = state(model, "before", register_state(observer, "before"))
        after = state(model, "after", register_state(observer, "after"))
        moment = Moment(model=model, gap=gap, before=before, after=after, name="moment")
        try:
            watched = Watched(observer, moment)
            tried = candidates(model, observer, gap)
            starts = [*beginning(model, before), *register_start(observer, before.registers, view_of(before))]
        except NotLinear:
            return None
        same = [one == two for one, two in zip(after.registers, watched.after, strict=True)]
        whole = z3.And([*moment.constraints, *sane(before), *sane(after), *same])
        kept = kept_by_all(tried, whole, before, after, z3.And([*starts, *sane(before)]), EFFORT)
        if kept is None:
            return None
        solver = z3.Solver()
        solver.set("rlimit", EFFORT)
        solver.add(whole, watched.broken)
        named = {f"kept {number}": each for number, each in enumerate(kept)}
        for name, each in named.items():
            solver.assert_and_track(each.holds(before), name)
        if solver.check() != z3.unsat:
            return None
        core = {str(each) for each in solver.unsat_core()}
        return Kept(invariants=tuple(each.text for name, each in named.items() if name in core))
