# kernel of log; meaning and reference: log.py
from libc.math cimport NAN
from libc.math cimport log as natural_log

cdef struct LogState:
    double last

cdef inline long log_room() noexcept nogil:
    return 0

cdef inline void log_reset(LogState* s, double* room) noexcept nogil:
    s.last = NAN

cdef inline double log_push(LogState* s, double x) noexcept nogil:
    s.last = natural_log(x) if x > 0.0 else NAN
    return s.last
