"""Each invariant of a program is broken once, and found; generated programs break none, before and after each pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.compiler.bug import StratcBug
from stratc.compiler.ir.nodes import (
    Constant,
    Delay,
    Indicate,
    Kind,
    Life,
    OrderKind,
    OrderShape,
    Output,
    Parameter,
    PortionKind,
    SizingKind,
    TimeInForce,
)
from stratc.compiler.ir.verify import verify, violations
from stratc.compiler.passes import PASSES
from tests.differential.building import Builder, workload_a, workload_b
from tests.differential.programs import make_program

pytestmark = pytest.mark.fast


def with_node(program, index, **changes):
    nodes = [replace(node, **changes) if node.id == index else node for node in program.nodes]
    return replace(program, nodes=tuple(nodes))


def with_entry(**changes):
    program = workload_b()
    first = replace(program.rules[0], intents=(replace(program.rules[0].intents[0], **changes),))
    return replace(program, rules=(first, *program.rules[1:]))


def with_exit(**changes):
    program = workload_a()
    last = replace(program.rules[1], intents=(replace(program.rules[1].intents[0], **changes),))
    return replace(program, rules=(program.rules[0], last))


BROKEN = {
    "ids are dense": lambda: with_node(workload_a(), 3, id=7),
    "arguments come first": lambda: with_node(workload_a(), 1, arguments=(4,)),
    "roots exist": lambda: replace(workload_a(), nodes=workload_a().nodes[:5]),
    "a number where a truth is asked for": lambda: with_node(workload_a(), 6, kind=Kind.NUMBER),
    "an infinite constant": lambda: with_node(workload_a(), 3, operation=Constant(float("inf"))),
    "an indicator that does not exist": lambda: with_node(workload_a(), 1, operation=Indicate("nothing", (10,))),
    "an indicator without its parameter": lambda: with_node(workload_a(), 1, operation=Indicate("sma", ())),
    "an output that does not exist": lambda: with_node(workload_b(), 10, operation=Output("side"), arguments=(7,)),
    "a delay of nothing": lambda: with_node(workload_b(), 9, operation=Delay(0)),
    "an input that is not declared": lambda: with_node(workload_a(), 3, operation=Parameter("absent")),
    "an indicator with an undeclared input": lambda: with_node(workload_a(), 1, operation=Indicate("sma", ("absent",))),
    "a condition that is a number": lambda: replace(
        workload_a(), rules=(replace(workload_a().rules[0], condition=0), *workload_a().rules[1:])
    ),
    "a price that is a truth": lambda: with_entry(stop_loss=workload_b().rules[0].condition),
    "a limit order without its limit": lambda: with_entry(order=OrderShape(kind=OrderKind.LIMIT)),
    "a market order with a limit": lambda: with_entry(order=OrderShape(kind=OrderKind.MARKET, limit_price=0)),
    "risk without a stop": lambda: with_entry(
        stop_loss=None, amount=replace(workload_b().rules[0].intents[0].amount, kind=SizingKind.RISK)
    ),
    "a life without its bars": lambda: with_entry(time_in_force=TimeInForce(life=Life.BARS)),
    "an exit without its portion": lambda: with_exit(portion=PortionKind.FRACTION),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_invariant_is_found(name):
    assert violations(BROKEN[name]())
    with pytest.raises(StratcBug):
        verify(BROKEN[name]())


@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_generated_programs_are_whole_and_stay_so(random, instruments):
    program = verify(make_program(random, instruments=instruments, nodes=12, rules=2))
    for change in PASSES:
        program = verify(change(program))


def test_the_passes_do_their_work():
    b = Builder()
    close = b.column("close")
    first = b.indicate("sma", [10], close)
    again = b.indicate("sma", [10], b.column("close"))
    unused = b.bind("unused", b.indicate("ema", [9], close))
    sure = b.compare(b.calculate("+", b.constant(1.0), b.constant(1.0)), "==", b.constant(2.0))
    b.rule("r", b.logic("and", sure, b.compare(first, ">", again)), b.leave())
    program = b.program()
    for change in PASSES:
        program = change(program)
    operations = [node.operation for node in program.nodes]
    assert sum(isinstance(operation, Indicate) for operation in operations) == 1
    assert not any(isinstance(operation, Constant) for operation in operations)
    assert unused not in range(len(operations)) or not program.bindings
