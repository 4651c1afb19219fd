"""What a sequence is, bar by bar, and what is published of it: small tables that a person can check."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from random import Random
from struct import unpack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.compiler import interpret
from stratc.compiler.driver import compile_source
from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.meaning import Progress, follow
from stratc.compiler.ir.nodes import Column, FollowStep
from stratc.compiler.ir.verify import verify
from stratc.dsl.source import Source
from tests.differential.bars import COLUMNS, make_bars
from tests.differential.running import bits, run_interpreted

pytestmark = pytest.mark.fast

FIRST = FollowStep()
SOON = FollowStep(within_bars=2)
WITH_IT = FollowStep(within_bars=2, same_bar=True)
LONG = FollowStep(within_bars=3, lasting_bars=2)

# A letter a bar and a step: t true, f false, ? unknown; the last line tells which bars the last step comes true on.
TABLE = [
    ("the next bar", (FIRST, SOON), "tff", "ftf", "", ".x."),
    ("not the same bar", (FIRST, SOON), "tff", "tff", "", "..."),
    ("the same bar where that is said", (FIRST, WITH_IT), "tff", "tff", "", "x.."),
    ("the last bar of the wait", (FIRST, SOON), "tfff", "fftf", "", "..x."),
    ("a bar too late", (FIRST, SOON), "tfff", "ffft", "", "...."),
    ("a new first step begins it again", (FIRST, SOON), "tftfft", "ffftff", "", "...x.."),
    ("and takes the bar for itself", (FIRST, SOON), "ttff", "ftff", "", "...."),
    ("and the wait begins again with it", (FIRST, SOON), "tftff", "fffft", "", "....x"),
    ("an unknown condition advances nothing", (FIRST, SOON), "tff", "f?t", "", "..x"),
    ("an unknown first step begins nothing", (FIRST, SOON), "?ff", "ftt", "", "..."),
    ("canceled on the way", (FIRST, SOON), "tfff", "fftf", "ftff", "...."),
    ("unknown whether it is canceled: time passes", (FIRST, SOON), "tfff", "fttf", "f?ff", "..x."),
    ("unknown whether it is canceled, too long", (FIRST, SOON), "tfff", "fttt", "f??f", "...."),
    ("once a round", (FIRST, SOON), "tffff", "ftttt", "", ".x..."),
    ("a step that lasts", (FIRST, LONG), "tffff", "ftftt", "", "....."),
    ("a step that lasts, in time", (FIRST, LONG), "tffff", "fftt", "", "...x"),
    ("a first step that lasts", (FollowStep(lasting_bars=3), SOON), "ttttff", "ffffft", "", ".....x"),
]
TRUTH = {"t": True, "f": False, "?": None}


@pytest.mark.parametrize(("what", "steps", "first", "second", "cancel", "wanted"), TABLE, ids=[row[0] for row in TABLE])
def test_a_sequence_bar_by_bar(what, steps, first, second, cancel, wanted):
    progress, told = Progress(), ""
    for bar in range(len(wanted)):
        holds = (TRUTH[first[bar]], TRUTH[second[bar]])
        progress, came_true = follow(steps, progress, holds, TRUTH[cancel[bar]] if cancel else False)
        told += "x" if came_true & 2 else "."
    assert told == wanted


HEAD = 'strategy "Told"\ntrade SPY on 1 day\naccount margin USD\n'
RULE = "rule enter\n  on dip\n  when flat and shown {test}\n  then buy 10 shares\n       stop loss at low - 1 USD\n"
DIP = "sequence dip\n  first low < low[1]\n  then  close > open within {n} bars{same} as back\n"
READINGS = (
    "dip.low", "dip.high", "back.low", "back.high[2]", "low when dip", "high[1] when (close > open)",
    "pivot_high(high, 2, 1)", "pivot_low(low, 1, 3)", "bars since dip", "bars since (close > open)",
)  # fmt: skip


def program_of(reading, n=3, same=""):
    test = "< 5" if reading.startswith("bars") else "> 0 USD"
    text = HEAD + DIP.format(n=n, same=same) + f"let shown = {reading}\n" + RULE.format(test=test)
    compilation = compile_source(Source("told.strat", text))
    assert compilation.program is not None, [problem.message for problem in compilation.diagnostics]
    return verify(compilation.program)


def shown(reading, rows):
    """What a reading is on every bar of a small table of (high, low, close), opens at 100."""
    program = program_of(reading)
    bars = make_bars(Random(1), instruments=1, moments=len(rows))
    columns = {
        "open": tuple(100.0 for _ in rows),
        "high": tuple(row[0] for row in rows),
        "low": tuple(row[1] for row in rows),
        "close": tuple(row[2] for row in rows),
        "volume": tuple(1.0 for _ in rows),
    }
    count = len(rows)
    bars = replace(bars, instrument=(0,) * count, day=tuple(range(10, 10 + count)), flags=(7,) * count, columns=columns)
    node = next(binding.node for binding in program.bindings if binding.name == "shown")
    values = run_interpreted(program, bars, events=[]).values[node]
    return [None if value == bits(nan) else unpack("<d", value)[0] for value in values]


# Bars 1 and 4 fall below the bar before; bars 2 and 6 close above 100.
ROWS = [(105, 95, 99), (104, 90, 99), (103, 91, 101), (106, 92, 99), (107, 80, 98), (102, 85, 99), (101, 88, 101)]


@pytest.mark.parametrize(
    ("reading", "wanted"),
    [
        ("dip.low", [None, None, 90, 90, 90, 90, 80]),
        ("dip.high", [None, None, 104, 104, 104, 104, 107]),
        ("back.low", [None, None, 91, 91, 91, 91, 88]),
        ("back.high[2]", [None, None, 105, 105, 105, 105, 107]),
        ("low when dip", [None, None, 91, 91, 91, 91, 88]),
        ("bars since dip", [None, None, 0, 1, 2, 3, 0]),
        ("pivot_high(high, 2, 1)", [None, None, None, None, None, 107, 107]),
        ("pivot_low(low, 1, 1)", [None, None, 90, 90, 90, 80, 80]),
    ],
)
def test_what_is_published_and_when(reading, wanted):
    assert shown(reading, ROWS) == wanted


def cut(bars, rows):
    return replace(
        bars,
        instrument=bars.instrument[:rows],
        day=bars.day[:rows],
        flags=bars.flags[:rows],
        columns={name: bars.columns[name][:rows] for name in COLUMNS},
    )


def changes_before(program, bars, rows):
    """Whether a value before the cut is another one when the data end there."""
    whole = run_interpreted(program, bars, events=[]).values
    part = run_interpreted(program, cut(bars, rows), events=[]).values
    return any(whole[node][:rows] != part[node] for node in whole)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(READINGS), st.integers(1, 4), st.booleans(), st.integers(0, 10_000), st.integers(1, 59))
def test_nothing_before_a_cut_changes(reading, n, same, seed, rows):
    program = program_of(reading, n, ", same bar" if same else "")
    bars = make_bars(Random(seed), instruments=1, moments=60)
    assert not changes_before(program, bars, min(rows, len(bars)))


def test_a_planted_look_ahead_is_caught(monkeypatch):
    """A sequence that sees the next bar's low: the same cuts tell."""
    value = InterpretedStrategy._value

    def leaking(self, book, i, node, given):
        if node.operation == Column("low") and self.rows[i] + 1 < len(self.columns.low):
            return float(self.columns.low[self.rows[i] + 1])
        return value(self, book, i, node, given)

    monkeypatch.setattr(interpret.InterpretedStrategy, "_value", leaking)
    program = program_of("dip.low")
    assert any(changes_before(program, make_bars(Random(seed), instruments=1, moments=40), 20) for seed in range(5))
