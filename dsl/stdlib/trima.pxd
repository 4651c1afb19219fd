# kernel of trima; meaning and reference: trima.py
from sma cimport SmaState, sma_push, sma_reset, sma_room

cdef struct TrimaState:
    SmaState inner
    SmaState outer

cdef inline long trima_room(long length) noexcept nogil:
    return sma_room(length - length // 2) + sma_room(length // 2 + 1)

cdef inline void trima_reset(TrimaState* s, double* room, long length) noexcept nogil:
    sma_reset(&s.inner, room, length - length // 2)
    room += sma_room(length - length // 2)
    sma_reset(&s.outer, room, length // 2 + 1)

cdef inline double trima_push(TrimaState* s, double series) noexcept nogil:
    return sma_push(&s.outer, sma_push(&s.inner, series))
