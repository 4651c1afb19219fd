"""Columns: the merged bars of a run, one row a bar of one instrument, and the equity that the run writes beside them.

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
    """Prices in price units, nan where unknown; `rows` packs what else a row is, see `pack_row`.

    What is traded has the prices `open` to `close`; what a strategy reads are those of `signal_open` to `signal_close`,
    which differ where futures contracts follow one another, and where a run restates them for splits: then they are
    copies, written by `runtime.engine.restating`.
    """

    open: cython.p_double
    high: cython.p_double
    low: cython.p_double
    close: cython.p_double
    volume: cython.p_double
    signal_open: cython.p_double
    signal_high: cython.p_double
    signal_low: cython.p_double
    signal_close: cython.p_double
    signal_volume: cython.p_double
    rows: cython.p_longlong
    equity: cython.p_longlong

    def __init__(
        self,
        open: Any,
        high: Any,
        low: Any,
        close: Any,
        volume: Any,
        rows: Any,
        equity: Any,
        signals: Any = None,
    ) -> None:
        """Float64 prices and volume, int64 `rows` and `equity`; `equity` is written, in quanta.

        `signals`: open, high, low, close, and volume if it differs, as the strategy reads them; None: the same. A run
        whose signals are restated writes them.
        """
        seen: Any = (*(signals or (open, high, low, close)), volume)[:5]
        signal_open, signal_high, signal_low, signal_close, signal_volume = seen
        if cython.compiled:
            self.open = cython.cast(cython.p_double, cython.cast(cython.size_t, open))
            self.high = cython.cast(cython.p_double, cython.cast(cython.size_t, high))
            self.low = cython.cast(cython.p_double, cython.cast(cython.size_t, low))
            self.close = cython.cast(cython.p_double, cython.cast(cython.size_t, close))
            self.volume = cython.cast(cython.p_double, cython.cast(cython.size_t, volume))
            self.signal_open = cython.cast(cython.p_double, cython.cast(cython.size_t, signal_open))
            self.signal_high = cython.cast(cython.p_double, cython.cast(cython.size_t, signal_high))
            self.signal_low = cython.cast(cython.p_double, cython.cast(cython.size_t, signal_low))
            self.signal_close = cython.cast(cython.p_double, cython.cast(cython.size_t, signal_close))
            self.signal_volume = cython.cast(cython.p_double, cython.cast(cython.size_t, signal_volume))
            self.rows = cython.cast(cython.p_longlong, cython.cast(cython.size_t, rows))
            self.equity = cython.cast(cython.p_longlong, cython.cast(cython.size_t, equity))
        else:
            self.open, self.high, self.low, self.close, self.volume = open, high, low, close, volume
            self.signal_open, self.signal_high = signal_open, signal_high
            self.signal_low, self.signal_close, self.signal_volume = signal_low, signal_close, signal_volume
            self.rows, self.equity = rows, equity


def pack_row(day: cython.longlong, instrument: cython.longlong, flags: cython.longlong) -> int:
    """A row's trading date (days since 1970-01-01), instrument and ROW_ bits as one number."""
    return (day << ROW_DAY_SHIFT) + (instrument << ROW_INSTRUMENT_SHIFT) + flags
