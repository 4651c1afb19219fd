# kernel of kurtosis; meaning and reference: kurtosis.py
from libc.math cimport NAN
from skew cimport SkewState, skew_moments, skew_reset, skew_room

cdef struct KurtosisState:
    SkewState window

cdef inline long kurtosis_room(long length) noexcept nogil:
    return skew_room(length)

cdef inline void kurtosis_reset(KurtosisState* s, double* room, long length) noexcept nogil:
    skew_reset(&s.window, room, length)

cdef inline double kurtosis_push(KurtosisState* s, double series) noexcept nogil:
    cdef double scale
    skew_moments(&s.window, series)
    scale = s.window.second * s.window.second
    return s.window.fourth / scale - 3.0 if scale > 0.0 else NAN
