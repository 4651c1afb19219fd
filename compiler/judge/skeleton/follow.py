"""Whether the skeleton has a path for the orders and fills of a run: what the engine does, it must allow.

The run's events take the place of a rule: a state remembers how many of them it has explained, and a move is possible
only where it tells the next ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stratc.compiler.ir.observer import EventKind
from stratc.compiler.judge.skeleton.account import AccountSide
from stratc.compiler.judge.skeleton.bounded import Cells
from stratc.compiler.judge.skeleton.explore import Explorer
from stratc.compiler.judge.skeleton.outline import Outline
from stratc.compiler.judge.skeleton.registers import MODELLED, PLAIN
from stratc.runtime.model.record import record

WITHOUT_SIDE: Final = frozenset({EventKind.DONE_OPENING, EventKind.DONE_CLOSING, EventKind.NEW_DAY})
WORK_MAX: Final = 5_000_000
STATES_MAX: Final = 300_000
ORDERS_MAX: Final = 200


@record
class Event:
    """An order, a fill, an order's end or a new day of a run; `side` 0 where it has none."""

    kind: EventKind
    instrument: int
    side: int


class Follower:
    """Listens for the events of one run, in their order; `furthest` is how many were explained on any path."""

    start: Cells = (0,)
    alphabet = MODELLED

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = tuple(events)
        self.furthest = 0

    def step(
        self, cells: Cells, kind: EventKind, instrument: int, account: AccountSide
    ) -> tuple[tuple[Cells, int], ...]:
        at = cells[0]
        if at == len(self._events):
            return ()
        wanted = self._events[at]
        side = 0 if kind in WITHOUT_SIDE else account.side
        if (kind, instrument, side) != (wanted.kind, wanted.instrument, wanted.side):
            return ()
        self.furthest = max(self.furthest, at + 1)
        return (((at + 1,), PLAIN),)


def explained(outline: Outline, events: Sequence[Event]) -> int | None:
    """How many of a run's events, from the first on, some path of the skeleton tells: all, or there is a hole. None
    where there are too many paths to say."""
    follower = Follower(events)
    explorer = Explorer(
        outline=outline,
        listener=follower,
        asks=False,
        work_max=WORK_MAX,
        orders_most=ORDERS_MAX,
        states_max=STATES_MAX,
    )
    complete = explorer.explore((follower.start,)).complete
    return follower.furthest if complete or follower.furthest == len(events) else None
