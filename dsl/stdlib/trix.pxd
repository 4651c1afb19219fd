# kernel of trix; meaning and reference: trix.py
from libc.math cimport NAN, isnan
from ema cimport EmaState, ema_push, ema_reset

cdef struct TrixState:
    EmaState first
    EmaState second
    EmaState third
    double last

cdef inline long trix_room(long length) noexcept nogil:
    return 0

cdef inline void trix_reset(TrixState* s, double* room, long length) noexcept nogil:
    ema_reset(&s.first, room, length)
    ema_reset(&s.second, room, length)
    ema_reset(&s.third, room, length)
    s.last = NAN

cdef inline double trix_push(TrixState* s, double series) noexcept nogil:
    cdef double smooth = ema_push(&s.third, ema_push(&s.second, ema_push(&s.first, series)))
    cdef double value = (smooth - s.last) / s.last if s.last != 0.0 else NAN
    if not isnan(smooth):
        s.last = smooth
    return value
