# kernel of correlation; meaning and reference: correlation.py
from libc.math cimport NAN, sqrt
from covariance cimport CovarianceState, covariance_push, covariance_reset, covariance_room

cdef struct CorrelationState:
    CovarianceState window

cdef inline long correlation_room(long length) noexcept nogil:
    return covariance_room(length)

cdef inline void correlation_reset(CorrelationState* s, double* room, long length) noexcept nogil:
    covariance_reset(&s.window, room, length)

cdef inline double correlation_push(CorrelationState* s, double x, double y) noexcept nogil:
    cdef double both = covariance_push(&s.window, x, y)
    cdef double value
    if not (s.window.variance_x > 0.0 and s.window.variance_y > 0.0):
        return NAN
    value = both / (sqrt(s.window.variance_x) * sqrt(s.window.variance_y))
    return 1.0 if value > 1.0 else -1.0 if value < -1.0 else value
