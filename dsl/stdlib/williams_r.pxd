# kernel of williams_r; meaning and reference: williams_r.py
from libc.math cimport NAN, isnan
from highest cimport HighestState, highest_push, highest_reset, highest_room
from lowest cimport LowestState, lowest_push, lowest_reset, lowest_room

cdef struct WilliamsRState:
    HighestState tops
    LowestState bottoms

cdef inline long williams_r_room(long length) noexcept nogil:
    return highest_room(length) + lowest_room(length)

cdef inline void williams_r_reset(WilliamsRState* s, double* room, long length) noexcept nogil:
    highest_reset(&s.tops, room, length)
    room += highest_room(length)
    lowest_reset(&s.bottoms, room, length)

cdef inline double williams_r_push(WilliamsRState* s, double high, double low, double close) noexcept nogil:
    cdef double most, least
    if isnan(high) or isnan(low) or isnan(close):
        high = NAN
        low = NAN
    most = highest_push(&s.tops, high)
    least = lowest_push(&s.bottoms, low)
    return -100.0 * ((most - close) / (most - least)) if most > least else NAN
