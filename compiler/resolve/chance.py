"""Chance is refused by name: a run is repeated, replayed and resumed, and every decision follows from what was known."""

from __future__ import annotations

from typing import ClassVar, Final

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record

CHANCE: Final = frozenset({"random", "rand", "randint", "random_number", "uniform", "shuffle", "noise"})


@record
class NoChance(Problem):
    """Slices of random sizes hide a large order from others, and a backtest of them proves nothing of the next run. What
    a slice is follows from the time, from what is left and from the volume that has been traded.
    """

    code: ClassVar[str] = "N291"
    title: ClassVar[str] = "`{name}` would be another number in every run, and nothing here is left to chance"
    label: ClassVar[str] = "no decision could be repeated or explained"
    help: ClassVar[str] = "write what the size follows from: `min(100 shares, 1_000 shares - position - on_order)`"
    example: ClassVar[str] = "rule slice\n  when position < 1_000 shares\n  then buy random() * 100 shares"
    instead: ClassVar[str] = (
        "rule slice\n  when position < 1_000 shares\n"
        "  then buy min(100 shares, 1_000 shares - position - on_order)"
    )

    name: str
