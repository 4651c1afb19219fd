# kernel of choppiness; meaning and reference: choppiness.py
from libc.math cimport INFINITY, NAN, isnan, log10
from highest cimport HighestState, highest_push, highest_reset, highest_room
from lowest cimport LowestState, lowest_push, lowest_reset, lowest_room
from sum cimport SumState, sum_push, sum_reset, sum_room
from true_range cimport TrueRangeState, true_range_push, true_range_reset

cdef struct ChoppinessState:
    TrueRangeState bar
    SumState spans
    HighestState tops
    LowestState bottoms
    double scale

cdef inline long choppiness_room(long length) noexcept nogil:
    return sum_room(length) + highest_room(length) + lowest_room(length)

cdef inline void choppiness_reset(ChoppinessState* s, double* room, long length) noexcept nogil:
    true_range_reset(&s.bar, room)
    sum_reset(&s.spans, room, length)
    room += sum_room(length)
    highest_reset(&s.tops, room, length)
    room += highest_room(length)
    lowest_reset(&s.bottoms, room, length)
    s.scale = 100.0 / log10(length)

cdef inline double choppiness_push(ChoppinessState* s, double high, double low, double close) noexcept nogil:
    cdef double span, reach, way, ratio
    if isnan(high) or isnan(low) or isnan(close):
        return NAN
    span = true_range_push(&s.bar, high, low, close)
    reach = highest_push(&s.tops, high) - lowest_push(&s.bottoms, low)
    way = NAN if isnan(span) else sum_push(&s.spans, span)
    ratio = way / reach if reach > 0.0 else NAN
    return s.scale * log10(ratio) if 0.0 < ratio < INFINITY else NAN
