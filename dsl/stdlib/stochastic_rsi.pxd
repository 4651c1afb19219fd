# kernel of stochastic_rsi; meaning and reference: stochastic_rsi.py
from libc.math cimport NAN, isnan
from highest cimport HighestState, highest_push, highest_reset, highest_room
from lowest cimport LowestState, lowest_push, lowest_reset, lowest_room
from rsi cimport RsiState, rsi_push, rsi_reset
from sma cimport SmaState, sma_push, sma_reset, sma_room

cdef struct StochasticRsiState:
    RsiState strength
    HighestState tops
    LowestState bottoms
    SmaState first
    SmaState second
    double k
    double d

cdef inline long stochastic_rsi_room(long rsi_length, long k_length, long k_smooth, long d_length) noexcept nogil:
    return highest_room(k_length) + lowest_room(k_length) + sma_room(k_smooth) + sma_room(d_length)

cdef inline void stochastic_rsi_reset(
    StochasticRsiState* s, double* room, long rsi_length, long k_length, long k_smooth, long d_length
) noexcept nogil:
    rsi_reset(&s.strength, room, rsi_length)
    highest_reset(&s.tops, room, k_length)
    room += highest_room(k_length)
    lowest_reset(&s.bottoms, room, k_length)
    room += lowest_room(k_length)
    sma_reset(&s.first, room, k_smooth)
    room += sma_room(k_smooth)
    sma_reset(&s.second, room, d_length)
    s.k = NAN
    s.d = NAN

cdef inline double stochastic_rsi_push(StochasticRsiState* s, double series) noexcept nogil:
    cdef double r, most, least
    s.d = NAN
    s.k = NAN
    if isnan(series):
        return NAN
    r = rsi_push(&s.strength, series)
    most = highest_push(&s.tops, r)
    least = lowest_push(&s.bottoms, r)
    s.k = sma_push(&s.first, 100.0 * ((r - least) / (most - least)) if most > least else NAN)
    s.d = sma_push(&s.second, s.k)
    if isnan(s.d):
        s.k = NAN
    return s.k
