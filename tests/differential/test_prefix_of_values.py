"""Cut the data at any bar: everything that was known before is unchanged, bit for bit.

Programs at random, whose operations nest as no phrase does; they read other instruments, longer bars and choices; the
bars have holes, and instruments that lack some. Whole strategies, from the text on, are cut in tests/causality.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.nodes import Of, Sample, Select
from stratc.compiler.ir.verify import verify
from stratc.runtime.engine.columns import Columns
from tests.differential.bars import Bars, make_bars
from tests.differential.programs import make_program
from tests.differential.running import run_interpreted

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def cut(bars, rows):
    columns = {name: values[:rows] for name, values in bars.columns.items()}
    return Bars(bars.instrument[:rows], bars.day[:rows], bars.flags[:rows], columns)


def moment_ends(bars):
    return [row + 1 for row, flags in enumerate(bars.flags) if flags & 1]


def first_difference(program, bars, rows):
    """The first node and row at which the whole run and the one that was cut disagree."""
    # A split tells earlier bars again in today's shares; that no decision changes by it is tested in causality.
    whole, part = run_interpreted(program, bars, events=[]), run_interpreted(program, cut(bars, rows), events=[])
    for node, values in part.values.items():
        for row, value in enumerate(values):
            if value != whole.values[node][row]:
                return node, row
    return None if part.equity == whole.equity[:rows] else ("equity", rows)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.integers(0, 100_000), st.integers(0, 100_000), st.data())
def test_what_was_known_does_not_change(seed, bars_seed, data):
    instruments = 1 + seed % 3
    program = verify(make_program(Random(seed), instruments=instruments))
    bars = make_bars(Random(bars_seed), instruments=instruments, moments=30)
    rows = data.draw(st.sampled_from(moment_ends(bars)))
    assert first_difference(program, bars, rows) is None


@pytest.mark.fast
def test_the_programs_use_what_is_tested():
    made = [make_program(Random(seed), instruments=3) for seed in range(40)]
    operations = [node.operation for program in made for node in program.nodes]
    assert sum(isinstance(operation, Of) for operation in operations) > 40
    assert sum(isinstance(operation, Select) for operation in operations) > 40
    assert sum(isinstance(operation, Sample) for operation in operations) > 40
    assert sum(node.bars is not None for program in made for node in program.nodes) > 200


def test_a_developing_bar_is_found(monkeypatch):
    """The harness proves itself: a longer bar that is read before it has closed changes when the data are cut."""
    close = InterpretedStrategy._value

    def peeking(self, book, i, node, given):
        columns, row = self.columns, self.rows[i]
        if node.bars is not None and not node.arguments and row + 1 < len(columns.close):
            self.columns = Columns(
                *([*getattr(columns, name)[1:], 0.0] for name in NAMES), columns.rows, columns.equity
            )
        try:
            return close(self, book, i, replace(node, bars=None) if not node.arguments else node, given)
        finally:
            self.columns = columns

    monkeypatch.setattr(InterpretedStrategy, "_value", peeking)
    bars = make_bars(Random(3), instruments=1, moments=30)
    made = (make_program(Random(seed)) for seed in range(20))
    assert any(first_difference(program, bars, rows) for program in made for rows in moment_ends(bars)[:20:5])


NAMES = ("open", "high", "low", "close", "volume")
