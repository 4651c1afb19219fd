# kernel of vortex; meaning and reference: vortex.py
from libc.math cimport NAN, fabs, isnan
from sum cimport SumState, sum_push, sum_reset, sum_room
from true_range cimport TrueRangeState, true_range_push, true_range_reset

cdef struct VortexState:
    TrueRangeState bar
    SumState ups
    SumState downs
    SumState spans
    double last_high
    double last_low
    double plus
    double minus

cdef inline long vortex_room(long length) noexcept nogil:
    return sum_room(length) + sum_room(length) + sum_room(length)

cdef inline void vortex_reset(VortexState* s, double* room, long length) noexcept nogil:
    true_range_reset(&s.bar, room)
    sum_reset(&s.ups, room, length)
    room += sum_room(length)
    sum_reset(&s.downs, room, length)
    room += sum_room(length)
    sum_reset(&s.spans, room, length)
    s.last_high = NAN
    s.last_low = NAN
    s.plus = NAN
    s.minus = NAN

cdef inline double vortex_push(VortexState* s, double high, double low, double close) noexcept nogil:
    cdef double span, rise, fall, whole
    cdef double up = fabs(high - s.last_low)
    cdef double down = fabs(low - s.last_high)
    s.plus = NAN
    s.minus = NAN
    if isnan(high) or isnan(low) or isnan(close):
        return NAN
    span = true_range_push(&s.bar, high, low, close)
    s.last_high = high
    s.last_low = low
    if isnan(span):
        return NAN
    rise = sum_push(&s.ups, up)
    fall = sum_push(&s.downs, down)
    whole = sum_push(&s.spans, span)
    if whole > 0.0:
        s.plus = rise / whole
        s.minus = fall / whole
    return s.plus
