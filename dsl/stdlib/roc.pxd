# kernel of roc; meaning and reference: roc.py
from libc.math cimport NAN
from momentum cimport MomentumState, momentum_push, momentum_reset, momentum_room

cdef struct RocState:
    MomentumState change

cdef inline long roc_room(long length) noexcept nogil:
    return momentum_room(length)

cdef inline void roc_reset(RocState* s, double* room, long length) noexcept nogil:
    momentum_reset(&s.change, room, length)

cdef inline double roc_push(RocState* s, double x) noexcept nogil:
    cdef double change = momentum_push(&s.change, x)
    return change / s.change.past if s.change.past != 0.0 else NAN
