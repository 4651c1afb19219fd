"""Did you mean: near words are found, far ones are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.dsl.suggest import closest, distance

WORDS = ("when", "then", "every", "stop loss at", "crosses above", "cash")

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("whne", "when"),
        ("wehn", "when"),
        ("WHEN", "when"),
        ("thn", "then"),
        ("evrey", "every"),
        ("stpo loss at", "stop loss at"),
        ("cross above", "crosses above"),
        ("chas", None),
        ("x", None),
        ("", None),
        ("volume", None),
        ("w" * 1000, None),
    ],
)
def test_closest(word, meant):
    assert closest(word, WORDS) == meant


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_symmetric_and_zero_only_for_equals(left, right):
    assert distance(left, right, 9) == distance(right, left, 9)
    assert (distance(left, right, 9) == 0) == (left == right)
    assert distance(left, right, 9) <= max(len(left), len(right))


@pytest.mark.parametrize(
    ("left", "right", "count"), [("ab", "ba", 1), ("abc", "ac", 1), ("abc", "abd", 1), ("", "ab", 2)]
)
def test_distance(left, right, count):
    assert distance(left, right, 9) == count
