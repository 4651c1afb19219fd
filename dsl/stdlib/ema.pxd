# kernel of ema; meaning and reference: ema.py
from libc.math cimport NAN, isnan

cdef struct EmaState:
    double alpha
    double inverse
    double value
    long length
    long count

cdef inline long ema_room(long length) noexcept nogil:
    return 0

cdef inline void ema_reset(EmaState* s, double* room, long length) noexcept nogil:
    s.alpha = 2.0 / (length + 1)
    s.inverse = 1.0 / length
    s.value = 0.0
    s.length = length
    s.count = 0

cdef inline double ema_push(EmaState* s, double x) noexcept nogil:
    if isnan(x):
        return NAN
    if s.count < s.length:
        s.count += 1
        s.value += x
        if s.count < s.length:
            return NAN
        s.value = s.value * s.inverse
    else:
        s.value += (x - s.value) * s.alpha
    return s.value
