# kernel of kalman; meaning and reference: kalman.py
from libc.math cimport NAN, isnan, sqrt

cdef struct KalmanState:
    double wander
    double noise
    double p11
    double p12
    double p22
    double held_slope
    double held_intercept
    double slope
    double intercept
    double residual
    double deviation
    bint begun

cdef inline long kalman_room() noexcept nogil:
    return 0

cdef inline void kalman_reset(KalmanState* s, double* room, double drift, double noise) noexcept nogil:
    s.wander = drift / (1.0 - drift)
    s.noise = noise
    s.p11 = 0.0
    s.p12 = 0.0
    s.p22 = 0.0
    s.held_slope = 0.0
    s.held_intercept = 0.0
    s.slope = NAN
    s.intercept = NAN
    s.residual = NAN
    s.deviation = NAN
    s.begun = False

cdef inline double kalman_push(KalmanState* s, double y, double x) noexcept nogil:
    cdef double one, two, residual, variance, first, second
    s.slope = NAN
    s.intercept = NAN
    s.residual = NAN
    s.deviation = NAN
    if isnan(y) or isnan(x):
        return NAN
    s.p11 += s.wander
    s.p22 += s.wander
    one = s.p11 * x + s.p12
    two = s.p12 * x + s.p22
    residual = y - (s.held_slope * x + s.held_intercept)
    variance = x * one + two + s.noise
    first = one / variance
    second = two / variance
    s.held_slope = s.held_slope + first * residual
    s.held_intercept = s.held_intercept + second * residual
    s.p11 -= first * one
    s.p12 -= first * two
    s.p22 -= second * two
    if not s.begun:
        s.begun = True
        return NAN
    s.slope = s.held_slope
    s.intercept = s.held_intercept
    s.residual = residual
    s.deviation = sqrt(variance)
    return s.slope
