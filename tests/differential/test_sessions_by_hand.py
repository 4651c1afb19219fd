"""Samples by hand: four sessions of three bars, of which the third lacks its last bar and so closes with the next.

Volumes of the opening bars are 10, 20, 30 and 40; closes count up from 1.
"""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from stratc.compiler.ir.nodes import Sample
from stratc.compiler.ir.verify import violations
from stratc.compiler.passes import apply_passes
from stratc.runtime.model.clock import FirstOfSession, SessionPart, Window
from tests.differential import by_hand
from tests.differential.bars import Bars
from tests.differential.building import Builder
from tests.differential.by_hand import shown
from tests.differential.running import bits

DAYS = (10, 10, 10, 11, 11, 11, 12, 12, 13, 13, 13)
OF_DAY = (3, 2, 6, 3, 2, 6, 3, 2, 3, 2, 6)
OPENINGS = {10: 10.0, 11: 20.0, 12: 30.0, 13: 40.0}


class Sessions(Bars):
    def clock(self, request):
        if isinstance(request, Window) and isinstance(request.kind, SessionPart):
            return list(OF_DAY[: len(self)])
        if isinstance(request, Window) and isinstance(request.kind, FirstOfSession):
            return [7 if phase & 1 else 4 for phase in OF_DAY[: len(self)]]
        return super().clock(request)


def bars():
    count = len(DAYS)
    closes = tuple(float(n) for n in range(1, count + 1))
    volumes = tuple(OPENINGS[day] if phase & 1 else 1.0 for day, phase in zip(DAYS, OF_DAY, strict=True))
    columns = {"open": closes, "high": closes, "low": closes, "close": closes, "volume": volumes}
    return Sessions((0,) * count, DAYS, (1,) * count, columns)


WANTED = {
    # what is read, and its value on each bar: of two sessions, then of the third that closes late, and of the fourth
    "opening on 1 day": (nan, nan, 10, 10, 10, 20, 20, 20, 30, 30, 40),
    "sma(opening on 1 day, 2)": (nan, nan, nan, nan, nan, 15, 15, 15, 25, 25, 35),
    "sma(opening, 2) on 1 day": (nan, nan, nan, nan, nan, 15, 15, 15, 25, 25, 35),
    "opening[1 sessions]": (nan, nan, nan, 10, 10, 10, 20, 20, 30, 30, 30),
    "opening[2 sessions]": (nan, nan, nan, nan, nan, nan, 10, 10, 20, 20, 20),
    "opening[0 sessions]": (10, 10, 10, 20, 20, 20, 30, 30, 40, 40, 40),
    "close[1 sessions]": (nan, nan, nan, 3, 3, 3, 6, 6, 8, 8, 8),
    "(highest(high) over session so far)[1 sessions]": (nan, nan, nan, 3, 3, 3, 6, 6, 8, 8, 8),
    "(if close > 3.5 USD then opening else volume)[1 sessions]": (nan, nan, nan, 1, 1, 1, 20, 20, 30, 30, 30),
}


def program_of(reading):
    text = (
        'strategy "Told"\ntrade SPY on 5 min, regular session\naccount margin USD\n'
        f"let opening = sum(volume) over first 5 min of session\nlet shown = {reading}\n"
        "rule enter\n  when flat and shown is known and opening > 0 shares\n"
        "  then buy 10 shares\n       stop loss at low\n"
    )
    return by_hand.program_of(text)


@pytest.mark.fast
@pytest.mark.parametrize("reading", WANTED)
def test_by_hand(reading):
    wanted = [bits(float(value)) for value in WANTED[reading]]
    program = program_of(reading)
    assert shown(program, bars()) == wanted
    assert shown(apply_passes(program), bars()) == wanted


@pytest.mark.fast
@pytest.mark.parametrize("reading", WANTED)
@pytest.mark.parametrize("rows", [2, 5, 7, 8, 10])
def test_cut_anywhere_the_past_stays(reading, rows):
    program, whole = program_of(reading), bars()
    columns = {name: values[:rows] for name, values in whole.columns.items()}
    part = replace(
        whole, instrument=whole.instrument[:rows], day=DAYS[:rows], flags=whole.flags[:rows], columns=columns
    )
    assert shown(program, part) == shown(program, whole)[:rows]


@pytest.mark.compiled
@pytest.mark.slow
def test_the_compiled_ones_are_the_same(tmp_path):
    by_hand.keep_compiled([program_of(reading) for reading in WANTED], bars, tmp_path)


@pytest.mark.fast
def test_a_sample_of_what_is_no_bar_is_found():
    """The verifier proves itself: the account, and longer bars, are sampled by no sound program."""
    build = Builder()
    build.line("let shown = equity on 1 day")
    equity = build.book("equity")
    build.bars = SessionPart(seconds=86_400)
    day = build.column("close")
    made = [build.sample(equity), build.sample(day)]
    found = " ".join(violations(build.program()))
    assert all(f"sample {node} is not taken" in found for node in made)
    assert all(isinstance(build.nodes[node].operation, Sample) for node in made)
