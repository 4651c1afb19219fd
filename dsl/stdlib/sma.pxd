# kernel of sma; meaning and reference: sma.py
from libc.math cimport NAN, isnan

cdef struct SmaState:
    double* ring
    double inverse
    double base
    double total
    double fresh_base
    double fresh
    double last
    long length
    long at
    long same
    bint full

cdef inline long sma_room(long length) noexcept nogil:
    return length

cdef inline void sma_reset(SmaState* s, double* room, long length) noexcept nogil:
    s.ring = room
    s.inverse = 1.0 / length
    s.base = 0.0
    s.total = 0.0
    s.fresh_base = 0.0
    s.fresh = 0.0
    s.last = 0.0
    s.length = length
    s.at = 0
    s.same = 0
    s.full = False

cdef inline double sma_push(SmaState* s, double x) noexcept nogil:
    if isnan(x):
        s.at = 0
        s.full = False
        s.same = 0
        return NAN
    if s.full:
        s.total += x - s.ring[s.at]
    elif s.at == 0:
        s.fresh_base = x
        s.fresh = 0.0
    s.fresh += x - s.fresh_base
    s.ring[s.at] = x
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
        s.base = s.fresh_base
        s.total = s.fresh
        s.fresh_base = s.base + s.total * s.inverse
        s.fresh = 0.0
    s.same = s.same + 1 if x == s.last else 1
    s.last = x
    if s.same >= s.length:
        s.base = x
        s.total = 0.0
        s.fresh_base = x
        s.fresh = 0.0
    return s.base + s.total * s.inverse if s.full else NAN
