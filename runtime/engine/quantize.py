"""The border between doubles and whole numbers; each function says how it rounds, and no other code rounds.

Prices in tick units that lie within GRID (a thousandth of a tick) of a whole tick count as that tick: 100.01 x 100 is
10001.000000000002 in doubles and means 10001. Quantities within one part in 10^9 below a whole lot count as that lot.
Arguments must be known and small enough for 63 bits; callers test that first.
"""

from __future__ import annotations

from math import fabs, floor

import cython

if cython.compiled:
    from cython.cimports.libc.math import NAN, llrint


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def unknown() -> cython.double:
    """The double that stands for what is not known."""
    if cython.compiled:
        return NAN
    else:
        return float("nan")


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def round_half_even(x: cython.double) -> cython.longlong:
    """To the nearest whole number, halves to the even one: fees, marks."""
    if cython.compiled:
        return llrint(x)
    else:
        return round(x)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def round_up(x: cython.double) -> cython.longlong:
    """A price in tick units to the next tick above: what a buyer pays, where a sell limit rests."""
    nearest: cython.longlong = round_half_even(x)
    return nearest + 1 if x > nearest + 0.001 else nearest


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def round_down(x: cython.double) -> cython.longlong:
    """A price in tick units to the next tick below: what a seller gets, where a buy limit rests."""
    nearest: cython.longlong = round_half_even(x)
    return nearest - 1 if x < nearest - 0.001 else nearest


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def whole_lots(x: cython.double) -> cython.longlong:
    """Lots that fit into `x`, never negative: rounds down, but one part in 10^9 below a whole lot counts as whole."""
    if x <= 0.0:
        return 0
    below: cython.double = floor(x)
    return round_half_even(below + 1.0) if below + 1.0 - x <= 1e-9 * x else round_half_even(below)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def at_or_below(x: cython.double, ticks: cython.longlong) -> cython.bint:
    """Whether a price in tick units is at that tick or lower."""
    return x <= ticks + 0.001


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def at_or_above(x: cython.double, ticks: cython.longlong) -> cython.bint:
    """Whether a price in tick units is at that tick or higher."""
    return x >= ticks - 0.001


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exceeds(value: cython.double, bound: cython.double) -> cython.bint:
    """Whether money is beyond a bound by more than one part in 10^9, the width by which `whole_lots` rounds."""
    return value > bound + 1e-9 * fabs(bound)
