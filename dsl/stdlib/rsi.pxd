# kernel of rsi; meaning and reference: rsi.py
from libc.math cimport NAN, isnan
from rma cimport RmaState, rma_push, rma_reset

cdef struct RsiState:
    RmaState gain
    RmaState loss
    double last

cdef inline long rsi_room(long length) noexcept nogil:
    return 0

cdef inline void rsi_reset(RsiState* s, double* room, long length) noexcept nogil:
    rma_reset(&s.gain, room, length)
    rma_reset(&s.loss, room, length)
    s.last = NAN

cdef inline double rsi_push(RsiState* s, double x) noexcept nogil:
    cdef double change = x - s.last
    cdef double gain, both
    if isnan(change):
        if not isnan(x):
            s.last = x
        return NAN
    s.last = x
    gain = rma_push(&s.gain, change if change > 0.0 else 0.0)
    both = gain + rma_push(&s.loss, -change if change < 0.0 else 0.0)
    return 100.0 * (gain / both) if both > 0.0 else NAN
