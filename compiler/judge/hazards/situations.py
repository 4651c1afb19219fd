"""The situations that hazards are asked in, and what of a program keeps sizes and repetitions within limits."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import (
    BookWord,
    CapKind,
    EnterIntent,
    Program,
    Side,
)
from stratc.compiler.judge.amounts import upper
from stratc.compiler.judge.bounds.extent import quantity_of, value_of
from stratc.compiler.judge.hazards.scene import Scene, point
from stratc.compiler.judge.intervals import Interval

HUGE: Final = Fraction(10**30)
PRICE: Final = Fraction(10**6)
SIZES: Final = frozenset(
    {
        CapKind.POSITION,
        CapKind.GROSS,
        CapKind.LEVERAGE,
        CapKind.GROUP_POSITION,
        CapKind.SIDE_POSITION,
    }
)
STACKS: Final = SIZES | {CapKind.UNITS, CapKind.GROUP_UNITS, CapKind.SIDE_UNITS}
COUNTS: Final = frozenset({CapKind.ENTRIES, CapKind.DAY_TRADES, CapKind.KEEP_SESSIONS})
SOON: Final = Interval(Fraction(0), Fraction(1))


def caps_any(program: Program, kinds: frozenset[CapKind]) -> bool:
    """Whether a cap of one of these kinds bounds something, whatever its inputs are set to."""
    return any(cap.kind in kinds and upper(program, cap.bound) is not None for cap in program.caps)


def is_bounded(program: Program, entry: EnterIntent) -> bool:
    """Whether an entry's own text bounds its size."""
    return bool(value_of(program, entry)) or quantity_of(program, entry) is not None


def losing_much(program: Program, side: Side) -> Scene:
    """A position on this side that is under water and larger than any number that a text would compare it with."""
    long = side is Side.BUY
    paid = 2 * PRICE if long else PRICE / 2
    below = Interval(None, Fraction(-1))
    words = {
        BookWord.POSITION: point(HUGE if long else -HUGE),
        BookWord.ON_ORDER: point(Fraction(0)),
        BookWord.UNITS_HELD: point(HUGE),
        BookWord.INVESTED: point(HUGE),
        BookWord.SECTOR_EXPOSURE: point(HUGE),
        BookWord.EQUITY: Interval(Fraction(1), Fraction(10**12)),
        BookWord.ENTRY_PRICE: point(paid),
        BookWord.LAST_ENTRY_PRICE: point(paid),
        BookWord.OPEN_PROFIT: below,
        BookWord.OPEN_PROFIT_R: below,
    }
    truths = {BookWord.FLAT: False, BookWord.LONG: long, BookWord.SHORT: not long}
    return Scene(program=program, truths=truths, words=words, columns={"close": point(PRICE)})


def waiting(program: Program, side: Side) -> Scene:
    """No position, and entries on this side that work already, for more than a text would compare it with."""
    nothing = point(Fraction(0))
    words = {BookWord.POSITION: nothing, BookWord.INVESTED: nothing, BookWord.UNITS_HELD: nothing}
    words[BookWord.ON_ORDER] = point(HUGE if side is Side.BUY else -HUGE)
    truths = {BookWord.FLAT: False, BookWord.LONG: False, BookWord.SHORT: False}
    return Scene(program=program, truths=truths, words=words)


def just_entered(program: Program, side: Side) -> Scene:
    """A position on this side, on the bar of its fill."""
    long = side is Side.BUY
    truths = {BookWord.FLAT: False, BookWord.LONG: long, BookWord.SHORT: not long}
    return Scene(program=program, truths=truths, words={BookWord.BARS_HELD: SOON, BookWord.SESSIONS_HELD: SOON})
