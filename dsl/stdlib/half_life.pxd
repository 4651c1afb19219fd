# kernel of half_life; meaning and reference: half_life.py
from libc.math cimport NAN
from ols cimport OlsState, ols_push, ols_reset, ols_room

cdef struct HalfLifeState:
    OlsState line
    double last

cdef inline long half_life_room(long length) noexcept nogil:
    return ols_room(length)

cdef inline void half_life_reset(HalfLifeState* s, double* room, long length) noexcept nogil:
    ols_reset(&s.line, room, length)
    s.last = NAN

cdef inline double half_life_push(HalfLifeState* s, double series) noexcept nogil:
    cdef double pull = ols_push(&s.line, series - s.last, s.last)
    s.last = series
    return -0.6931471805599453 / pull if pull < 0.0 else NAN
