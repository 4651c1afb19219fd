"""Columns: the merged bars of a run, one row a bar of one instrument, and the equity that the run writes beside them.

Orders are filled at the prices as they were (`open` …); signals read the `seen_` columns, which are the same memory
unless a run restates them for splits: then they are copies, written by `runtime.engine.restating`.

Rows are in order of their closes; the rows of one moment follow each other and the last of them carries ROW_MOMENT_END.
In compiled code the arguments are addresses of memory that outlives the run, in Python they are lists.
"""

from __future__ import annotations

from typing import Any

import cython

from stratc.runtime.engine.codes import ROW_DAY_SHIFT, ROW_INSTRUMENT_SHIFT


@cython.final
@cython.cclass
class Columns:
    """Prices in price units, nan where unknown; `rows` packs what else a row is, see `pack_row`."""

    open: cython.p_double
    high: cython.p_double
    low: cython.p_double
    close: cython.p_double
    volume: cython.p_double
    rows: cython.p_longlong
    equity: cython.p_longlong
    seen_open: cython.p_double
    seen_high: cython.p_double
    seen_low: cython.p_double
    seen_close: cython.p_double
    seen_volume: cython.p_double

    def __init__(
        self,
        open: Any,
        high: Any,
        low: Any,
        close: Any,
        volume: Any,
        rows: Any,
        equity: Any,
        seen: Any = None,
    ) -> None:
        """Float64 prices and volume, int64 `rows` and `equity`; `equity` is written, in quanta.

        `seen`: open, high, low, close and volume for signals, to be written to; None where they never differ.
        """
        own: Any = (open, high, low, close, volume) if seen is None else seen
        if cython.compiled:
            self.open = cython.cast(cython.p_double, cython.cast(cython.size_t, open))
            self.high = cython.cast(cython.p_double, cython.cast(cython.size_t, high))
            self.low = cython.cast(cython.p_double, cython.cast(cython.size_t, low))
            self.close = cython.cast(cython.p_double, cython.cast(cython.size_t, close))
            self.volume = cython.cast(cython.p_double, cython.cast(cython.size_t, volume))
            self.rows = cython.cast(cython.p_longlong, cython.cast(cython.size_t, rows))
            self.equity = cython.cast(cython.p_longlong, cython.cast(cython.size_t, equity))
            self.seen_open = cython.cast(cython.p_double, cython.cast(cython.size_t, own[0]))
            self.seen_high = cython.cast(cython.p_double, cython.cast(cython.size_t, own[1]))
            self.seen_low = cython.cast(cython.p_double, cython.cast(cython.size_t, own[2]))
            self.seen_close = cython.cast(cython.p_double, cython.cast(cython.size_t, own[3]))
            self.seen_volume = cython.cast(cython.p_double, cython.cast(cython.size_t, own[4]))
        else:
            self.open, self.high, self.low, self.close, self.volume = open, high, low, close, volume
            self.rows, self.equity = rows, equity
            self.seen_open, self.seen_high, self.seen_low, self.seen_close, self.seen_volume = own


def pack_row(day: cython.longlong, instrument: cython.longlong, flags: cython.longlong) -> int:
    """A row's trading date (days since 1970-01-01), instrument and ROW_ bits as one number."""
    return (day << ROW_DAY_SHIFT) + (instrument << ROW_INSTRUMENT_SHIFT) + flags
