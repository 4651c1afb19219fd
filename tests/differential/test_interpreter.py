"""Generated code is the interpreter, bit for bit: values, orders, fills, denials, equity.

One extension module holds all programs of a test run; hypothesis makes the bars. A disagreement is written to
`corpus/` and replayed from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from types import ModuleType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stratc.compiler.emit import module as emitted
from stratc.compiler.emit import truth
from stratc.compiler.ir.nodes import ComparisonOperator, Program
from stratc.compiler.ir.verify import verify
from stratc.compiler.passes import PASSES, apply_passes
from tests.differential import corpus
from tests.differential.bars import make_bars
from tests.differential.building import workload_a, workload_b
from tests.differential.compiled import compile_programs
from tests.differential.programs import make_logic_program, make_program
from tests.differential.running import difference, run_compiled, run_interpreted

FEW, MANY = 16, 60


def make(seed):
    return make_logic_program(Random(seed)) if seed % 3 == 0 else make_program(Random(seed), instruments=1 + seed % 3)


def programs(first, count):
    return [verify(make(seed)) for seed in range(first, first + count)]


def compare(module, number, program, bars):
    found = difference(
        program, run_interpreted(program, bars), run_compiled(module, f"Strategy{number}", program, bars)
    )
    if found:
        corpus.write(program, bars, found)
    return found


@dataclass(frozen=True, repr=False)
class Batch:
    """Programs and the module that holds them."""

    made: list[Program]
    module: ModuleType


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    made = [workload_a(), workload_b(), *(corpus.read(path)[0] for path in corpus.entries()), *programs(0, FEW)]
    return Batch(made, compile_programs(made, tmp_path_factory.mktemp("few")))


@pytest.mark.compiled
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_compiled_is_interpreted(batch, data):
    made, module = batch.made, batch.module
    number = data.draw(st.integers(0, len(made) - 1))
    random = Random(data.draw(st.integers(0, 1_000_000)))
    bars = make_bars(random, instruments=len(made[number].named), moments=data.draw(st.integers(1, 60)))
    assert not compare(module, number, made[number], bars)


@pytest.mark.compiled
def test_every_program_on_one_series(batch):
    made, module = batch.made, batch.module
    fills = 0
    for number, program in enumerate(made):
        bars = make_bars(Random(number), instruments=len(program.named), moments=120)
        assert not compare(module, number, program, bars)
        fills += run_interpreted(program, bars).totals[1]
    assert fills > 1_000, "programs that order nothing compare nothing"


@pytest.mark.compiled
def test_the_corpus_is_replayed(batch):
    module = batch.module
    for number, path in enumerate(corpus.entries(), start=2):
        program, bars = corpus.read(path)
        found = difference(
            program, run_interpreted(program, bars), run_compiled(module, f"Strategy{number}", program, bars)
        )
        assert not found, path.name


def plant_opposite(monkeypatch, operator, wrong):
    monkeypatch.setattr(truth, "OPPOSITE", {**truth.OPPOSITE, operator: wrong})


def plant_text(monkeypatch, name, right, wrong):
    assert right in getattr(emitted, name)
    monkeypatch.setattr(emitted, name, getattr(emitted, name).replace(right, wrong))


MISTAKES = {
    "a tie is taken for false": lambda m: plant_opposite(m, ComparisonOperator.LESS_EQUAL, ">="),
    "less is the opposite of greater": lambda m: plant_opposite(m, ComparisonOperator.GREATER, "<"),
    "an overflow is known": lambda m: plant_text(m, "ARITHMETIC", "return x if isfinite(x) else NAN", "return x"),
    "the smaller of equals is the second": lambda m: plant_text(
        m, "ARITHMETIC", "b if b < a else a", "b if b <= a else a"
    ),
    "a window keeps its count": lambda m: plant_text(m, "WINDOWS", "window_reset(w)\n    return", "pass\n    return"),
    "a window publishes while it is open": lambda m: plant_text(m, "WINDOWS", "if phase & 4:", "if phase & 6:"),
    "a ring's slots are off by one": lambda m: plant_text(m, "RINGS", "if at >= bars", "if at > bars"),
}


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(mistake, monkeypatch, tmp_path):
    MISTAKES[mistake](monkeypatch)
    made = programs(0, MANY)
    module = compile_programs(made, tmp_path)
    found = []
    for number, program in enumerate(made):
        for seed in range(4):
            bars = make_bars(Random(seed), instruments=len(program.named), moments=80)
            interpreted = run_interpreted(program, bars)
            found += (
                [number]
                if difference(program, interpreted, run_compiled(module, f"Strategy{number}", program, bars))
                else []
            )
    assert found


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.parametrize("first", [1_000, 2_000, 3_000])
def test_many_more_programs(first, tmp_path):
    made = programs(first, MANY)
    module = compile_programs(made, tmp_path)
    for number, program in enumerate(made):
        for seed in range(8):
            bars = make_bars(Random(1_000 * first + seed), instruments=len(program.named), moments=120)
            assert not compare(module, number, program, bars)


@settings(max_examples=24, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.integers(0, 10_000), st.integers(0, 10_000))
@example(4580, 0)  # two constants compared on longer bars: unknown before the first of them is over
def test_passes_keep_the_meaning(seed, bars_seed):
    """A program and what the passes make of it order, fill and deny the same."""
    program = make(seed)
    bars = make_bars(Random(bars_seed), instruments=len(program.named), moments=40)
    before = run_interpreted(program, bars)
    for change in (*PASSES, apply_passes):
        after = run_interpreted(change(program), bars)
        assert (after.totals, after.logs, after.equity) == (before.totals, before.logs, before.equity)


@pytest.mark.fast
def test_the_corpus_form_is_exact(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "FOLDER", tmp_path)
    for seed in range(20):
        program, bars = make(seed), make_bars(Random(seed), instruments=2, moments=5)
        again, bars_again = corpus.read(corpus.write(program, bars, "nothing"))
        assert (again, repr(bars_again)) == (program, repr(bars))
