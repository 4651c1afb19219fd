# kernel of dx; meaning and reference: dx.py
from libc.math cimport NAN
from adx cimport AdxState, adx_push, adx_reset

cdef struct DxState:
    AdxState moves
    double dx
    double plus_di
    double minus_di

cdef inline long dx_room(long length) noexcept nogil:
    return 0

cdef inline void dx_reset(DxState* s, double* room, long length) noexcept nogil:
    adx_reset(&s.moves, room, length)
    s.dx = NAN
    s.plus_di = NAN
    s.minus_di = NAN

cdef inline double dx_push(DxState* s, double high, double low, double close) noexcept nogil:
    adx_push(&s.moves, high, low, close)
    s.dx = s.moves.dx
    s.plus_di = s.moves.plus
    s.minus_di = s.moves.minus
    return s.dx
