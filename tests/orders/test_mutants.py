"""Each guard of the desk, taken away, is missed: by a history at least, and by the exploration where it can see it."""

from __future__ import annotations

import pytest

from tests.orders.explore import Wrong, explore
from tests.orders.mutants import MUTANTS, NOTICED
from tests.orders.scenarios import faulty_world
from tests.orders.story import told
from tests.orders.test_histories import HISTORIES

WORLDS_MAX = 20_000


def first_broken() -> str | None:
    for title, lines in HISTORIES.items():
        try:
            told(lines)
        except Exception:  # noqa: BLE001 - a mutant may break the desk in any way
            return title
    return None


@pytest.mark.fast
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_history_notices(mutant, monkeypatch):
    MUTANTS[mutant](monkeypatch)
    assert first_broken() is not None


@pytest.mark.parametrize("mutant", NOTICED)
def test_the_exploration_notices(mutant, monkeypatch):
    name, faults = NOTICED[mutant]
    MUTANTS[mutant](monkeypatch)
    # A wrong of the world, or an assertion of the desk or of the world that no longer holds.
    with pytest.raises((Wrong, AssertionError)):
        explore(faulty_world(name, **faults), WORLDS_MAX)


@pytest.mark.parametrize("world", {(name, tuple(faults.items())): None for name, faults in NOTICED.values()})
def test_the_careful_desk_passes_where_mutants_fail(world):
    name, faults = world
    assert explore(faulty_world(name, **dict(faults)), WORLDS_MAX).whole


@pytest.mark.fast
def test_without_a_mutant_nothing_is_wrong():
    assert first_broken() is None
