"""`both of` by hand: two instruments, and what becomes of the one where the other is denied or has no bar."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stratc.compiler.ir.nodes import OrderKind, OrderShape, Side, SizingKind
from stratc.compiler.ir.verify import violations
from stratc.compiler.judge.sizes import read_shape
from stratc.runtime.engine import codes
from tests.differential import by_hand
from tests.differential.bars import ROW_MOMENT_END, Bars
from tests.differential.building import Builder
from tests.differential.compiled import compile_programs
from tests.differential.running import difference, run_compiled, run_interpreted

# The account of these runs holds 100,000 USD, and no more than one and a half times its equity is open at once.
SMALL, LARGE, TOO_LARGE = 10_000, 100_000, 200_000
ALL = ((0, 1), (0, 1), (0, 1))


def program_of(first, second):
    text = (
        'strategy "Pair"\ntrade IBM, SPY on 1 day\naccount margin USD\n'
        "rule apart\n  when flat and close of IBM > 0 USD\n  then both of\n"
        f"         buy   {first} USD of IBM, at next open\n"
        f"         short {second} USD of SPY, at next open, after locate\n"
        "rule out\n  when bars_held > 20 bars\n  then exit all at next open\n"
    )
    return by_hand.program_of(text)


def bars(moments):
    """The instruments that have a bar at each moment; every price is 100."""
    rows = [(i, moment, present) for moment, present in enumerate(moments) for i in present]
    flags = tuple((ROW_MOMENT_END if i == present[-1] else 0) | 6 for i, _, present in rows)
    prices = dict.fromkeys(("open", "high", "low", "close"), (100.0,) * len(rows))
    return Bars(
        tuple(i for i, _, _ in rows),
        tuple(10 + at for _, at, _ in rows),
        flags,
        {**prices, "volume": (1e6,) * len(rows)},
    )


def told(program, market):
    """The fills as instrument and signed lots, and how many entries were denied."""
    seen = run_interpreted(program, market, events=[])
    log, width = seen.logs[codes.LOG_FILLS], codes.FILL_WIDTH
    filled = [log[at : at + width] for at in range(0, len(log), width)]
    denied = len(seen.logs[codes.LOG_DENIALS]) // codes.DENIAL_WIDTH
    return [(row[codes.FILL_INSTRUMENT], row[codes.FILL_SIDE] * row[codes.FILL_LOTS]) for row in filled], denied


@pytest.mark.fast
def test_both_fill_at_the_next_open():
    assert told(program_of(SMALL, SMALL), bars(ALL)) == ([(0, 100), (1, -100)], 0)


@pytest.mark.fast
@pytest.mark.parametrize(("first", "second"), [(SMALL, TOO_LARGE), (TOO_LARGE, SMALL), (LARGE, LARGE)])
def test_where_one_is_denied_the_other_is_not_sent(first, second):
    """A cap counts both: two legs that fit alone and not together are denied as well."""
    filled, denied = told(program_of(first, second), bars(ALL))
    assert filled == []
    assert denied == len(ALL)


@pytest.mark.fast
def test_a_leg_that_was_taken_back_is_flat_again():
    """The next decision asks for `flat` and is taken anew, so the order of the one before is gone."""
    program = program_of(SMALL, TOO_LARGE)
    seen = run_interpreted(program, bars(ALL), events=[])
    log, width = seen.logs[codes.LOG_ORDERS], codes.PLACED_WIDTH
    placed = [log[at : at + width] for at in range(0, len(log), width)]
    assert [row[codes.PLACED_STATUS] for row in placed] == [codes.STATUS_CANCELED] * len(ALL)


@pytest.mark.fast
def test_nothing_is_decided_without_both_bars():
    """At the first two moments one of them has no bar: decided at the third, filled at the fourth."""
    moments = ((0,), (1,), (0, 1), (0, 1))
    assert told(program_of(SMALL, SMALL), bars(moments)) == ([(0, 100), (1, -100)], 0)
    assert told(program_of(SMALL, SMALL), bars(moments[:3])) == ([], 0)


@pytest.mark.fast
def test_the_leg_that_has_a_bar_is_held_alone_until_the_other_has_one():
    """The leg risk that is told as an assumption."""
    moments = ((0, 1), (0,), (0, 1))
    assert told(program_of(SMALL, SMALL), bars(moments)) == ([(0, 100), (1, -100)], 0)
    assert told(program_of(SMALL, SMALL), bars(moments[:2]))[0] == [(0, 100)]


@pytest.mark.compiled
def test_compiled_pairs_are_the_same(tmp_path):
    sizes = [(SMALL, SMALL), (SMALL, TOO_LARGE), (TOO_LARGE, SMALL), (LARGE, LARGE)]
    programs = [program_of(*pair) for pair in sizes]
    module = compile_programs(programs, tmp_path)
    for number, program in enumerate(programs):
        for market in (bars(ALL * 10), bars(((0,), (0, 1), (1,), (0, 1), (0,), (0, 1)) * 5)):
            compiled = run_compiled(module, f"Strategy{number}", program, market)
            assert not difference(program, run_interpreted(program, market), compiled)


@pytest.mark.fast
def test_the_judge_takes_no_pair_for_one_leg():
    """`flat` is asked of both, but two entries are placed: nothing is proved from there being one."""
    shape = read_shape(program_of(SMALL, SMALL))
    assert (shape.needs_flat, shape.one_leg, shape.position) == (False, False, None)
    assert (shape.buys, shape.shorts, shape.one_sided) == (True, True, False)


@pytest.mark.fast
@pytest.mark.parametrize("number", [0, 7])
def test_what_is_no_pair_is_found(number):
    """The verifier proves itself: the same instrument twice, or one that is not traded."""
    build = Builder()
    build.line("rule apart")
    amount = build.constant(1_000.0)
    legs = [build.enter(amount, sizing=SizingKind.NOTIONAL, side=side) for side in (Side.BUY, Side.SELL_SHORT)]
    build.rule("apart", None, replace(legs[0], instrument=0), replace(legs[1], instrument=number), both=True)
    rests = replace(legs[1], instrument=1, order=OrderShape(kind=OrderKind.LIMIT, limit_price=amount))
    build.rule("rests", None, replace(legs[0], instrument=0), rests, both=True)
    build.rule("named", None, replace(legs[0], instrument=0))
    found = " ".join(violations(build.program(instruments=("I0", "I1"))))
    assert "`apart` is no pair" in found
    assert "`rests` is no pair" in found
    assert "`named` names the instrument" in found
