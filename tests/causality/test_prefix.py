"""Causality cannot be broken: cut everything at any moment, and what was known before is the same, bit for bit.

Bars are cut at their closes, tables at the moments since when their rows were known, actions at their announcements;
the universe is what the table says by then. The strategies of one round hold every construct of the language but those
that `exempt` names, each with its reason, and a test says so.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratc.runtime.engine import codes
from tests.causality import census
from tests.causality.exempt import EXEMPT
from tests.causality.measuring import interpreted, measured
from tests.causality.running import first_difference
from tests.causality.strategies import PLACES, ROUND

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


def test_what_only_one_of_two_runs_holds_is_told():
    """The comparison proves itself: a fill or a value that is missed is seen, whichever run lacks it."""
    one = interpreted(next(seed for seed, (world, _) in enumerate(PLACES) if world.name == "contract"))
    whole, moment = one.whole, one.moments()[-1]
    assert whole.result.fill_log
    unfilled = replace(whole, result=replace(whole.result, fill_log=whole.result.fill_log[codes.FILL_WIDTH :]))
    node, values = next((node, values) for node, values in whole.first.items() if values)
    unknown = replace(whole, first=whole.first | {node: dict(list(values.items())[1:])})
    for lacking in (unfilled, unknown):
        assert first_difference(whole, lacking, moment)
        assert first_difference(lacking, whole, moment)
    assert not first_difference(whole, whole, moment)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=SLOW)
@given(st.integers(ROUND, 1_000_000), st.integers(0, 1_000_000))
def test_any_strategy_cut_anywhere(seed, where):
    one = measured(seed)
    assert not one.cut_at(Random(where).choice(one.moments()))
