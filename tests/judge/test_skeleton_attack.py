"""The skeleton of a program allows all that the engine does, and what it proves no run breaks.

Strategies and markets are made at random. A skeleton with something forgotten, and a rule read too narrowly, are caught
by the same two questions: else they would say nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random

import pytest

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import EventKind, Observer, RegisterKind
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.skeleton.explore import Explorer
from stratc.compiler.judge.skeleton.follow import Event, explained
from stratc.compiler.judge.skeleton.outline import EVENTLESS, ORDERLY, WHOLE, Moment, Outline, clauses_of, outline_of
from stratc.compiler.judge.skeleton.proof import ASSUMPTIONS, attempt
from stratc.compiler.judge.skeleton.registers import MODELLED
from stratc.compiler.judge.skeleton.world import Moves, Step
from stratc.compiler.judge.watch import Watch
from stratc.runtime.model.instrument import identify
from tests.judge.generated import made_program
from tests.judge.hostile import hostile_run
from tests.judge.strategies import program_of

HEAD = 'rule made_up "made up"\n  in force from 2000-01-01\n'
QUICK = "define held per instrument: opening fill happened today with no closing fill since\n  "
RULES = {
    "day trades by openings": None,
    "day trades by changes": None,
    "two closings the same day in three days": f"{QUICK}define quick: event closing fill where held\n"
    "  at quick require count of quick in last 3 business days <= 2",
    "none on the day of the opening": f"{QUICK}define quick: event closing fill where held\n  at quick require 1 > 2",
    "four openings in five days": "at opening fill require count of opening fill in last 5 business days <= 3",
    "two openings a day": "at opening fill require count of opening fill today <= 2",
    "a day between": "at opening fill require business days since closing fill >= 1",
    "two orders that work": "at opening order require count of opening order not yet done <= 2",
    "one side": "never short_quantity > 0",
    "one held": "define open per instrument: (long_quantity > 0 or short_quantity > 0)\n"
    "  at opening fill require number of instruments where open <= 1",
}
CASES = 24
# Counted beside events: runs with more paths than are looked through.
GIVEN_UP = "given up"


@cache
def day_trader():
    return next(rule for pack in load_packs() for rule in pack.rules if rule.id == "us.finra.pattern_day_trader")


def observer_of(name: str, program: Program) -> Observer:
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    facts = {"broker.day_trade_counting": "direction_changes" if name == "day trades by changes" else None}
    setting = Setting(
        facts=facts, day=date(2026, 5, 1), instruments=instruments, applies=tuple(range(len(instruments)))
    )
    text = RULES[name]
    statements = day_trader().statements if text is None else parse_block(f"{HEAD}  {text}\n", 0)[0]
    observer, problems = compile_rule(name, statements, setting)
    assert observer is not None, problems
    return observer


def outlines(program: Program) -> tuple[Outline, Outline]:
    """All that the program says, in the engine's order; and nothing taken for granted that need not be."""
    every = frozenset(each.key for each in (*ASSUMPTIONS, *clauses_of(program)))
    return outline_of(program, every - {EVENTLESS.key}), outline_of(program, every - {ORDERLY.key, WHOLE.key})


def watched(program: Program, observers) -> Watch:
    return Watch(observers, armed=0)


def events_of(watch: Watch) -> list[Event]:
    sided = {EventKind.ORDER_OPENING, EventKind.ORDER_CLOSING, EventKind.FILL_OPENING, EventKind.FILL_CLOSING}
    return [
        Event(kind=each.kind, instrument=each.instrument, side=each.side if each.kind in sided else 0)
        for each in watch.happenings
        if each.kind is not EventKind.MARK
    ]


def programs(first: int, count: int) -> list[Program]:
    found = [(seed, made_program(seed)) for seed in range(first, first + count)]
    return [program for _, program in found if program is not None]


# ── conformance ──────────────────────────────────────────────────────────────────────────────────────────────────────


def mismatches(first: int, count: int) -> tuple[list[str], Counter]:
    """Runs that some skeleton of their program has no path for, and how often each event was explained."""
    wrong, seen = [], Counter()
    for number, program in enumerate(programs(first, count)):
        watch = Watch((observer_of("one held", program),), armed=0)
        hostile_run(program, watch, Random(number), eventful=False)
        events = events_of(watch)
        seen.update(each.kind for each in events)
        for outline in outlines(program)[number % 2 : number % 2 + 1]:
            known = explained(outline, events)
            if known is None:
                seen[GIVEN_UP] += 1
            elif known != len(events):
                near = events[max(known - 6, 0) : known + 2]
                wrong.append(f"{program.source_text}\n{known} of {len(events)}: {near}")
    return wrong, seen


def test_every_run_of_the_engine_is_a_path_of_the_skeleton():
    wrong, seen = mismatches(0, CASES)
    assert wrong == [], wrong[0]
    assert min(seen[kind] for kind in MODELLED) > 50
    assert seen[GIVEN_UP] == 0


@pytest.mark.slow
def test_every_run_of_the_engine_is_a_path_of_the_skeleton_at_length():
    wrong, seen = mismatches(10_000, 1_500)
    assert wrong == [], wrong[0]
    assert seen[GIVEN_UP] < 30


# ── attack ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def names_for(number: int) -> list[str]:
    """Three rules for each program, all of them in turn."""
    names = list(RULES)
    return [names[(3 * number + k) % len(names)] for k in range(3)]


