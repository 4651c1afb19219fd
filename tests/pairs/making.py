"""Pairs for tests: random texts that trade them, made-up bars of their members, and a run on a margin account."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from stratc.compiler.ir.nodes import Program
from stratc.runtime.executor.terms import AccountKind
from tests.books.making import TERMS, walk
from tests.differential import by_hand

MEMBERS = ("KO", "PEP", "MCD", "YUM")
MARGIN = replace(TERMS, kind=AccountKind.MARGINED)
Prices = dict[str, list[tuple[float, float]]]


def program_of(body: str, members: tuple[str, ...] = MEMBERS) -> Program:
    text = f'strategy "Pairs"\ntrade   pairs of {", ".join(members)} on 1 day\naccount margin USD\n\n{body}'
    return by_hand.program_of(text)


LETS = """
let near   = close of one / sma(close, 4) of one
let far    = close of other / sma(close, 4) of other
let gap    = near - far
let move   = close / close[2]
let drift  = move of one - move of other
let bound  = correlation(close of one, close of other, 5)
let kept   = (gap * gap) when (close of one > open of one)
let place  = rank(-kept) across pairs
let widest = highest(gap) across pairs
let many   = count(drift > 0) across pairs
let mean   = average(drift) across pairs
"""
OPENS = (
    "gap > 0",
    "gap < 0 and place <= 2",
    "drift > mean",
    "gap >= widest",
    "many >= 2 and bound < 0.5",
    "gap changes sign",
    "(drift > 0) for at least 2 bars",
    "rank(drift) across pairs <= 1",
    "close of MCD > sma(close, 3) of MCD or gap[1] < gap",
    "turn",
)
STATES = ("flat and ", "flat and ", "", "bars_held > 3 bars and ")
CLOSES = (
    "bars_held >= 2 bars",
    "gap changes sign",
    "open_profit < 0 USD",
    "sessions_held >= 3",
    "place > 2",
    "equity < peak equity",
)
SIZES = ("1_000 USD", "2% of equity", "(3_000 USD * (1 + abs(gap)))", "7 shares", "20_000 USD")
TIMES = ("", ", at next open", ", at market")
LIMITS = (
    "cap position 15% of equity",
    "cap gross 60% of equity",
    "cap entries 6 per session",
    "halt at drawdown 2% of peak equity, flatten, until next session",
    "no entries when mean < 0",
    "halt when many >= 3 and widest > 6%, until next session",
    "cap orders 5 per second",
)
SEQUENCE = "sequence turn\n  first gap > 0\n  then gap < 0 within 4 bars\n"


def made_up(random: Random) -> str:
    """A text of three or four rules: two that open, one or two that close, one that notes."""
    rules = [_opening(random, number) for number in range(2)]
    closes = random.sample(CLOSES, random.choice((1, 2)))
    for number, close in enumerate(closes):
        part = random.choice(("all", "all", "half", "30% of position"))
        when = f"  when not flat and {close}\n"
        rules.append(f"rule close_{number}\n{when}  then exit {part}{random.choice(TIMES).lstrip(',')}\n")
    rules.append(f"rule seen\n  when {random.choice(OPENS[:6])}\n  then note\n")
    random.shuffle(rules)
    limits = random.sample(LIMITS, random.choice((0, 1, 2)))
    return "\n".join((LETS, SEQUENCE, *rules, *limits)) + "\n"


def _opening(random: Random, number: int) -> str:
    sides = random.choice((("buy  ", "short"), ("short", "buy  "), ("short", "buy  ")))
    locate = random.choice((", after locate", ""))
    order = random.choice((("one", "other"), ("other", "one")))
    legs = "".join(
        f"         {side} {random.choice(SIZES)} of {leg}{random.choice(TIMES)}{locate if side == 'short' else ''}\n"
        for side, leg in zip(sides, order, strict=True)
    )
    when = random.choice(STATES) + random.choice(OPENS)
    return f"rule open_{number}\n  when {when}\n  then both of\n{legs}"


def random_pairs(seed: int) -> tuple[Program, Prices]:
    random = Random(seed)
    members = MEMBERS[: random.choice((3, 3, 4))]
    return program_of(made_up(random), members), {name: walk(random, 70) for name in MEMBERS}
