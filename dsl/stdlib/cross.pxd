# kernel of cross; meaning and reference: cross.py
from libc.math cimport NAN, isnan

cdef struct CrossState:
    long last  # the side of b on which a was: 1, 0, -1; 2 where that is unknown

cdef inline long cross_room() noexcept nogil:
    return 0

cdef inline void cross_reset(CrossState* s, double* room) noexcept nogil:
    s.last = 2

cdef inline double cross_push(CrossState* s, double a, double b) noexcept nogil:
    cdef long last = s.last
    cdef long side
    if isnan(a) or isnan(b):
        s.last = 2
        return NAN
    side = (a > b) - (a < b)
    s.last = side
    return <double>(side * (side != last)) if last != 2 else NAN
