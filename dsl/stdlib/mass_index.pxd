# kernel of mass_index; meaning and reference: mass_index.py
from libc.math cimport NAN, isnan
from ema cimport EmaState, ema_push, ema_reset
from sum cimport SumState, sum_push, sum_reset, sum_room

cdef struct MassIndexState:
    EmaState first
    EmaState second
    SumState whole

cdef inline long mass_index_room(long length, long sum_length) noexcept nogil:
    return sum_room(sum_length)

cdef inline void mass_index_reset(MassIndexState* s, double* room, long length, long sum_length) noexcept nogil:
    ema_reset(&s.first, room, length)
    ema_reset(&s.second, room, length)
    sum_reset(&s.whole, room, sum_length)

cdef inline double mass_index_push(MassIndexState* s, double high, double low) noexcept nogil:
    cdef double once, twice
    if isnan(high) or isnan(low):
        return NAN
    once = ema_push(&s.first, high - low)
    twice = ema_push(&s.second, once)
    return sum_push(&s.whole, once / twice if twice > 0.0 else NAN)
