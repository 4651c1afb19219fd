"""Lots by identity and first in, first out: naming the newest lot in a US forex account is refuted, never proved."""

from __future__ import annotations

import pytest

from stratc.compiler.judge import Status
from tests.judge.strategies import account_of, program_of
from tests.judge.test_judge import FIFO, verdicts

LADDER = """strategy "Ladder"
trade   EUR/USD on 1 hour
account forex USD

rule enter
  when position < 25_000 units and close > open
  then buy 10_000 units

rule leave
  when close < open
  then exit {exit}
cap leverage 10x
"""
ONE_AT_A_TIME = LADDER.replace("position < 25_000 units", "flat")


@pytest.mark.parametrize(
    ("exit", "status"),
    [
        ("10_000 units, newest first", Status.VIOLATED),
        ("5_000 units, newest first", Status.VIOLATED),
        ("5_000 units, highest cost first", Status.VIOLATED),
        ("10_000 units, oldest first", Status.GUARDED),
        ("10_000 units", Status.GUARDED),
        ("all, newest first", Status.GUARDED),
    ],
)
def test_the_newest_lot_of_several_is_refuted(exit, status):
    found = verdicts(program_of(LADDER.format(exit=exit)), account_of("forex"), "2026-07-01")[FIFO]
    assert found.status is status


def test_the_trace_is_two_purchases_and_the_sale():
    """The shortest: a ticket, a second one, and the exit that names the second."""
    found = verdicts(program_of(LADDER.format(exit="5_000 units, newest first")), account_of("forex"), "2026-07-01")
    events = found[FIFO].counterexample.events
    assert sum(event.kind == "fill" for event in events) == 3


def test_one_lot_at_a_time_is_proved_whichever_is_named():
    program = program_of(ONE_AT_A_TIME.format(exit="5_000 units, newest first"))
    assert verdicts(program, account_of("forex"), "2026-07-01")[FIFO].status is Status.PROVED
