"""The life table is total, and `life_table.txt` shows it whole: a change of one cell is a line in a diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratc.runtime.executor.life.happening import Happening
from stratc.runtime.executor.life.state import CLOSED_STATUSES
from stratc.runtime.executor.life.table import CLOSED, LIFE, LINES, OPEN, Judgement, Stay, complete, life_of
from stratc.runtime.model.order import OrdStatus

pytestmark = pytest.mark.fast

GOLDEN = Path(__file__).with_name("life_table.txt")
FILLS = (Happening.FILL_PART, Happening.FILL_LAST, Happening.FILL_OWED, Happening.FILL_OVER)


def written(happening: Happening) -> list[str]:
    """One line for each status."""
    lines = [f"{happening.value}"]
    for status in OrdStatus:
        cell = life_of(status, happening)
        to = cell.to.name if isinstance(cell.to, OrdStatus) else cell.to.value
        more = [f"alarm: {cell.alarm.value}"] if cell.alarm else []
        more += [f"flag: {cell.flag.value}"] if cell.flag else []
        more += [f"do: {', '.join(duty.value for duty in cell.duties)}"] if cell.duties else []
        lines.append(f"    {status.name:<16}{cell.judgement.value:<9} -> {to:<15} {'; '.join(more)}".rstrip())
    return lines


def test_the_table_is_as_recorded(accept):
    text = "\n\n".join("\n".join(written(happening)) for happening in Happening) + "\n"
    if accept:
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_every_pair_is_stated():
    assert len(LIFE) == len(OrdStatus) * len(Happening)
    assert set(OPEN) | set(CLOSED) == set(OrdStatus)
    assert not set(OPEN) & set(CLOSED)


def test_a_gap_and_a_double_are_refused():
    first = LINES[Happening.SENT]
    with pytest.raises(ValueError, match="nothing is stated of"):
        complete({**LINES, Happening.SENT: first[1:]})
    with pytest.raises(ValueError, match="stated twice"):
        complete({**LINES, Happening.SENT: (*first, first[0])})


@pytest.mark.parametrize("happening", FILLS)
@pytest.mark.parametrize("status", [status for status in CLOSED if status is not OrdStatus.DENIED])
def test_a_fill_after_the_end_is_never_ignored(status, happening):
    assert life_of(status, happening).judgement is not Judgement.IGNORED


@pytest.mark.parametrize("status", OrdStatus)
def test_what_is_strange_halts_in_every_status(status):
    assert life_of(status, Happening.STRANGE).judgement is Judgement.HALTED


@pytest.mark.parametrize("happening", Happening)
def test_only_the_venue_or_the_settle_window_closes_an_order(happening):
    """No time-out, no lost connection and no wish to cancel lets an order's exposure go."""
    closing = {
        Happening.NOT_SENT, Happening.REJECTED, Happening.FILL_PART, Happening.FILL_LAST, Happening.FILL_OWED,
        Happening.FILL_OVER, Happening.CANCELED, Happening.CANCELED_UNASKED, Happening.REPLACED, Happening.EXPIRED,
        Happening.SETTLED_ABSENT,
    }  # fmt: skip
    ends = [life_of(status, happening).to for status in OPEN]
    closes = any(to in CLOSED_STATUSES or to is Stay.GONE for to in ends)
    assert not closes or happening in closing


def test_nothing_that_was_denied_moves():
    assert {life_of(OrdStatus.DENIED, happening).to for happening in Happening} == {Stay.SAME}
