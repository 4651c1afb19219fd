# kernel of slope; meaning and reference: slope.py
from libc.math cimport NAN
from wma cimport WmaState, wma_push, wma_reset, wma_room

cdef struct SlopeState:
    WmaState window
    double middle
    double scale

cdef inline long slope_room(long length) noexcept nogil:
    return wma_room(length)

cdef inline void slope_reset(SlopeState* s, double* room, long length) noexcept nogil:
    wma_reset(&s.window, room, length)
    s.middle = (length + 1.0) * 0.5
    s.scale = 12.0 / (length * (length * (length * 1.0) - 1.0))

cdef inline double slope_push(SlopeState* s, double x) noexcept nogil:
    wma_push(&s.window, x)
    return (s.window.weighted - s.window.total * s.middle) * s.scale if s.window.full else NAN
