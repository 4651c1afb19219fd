"""Rule guards as text for the generated `Strategy`: what packs add to the methods that the engine calls.

Each field holds the lines of one method's body, in Cython, without indentation; nothing may raise, allocate or touch
Python objects (the methods are nogil). In them `self` is the strategy and `book` the book; the other names are those of
the method's heading in `HEADINGS`. `fields` are field declarations without `cdef`, `prepare` runs once before a run
(`self.instruments` is set), and `before` stands before the class.
"""

from __future__ import annotations

from typing import Final

from stratc.runtime.model.record import record

HEADINGS: Final = {
    "deny_opening": "long deny_opening(self, Book book, long i, long side, long long lots, long long price_ticks, "
    "bint outlives_session)",
    "observe_order": "void observe_order(self, Book book, long i, bint opening, long side, long long lots, "
    "long long price_ticks, bint outlives_session)",
    "observe_order_done": "void observe_order_done(self, Book book, long i, bint opening, bint outlives_session)",
    "observe_fill": "void observe_fill(self, Book book, long i, bint opening, long side, long long lots, "
    "long long price_ticks, long rule)",
    "observe_locate": "void observe_locate(self, Book book, long i, long long lots)",
    "observe_flow": "void observe_flow(self, Book book, long long moved)",
    "observe_new_day": "void observe_new_day(self, Book book, long i)",
    "observe_mark": "void observe_mark(self, Book book)",
}


@record
class GuardCode:
    """Nothing said means nothing guarded: `deny_opening` gives 0 and the observers do nothing."""

    before: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    deny_opening: tuple[str, ...] = ("return 0",)
    observe_order: tuple[str, ...] = ("pass",)
    observe_order_done: tuple[str, ...] = ("pass",)
    observe_fill: tuple[str, ...] = ("pass",)
    observe_locate: tuple[str, ...] = ("pass",)
    observe_flow: tuple[str, ...] = ("pass",)
    observe_new_day: tuple[str, ...] = ("pass",)
    observe_mark: tuple[str, ...] = ("pass",)

    def bodies(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each method's heading with its body, in the order of `HEADINGS`."""
        bodies = (
            self.deny_opening,
            self.observe_order,
            self.observe_order_done,
            self.observe_fill,
            self.observe_locate,
            self.observe_flow,
            self.observe_new_day,
            self.observe_mark,
        )
        return tuple(zip(HEADINGS.values(), bodies, strict=True))


NO_GUARDS: Final = GuardCode()