def broken(first: int, count: int, runs: int, prove=attempt) -> tuple[list[str], Counter]:
    """Rules called proved that a run breaks, and what was tried: bars, and proofs by rule."""
    wrong, tried = [], Counter()
    for number, program in enumerate(programs(first, count)):
        proved = []
        for name in names_for(number):
            observer = observer_of(name, program)
            answer = prove(program, observer, None, one_calendar=True)
            if answer.proof is not None:
                proved.append((observer, answer.proof))
                tried[name] += 1
        if not proved:
            continue
        for run in range(runs):
            # An end of an instrument and a split are borne where the proof does not assume that there is none.
            eventful = run % 2 == 1
            borne = [(each, proof) for each, proof in proved if not eventful or "A-corp" not in proof.assumptions]
            if not borne:
                continue
            watch = watched(program, [each for each, _ in borne])
            made = hostile_run(program, watch, Random(1_000 * number + run), eventful=eventful)
            tried["bars"] += len(made.columns.close)
            for breach in watch.breaches[:1]:
                observer, proof = borne[breach.observer]
                wrong.append(f"{observer.rule}: {proof.because}\n{program.source_text}")
    return wrong, tried


def test_what_the_skeleton_proves_no_run_breaks():
    wrong, tried = broken(0, 16, 8)
    assert wrong == [], wrong[0]
    assert tried["bars"] > 4_000
    assert len(tried) > 6, tried


@pytest.mark.slow
def test_what_the_skeleton_proves_no_run_breaks_at_length():
    wrong, tried = broken(20_000, 800, 8)
    assert wrong == [], wrong[0]
    assert tried["bars"] > 250_000


# ── planted ──────────────────────────────────────────────────────────────────────────────────────────────────────────

STOPPED = """strategy "Stopped"
trade   SPY on 1 day
account margin USD

rule enter
  when flat and close > open
  then buy 50% of equity at next open
       stop loss at close * 0.995
"""
COUNTED = """strategy "Counted"
trade   SPY on 30 min, regular session
account margin USD

rule enter
  when flat
  then buy 50% of equity
       stop loss at close * 0.999
       target 1R

cap day_trades 2 per 3 sessions
"""
FLATTENED = """strategy "Flattened"
trade   SPY on 30 min, regular session
account margin USD

rule enter
  when flat
  then buy 90% of equity

halt at daily loss 0.5% of equity at last close, flatten, until next session
"""


def holes(text: str, runs: int) -> int:
    """How many runs of a program its skeleton, in the engine's order, has no path for."""
    program = program_of(text)
    found = 0
    for number in range(runs):
        watch = Watch((observer_of("one held", program),), armed=0)
        hostile_run(program, watch, Random(number), eventful=False)
        events = events_of(watch)
        found += explained(outlines(program)[0], events) not in {None, len(events)}
    return found


def test_stop_fills_on_the_bar_of_the_entry_that_are_forgotten_are_found_out(monkeypatch):
    assert holes(STOPPED, 4) == 0
    whole = Explorer._moves

    def before_entries_only(self, phase, at):
        # As if stop losses rested from the bar after the entry's on.
        moves = self.moves
        protections = moves.protections
        moves.protections = lambda *_: iter(())
        yield from whole(self, phase, at)
        moves.protections = protections
        if phase.exits and Moment.OPEN in phase.moment:
            yield from protections(at, phase.instrument)

    monkeypatch.setattr(Explorer, "_moves", before_entries_only)
    assert holes(STOPPED, 4) > 0


def test_a_halt_that_is_forgotten_is_found_out(monkeypatch):
    assert holes(FLATTENED, 3) == 0
    monkeypatch.setattr(Moves, "flatten", lambda self, world, kind: (Step(None, 0, 0, world),))
    assert holes(FLATTENED, 3) > 0


def in_a_shorter_window(program, observer, history, *, one_calendar):
    rings = (
        replace(each, days=each.days - 1) if each.kind is RegisterKind.RING else each for each in observer.registers
    )
    return attempt(program, replace(observer, registers=tuple(rings)), history, one_calendar=one_calendar)


def breaches(text: str, rule: str, prove, runs: int) -> int | None:
    """How often runs break a rule that is called proved; None where it is not."""
    program = program_of(text)
    observer = observer_of(rule, program)
    if prove(program, observer, None, one_calendar=True).proof is None:
        return None
    found = 0
    for run in range(runs):
        watch = Watch((observer,), armed=0)
        hostile_run(program, watch, Random(run), eventful=False)
        found += len(watch.breaches)
    return found


def test_a_window_that_is_a_day_too_short_is_found_out():
    rule = "two closings the same day in three days"
    assert breaches(COUNTED, rule, attempt, 3) == 0
    shorter = COUNTED.replace("2 per 3 sessions", "2 per 2 sessions")
    assert breaches(shorter, rule, attempt, 3) is None
    assert breaches(shorter, rule, in_a_shorter_window, 3) > 0


def test_a_cap_that_does_not_reserve_is_found_out(monkeypatch):
    """A skeleton in which a cap refuses more than the engine's does proves too much."""
    looser = COUNTED.replace("2 per 3 sessions", "3 per 3 sessions")
    assert breaches(looser, "two closings the same day in three days", attempt, 3) is None
    monkeypatch.setattr(Moves, "_is_capped", refuses_a_third)
    assert breaches(looser, "two closings the same day in three days", attempt, 3) > 0


def refuses_a_third(self, world, i, kind):
    reserved = sum(place.armed + any(place.entries) for place in world.places)
    return sum(world.day_trades) + reserved >= 2
