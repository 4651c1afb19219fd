# kernel of atr; meaning and reference: atr.py
from rma cimport RmaState, rma_push, rma_reset
from true_range cimport TrueRangeState, true_range_push, true_range_reset

cdef struct AtrState:
    TrueRangeState bar
    RmaState average

cdef inline long atr_room(long length) noexcept nogil:
    return 0

cdef inline void atr_reset(AtrState* s, double* room, long length) noexcept nogil:
    true_range_reset(&s.bar, room)
    rma_reset(&s.average, room, length)

cdef inline double atr_push(AtrState* s, double high, double low, double close) noexcept nogil:
    return rma_push(&s.average, true_range_push(&s.bar, high, low, close))
