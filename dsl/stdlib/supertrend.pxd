# kernel of supertrend; meaning and reference: supertrend.py
from libc.math cimport NAN, isnan
from atr cimport AtrState, atr_push, atr_reset

cdef struct SupertrendState:
    AtrState average
    double width
    double upper
    double lower
    double before
    double turned
    double value
    double direction

cdef inline long supertrend_room(long length) noexcept nogil:
    return 0

cdef inline void supertrend_reset(SupertrendState* s, double* room, long length, double width) noexcept nogil:
    atr_reset(&s.average, room, length)
    s.width = width
    s.upper = NAN
    s.lower = NAN
    s.before = NAN
    s.turned = 0.0
    s.value = NAN
    s.direction = NAN

cdef inline double supertrend_push(SupertrendState* s, double high, double low, double close) noexcept nogil:
    cdef double reach = s.width * atr_push(&s.average, high, low, close)
    cdef double middle = (high + low) * 0.5
    cdef double above = middle + reach
    cdef double below = middle - reach
    cdef bint rises
    if isnan(reach):
        s.value = NAN
        s.direction = NAN
        return NAN
    if s.turned == 0.0:
        s.turned = 1.0 if close > middle else -1.0
    else:
        above = above if above < s.upper or s.before > s.upper else s.upper
        below = below if below > s.lower or s.before < s.lower else s.lower
        rises = close >= below if s.turned > 0.0 else close > above
        s.turned = 1.0 if rises else -1.0
    s.upper = above
    s.lower = below
    s.before = close
    s.direction = s.turned
    s.value = s.lower if s.turned > 0.0 else s.upper
    return s.value
