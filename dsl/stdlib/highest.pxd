# kernel of highest; meaning and reference: highest.py
from libc.math cimport NAN, isnan

cdef struct HighestState:
    double* ring
    double top
    long length
    long at
    bint full

cdef inline long highest_room(long length) noexcept nogil:
    return length

cdef inline void highest_reset(HighestState* s, double* room, long length) noexcept nogil:
    s.ring = room
    s.top = 0.0
    s.length = length
    s.at = 0
    s.full = False

cdef inline double highest_push(HighestState* s, double x) noexcept nogil:
    cdef long i
    cdef double tail
    if isnan(x):
        s.at = 0
        s.full = False
        return NAN
    s.top = x if s.at == 0 or x > s.top else s.top
    s.ring[s.at] = x
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
        tail = x
        for i in range(s.length - 2, 0, -1):
            tail = tail if tail > s.ring[i] else s.ring[i]
            s.ring[i] = tail
        return s.top
    if s.full:
        tail = s.ring[s.at]
        return tail if tail > s.top else s.top
    return NAN
