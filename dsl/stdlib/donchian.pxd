# kernel of donchian; meaning and reference: donchian.py
from libc.math cimport NAN, isnan
from highest cimport HighestState, highest_push, highest_reset, highest_room
from lowest cimport LowestState, lowest_push, lowest_reset, lowest_room

cdef struct DonchianState:
    HighestState tops
    LowestState bottoms
    double middle
    double upper
    double lower

cdef inline long donchian_room(long length) noexcept nogil:
    return highest_room(length) + lowest_room(length)

cdef inline void donchian_reset(DonchianState* s, double* room, long length) noexcept nogil:
    highest_reset(&s.tops, room, length)
    room += highest_room(length)
    lowest_reset(&s.bottoms, room, length)
    s.middle = NAN
    s.upper = NAN
    s.lower = NAN

cdef inline double donchian_push(DonchianState* s, double high, double low) noexcept nogil:
    if isnan(high) or isnan(low):
        high = NAN
        low = NAN
    s.upper = highest_push(&s.tops, high)
    s.lower = lowest_push(&s.bottoms, low)
    s.middle = (s.upper + s.lower) * 0.5
    return s.middle
