# kernel of sum; meaning and reference: sum.py
from libc.math cimport NAN, isnan

cdef struct SumState:
    double* ring
    double total
    double fresh
    double last
    long length
    long at
    long same
    bint full

cdef inline long sum_room(long length) noexcept nogil:
    return length

cdef inline void sum_reset(SumState* s, double* room, long length) noexcept nogil:
    s.ring = room
    s.total = 0.0
    s.fresh = 0.0
    s.last = 0.0
    s.length = length
    s.at = 0
    s.same = 0
    s.full = False

cdef inline double sum_push(SumState* s, double series) noexcept nogil:
    if isnan(series):
        s.at = 0
        s.full = False
        s.same = 0
        s.fresh = 0.0
        return NAN
    if s.full:
        s.total += series - s.ring[s.at]
    s.fresh += series
    s.ring[s.at] = series
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
        s.total = s.fresh
        s.fresh = 0.0
    s.same = s.same + 1 if series == s.last else 1
    s.last = series
    if s.same >= s.length:
        s.total = series * s.length
    return s.total if s.full else NAN
