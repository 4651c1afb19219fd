"""What becomes of orders in the histories of `histories.txt`; each fault of the acceptance table names its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stratc.runtime.executor.life.encoding import digest
from tests.orders.story import told

pytestmark = pytest.mark.fast

# The faults of the acceptance table that are a matter of the life of orders, and of nothing with a socket or a disk.
FAULTS = (
    *(f"F{number:02}" for number in range(1, 11)), "F12", "F13", "F14", "F15",
    *(f"F{number}" for number in range(20, 32)), "F33", "F34", "F35", "F52", "F54", "F56", "F57",
)  # fmt: skip


def histories() -> dict[str, list[str]]:
    """The lines of each history by its title."""
    text = Path(__file__).with_name("histories.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n\n+", text.strip()):
        title, *lines = block.splitlines()
        assert title not in found, f"two histories are called `{title}`"
        found[title] = [line.strip() for line in lines]
    return found


HISTORIES = histories()


@pytest.mark.parametrize("title", HISTORIES)
def test_a_history_ends_as_told(title):
    story = told(HISTORIES[title])
    assert story.replayed() == digest(story.state)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_history(fault):
    assert any(title.startswith(f"{fault} ") for title in HISTORIES)


@pytest.mark.parametrize("lines", [["buy 5", "position 1"], ["buy 5", "alarms late fill"], ["buy 5", "sends a 2"]])
def test_a_wrong_expectation_is_found(lines):
    with pytest.raises(AssertionError):
        told(lines)
