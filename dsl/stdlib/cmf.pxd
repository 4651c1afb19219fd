# kernel of cmf; meaning and reference: cmf.py
from libc.math cimport NAN, isnan
from ad cimport ad_place
from sum cimport SumState, sum_push, sum_reset, sum_room

cdef struct CmfState:
    SumState flows
    SumState sizes

cdef inline long cmf_room(long length) noexcept nogil:
    return sum_room(length) + sum_room(length)

cdef inline void cmf_reset(CmfState* s, double* room, long length) noexcept nogil:
    sum_reset(&s.flows, room, length)
    room += sum_room(length)
    sum_reset(&s.sizes, room, length)

cdef inline double cmf_push(CmfState* s, double volume, double high, double low, double close) noexcept nogil:
    cdef double flow, total
    if isnan(high) or isnan(low) or isnan(close):
        volume = NAN
    flow = sum_push(&s.flows, ad_place(high, low, close) * volume)
    total = sum_push(&s.sizes, volume)
    return flow / total if total > 0.0 else NAN
