"""Schedules and readings of the calendar in plain English, one sentence each."""

from __future__ import annotations

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.reports.phrases import say
from stratc.compiler.reports.schedules import say_every
from stratc.dsl.source import Source

pytestmark = pytest.mark.fast

SAID = {
    "every month, on last session": "every month, at the close of its last session",
    "every month, on session 3": "every month, at the close of its third session",
    "every quarter, on session 2 from end": "every quarter, at the close of its second session from the end",
    "every 6 months, on session 12": "every 6 months, at the close of its session 12",
    "every month, on last session, 30 min before end": "every month, 30 min before the end of its last session",
    "every year, on first session, at 10:00": "every year at 10:00 on the day of its first session",
    "every Friday or session before": "every Friday, at the session's close; the session before stands for a holiday",
    "every Monday or skipped, at 12:00 UTC": "every Monday at 12:00 UTC; a holiday is skipped",
    "every month, on third Friday or session after, 30 min after start": (
        "every month on its third Friday, 30 min after its start; the session after stands for a holiday"
    ),
    "every session, 30 min before end": "every session, 30 min before its end",
}
READ = {
    "weekday is not Friday": "the session is not on a Friday",
    "weekday in Monday..Thursday": "the session is on a Monday to Thursday",
    "time left in session > 20 min": "the time left in session is above 20 min",
    "days to next session > 3": "the days to next session is above 3",
}


def rule(clause: str):
    text = (
        f'strategy "x"\ntrade SPY on 30 min, regular session\naccount margin USD\nrule a\n  {clause}\n  then exit all\n'
    )
    return compile_source(Source("x", text)).checked.resolved.rules[0]


@pytest.mark.parametrize("clause", SAID)
def test_schedules(clause: str) -> None:
    assert say_every(rule(clause).every) == SAID[clause]


@pytest.mark.parametrize("condition", READ)
def test_readings(condition: str) -> None:
    assert say(rule(f"when {condition}").when[0].condition) == READ[condition]
