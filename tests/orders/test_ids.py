"""Client order ids: alphabet, length, the same from the same, different from the different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.model.ids import ID_PATTERN, client_order_id, leg_id, request_id

GOLDENS = [
    (("demo", "cross", 0), "SKHFXBMPELUMJNKQZK"),
    (("demo", "cross", 1), "S4QVAXIGMDAQUH6BO5"),
    (("demo", "Überkreuz", 123456789), "SW5XJ5NP3KFOIUCAP4"),
]

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(("named", "golden"), GOLDENS)
def test_an_id_is_the_same_on_every_machine(named, golden):
    assert client_order_id(*named) == golden


@given(st.text(), st.text(), st.integers(0, 2**63))
def test_every_id_fits_every_venue(deployment, strategy, number):
    made = client_order_id(deployment, strategy, number)
    assert len(made) == 18
    assert made.isascii()
    assert ID_PATTERN.fullmatch(made)


@given(st.tuples(st.text(), st.text(), st.integers(0)), st.tuples(st.text(), st.text(), st.integers(0)))
def test_different_names_have_different_ids(one, other):
    assert (client_order_id(*one) == client_order_id(*other)) == (one == other)


def test_parts_do_not_run_into_each_other():
    assert client_order_id("ab", "c", 1) != client_order_id("a", "bc", 1)
    assert client_order_id("a", "b1", 1) != client_order_id("a", "b", 11)
    assert leg_id("a", "b", 1) != request_id("a", "b", 1) != client_order_id("a", "b", 1)


def test_an_intent_has_a_number():
    with pytest.raises(ValueError, match="numbered from 0"):
        client_order_id("demo", "cross", -1)


@pytest.mark.slow
def test_a_million_ids_do_not_meet():
    assert len({client_order_id("demo", "cross", number) for number in range(10**6)}) == 10**6
