"""The order that is being considered: what the book knows of it between a rule's intent, the gate and its slot.

What `next_` says is said before an order is drafted, and the draft takes it, so that it holds for one order only.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.logbook import Logbook


@cython.cclass
class Draft(Logbook):
    """One draft at a time; prices in ticks, quantities in lots."""

    draft_rule: cython.long
    draft_role: cython.long
    draft_side: cython.long
    draft_kind: cython.long
    draft_lots: cython.longlong
    draft_price: cython.longlong
    draft_limit: cython.longlong
    draft_stop: cython.longlong
    draft_has_loss: cython.bint
    draft_loss: cython.longlong
    draft_target_kind: cython.long
    draft_target: cython.double
    draft_life: cython.long
    draft_life_value: cython.long
    draft_group: cython.longlong
    draft_beyond: cython.bint
    draft_funded: cython.bint
    draft_lot_choice: cython.long
    draft_located: cython.bint
    draft_trail_kind: cython.long
    draft_trail: cython.longlong
    draft_level: cython.longlong
    draft_same_tick: cython.bint

    # which tax lots the next exit closes, whether shares are located for the next entry, how its stop is to follow,
    # which level of a ladder it is (from 1; 0 for none),
    # and whether another level is rounded to its tick
    next_lot_choice: cython.long
    next_located: cython.bint
    next_trail_kind: cython.long
    next_trail: cython.double
    next_level: cython.longlong
    next_same_tick: cython.bint

    # the levels of the next ladder: the number of the lowest, how many, how they are spaced, the prices at both ends
    level_number: cython.longlong
    level_count: cython.long
    level_spacing: cython.long
    level_low: cython.double
    level_high: cython.double

    @cython.cfunc
    def _clear_draft(self) -> cython.void:
        self.draft_rule = self.draft_role = self.draft_side = self.draft_kind = self.draft_target_kind = 0
        self.draft_life = self.draft_life_value = 0
        self.draft_lots = self.draft_price = self.draft_limit = self.draft_stop = self.draft_loss = self.draft_group = 0
        self.draft_target = 0.0
        self.draft_has_loss = self.draft_beyond = self.draft_funded = self.draft_located = False
        self.draft_lot_choice = self.draft_trail_kind = 0
        self.draft_trail = 0
        self.next_lot_choice = self.next_trail_kind = 0
        self.next_located = self.draft_same_tick = self.next_same_tick = False
        self.next_trail = 0.0
        self.draft_level = self.next_level = self.level_number = self.level_count = self.level_spacing = 0
        self.level_low = self.level_high = 0.0
