# kernel of beta; meaning and reference: beta.py
from libc.math cimport NAN
from covariance cimport CovarianceState, covariance_push, covariance_reset, covariance_room

cdef struct BetaState:
    CovarianceState window

cdef inline long beta_room(long length) noexcept nogil:
    return covariance_room(length)

cdef inline void beta_reset(BetaState* s, double* room, long length) noexcept nogil:
    covariance_reset(&s.window, room, length)

cdef inline double beta_push(BetaState* s, double series, double market) noexcept nogil:
    cdef double both = covariance_push(&s.window, market, series)
    return both / s.window.variance_x if s.window.variance_x > 0.0 else NAN
