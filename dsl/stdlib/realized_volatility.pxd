# kernel of realized_volatility; meaning and reference: realized_volatility.py
from libc.math cimport INFINITY, NAN, log, sqrt
from sma cimport SmaState, sma_push, sma_reset, sma_room

cdef struct RealizedVolatilityState:
    SmaState average
    double last
    double periods

cdef inline long realized_volatility_room(long length) noexcept nogil:
    return sma_room(length)

cdef inline void realized_volatility_reset(
    RealizedVolatilityState* s, double* room, long length, double periods
) noexcept nogil:
    sma_reset(&s.average, room, length)
    s.last = NAN
    s.periods = periods

cdef inline double realized_volatility_push(RealizedVolatilityState* s, double series) noexcept nogil:
    cdef double change = NAN
    cdef double square
    if series > 0.0 and s.last > 0.0 and 0.0 < series / s.last < INFINITY:
        change = log(series / s.last)
    square = sma_push(&s.average, change * change)
    s.last = series
    return sqrt(s.periods * square) if square > 0.0 else 0.0 if square <= 0.0 else NAN
