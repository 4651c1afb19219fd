# kernel of compound; meaning and reference: compound.py
from libc.math cimport NAN, isnan

cdef struct CompoundState:
    double* ring
    long length
    long at
    bint full

cdef inline long compound_room(long length) noexcept nogil:
    return length

cdef inline void compound_reset(CompoundState* s, double* room, long length) noexcept nogil:
    s.ring = room
    s.length = length
    s.at = 0
    s.full = False

cdef inline double compound_push(CompoundState* s, double returns) noexcept nogil:
    cdef double product = 1.0
    cdef long i
    if isnan(returns):
        s.at = 0
        s.full = False
        return NAN
    s.ring[s.at] = returns
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
    if not s.full:
        return NAN
    for i in range(s.length):
        product *= 1.0 + s.ring[i]
    return product - 1.0
