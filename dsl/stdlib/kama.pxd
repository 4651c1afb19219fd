# kernel of kama; meaning and reference: kama.py
from libc.math cimport NAN, fabs, isnan
from momentum cimport MomentumState, momentum_push, momentum_reset, momentum_room
from sum cimport SumState, sum_push, sum_reset, sum_room

cdef struct KamaState:
    MomentumState change
    SumState walked
    double quick
    double lazy
    double value
    double last

cdef inline long kama_room(long length, long fast, long slow) noexcept nogil:
    return momentum_room(length) + sum_room(length)

cdef inline void kama_reset(KamaState* s, double* room, long length, long fast, long slow) noexcept nogil:
    momentum_reset(&s.change, room, length)
    room += momentum_room(length)
    sum_reset(&s.walked, room, length)
    s.quick = 2.0 / (fast + 1)
    s.lazy = 2.0 / (slow + 1)
    s.value = 0.0
    s.last = NAN

cdef inline double kama_push(KamaState* s, double series) noexcept nogil:
    cdef double made, way, ratio, pace
    if isnan(series):
        return NAN
    made = fabs(momentum_push(&s.change, series))
    way = NAN if isnan(s.last) else sum_push(&s.walked, fabs(series - s.last))
    s.last = series
    if isnan(way):
        s.value = series
        return NAN
    ratio = made / way if way > made else 1.0
    pace = ratio * (s.quick - s.lazy) + s.lazy
    s.value += (series - s.value) * (pace * pace)
    return s.value
