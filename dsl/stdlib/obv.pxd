# kernel of obv; meaning and reference: obv.py
from libc.math cimport NAN, isnan

cdef struct ObvState:
    double value
    bint begun  # between the two, so that they are not written as one vector, which is slow to read in halves
    double last

cdef inline long obv_room() noexcept nogil:
    return 0

cdef inline void obv_reset(ObvState* s, double* room) noexcept nogil:
    s.value = 0.0
    s.begun = False
    s.last = 0.0

cdef inline double obv_push(ObvState* s, double volume, double close) noexcept nogil:
    cdef long direction
    if isnan(volume) or isnan(close):
        return NAN
    # No branch on the direction: it is a coin toss, and a wrong guess costs more than the product.
    direction = (close > s.last) - (close < s.last) if s.begun else 1
    s.value += volume * direction
    s.begun = True
    s.last = close
    return s.value
