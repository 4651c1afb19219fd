"""The printed form of programs, before and after the passes, against goldens; equal prints mean equal programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from stratc.compiler.ir.nodes import Constant
from stratc.compiler.ir.print import print_program
from stratc.compiler.passes import apply_passes
from tests.differential.building import workload_a, workload_b
from tests.differential.programs import make_program

HERE = Path(__file__).parent
PROGRAMS = {"workload_a": workload_a, "workload_b": workload_b, "made_up": lambda: make_program(Random(7), nodes=15)}

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("passed", [False, True], ids=["lowered", "passed"])
def test_printed_form(name, passed, accept):
    program = PROGRAMS[name]()
    text = print_program(apply_passes(program) if passed else program)
    golden = HERE / f"{name}.{'passed' if passed else 'lowered'}.test"
    if accept:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_field_that_matters_is_printed():
    """A program that differs in one constant, name, limit or order differs in print."""
    program = make_program(Random(7), nodes=15)
    printed = print_program(program)
    node = next(node for node in program.nodes if isinstance(node.operation, Constant))
    changes = [
        replace(program, nodes=tuple(replace(n, operation=Constant(0.25)) if n is node else n for n in program.nodes)),
        replace(program, rules=program.rules[1:]),
        replace(program, inputs=program.inputs[1:]),
        replace(program, instruments=("OTHER",)),
        replace(program, account_kind="cash"),
        replace(program, bindings=()),
        replace(program, interval_seconds=300),
    ]
    assert all(print_program(changed) != printed for changed in changes)
