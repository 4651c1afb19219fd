# kernel of heikin_ashi; meaning and reference: heikin_ashi.py
from libc.math cimport NAN, isnan

cdef struct HeikinAshiState:
    double first
    double last
    double close
    double open
    double high
    double low

cdef inline long heikin_ashi_room() noexcept nogil:
    return 0

cdef inline void heikin_ashi_reset(HeikinAshiState* s, double* room) noexcept nogil:
    s.first = NAN
    s.last = NAN
    s.close = NAN
    s.open = NAN
    s.high = NAN
    s.low = NAN

cdef inline double heikin_ashi_push(HeikinAshiState* s, double begin, double top, double bottom, double end) noexcept nogil:
    cdef double upper, lower
    s.close = NAN
    s.open = NAN
    s.high = NAN
    s.low = NAN
    if isnan(begin) or isnan(top) or isnan(bottom) or isnan(end):
        return NAN
    s.first = (begin + end) / 2.0 if isnan(s.last) else (s.first + s.last) / 2.0
    s.last = (begin + top + bottom + end) / 4.0
    upper = s.first if s.first > s.last else s.last
    lower = s.last if s.first > s.last else s.first
    s.close = s.last
    s.open = s.first
    s.high = top if top > upper else upper
    s.low = bottom if bottom < lower else lower
    return s.close
