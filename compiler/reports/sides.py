"""What an allocation with short places does, in words."""

from __future__ import annotations

from stratc.compiler.reports.phrases import say
from stratc.dsl.syntax import Allocate, Number, Ranking


def say_sides(action: Allocate, ranking: Ranking, shorts: Number, shared: str) -> str:
    """Which half goes where; what is at both ends is neither."""
    ends = ("lowest", "highest") if ranking.lowest else ("highest", "lowest")
    where = f" for which {say(action.where)}" if action.where is not None else ""
    by = say(ranking.by).removeprefix("the ")
    return (
        f"of the instruments{where} buy the {say_places(ranking.count)} with the {ends[0]} {by} for half of "
        f"{say(action.amount)} and sell short the {say_places(shorts)} with the {ends[1]} for the other half, each "
        f"half shared {shared} among those it goes to, what is at both ends neither bought nor sold short"
    )


def say_places(count: Number) -> str:
    """`3`, or what a share of the eligible is."""
    return f"{say(count)} (rounded down, one at least)" if count.unit else f"{count.value:f}"


def say_order_of_sides(action: Allocate) -> str:
    """What goes first."""
    if action.ranking is None or action.ranking.shorts is None:
        return "sales before purchases"
    return "what reduces a position before what opens one"
