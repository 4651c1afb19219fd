# kernel of vwma; meaning and reference: vwma.py
from libc.math cimport NAN, isnan

cdef struct VwmaState:
    double* ring
    double* sizes
    long length
    long at
    bint full

cdef inline long vwma_room(long length) noexcept nogil:
    return length + length

cdef inline void vwma_reset(VwmaState* s, double* room, long length) noexcept nogil:
    s.ring = room
    room += length
    s.sizes = room
    s.length = length
    s.at = 0
    s.full = False

cdef inline double vwma_push(VwmaState* s, double series, double volume) noexcept nogil:
    cdef double total = 0.0
    cdef double weight = 0.0
    cdef long i
    if isnan(series) or isnan(volume):
        s.at = 0
        s.full = False
        return NAN
    s.ring[s.at] = series
    s.sizes[s.at] = volume
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
    if not s.full:
        return NAN
    for i in range(s.length):
        total += (s.ring[i] - series) * s.sizes[i]
        weight += s.sizes[i]
    return series + total / weight if weight > 0.0 else NAN
