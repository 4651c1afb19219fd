# kernel of vwap; meaning and reference: vwap.py
from libc.math cimport NAN, isnan

cdef struct VwapState:
    double third
    double paid
    double total

cdef inline long vwap_room() noexcept nogil:
    return 0

cdef inline void vwap_reset(VwapState* s, double* room) noexcept nogil:
    s.third = 1.0 / 3.0
    s.paid = NAN
    s.total = NAN

cdef inline double vwap_push(
    VwapState* s, double high, double low, double close, double volume, double session_start
) noexcept nogil:
    cdef double typical = (high + low + close) * s.third
    if session_start > 0.0:
        s.paid = 0.0
        s.total = 0.0
    if isnan(typical) or isnan(volume) or isnan(session_start):
        return NAN
    s.paid += typical * volume
    s.total += volume
    return s.paid / s.total if s.total > 0.0 else NAN
