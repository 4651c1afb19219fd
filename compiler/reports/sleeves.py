"""The sleeves of a book, and pairs, in plain English: what has places of its own on one account."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from stratc.compiler.ir.nodes import Program

OWN = (
    "in a sleeve's rules `equity`, `cash`, `flat`, `position` and what else is said of the account are the sleeve's own"
)
BORROWED = (
    "on a margin account a sleeve may buy for more than its own money, as its strategy may alone: what it borrows is "
    "owed by the account, and `cap leverage` bounds that"
)
NETTED = (
    "what sleeves order in one instrument for the same open is one order of the account, buys less sells: all of them "
    "fill at its price, its commission is shared by the side that it is on, and what meets inside costs none"
)
WHOLE = (
    "caps and halts are the account's: a cap counts every sleeve's orders in full, and a halt stops all sleeves; rules "
    "of the account are judged over all sleeves together"
)


def say_sleeves(program: Program) -> Iterator[str]:
    """Each sleeve with its part, and what it means that they share an account."""
    if not program.sleeves:
        return
    for sleeve in program.sleeves:
        symbols = ", ".join(program.instruments[place] for place in sleeve.places)
        title = f" ({sleeve.title})" if sleeve.title else ""
        yield (
            f"`{sleeve.name}`{title} trades {symbols} with {sleeve.percent.normalize():f}% of the equity at the start; "
            "what it gains and loses stays its own"
        )
    left = 100 - sum((sleeve.percent for sleeve in program.sleeves), Decimal(0))
    if left:
        yield f"{left.normalize():f}% of the equity at the start are in no sleeve and stay in reserve"
    yield OWN
    if program.account_kind == "margin":
        yield BORROWED
    yield WHOLE
    if program.shares:
        yield NETTED


def say_pairs(program: Program) -> Iterator[str]:
    """What a rule is tried for, whose its words are, and what the account sends."""
    if not program.pairs:
        return
    count = len(program.instruments) // 2
    legs = " and ".join(program.instruments[:2])
    yield (
        f"every rule is tried for each of the {count:,} pairs, in the order of their names; `one` and `other` are its "
        f"legs, of the first pair {legs}; it is tried where both have a bar, and what it counts in bars are the bars "
        "of `one`"
    )
    yield (
        "a pair has a position of its own in each leg: there is no position where neither leg is held or on order, the "
        "open profit is that of both, and what is exited is exited of both"
    )
    if program.shares:
        yield (
            "what pairs order in one share for the same open is one order of the account, buys less sells: all of them "
            "fill at its price, its commission is shared by the side that it is on, and what meets inside costs none"
        )
        yield (
            "caps count every pair in full, also where another pair holds the other side of a share, and each pair "
            "locates and pays borrowing for what it is short itself: the account counts and pays too much then, never "
            "too little"
        )
