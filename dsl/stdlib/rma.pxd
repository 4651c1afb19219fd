# kernel of rma; meaning and reference: rma.py
from libc.math cimport NAN, isnan

cdef struct RmaState:
    double inverse
    double value
    long length
    long count

cdef inline long rma_room(long length) noexcept nogil:
    return 0

cdef inline void rma_reset(RmaState* s, double* room, long length) noexcept nogil:
    s.inverse = 1.0 / length
    s.value = 0.0
    s.length = length
    s.count = 0

cdef inline double rma_push(RmaState* s, double x) noexcept nogil:
    if isnan(x):
        return NAN
    if s.count < s.length:
        s.count += 1
        s.value += x
        if s.count < s.length:
            return NAN
        s.value = s.value * s.inverse
    else:
        s.value += (x - s.value) * s.inverse
    return s.value
