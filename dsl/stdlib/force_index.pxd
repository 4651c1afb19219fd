# kernel of force_index; meaning and reference: force_index.py
from libc.math cimport NAN, isnan
from ema cimport EmaState, ema_push, ema_reset

cdef struct ForceIndexState:
    EmaState average
    double last

cdef inline long force_index_room(long length) noexcept nogil:
    return 0

cdef inline void force_index_reset(ForceIndexState* s, double* room, long length) noexcept nogil:
    ema_reset(&s.average, room, length)
    s.last = NAN

cdef inline double force_index_push(ForceIndexState* s, double volume, double close) noexcept nogil:
    cdef double change
    if isnan(volume) or isnan(close):
        return NAN
    change = close - s.last
    s.last = close
    return ema_push(&s.average, volume * change)
