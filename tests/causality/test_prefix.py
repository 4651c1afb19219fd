"""Causality cannot be broken: cut everything at any moment, and what was known before is the same, bit for bit.

Bars are cut at their closes, tables at the moments since when their rows were known, actions at their announcements;
the universe is what the table says by then. The strategies of one round hold every construct of the language, and a
test says so.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.causality import census
from tests.causality.exempt import EXEMPT
from tests.causality.measuring import measured
from tests.causality.strategies import ROUND

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def round_of_all():
    """Every strategy of a round: where it was cut, what differed, what it held."""
    found = []
    for seed in range(ROUND):
        one = measured(seed)
        moment = Random(seed).choice(one.moments())
        found.append((seed, moment, one.cut_at(moment), one.used))
    return found


def test_the_past_does_not_depend_on_what_comes(round_of_all):
    assert not [(seed, moment, told) for seed, moment, told, _ in round_of_all if told]


def test_every_construct_was_run(round_of_all):
    used = frozenset().union(*(used for *_, used in round_of_all))
    assert sorted(census.members() - used - EXEMPT.keys()) == []


def test_nothing_is_exempt_without_need(round_of_all):
    used = frozenset().union(*(used for *_, used in round_of_all))
    assert sorted(EXEMPT.keys() & used) == []
    assert sorted(EXEMPT.keys() - census.members()) == []


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=SLOW)
@given(st.integers(ROUND, 1_000_000), st.integers(0, 1_000_000))
def test_any_strategy_cut_anywhere(seed, where):
    one = measured(seed)
    assert not one.cut_at(Random(where).choice(one.moments()))
