"""Every interleaving of a small world around the desk: complete for few faults, by chance for many.

A run of the suite sees every world without a fault, and every world of some with one. The long one sees every world
with one fault, but for the groups in `CUT_SHORT`, of which it sees the first so many; it says how many they were.
"""

from __future__ import annotations

import pytest

from tests.orders.explore import explore, walk
from tests.orders.scenarios import SCENARIOS, first_world

WORLDS_MAX = 300_000
WORLDS_CUT_SHORT = 100_000
CUT_SHORT = {
    "a stop loss and a target, in parts",
    "a bracket that is closed",
    "one of two",
    "one of three",
    "one triggers two",
}
WALKS, WALKS_LONG = 60, 1_500


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_world_without_a_fault(name):
    explored = explore(first_world(name, 0), WORLDS_MAX)
    assert explored.whole
    assert explored.at_rest


@pytest.mark.parametrize("name", ["one order, ids refused while open", "a stop loss that is refused"])
def test_every_world_with_one_fault(name):
    assert explore(first_world(name, 1), WORLDS_MAX).whole


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_world_with_one_fault_of_every_group(name):
    explored = explore(first_world(name, 1), WORLDS_CUT_SHORT if name in CUT_SHORT else WORLDS_MAX)
    print(f"{name}: {explored}")
    assert explored.at_rest
    assert explored.whole or name in CUT_SHORT


@pytest.mark.parametrize("name", SCENARIOS)
def test_many_faults_by_chance(name):
    for seed in range(WALKS):
        walk(first_world(name, 3), seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_many_faults_by_chance_at_length(name):
    for seed in range(WALKS_LONG):
        walk(first_world(name, 5), seed)
