"""What the judge takes from an allocation: a bound of one position and its side, and nothing that needs flat."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.judge.sizes import Shape, read_shape
from stratc.dsl.source import Source

pytestmark = pytest.mark.fast

HEAD = 'strategy "A"\ntrade SPY, QQQ, IWM, TLT on 1 day\naccount margin USD\n'


NEW = "new cash to the most underweight"


def shape_of(action: str, limits: str = "") -> Shape:
    text = f"{HEAD}rule rebalance\n  every month, on last session\n  then allocate {action}\n{limits}"
    program = compile_source(Source("a", text)).program
    assert program is not None
    return read_shape(program)


@pytest.mark.parametrize(
    ("action", "position"),
    [
        ("80% of equity equally", Fraction(1, 5)),
        ("80% of equity to top 2 by close / close[5], equally", Fraction(2, 5)),
        ("80% of equity to top 2 by close / close[5], by close / open", Fraction(4, 5)),
        ("80% of equity by close / open", Fraction(4, 5)),
        ("20% of equity to each where close > open", Fraction(1, 5)),
        ("80% of equity equally, only where off by more than 10% of target", Fraction(1, 5)),
        (f"80% of equity equally, only where off by more than 10% of target, {NEW}", Fraction(11, 50)),
        (f"80% of equity equally, only where off by more than 2% of equity, {NEW}", Fraction(11, 50)),
        (f"80% of equity equally, only where off by more than 500 USD, {NEW}", None),
        ("5_000 USD equally", None),
        # An amount of its own is bounded where each is; the places of a part of the eligible may be one.
        ("max(0%, min(10% / volatility(60), 30%)) * equity to each", Fraction(3, 10)),
        ("(10% / volatility(60)) * equity to each", None),
        ("80% of equity to top 50% by close / close[5], equally", Fraction(4, 5)),
        ("50% of cash equally", None),
    ],
)
def test_one_position_is_bounded_by_its_largest_target(action: str, position: Fraction | None) -> None:
    assert shape_of(action).position == position


def test_the_sum_is_bounded_by_caps_only() -> None:
    """Positions made earlier stand beside the purchases until what is sold is sold."""
    assert shape_of("80% of equity equally").gross is None
    assert shape_of("80% of equity equally", "cap leverage 2x\n").gross == 2


def test_nothing_rests_on_being_flat_or_on_never_entering() -> None:
    shape = shape_of("80% of equity equally")
    assert (shape.buys, shape.shorts, shape.one_sided) == (True, False, True)
    assert (shape.needs_flat, shape.one_leg, shape.no_same_day_close) == (False, False, False)


@pytest.mark.parametrize("line", ["withdraw 500 USD every month, on first session\n", ""])
def test_money_that_may_leave_bounds_no_size(line: str) -> None:
    """An order rests, sized by an equity of which most is gone when it fills: nothing is proved of sizes then."""
    shape = shape_of("80% of equity equally", f"cap leverage 2x\n{line}")
    assert (shape.position is None) == (shape.gross is None) == bool(line)


def sides_of(action: str, limits: str = "") -> Shape:
    head = 'strategy "A"\ntrade EUR/USD, AUD/USD, NZD/USD, GBP/USD on 1 day\naccount forex USD\n'
    text = f"{head}rule rebalance\n  every month, on last session\n  then allocate {action}\n{limits}"
    program = compile_source(Source("a", text)).program
    assert program is not None
    return read_shape(program)


def test_short_places_are_on_both_sides_and_bounded_by_caps_only() -> None:
    """What a position grew to counts beside its other side until it is closed, so no target bounds it."""
    shape = sides_of("80% of equity to top 1 and short bottom 2 by close / close[5], equally")
    assert (shape.buys, shape.shorts, shape.one_sided) == (True, True, False)
    assert (shape.position, shape.gross) == (None, None)
    shape = sides_of("80% of equity to top 1 and short bottom 2 by close / close[5], equally", "cap leverage 2x\n")
    assert (shape.position, shape.gross) == (2, 2)
    shape = sides_of("80% of equity to top 1 by close / close[5], equally")
    assert (shape.shorts, shape.one_sided, shape.position) == (False, True, Fraction(4, 5))
