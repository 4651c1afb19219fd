# kernel of zscore; meaning and reference: zscore.py
from libc.math cimport NAN
from stdev cimport StdevState, stdev_push, stdev_reset, stdev_room

cdef struct ZscoreState:
    StdevState window

cdef inline long zscore_room(long length) noexcept nogil:
    return stdev_room(length)

cdef inline void zscore_reset(ZscoreState* s, double* room, long length) noexcept nogil:
    stdev_reset(&s.window, room, length)

cdef inline double zscore_push(ZscoreState* s, double x) noexcept nogil:
    cdef double deviation = stdev_push(&s.window, x)
    return (x - s.window.mean) / deviation if deviation > 0.0 else NAN
