# kernel of dema; meaning and reference: dema.py
from ema cimport EmaState, ema_push, ema_reset

cdef struct DemaState:
    EmaState first
    EmaState second

cdef inline long dema_room(long length) noexcept nogil:
    return 0

cdef inline void dema_reset(DemaState* s, double* room, long length) noexcept nogil:
    ema_reset(&s.first, room, length)
    ema_reset(&s.second, room, length)

cdef inline double dema_push(DemaState* s, double series) noexcept nogil:
    cdef double once = ema_push(&s.first, series)
    return once + (once - ema_push(&s.second, once))
