# kernel of wma; meaning and reference: wma.py
from libc.math cimport NAN, isnan

cdef struct WmaState:
    double* ring
    double inverse
    double base
    double weighted
    double total
    double fresh_base
    double fresh_weighted
    double fresh_total
    double last
    long length
    long at
    long same
    bint full

cdef inline long wma_room(long length) noexcept nogil:
    return length

cdef inline void wma_reset(WmaState* s, double* room, long length) noexcept nogil:
    s.ring = room
    s.inverse = 2.0 / (length * (length + 1.0))
    s.base = 0.0
    s.weighted = 0.0
    s.total = 0.0
    s.fresh_base = 0.0
    s.fresh_weighted = 0.0
    s.fresh_total = 0.0
    s.last = 0.0
    s.length = length
    s.at = 0
    s.same = 0
    s.full = False

cdef inline double wma_push(WmaState* s, double x) noexcept nogil:
    if isnan(x):
        s.at = 0
        s.full = False
        s.same = 0
        return NAN
    if s.full:
        s.weighted += s.length * (x - s.base) - s.total
        s.total += x - s.ring[s.at]
    elif s.at == 0:
        s.fresh_base = x
        s.fresh_weighted = 0.0
        s.fresh_total = 0.0
    s.fresh_weighted += (s.at + 1.0) * (x - s.fresh_base)
    s.fresh_total += x - s.fresh_base
    s.ring[s.at] = x
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
        s.base = s.fresh_base
        s.weighted = s.fresh_weighted
        s.total = s.fresh_total
        s.fresh_base = s.base + s.weighted * s.inverse
        s.fresh_weighted = 0.0
        s.fresh_total = 0.0
    s.same = s.same + 1 if x == s.last else 1
    s.last = x
    if s.same >= s.length:
        s.base = x
        s.weighted = 0.0
        s.total = 0.0
        s.fresh_base = x
        s.fresh_weighted = 0.0
        s.fresh_total = 0.0
    return s.base + s.weighted * s.inverse if s.full else NAN
