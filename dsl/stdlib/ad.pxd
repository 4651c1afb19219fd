# kernel of ad; meaning and reference: ad.py
from libc.math cimport NAN, isnan

cdef struct AdState:
    double value

cdef inline long ad_room() noexcept nogil:
    return 0

cdef inline void ad_reset(AdState* s, double* room) noexcept nogil:
    s.value = 0.0

cdef inline double ad_place(double high, double low, double close) noexcept nogil:
    return ((close - low) - (high - close)) / (high - low) if high > low else 0.0

cdef inline double ad_push(AdState* s, double volume, double high, double low, double close) noexcept nogil:
    if isnan(volume) or isnan(high) or isnan(low) or isnan(close):
        return NAN
    s.value += ad_place(high, low, close) * volume
    return s.value
