# kernel of natr; meaning and reference: natr.py
from libc.math cimport NAN
from atr cimport AtrState, atr_push, atr_reset

cdef struct NatrState:
    AtrState average

cdef inline long natr_room(long length) noexcept nogil:
    return 0

cdef inline void natr_reset(NatrState* s, double* room, long length) noexcept nogil:
    atr_reset(&s.average, room, length)

cdef inline double natr_push(NatrState* s, double high, double low, double close) noexcept nogil:
    cdef double reach = atr_push(&s.average, high, low, close)
    return reach / close if close != 0.0 else NAN
