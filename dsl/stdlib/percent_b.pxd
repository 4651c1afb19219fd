# kernel of percent_b; meaning and reference: percent_b.py
from libc.math cimport NAN
from bollinger cimport BollingerState, bollinger_push, bollinger_reset, bollinger_room

cdef struct PercentBState:
    BollingerState bands

cdef inline long percent_b_room(long length) noexcept nogil:
    return bollinger_room(length)

cdef inline void percent_b_reset(PercentBState* s, double* room, long length, double width) noexcept nogil:
    bollinger_reset(&s.bands, room, length, width)

cdef inline double percent_b_push(PercentBState* s, double x) noexcept nogil:
    bollinger_push(&s.bands, x)
    return (x - s.bands.lower) / (s.bands.upper - s.bands.lower) if s.bands.upper > s.bands.lower else NAN
