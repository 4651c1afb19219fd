# kernel of hma; meaning and reference: hma.py
from libc.math cimport sqrt
from wma cimport WmaState, wma_push, wma_reset, wma_room

cdef struct HmaState:
    WmaState half
    WmaState whole
    WmaState outer

cdef inline long hma_room(long length) noexcept nogil:
    return wma_room(length // 2) + wma_room(length) + wma_room(<long>sqrt(length))

cdef inline void hma_reset(HmaState* s, double* room, long length) noexcept nogil:
    wma_reset(&s.half, room, length // 2)
    room += wma_room(length // 2)
    wma_reset(&s.whole, room, length)
    room += wma_room(length)
    wma_reset(&s.outer, room, <long>sqrt(length))

cdef inline double hma_push(HmaState* s, double series) noexcept nogil:
    cdef double fast = wma_push(&s.half, series)
    cdef double slow = wma_push(&s.whole, series)
    return wma_push(&s.outer, fast + (fast - slow))
