# kernel of true_range; meaning and reference: true_range.py
from libc.math cimport NAN, isnan

cdef struct TrueRangeState:
    double last

cdef inline long true_range_room() noexcept nogil:
    return 0

cdef inline void true_range_reset(TrueRangeState* s, double* room) noexcept nogil:
    s.last = NAN

cdef inline double true_range_push(TrueRangeState* s, double high, double low, double close) noexcept nogil:
    cdef double last = s.last
    if isnan(high) or isnan(low) or isnan(close):
        return NAN
    s.last = close
    return (last if last > high else high) - (last if last < low else low) if not isnan(last) else NAN
