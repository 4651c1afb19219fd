"""Prefix invariance: cut the bars at any moment's end, and all that was done until then is the same, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.uses import allocation_of
from stratc.runtime.engine import codes
from tests.differential.bars import ROW_MOMENT_END, Bars, make_bars
from tests.differential.programs import make_program
from tests.differential.running import Seen, happenings, run_interpreted

pytestmark = pytest.mark.fast

SEEDS = range(10)
INSTRUMENTS = 3


def made(seed: int, bars: Bars) -> tuple[Program, Seen]:
    """A program of which a rule allocates and places an order, and its run over all bars."""
    for more in range(100):
        program = make_program(Random(1000 * seed + more), instruments=INSTRUMENTS, nodes=15, rules=3)
        allocating = {number for number, rule in enumerate(program.rules) if allocation_of(rule)}
        if allocating and ordering(seen := run_interpreted(program, bars)) & allocating:
            return program, seen
    raise AssertionError("no program that allocates was made")


def ordering(seen: Seen) -> set[int]:
    """The rules that placed orders."""
    return set(seen.logs[codes.LOG_ORDERS][codes.PLACED_RULE :: codes.PLACED_WIDTH])


def cut(bars: Bars, rows: int) -> Bars:
    columns = {name: column[:rows] for name, column in bars.columns.items()}
    return replace(
        bars, instrument=bars.instrument[:rows], day=bars.day[:rows], flags=bars.flags[:rows], columns=columns
    )


def done_until(seen: Seen, rows: int) -> tuple[list[int], ...]:
    """Equity, and the rows of each log that were written until then; how an order ended later is left out."""
    logs = ("FILL_ROW", "CLOSING_ROW_OUT", "PLACED_ROW", "DENIAL_ROW", "ROLL_ROW", "CARRY_ROW")
    places = [getattr(codes, name) for name in logs]
    widths = [getattr(codes, f"{name.partition('_')[0]}_WIDTH") for name in logs]
    told = [seen.equity[:rows]]
    for log, width, place in zip(seen.logs, widths, places, strict=True):
        kept = codes.PLACED_STATUS if log is seen.logs[codes.LOG_ORDERS] else width
        whole = [log[at : at + width] for at in range(0, len(log), width)]
        told.append([number for row in whole if row[place] < rows for number in row[:kept]])
    return tuple(told)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_past_does_not_depend_on_what_comes(seed: int) -> None:
    bars = make_bars(Random(seed), instruments=INSTRUMENTS, moments=60)
    program, whole = made(seed, bars)
    ends = [row + 1 for row in range(len(bars)) if bars.flags[row] & ROW_MOMENT_END]
    rows = Random(seed).choice(ends[10:-5])
    part = run_interpreted(program, cut(bars, rows), events=happenings(bars, INSTRUMENTS))
    assert done_until(whole, rows) == done_until(part, rows)
