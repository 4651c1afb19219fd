# kernel of t3; meaning and reference: t3.py
from ema cimport EmaState, ema_push, ema_reset

cdef struct T3State:
    EmaState e1
    EmaState e2
    EmaState e3
    EmaState e4
    EmaState e5
    EmaState e6
    double factor
    double square
    double cube

cdef inline long t3_room(long length) noexcept nogil:
    return 0

cdef inline void t3_reset(T3State* s, double* room, long length, double factor) noexcept nogil:
    ema_reset(&s.e1, room, length)
    ema_reset(&s.e2, room, length)
    ema_reset(&s.e3, room, length)
    ema_reset(&s.e4, room, length)
    ema_reset(&s.e5, room, length)
    ema_reset(&s.e6, room, length)
    s.factor = factor
    s.square = factor * factor
    s.cube = factor * factor * factor

cdef inline double t3_push(T3State* s, double series) noexcept nogil:
    cdef double e3 = ema_push(&s.e3, ema_push(&s.e2, ema_push(&s.e1, series)))
    cdef double e4 = ema_push(&s.e4, e3)
    cdef double e5 = ema_push(&s.e5, e4)
    cdef double e6 = ema_push(&s.e6, e5)
    return (
        e3
        + (3.0 * (s.square + s.factor) + s.cube) * (e3 - e4)
        - (3.0 * s.square + 2.0 * s.cube) * (e4 - e5)
        + s.cube * (e5 - e6)
    )
