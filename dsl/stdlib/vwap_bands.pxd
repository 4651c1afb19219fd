# kernel of vwap_bands; meaning and reference: vwap_bands.py
from libc.math cimport NAN, isnan, sqrt

cdef struct VwapBandsState:
    double third
    double width
    double mean
    double spread
    double total
    double middle
    double upper
    double lower

cdef inline long vwap_bands_room() noexcept nogil:
    return 0

cdef inline void vwap_bands_reset(VwapBandsState* s, double* room, double width) noexcept nogil:
    s.third = 1.0 / 3.0
    s.width = width
    s.mean = NAN
    s.spread = NAN
    s.total = NAN
    s.middle = NAN
    s.upper = NAN
    s.lower = NAN

cdef inline double vwap_bands_push(
    VwapBandsState* s, double high, double low, double close, double volume, double session_start
) noexcept nogil:
    cdef double typical = (high + low + close) * s.third
    cdef double off, share, reach
    s.middle = NAN
    s.upper = NAN
    s.lower = NAN
    if session_start > 0.0:
        s.mean = 0.0
        s.spread = 0.0
        s.total = 0.0
    if isnan(typical) or isnan(volume) or isnan(session_start):
        return NAN
    if volume > 0.0:
        s.total += volume
        off = typical - s.mean
        s.mean += off * (volume / s.total)
        s.spread += volume * off * (typical - s.mean)
    if not s.total > 0.0:
        return NAN
    share = s.spread / s.total
    reach = s.width * (sqrt(share) if share > 0.0 else 0.0)
    s.middle = s.mean
    s.upper = s.mean + reach
    s.lower = s.mean - reach
    return s.middle
