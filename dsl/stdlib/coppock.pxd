# kernel of coppock; meaning and reference: coppock.py
from libc.math cimport NAN, isnan
from roc cimport RocState, roc_push, roc_reset, roc_room
from wma cimport WmaState, wma_push, wma_reset, wma_room

cdef struct CoppockState:
    RocState far
    RocState near
    WmaState average

cdef inline long coppock_room(long long_length, long short_length, long length) noexcept nogil:
    return roc_room(long_length) + roc_room(short_length) + wma_room(length)

cdef inline void coppock_reset(
    CoppockState* s, double* room, long long_length, long short_length, long length
) noexcept nogil:
    roc_reset(&s.far, room, long_length)
    room += roc_room(long_length)
    roc_reset(&s.near, room, short_length)
    room += roc_room(short_length)
    wma_reset(&s.average, room, length)

cdef inline double coppock_push(CoppockState* s, double series) noexcept nogil:
    cdef double far, near
    if isnan(series):
        return NAN
    far = roc_push(&s.far, series)
    near = roc_push(&s.near, series)
    return wma_push(&s.average, far + near)
