# kernel of bollinger; meaning and reference: bollinger.py
from libc.math cimport NAN
from stdev cimport StdevState, stdev_push, stdev_reset, stdev_room

cdef struct BollingerState:
    StdevState window
    double width
    double middle
    double upper
    double lower

cdef inline long bollinger_room(long length) noexcept nogil:
    return stdev_room(length)

cdef inline void bollinger_reset(BollingerState* s, double* room, long length, double width) noexcept nogil:
    stdev_reset(&s.window, room, length)
    s.width = width
    s.middle = NAN
    s.upper = NAN
    s.lower = NAN

cdef inline double bollinger_push(BollingerState* s, double x) noexcept nogil:
    cdef double reach = s.width * stdev_push(&s.window, x)
    s.middle = s.window.mean
    s.upper = s.middle + reach
    s.lower = s.middle - reach
    return s.middle
