# kernel of efficiency_ratio; meaning and reference: efficiency_ratio.py
from libc.math cimport NAN, fabs, isnan
from momentum cimport MomentumState, momentum_push, momentum_reset, momentum_room
from sum cimport SumState, sum_push, sum_reset, sum_room

cdef struct EfficiencyRatioState:
    MomentumState change
    SumState walked
    double last

cdef inline long efficiency_ratio_room(long length) noexcept nogil:
    return momentum_room(length) + sum_room(length)

cdef inline void efficiency_ratio_reset(EfficiencyRatioState* s, double* room, long length) noexcept nogil:
    momentum_reset(&s.change, room, length)
    room += momentum_room(length)
    sum_reset(&s.walked, room, length)
    s.last = NAN

cdef inline double efficiency_ratio_push(EfficiencyRatioState* s, double series) noexcept nogil:
    cdef double made = fabs(momentum_push(&s.change, series))
    cdef double way = sum_push(&s.walked, fabs(series - s.last))
    s.last = series
    return (1.0 if made > way else made / way) if way > 0.0 and not isnan(made) else NAN
