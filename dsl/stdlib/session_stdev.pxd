# kernel of session_stdev; meaning and reference: session_stdev.py
from libc.math cimport NAN, isnan, sqrt

cdef struct SessionStdevState:
    double count
    double mean
    double squares

cdef inline long session_stdev_room() noexcept nogil:
    return 0

cdef inline void session_stdev_reset(SessionStdevState* s, double* room) noexcept nogil:
    s.count = NAN
    s.mean = 0.0
    s.squares = 0.0

cdef inline double session_stdev_push(SessionStdevState* s, double series, double session_start) noexcept nogil:
    cdef double before
    if session_start > 0.0:
        s.count = 0.0
        s.mean = 0.0
        s.squares = 0.0
    if isnan(series) or isnan(session_start) or isnan(s.count):
        return NAN
    s.count += 1.0
    before = series - s.mean
    s.mean += before / s.count
    s.squares += before * (series - s.mean)
    return sqrt(s.squares / s.count)
