"""What a rule is compiled for, and how its compilation ends early."""

from __future__ import annotations

from datetime import date

from stratc.compiler.judge.facts import Facts
from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record


class Refused(Exception):
    """Internal: the first problem of a statement; collected where statements are compiled."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


@record
class Setting:
    """What a rule is compiled for. `applies` are the indices of the instruments that the rule is about."""

    facts: Facts
    day: date
    instruments: tuple[Instrument, ...]
    applies: tuple[int, ...]
