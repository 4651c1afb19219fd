# kernel of bop; meaning and reference: bop.py
from libc.math cimport NAN

cdef struct BopState:
    double value

cdef inline long bop_room() noexcept nogil:
    return 0

cdef inline void bop_reset(BopState* s, double* room) noexcept nogil:
    s.value = NAN

cdef inline double bop_push(BopState* s, double open, double high, double low, double close) noexcept nogil:
    s.value = (close - open) / (high - low) if high > low else NAN
    return s.value
