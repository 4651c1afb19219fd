# kernel of elder_ray; meaning and reference: elder_ray.py
from libc.math cimport NAN, isnan
from ema cimport EmaState, ema_push, ema_reset

cdef struct ElderRayState:
    EmaState average
    double bull
    double bear

cdef inline long elder_ray_room(long length) noexcept nogil:
    return 0

cdef inline void elder_ray_reset(ElderRayState* s, double* room, long length) noexcept nogil:
    ema_reset(&s.average, room, length)
    s.bull = NAN
    s.bear = NAN

cdef inline double elder_ray_push(ElderRayState* s, double high, double low, double close) noexcept nogil:
    cdef double middle = NAN
    if not (isnan(high) or isnan(low)):
        middle = ema_push(&s.average, close)
    s.bull = high - middle
    s.bear = low - middle
    return s.bull
