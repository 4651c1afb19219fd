"""What every moment keeps: relations from templates, of which those are left that all moments keep together (Houdini).

A template has holes for multiples; which of them help is not known before, and a template too many costs only time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product
from typing import Any, Final

import z3

from stratc.compiler.ir.observer import Observer, RegisterKind
from stratc.compiler.judge.values.model import Level, Model
from stratc.compiler.judge.values.reading import Reading, followed
from stratc.compiler.judge.values.step import AT_MARK, Place, Side, State, View, based, number

Expression = Any
# Bounds of exposure as multiples of equity.
MULTIPLES: Final = (
    *(Fraction(k, 20) for k in range(1, 21)),
    *(Fraction(k, 4) for k in (5, 6, 7, 8, 10, 12, 16, 24, 40)),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A relation of a state, and how it is told."""

    text: str
    holds: Callable[[State], Expression]


def candidates(model: Model, observer: Observer, gap: Fraction) -> list[Candidate]:
    """Every relation that is tried."""
    return [
        Candidate("equity is above nought", lambda at: at.equity > 0),
        *_of_sides(model),
        *_of_exposure(model, gap),
        *_of_levels(model, gap),
        *_of_order(model, observer),
        *_of_rule(observer),
    ]


def _of_sides(model: Model) -> Iterator[Candidate]:
    """Which sides there are, and that an instrument has one at a time."""

    def of_all(holds: Callable[[Place], Expression]) -> Callable[[State], Expression]:
        return lambda at: z3.And([holds(place) for place in at.places])

    def empty(side: Side) -> Expression:
        return z3.And(side.held == 0, side.working == 0)

    yield Candidate("nothing is sold short", of_all(lambda place: empty(place.short)))
    yield Candidate("nothing is bought", of_all(lambda place: empty(place.long)))
    yield Candidate(
        "an instrument is held on one side", of_all(lambda place: z3.Or(empty(place.long), empty(place.short)))
    )
    yield Candidate(
        "entries work only where nothing is held",
        of_all(
            lambda place: z3.Or(
                z3.And([side.held == 0 for side in place.sides]), z3.And([side.working == 0 for side in place.sides])
            )
        ),
    )
    yield Candidate(
        "no entry works where all is being closed",
        of_all(lambda place: z3.Implies(place.leaving, z3.And([side.working == 0 for side in place.sides]))),
    )


def _of_exposure(model: Model, gap: Fraction) -> Iterator[Candidate]:
    """What is held, and what works at what it may cost, is bounded by equity."""
    dearer = number((1 + gap) * (1 + model.cost * (1 + gap) ** 2))
    of_all = model.position * model.places

    def at_most(multiple: Fraction) -> Callable[[State], Expression]:
        return lambda at: at.held + dearer * at.working <= number(multiple) * at.equity

    yield Candidate(
        f"entries that work are at most {float(of_all):g} times equity",
        lambda at: at.working <= number(of_all) * at.equity,
    )
    for multiple in sorted({*MULTIPLES, model.position, *([] if model.gross is None else [model.gross])}):
        yield Candidate(f"positions and orders are at most {float(multiple):g} times equity", at_most(multiple))


def _of_levels(model: Model, gap: Fraction) -> Iterator[Candidate]:
    """Where a halt closes all, what is held has lost one move or two since equity was at its level."""
    move = gap + 2 * model.cost * (1 + gap) ** 2
    for level in model.levels:
        yield _above(model, level, level.multiple, "orders work", lambda at: at.working == 0)
        yield _above(model, level, level.multiple, "what nothing closes is held", _all_leaving)
        for moves, exposure in product((1, 2), MULTIPLES):
            if move * exposure < 1:
                multiple = level.multiple * (1 - move * exposure) ** moves
                yield _above(model, level, multiple, "anything is held", lambda at: at.held == 0)


def _all_leaving(at: State) -> Expression:
    return z3.And([z3.Or(place.leaving, place.long.held + place.short.held == 0) for place in at.places])


def _above(
    model: Model, level: Level, multiple: Fraction, what: str, unless: Callable[[State], Expression]
) -> Candidate:
    """Something is only at this multiple of a halt's base or above."""

    def holds(at: State) -> Expression:
        return z3.Or(unless(at), at.equity >= number(multiple) * based(model, level.base, at.close, at.peak))

    return Candidate(f"{what} only at {float(multiple):.4g} times {level.base} or above", holds)


def _of_order(model: Model, observer: Observer) -> Iterator[Candidate]:
    """Which of two equities is never the smaller one."""

    def kept_at(place: int) -> Callable[[State], Expression]:
        return lambda at: at.registers[place]

    def at_most(
        one: Callable[[State], Expression], two: Callable[[State], Expression]
    ) -> Callable[[State], Expression]:
        return lambda at: one(at) <= two(at)

    numbers: list[tuple[str, Callable[[State], Expression]]] = [
        ("equity", lambda at: at.equity),
        ("equity at last close", lambda at: at.close),
        ("peak equity", lambda at: at.peak),
        ("equity at the start", lambda at: number(model.equity)),
    ]
    for place, index in enumerate(followed(observer)):
        if observer.registers[index].kind is RegisterKind.HIGHEST:
            numbers.append((f"`{observer.registers[index].name}`", kept_at(place)))
    for (less, one), (more, two) in permutations(numbers, 2):
        yield Candidate(f"{less} is at most {more}", at_most(one, two))


def _of_rule(observer: Observer) -> Iterator[Candidate]:
    """What the rule demands, as far as it is of what is kept."""
    for requirement in observer.requirements:

        def holds(at: State, requirement: Any = requirement) -> Expression:
            registers = dict(zip(followed(observer), at.registers, strict=True))
            view = view_of(at)
            reading = Reading(observer, view, registers, "kept")
            told = [reading.of(each).truth(requirement.condition) for each in observer.instruments]
            return z3.And([] if reading.unknown else told)

        yield Candidate("the rule holds at the mark", holds)


def view_of(at: State) -> View:
    """A state as a rule sees it."""
    held = tuple((place.long.held, place.short.held) for place in at.places)
    return View("state", AT_MARK, at.equity, at.close, held, None)


def kept_by_all(
    tried: Sequence[Candidate], moment: Expression, before: State, after: State, start: Expression, effort: int
) -> list[Candidate] | None:
    """The candidates that hold at the start and that every moment keeps where all of them held; None where the solver
    gives up."""
    left = list(tried)
    for first, state in ((True, before), (False, after)):
        solver = z3.Solver()
        solver.set("rlimit", effort)
        solver.add(start if first else moment)
        while left:
            solver.push()
            if not first:
                solver.add([each.holds(before) for each in left])
            solver.add(z3.Not(z3.And([each.holds(state) for each in left])))
            answer = solver.check()
            if answer == z3.unknown:
                return None
            if answer == z3.unsat:
                break
            found = solver.model()
            left = [each for each in left if z3.is_true(found.eval(each.holds(state), model_completion=True))]
            solver.pop()
    return left
