"""Generated code of programs that trade pairs is the interpreter, bit for bit, and so is each value on every bar."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from stratc.compiler.ir.nodes import Across, OfLeg, PortionKind
from stratc.compiler.ir.uses import comparing
from stratc.compiler.ir.verify import verify, violations
from stratc.compiler.passes import apply_passes
from tests.differential import corpus
from tests.differential.bars import make_bars
from tests.differential.compiled import compile_programs
from tests.differential.programs_of_pairs import PLACES, READ, make_pairs
from tests.differential.running import difference, run_compiled, run_interpreted

COUNT, FEW = 12, 6


def made(first: int, count: int):
    return [verify(make_pairs(Random(seed))) for seed in range(first, first + count)]


def bars_of(seed: int, moments: int = 80):
    return make_bars(Random(seed), instruments=len(PLACES) + len(READ), moments=moments)


def compared(programs, folder, seeds):
    """The programs and bars on which the two differ, written to the corpus."""
    module = compile_programs(programs, folder)
    for number, program in enumerate(programs):
        for seed in seeds:
            bars = bars_of(1_000 * number + seed)
            found = difference(
                program, run_interpreted(program, bars), run_compiled(module, f"Strategy{number}", program, bars)
            )
            if found:
                corpus.write(program, bars, found)
                yield number, seed, found


@pytest.mark.compiled
def test_compiled_is_interpreted(tmp_path):
    assert not list(compared(made(0, FEW), tmp_path, range(2)))


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.parametrize("first", [1_000, 2_000])
def test_many_more_programs(first, tmp_path):
    assert not list(compared(made(first, 50), tmp_path, range(8)))


def test_what_is_made_reaches_what_pairs_are_for():
    """Values of legs, pairs compared by them, and orders of both legs."""
    programs = made(0, COUNT)
    operations = [node.operation for program in programs for node in program.nodes]
    assert sum(isinstance(each, OfLeg) for each in operations) > 20
    assert sum(isinstance(each, Across) for each in operations) > 8
    assert sum(bool(comparing(program)) for program in programs) > 3
    assert sum(run_interpreted(program, bars_of(1)).totals[1] for program in programs) > 200


@pytest.mark.parametrize("seed", range(6))
def test_passes_keep_the_meaning(seed):
    program, bars = make_pairs(Random(seed)), bars_of(seed, moments=40)
    before, after = (run_interpreted(each, bars) for each in (program, apply_passes(program)))
    assert (after.totals, after.logs, after.equity) == (before.totals, before.logs, before.equity)


@pytest.mark.fast
def test_what_is_no_program_of_pairs_is_found():
    """The verifier proves itself."""
    program = next(each for each in made(0, COUNT) if any(rule.both for rule in each.rules))
    leaving = next(rule for each in made(0, COUNT) for rule in each.rules if not rule.both)
    broken = {
        "no pairs": replace(program, instruments=PLACES[:3]),
        "orders one leg": replace(
            program, rules=(replace(next(rule for rule in program.rules if rule.both), both=False),)
        ),
        "does not fit its arguments": replace(
            program,
            pairs=False,
            nodes=next(e for e in made(0, COUNT) if any(isinstance(n.operation, OfLeg) for n in e.nodes)).nodes,
        ),
        "close one leg": replace(
            program,
            rules=(
                replace(
                    leaving,
                    condition=None,
                    intents=(replace(leaving.intents[0], portion=PortionKind.QUANTITY, node=0),),
                ),
            ),
        ),
    }
    for told, each in broken.items():
        assert told in " ".join(violations(each)), told
