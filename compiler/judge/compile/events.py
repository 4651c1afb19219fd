"""The phrases of events: which kinds of event each means, and which side.

`short order` and `short fill` are openings on the sell side, told apart by what the order or the fill is like, so that
observers need no further kinds.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.ir.observer import (
    DONE,
    FILLS,
    ORDERS,
    Ask,
    EventKind,
    Invert,
    Signal,
    Term,
    Trigger,
)

OPENING_ORDER: Final = frozenset({EventKind.ORDER_OPENING})
OPENING_FILL: Final = frozenset({EventKind.FILL_OPENING})
PHRASES: Final = {
    ("order",): ORDERS,
    ("opening", "order"): OPENING_ORDER,
    ("closing", "order"): frozenset({EventKind.ORDER_CLOSING}),
    ("long", "order"): OPENING_ORDER,
    ("short", "order"): OPENING_ORDER,
    ("fill",): FILLS,
    ("opening", "fill"): OPENING_FILL,
    ("closing", "fill"): frozenset({EventKind.FILL_CLOSING}),
    ("long", "fill"): OPENING_FILL,
    ("short", "fill"): OPENING_FILL,
    ("order done",): DONE,
    ("opening", "order done"): frozenset({EventKind.DONE_OPENING}),
    ("closing", "order done"): frozenset({EventKind.DONE_CLOSING}),
    ("locate",): frozenset({EventKind.LOCATE}),
    ("deposit",): frozenset({EventKind.DEPOSIT}),
    ("withdrawal",): frozenset({EventKind.WITHDRAWAL}),
    ("mark",): frozenset({EventKind.MARK}),
    ("new day",): frozenset({EventKind.NEW_DAY}),
    ("reset",): frozenset({EventKind.RESET}),
}
# What the order or the fill of a phrase says to `buys`, and whether that must be so.
SIDES: Final = {
    ("long", "order"): (Signal.ORDER_BUYS, True),
    ("short", "order"): (Signal.ORDER_BUYS, False),
    ("long", "fill"): (Signal.FILL_BUYS, True),
    ("short", "fill"): (Signal.FILL_BUYS, False),
}
DONE_OF: Final = {
    EventKind.ORDER_OPENING: EventKind.DONE_OPENING,
    EventKind.ORDER_CLOSING: EventKind.DONE_CLOSING,
}


def trigger_of(words: tuple[str, ...]) -> Trigger:
    """The trigger of a phrase."""
    if words not in SIDES:
        return Trigger(PHRASES[words], None)
    signal, buys = SIDES[words]
    side: Term = Ask(signal)
    return Trigger(PHRASES[words], side if buys else Invert(side))
