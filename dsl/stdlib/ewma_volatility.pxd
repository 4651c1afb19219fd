# kernel of ewma_volatility; meaning and reference: ewma_volatility.py
from libc.math cimport NAN, ceil, isnan, sqrt

cdef struct EwmaVolatilityState:
    double decay
    double periods
    double weight
    double mean
    double spread
    long wanted
    long count

cdef inline long ewma_volatility_room() noexcept nogil:
    return 0

cdef inline void ewma_volatility_reset(
    EwmaVolatilityState* s, double* room, double center, double periods
) noexcept nogil:
    s.decay = center / (center + 1.0)
    s.periods = periods
    s.weight = 0.0
    s.mean = 0.0
    s.spread = 0.0
    s.wanted = <long>ceil(center) + 1
    s.count = 0

cdef inline double ewma_volatility_push(EwmaVolatilityState* s, double returns) noexcept nogil:
    cdef double off
    if isnan(returns):
        return NAN
    s.count += s.count < s.wanted
    s.weight = s.decay * s.weight + 1.0
    off = returns - s.mean
    s.mean += off / s.weight
    s.spread = s.decay * s.spread + off * (returns - s.mean)
    return sqrt(s.periods * (s.spread / s.weight)) if s.count == s.wanted else NAN
