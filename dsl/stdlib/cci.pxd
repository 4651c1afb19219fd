# kernel of cci; meaning and reference: cci.py
from libc.math cimport NAN, fabs, isnan
from sma cimport SmaState, sma_push, sma_reset, sma_room

cdef struct CciState:
    SmaState average
    double third

cdef inline long cci_room(long length) noexcept nogil:
    return sma_room(length)

cdef inline void cci_reset(CciState* s, double* room, long length) noexcept nogil:
    sma_reset(&s.average, room, length)
    s.third = 1.0 / 3.0

cdef inline double cci_push(CciState* s, double high, double low, double close) noexcept nogil:
    cdef double typical = (high + low + close) * s.third
    cdef double mean = sma_push(&s.average, typical)
    cdef double deviation
    cdef double total = 0.0
    cdef long i
    if isnan(mean):
        return NAN
    for i in range(s.average.length):
        total += fabs(s.average.ring[i] - mean)
    deviation = total * s.average.inverse
    return (typical - mean) / (0.015 * deviation) if deviation > 0.0 else NAN
