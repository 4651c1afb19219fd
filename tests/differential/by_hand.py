"""Readings by hand: what `shown` of a text is on each bar, and whether compiled code says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from stratc.compiler.driver import compile_source
from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.verify import verify
from stratc.dsl.source import Source
from tests.differential.bars import Bars, make_bars
from tests.differential.compiled import compile_programs
from tests.differential.running import difference, run_compiled, run_interpreted


def program_of(text: str) -> Program:
    compilation = compile_source(Source("told.strat", text))
    assert compilation.program is not None, [problem.message for problem in compilation.diagnostics]
    return verify(compilation.program)


def shown(program: Program, bars: Bars) -> list[bytes]:
    """The bits of `shown` on every bar."""
    node = next(binding.node for binding in program.bindings if binding.name == "shown")
    return run_interpreted(program, bars, events=[]).values[node]


def keep_compiled(programs: Sequence[Program], by_hand: Callable[[], Bars], folder: Path) -> None:
    """The compiled programs do the same on the bars by hand, and on some at random."""
    module = compile_programs(programs, folder)
    for number, program in enumerate(programs):
        for bars in (by_hand(), make_bars(Random(number), instruments=1, moments=60)):
            told = run_compiled(module, f"Strategy{number}", program, bars)
            assert not difference(program, run_interpreted(program, bars), told)
