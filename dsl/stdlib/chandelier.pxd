# kernel of chandelier; meaning and reference: chandelier.py
from libc.math cimport NAN, isnan
from atr cimport AtrState, atr_push, atr_reset
from highest cimport HighestState, highest_push, highest_reset, highest_room
from lowest cimport LowestState, lowest_push, lowest_reset, lowest_room

cdef struct ChandelierState:
    HighestState tops
    LowestState bottoms
    AtrState average
    double width
    double for_long
    double for_short

cdef inline long chandelier_room(long length) noexcept nogil:
    return highest_room(length) + lowest_room(length)

cdef inline void chandelier_reset(ChandelierState* s, double* room, long length, double width) noexcept nogil:
    highest_reset(&s.tops, room, length)
    room += highest_room(length)
    lowest_reset(&s.bottoms, room, length)
    room += lowest_room(length)
    atr_reset(&s.average, room, length)
    s.width = width
    s.for_long = NAN
    s.for_short = NAN

cdef inline double chandelier_push(ChandelierState* s, double high, double low, double close) noexcept nogil:
    cdef double most, least, reach
    s.for_long = NAN
    s.for_short = NAN
    if isnan(high) or isnan(low) or isnan(close):
        return NAN
    most = highest_push(&s.tops, high)
    least = lowest_push(&s.bottoms, low)
    reach = s.width * atr_push(&s.average, high, low, close)
    if not isnan(reach):
        s.for_long = most - reach
        s.for_short = least + reach
    return s.for_long
