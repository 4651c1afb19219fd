# kernel of momentum; meaning and reference: momentum.py
from libc.math cimport NAN

cdef struct MomentumState:
    double* ring
    double past
    long length
    long at

cdef inline long momentum_room(long length) noexcept nogil:
    return length

cdef inline void momentum_reset(MomentumState* s, double* room, long length) noexcept nogil:
    cdef long i
    s.ring = room
    s.past = NAN
    s.length = length
    s.at = 0
    for i in range(length):
        s.ring[i] = NAN

cdef inline double momentum_push(MomentumState* s, double x) noexcept nogil:
    s.past = s.ring[s.at]
    s.ring[s.at] = x
    s.at += 1
    if s.at == s.length:
        s.at = 0
    return x - s.past
