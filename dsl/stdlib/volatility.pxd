# kernel of volatility; meaning and reference: volatility.py
from libc.math cimport NAN, isnan, sqrt

cdef struct VolatilityState:
    double decay
    double per_year
    double last
    double weights
    double returns
    double squares
    long length
    long count

cdef inline long volatility_room(long length) noexcept nogil:
    return 0

cdef inline void volatility_reset(VolatilityState* s, double* room, long length, double per_year) noexcept nogil:
    s.decay = length / (length + 1.0)
    s.per_year = per_year
    s.last = NAN
    s.weights = 0.0
    s.returns = 0.0
    s.squares = 0.0
    s.length = length
    s.count = 0

cdef inline double volatility_push(VolatilityState* s, double close) noexcept nogil:
    cdef double change, mean, variance
    cdef double before = s.last
    if isnan(close):
        return NAN
    s.last = close
    if isnan(before) or before == 0.0:
        return NAN
    change = close / before - 1.0
    s.weights = s.decay * s.weights + 1.0
    s.returns = s.decay * s.returns + change
    s.squares = s.decay * s.squares + change * change
    if s.count < s.length:
        s.count += 1
    if s.count < s.length:
        return NAN
    mean = s.returns / s.weights
    variance = s.squares / s.weights - mean * mean
    return sqrt(s.per_year * (variance if variance > 0.0 else 0.0))
