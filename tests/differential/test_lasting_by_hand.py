"""What lasts and what turns, by hand: nine bars of daily closes around an open of ten.

bar      1   2   3   4   5   6   7   8   9
close   11  12  11  10   9  10  12  12  13
less 10 +1  +2  +1   0  -1   0  +2  +2  +3
"""

from __future__ import annotations

import pytest

from stratc.compiler.passes import apply_passes
from tests.differential import by_hand
from tests.differential.bars import Bars
from tests.differential.by_hand import shown
from tests.differential.running import bits

CLOSES = (11.0, 12.0, 11.0, 10.0, 9.0, 10.0, 12.0, 12.0, 13.0)
SIGNS = {"+": bits(True), "-": bits(False), "?": bits(None)}

# A reading, and on each bar whether it is true (+), false (-) or unknown (?).
WANTED = {
    "close > open for at least 1 bars": "+++---+++",
    "close > open for at least 3 bars": "??+-----+",
    # Not above on any of the last two: `not` is tighter.
    "not close > open for at least 2 bars": "----++---",
    "not (close > open for at least 3 bars)": "??-+++++-",
    "close > open for at least 2 bars and close >= 12 USD": "-+-----++",
    # Unknown on the second and fourth bar, where close[1] is 11 and this divides by nought.
    "(close - open) / (close[1] - 11 USD) > 0 for at least 2 bars": "?????---+",
    "close - open changes sign": "?---+-+--",
    "open - close[3] changes sign": "????---+-",
    # Nought is passed over: from +1 by 0 back to +1 is no change, and where it comes first there is no sign yet.
    "12 USD - close changes sign": "?-------+",
    "11 USD - close changes sign": "??-+--+--",
}


def market(rows=9):
    opens = (10.0,) * rows
    columns = {"open": opens, "high": CLOSES[:rows], "low": CLOSES[:rows], "close": CLOSES[:rows], "volume": opens}
    return Bars((0,) * rows, tuple(range(100, 100 + rows)), (7,) * rows, columns)


def program_of(reading):
    text = (
        'strategy "Told"\ntrade SPY on 1 day\naccount margin USD\n'
        f"let shown = {reading}\n"
        "rule enter\n  when flat and shown\n  then buy 10 shares\n       stop loss at low - 1 USD\n"
    )
    return by_hand.program_of(text)


@pytest.mark.fast
@pytest.mark.parametrize("reading", WANTED)
def test_by_hand(reading):
    wanted = [SIGNS[sign] for sign in WANTED[reading]]
    program = program_of(reading)
    assert shown(program, market()) == wanted
    assert shown(apply_passes(program), market()) == wanted


@pytest.mark.fast
@pytest.mark.parametrize("reading", WANTED)
def test_cut_anywhere_the_past_stays(reading):
    program = program_of(reading)
    whole = shown(program, market())
    assert all(shown(program, market(rows)) == whole[:rows] for rows in range(1, len(CLOSES)))


@pytest.mark.compiled
@pytest.mark.slow
def test_the_compiled_ones_are_the_same(tmp_path):
    by_hand.keep_compiled([program_of(reading) for reading in WANTED], market, tmp_path)
