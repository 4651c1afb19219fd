# kernel of adxr; meaning and reference: adxr.py
from libc.math cimport NAN, isnan
from adx cimport AdxState, adx_push, adx_reset
from momentum cimport MomentumState, momentum_push, momentum_reset, momentum_room

cdef struct AdxrState:
    AdxState index
    MomentumState past

cdef inline long adxr_room(long length) noexcept nogil:
    return momentum_room(length - 1)

cdef inline void adxr_reset(AdxrState* s, double* room, long length) noexcept nogil:
    adx_reset(&s.index, room, length)
    momentum_reset(&s.past, room, length - 1)

cdef inline double adxr_push(AdxrState* s, double high, double low, double close) noexcept nogil:
    cdef double value = adx_push(&s.index, high, low, close)
    if isnan(value):
        return NAN
    momentum_push(&s.past, value)
    return (value + s.past.past) * 0.5
