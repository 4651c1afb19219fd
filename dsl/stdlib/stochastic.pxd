# kernel of stochastic; meaning and reference: stochastic.py
from libc.math cimport NAN, isnan
from highest cimport HighestState, highest_push, highest_reset, highest_room
from lowest cimport LowestState, lowest_push, lowest_reset, lowest_room
from sma cimport SmaState, sma_push, sma_reset, sma_room

cdef struct StochasticState:
    HighestState highs
    LowestState lows
    SmaState first
    SmaState second
    double k
    double d

cdef inline long stochastic_room(long k_length, long k_smooth, long d_length) noexcept nogil:
    return highest_room(k_length) + lowest_room(k_length) + sma_room(k_smooth) + sma_room(d_length)

cdef inline void stochastic_reset(
    StochasticState* s, double* room, long k_length, long k_smooth, long d_length
) noexcept nogil:
    highest_reset(&s.highs, room, k_length)
    room += highest_room(k_length)
    lowest_reset(&s.lows, room, k_length)
    room += lowest_room(k_length)
    sma_reset(&s.first, room, k_smooth)
    room += sma_room(k_smooth)
    sma_reset(&s.second, room, d_length)
    s.k = NAN
    s.d = NAN

cdef inline double stochastic_push(StochasticState* s, double high, double low, double close) noexcept nogil:
    cdef double top, bottom
    if isnan(high) or isnan(low) or isnan(close):
        high = NAN
        low = NAN
    top = highest_push(&s.highs, high)
    bottom = lowest_push(&s.lows, low)
    s.k = sma_push(&s.first, 100.0 * ((close - bottom) / (top - bottom)) if top > bottom else NAN)
    s.d = sma_push(&s.second, s.k)
    if isnan(s.d):
        s.k = NAN
    return s.k
