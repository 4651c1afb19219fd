# kernel of tema; meaning and reference: tema.py
from ema cimport EmaState, ema_push, ema_reset

cdef struct TemaState:
    EmaState first
    EmaState second
    EmaState third

cdef inline long tema_room(long length) noexcept nogil:
    return 0

cdef inline void tema_reset(TemaState* s, double* room, long length) noexcept nogil:
    ema_reset(&s.first, room, length)
    ema_reset(&s.second, room, length)
    ema_reset(&s.third, room, length)

cdef inline double tema_push(TemaState* s, double series) noexcept nogil:
    cdef double once = ema_push(&s.first, series)
    cdef double twice = ema_push(&s.second, once)
    return 3.0 * (once - twice) + ema_push(&s.third, twice)
