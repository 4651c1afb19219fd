"""What generated classes look like, against goldens for people to read; the engine's part is left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.compiler.emit.guard_code import NO_GUARDS, GuardCode
from stratc.compiler.emit.layout import plan
from stratc.compiler.emit.module import emit, generated
from stratc.compiler.ir.nodes import BookWord, Indicate
from stratc.compiler.passes import apply_passes
from stratc.runtime.artefact.engine_text import EngineText
from tests.differential.bars import make_bars
from tests.differential.building import Builder, workload_a, workload_b
from tests.differential.programs import WINDOWS, make_program
from tests.differential.running import run_interpreted

HERE = Path(__file__).parent
ENGINE = EngineText(modules=(("codes", '"""Codes."""\n\nBUY: Final = 1\n'),), beside=())

pytestmark = pytest.mark.fast


def breakout():
    b = Builder()
    b.line('strategy "Breakout"')
    b.line("input width = 2 in 1..3")
    b.input("width", 2.0, 1.0, 3.0, whole=False)
    b.line("let top = highest(high) over first 15 min of session")
    high, close = b.column("high"), b.column("close")
    top = b.bind("top", b.anchor("highest", WINDOWS[0], high))
    b.line("let calm = not close[3] > width * top")
    calm = b.bind(
        "calm", b.logic("not", b.compare(b.delay(3, close), ">", b.calculate("*", b.parameter("width"), top)))
    )
    b.line("rule enter when calm and close > top then buy 10 shares stop loss at top - 1")
    stop = b.calculate("-", top, b.constant(1.0))
    b.rule("enter", b.logic("and", calm, b.compare(close, ">", top)), b.enter(b.constant(10.0), stop_loss=stop))
    return b.program("Breakout")


PROGRAMS = {"workload_a": workload_a, "workload_b": workload_b, "breakout": breakout}


def class_text(program, guards=NO_GUARDS):
    stems = sorted({node.operation.stem for node in program.nodes if isinstance(node.operation, Indicate)})
    return generated(plan(program), stems, guards)


@pytest.mark.parametrize("name", PROGRAMS)
def test_generated_class(name, accept):
    text = class_text(apply_passes(PROGRAMS[name]()))
    golden = HERE / f"{name}.pyx.golden"
    if accept:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@given(st.integers(0, 10_000))
def test_emission_is_deterministic(seed):
    first, second = (emit(make_program(Random(seed), nodes=10, rules=2), ENGINE) for _ in range(2))
    assert first.code == second.code
    assert first.kernels == second.kernels


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"])
def test_no_text_of_the_user_leaves_its_comment(end):
    """A title, a file name and a line that try to become code stay comments."""
    intruder = f"x{end}import os  # cython: boundscheck=True"
    program = replace(workload_a(), title=intruder, source_name=intruder)
    program = replace(program, source_text=program.source_text.replace("let fast", f"let{end}import os;"))
    for line in emit(program, ENGINE).code.splitlines():
        assert "import os" not in line.split("#")[0]


def test_names_of_the_user_are_no_names_of_c():
    b = Builder()
    b.input("signed", 1.0, 0.0, 2.0, whole=False)
    b.input("été", 1.0, 0.0, 2.0, whole=False)
    value = b.bind("unix", b.indicate("sma", [3], b.calculate("+", b.parameter("signed"), b.parameter("été"))))
    b.rule("für alle; import os", b.compare(value, ">", b.constant(0.0)), b.leave())
    text = class_text(b.program())
    assert "unix_3" in text
    assert text.isascii()


def test_guards_stand_in_their_methods():
    guards = GuardCode(fields=("long openings",), prepare=("self.openings = 0",), deny_opening=("return 7",))
    text = class_text(workload_a(), guards)
    assert "    cdef long openings\n" in text
    assert "        self.openings = 0\n" in text
    assert "bint outlives_session) noexcept nogil:\n        return 7\n" in text


def nesting(text):
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def test_long_formulas_do_not_nest_deeply():
    """Nor does the interpreter recurse into them: three thousand terms that read the account."""
    b = Builder()
    b.line("rule long")
    total = profit = b.book(BookWord.OPEN_PROFIT)
    truth = b.book(BookWord.FLAT)
    for _ in range(3_000):
        total = b.calculate("+", total, profit)
        truth = b.logic("not", truth)
    b.rule("long", b.logic("and", truth, b.compare(total, "==", b.constant(0.0))), b.enter(b.constant(1.0)))
    program = b.program()
    assert nesting(class_text(program)) < 60
    bars = make_bars(Random(1), instruments=1, moments=5)
    assert run_interpreted(program, bars).logs[2], "the rule never fired"
