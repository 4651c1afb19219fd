"""What signals have seen, restated: on a split every bar so far is told again in today's shares.

The prices that a signal reads at a bar are those of today's shares as far as they are known today: history is adjusted
backwards, by the splits that are effective, never by one to come. So the last bar's prices are always the raw ones, and
an order's price that is computed from them is one. A restatement writes the `signal_` columns of the bars so far and
lets the strategy take them in from the beginning; it happens once a split, before the first bar in the new shares.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import ROW_INSTRUMENT_SHIFT, ROW_INSTRUMENTS, ROW_MOMENT_END
from stratc.runtime.engine.columns import Columns
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def restate(
    book: Book, columns: Columns, i: cython.long, price_ratio: cython.double, volume_ratio: cython.double
) -> cython.void:
    """Restate the bars of `i` before this row."""
    n: cython.long
    for n in range(book.row):
        if (columns.rows[n] >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS != i:
            continue
        columns.signal_open[n] *= price_ratio
        columns.signal_high[n] *= price_ratio
        columns.signal_low[n] *= price_ratio
        columns.signal_close[n] *= price_ratio
        columns.signal_volume[n] *= volume_ratio
        book.stale = True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def tell_again(book: Book, strategy: Strategy, columns: Columns, r: cython.long) -> cython.void:
    """Let the strategy take in every bar before row `r` anew, all instruments in their order, moment by moment."""
    n: cython.long
    i: cython.long
    book.stale = False
    for i in range(book.instruments):
        strategy.begin_again(book, i)
        book.fresh[i] = 0
    for n in range(r):
        i = (columns.rows[n] >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS
        strategy.signals(book, n, i)
        book.fresh[i] = 1
        if columns.rows[n] & ROW_MOMENT_END != 0:
            strategy.join_bars(book)
            for i in range(book.instruments):
                book.fresh[i] = 0
