"""Contributions and withdrawals in plain English."""

from __future__ import annotations

from stratc.compiler.reports.phrases import say
from stratc.compiler.reports.schedules import say_every
from stratc.dsl.syntax import Flow


def say_flow(flow: Flow) -> str:
    when, amount = say_every(flow.every), say(flow.amount)
    if flow.withdraw:
        return f"{amount} is taken out {when}: settled cash that nothing else needs, and no more than there is"
    return f"{amount} is paid in {when}: it is there before anything is decided at that moment, and is no profit"
