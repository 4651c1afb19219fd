"""The book's logs: what was filled, closed, ordered, denied, carried and noted, a row each, in memory that grows.

`engine.logs` writes them. The book is one object in C, which has a single base: `Book` is a `Draft`, which is a
`Logbook`, and each of the three has the fields of one concern.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.codes import CARRY_WIDTH, CLOSING_WIDTH, DENIAL_WIDTH, FILL_WIDTH, NOTE_WIDTH, PLACED_WIDTH
from stratc.runtime.engine.memory import release, whole_numbers


@cython.cclass
class Logbook:
    """Of each log its memory, the rows written, and the rows that fit; and how many orders have ended."""

    fill_log: cython.p_longlong
    fill_count: cython.long
    fill_room: cython.long
    closing_log: cython.p_longlong
    closing_count: cython.long
    closing_room: cython.long
    order_log: cython.p_longlong
    order_count: cython.long
    order_room: cython.long
    denial_log: cython.p_longlong
    denial_count: cython.long
    denial_room: cython.long
    carry_log: cython.p_longlong
    carry_count: cython.long
    carry_room: cython.long
    note_log: cython.p_longlong
    note_count: cython.long
    note_room: cython.long
    ended_count: cython.long

    @cython.cfunc
    def _make_logs(self) -> cython.void:
        self.fill_count = self.closing_count = self.order_count = self.denial_count = self.carry_count = 0
        self.note_count = self.ended_count = 0
        # In C untouched memory costs nothing, and a log that grows is copied; in Python every zero is made.
        room: cython.long = 65_536 if cython.compiled else 256
        self.fill_room = self.closing_room = self.order_room = self.denial_room = self.carry_room = room
        self.fill_log = whole_numbers(room * FILL_WIDTH)
        self.closing_log = whole_numbers(room * CLOSING_WIDTH)
        self.order_log = whole_numbers(room * PLACED_WIDTH)
        self.denial_log = whole_numbers(room * DENIAL_WIDTH)
        self.carry_log = whole_numbers(room * CARRY_WIDTH)
        self.note_room = room
        self.note_log = whole_numbers(room * NOTE_WIDTH)

    def __dealloc__(self) -> None:
        if cython.compiled:
            release(self.fill_log)
            release(self.closing_log)
            release(self.order_log)
            release(self.denial_log)
            release(self.carry_log)
            release(self.note_log)
