# kernel of percent_rank; meaning and reference: percent_rank.py
from libc.math cimport NAN, isnan

cdef struct PercentRankState:
    double* ring
    long length
    long at
    bint full

cdef inline long percent_rank_room(long length) noexcept nogil:
    return length

cdef inline void percent_rank_reset(PercentRankState* s, double* room, long length) noexcept nogil:
    s.ring = room
    s.length = length
    s.at = 0
    s.full = False

cdef inline double percent_rank_push(PercentRankState* s, double x) noexcept nogil:
    cdef long i
    cdef long below = 0
    cdef double value = NAN
    if isnan(x):
        s.at = 0
        s.full = False
        return NAN
    if s.full:
        for i in range(s.length):
            below += s.ring[i] <= x
        value = below / <double>s.length
    s.ring[s.at] = x
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
    return value
