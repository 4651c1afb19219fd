# kernel of fisher; meaning and reference: fisher.py
from libc.math cimport NAN, isnan, log
from highest cimport HighestState, highest_push, highest_reset, highest_room
from lowest cimport LowestState, lowest_push, lowest_reset, lowest_room

cdef struct FisherState:
    HighestState tops
    LowestState bottoms
    double raw
    double turned
    double value
    double signal

cdef inline long fisher_room(long length) noexcept nogil:
    return highest_room(length) + lowest_room(length)

cdef inline void fisher_reset(FisherState* s, double* room, long length) noexcept nogil:
    highest_reset(&s.tops, room, length)
    room += highest_room(length)
    lowest_reset(&s.bottoms, room, length)
    s.raw = 0.0
    s.turned = NAN
    s.value = NAN
    s.signal = NAN

cdef inline double fisher_push(FisherState* s, double high, double low) noexcept nogil:
    cdef double middle = (high + low) * 0.5
    cdef double most, least
    s.value = NAN
    s.signal = NAN
    if isnan(middle):
        return NAN
    most = highest_push(&s.tops, middle)
    least = lowest_push(&s.bottoms, middle)
    if not most > least:
        return NAN
    s.raw = 0.66 * ((middle - least) / (most - least) - 0.5) + 0.67 * s.raw
    s.raw = 0.999 if s.raw > 0.999 else -0.999 if s.raw < -0.999 else s.raw
    s.signal = s.turned
    s.turned = 0.5 * log((1.0 + s.raw) / (1.0 - s.raw)) + (0.0 if isnan(s.turned) else 0.5 * s.turned)
    if not isnan(s.signal):
        s.value = s.turned
    return s.value
