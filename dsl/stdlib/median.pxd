# kernel of median; meaning and reference: median.py
from quantile cimport QuantileState, quantile_push, quantile_reset, quantile_room

cdef struct MedianState:
    QuantileState window

cdef inline long median_room(long length) noexcept nogil:
    return quantile_room(length)

cdef inline void median_reset(MedianState* s, double* room, long length) noexcept nogil:
    quantile_reset(&s.window, room, length, 0.5)

cdef inline double median_push(MedianState* s, double series) noexcept nogil:
    return quantile_push(&s.window, series)
