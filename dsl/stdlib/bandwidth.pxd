# kernel of bandwidth; meaning and reference: bandwidth.py
from libc.math cimport NAN
from bollinger cimport BollingerState, bollinger_push, bollinger_reset, bollinger_room

cdef struct BandwidthState:
    BollingerState bands

cdef inline long bandwidth_room(long length) noexcept nogil:
    return bollinger_room(length)

cdef inline void bandwidth_reset(BandwidthState* s, double* room, long length, double width) noexcept nogil:
    bollinger_reset(&s.bands, room, length, width)

cdef inline double bandwidth_push(BandwidthState* s, double x) noexcept nogil:
    bollinger_push(&s.bands, x)
    return (s.bands.upper - s.bands.lower) / s.bands.middle if s.bands.middle != 0.0 else NAN
