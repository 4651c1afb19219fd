# kernel of dx; meaning and reference: dx.py
from libc.math cimport NAN, isnan
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
    # Movements whose sum is beyond what a number holds have no index, and no parts of one.
    s.plus_di = NAN if isnan(s.dx) else s.moves.plus
    s.minus_di = NAN if isnan(s.dx) else s.moves.minus
    return s.dx
