"""Ladders in English: where the levels lie and what is sold where; what is always so of them is an assumption."""

from __future__ import annotations

from stratc.compiler.reports.phrases import say
from stratc.dsl.syntax import Direction, Entry, HaltWhen
from stratc.dsl.syntax.ladders import Levels, Spacing


def say_levels(levels: Levels) -> str:
    """The order of each level."""
    apart = "each the same multiple of the one below" if levels.spacing is Spacing.GEOMETRIC else "equally far apart"
    prices = f"{say(levels.count)} prices from {say(levels.first)} to {say(levels.last)}, {apart}"
    return f"with a limit order at each of {prices}"


def say_level_target(entry: Entry) -> str:
    above = entry.direction is Direction.BUY
    if above:
        return "and a target: what was bought at each level is sold at the next one up (the highest is only a target)"
    return "and a target: what was sold at each level is bought back one level down (the lowest is only a target)"


def say_halt_when(statement: HaltWhen) -> str:
    then = "cancel what opens, exit the position" if statement.flatten else "cancel what opens, keep what protects"
    until = "until the next session" if statement.until == "next session" else "until a person releases it"
    return f"trading stops at the close of a bar on which {say(statement.condition)}: {then}, {until}"
