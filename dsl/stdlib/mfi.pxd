# kernel of mfi; meaning and reference: mfi.py
from libc.math cimport NAN, isnan
from sum cimport SumState, sum_push, sum_reset, sum_room

cdef struct MfiState:
    SumState inflow
    SumState outflow
    double last

cdef inline long mfi_room(long length) noexcept nogil:
    return sum_room(length) + sum_room(length)

cdef inline void mfi_reset(MfiState* s, double* room, long length) noexcept nogil:
    sum_reset(&s.inflow, room, length)
    room += sum_room(length)
    sum_reset(&s.outflow, room, length)
    s.last = NAN

cdef inline double mfi_push(MfiState* s, double high, double low, double close, double volume) noexcept nogil:
    cdef double typical = (high + low + close) / 3.0
    cdef double before = s.last
    cdef double into, out
    cdef long rises, falls
    if isnan(typical) or isnan(volume):
        return NAN
    s.last = typical
    if isnan(before):
        return NAN
    rises = typical > before
    falls = typical < before
    into = sum_push(&s.inflow, typical * volume * rises)
    out = sum_push(&s.outflow, typical * volume * falls)
    return 100.0 * (into / (into + out)) if into + out > 0.0 else NAN
