# kernel of tsi; meaning and reference: tsi.py
from libc.math cimport NAN, fabs, isnan
from ema cimport EmaState, ema_push, ema_reset

cdef struct TsiState:
    EmaState first
    EmaState second
    EmaState size
    EmaState whole
    double last

cdef inline long tsi_room(long long_length, long short_length) noexcept nogil:
    return 0

cdef inline void tsi_reset(TsiState* s, double* room, long long_length, long short_length) noexcept nogil:
    ema_reset(&s.first, room, long_length)
    ema_reset(&s.second, room, short_length)
    ema_reset(&s.size, room, long_length)
    ema_reset(&s.whole, room, short_length)
    s.last = NAN

cdef inline double tsi_push(TsiState* s, double series) noexcept nogil:
    cdef double change = series - s.last
    cdef double made, way
    if not isnan(series):
        s.last = series
    made = ema_push(&s.second, ema_push(&s.first, change))
    way = ema_push(&s.whole, ema_push(&s.size, fabs(change)))
    return 100.0 * (made / way) if way > 0.0 else NAN
