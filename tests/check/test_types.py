"""Laws of the algebra of units."""

from __future__ import annotations

from itertools import product

import pytest

from stratc.dsl.types import (
    BARS,
    BOOL,
    COUNT,
    DATE,
    DURATION,
    EACH,
    NUMBER,
    R_MULTIPLE,
    RATIO,
    SESSIONS,
    TEXT,
    TIME,
    UNKNOWN,
    Money,
    Price,
    PriceDiff,
    Quantity,
    Stated,
    add,
    comparable,
    difference_of,
    divide,
    fits,
    multiply,
    subtract,
)

PRICE, DISTANCE = Price(EACH, "USD"), PriceDiff(EACH, "USD")
TYPES = [
    *(BARS, BOOL, COUNT, DATE, DURATION, NUMBER, R_MULTIPLE, RATIO, SESSIONS, TEXT, TIME, UNKNOWN),
    *(PRICE, DISTANCE, Price("QQQ", "USD"), PriceDiff("QQQ", "USD"), Price(EACH, "JPY")),
    *(Money("USD"), Money("JPY"), Stated("USD"), Stated("JPY"), Quantity(EACH), Quantity(EACH, "shares")),
]
each = pytest.mark.parametrize("kind", TYPES, ids=str)
PAIRS = list(product(TYPES, TYPES))

pytestmark = pytest.mark.fast


def test_sums_and_products_may_be_turned_round_except_for_moments():
    for left, right in PAIRS:
        if TIME not in (left, right):
            assert add(left, right) == add(right, left)
        assert multiply(left, right) == multiply(right, left)
        assert comparable(left, right) == comparable(right, left)


def test_what_was_added_can_be_taken_away():
    for left, right in PAIRS:
        total = add(left, right)
        if total is not None and UNKNOWN not in (left, right):
            rest = subtract(total, right)
            assert fits(rest, left) or fits(left, rest) or rest == difference_of(left)


@each
def test_a_type_fits_itself_and_the_unknown_fits_everything(kind):
    assert fits(kind, kind)
    assert fits(UNKNOWN, kind)
    assert fits(kind, UNKNOWN)
    assert add(UNKNOWN, kind) == UNKNOWN


@each
def test_scaling_by_a_number_keeps_the_unit(kind):
    if kind not in (BOOL, TEXT, DATE, TIME, COUNT, RATIO, UNKNOWN):
        assert multiply(kind, NUMBER) == kind
        assert divide(kind, NUMBER) == kind


@pytest.mark.parametrize(
    ("operation", "left", "right", "result"),
    [
        (subtract, PRICE, PRICE, DISTANCE),
        (add, PRICE, DISTANCE, PRICE),
        (add, PRICE, Stated("USD"), PRICE),
        (add, PRICE, Stated("JPY"), None),
        (add, PRICE, PRICE, None),
        (subtract, PRICE, Price("QQQ", "USD"), None),
        (divide, PRICE, PRICE, RATIO),
        (divide, DISTANCE, PRICE, RATIO),
        (divide, PRICE, Price("QQQ", "USD"), RATIO),
        (divide, PRICE, Price("SAP", "EUR"), None),
        (divide, PriceDiff("QQQ", "USD"), PRICE, None),
        (multiply, Quantity(EACH, "shares"), PRICE, Money("USD")),
        (divide, Money("USD"), PRICE, Quantity(EACH)),
        (divide, Money("USD"), DISTANCE, Quantity(EACH)),
        (divide, Money("USD"), Money("JPY"), None),
        (add, Money("USD"), Money("JPY"), None),
        (subtract, TIME, TIME, DURATION),
        (add, TIME, DURATION, TIME),
        (add, RATIO, NUMBER, None),
        (multiply, BOOL, NUMBER, None),
    ],
)
def test_the_table_of_units(operation, left, right, result):
    assert operation(left, right) == result


@pytest.mark.parametrize(
    ("left", "right"),
    [(NUMBER, RATIO), (PRICE, DISTANCE), (PRICE, Money("USD")), (BARS, SESSIONS), (PRICE, NUMBER), (BOOL, BOOL)],
)
def test_what_cannot_be_compared(left, right):
    assert not comparable(left, right)
