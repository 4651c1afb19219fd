# kernel of chaikin_oscillator; meaning and reference: chaikin_oscillator.py
from libc.math cimport NAN, isnan
from ad cimport AdState, ad_push, ad_reset

cdef struct ChaikinOscillatorState:
    AdState line
    double quick
    double lazy
    double fast
    double slow
    long longest
    long count

cdef inline long chaikin_oscillator_room(long fast_length, long slow_length) noexcept nogil:
    return 0

cdef inline void chaikin_oscillator_reset(
    ChaikinOscillatorState* s, double* room, long fast_length, long slow_length
) noexcept nogil:
    ad_reset(&s.line, room)
    s.quick = 2.0 / (fast_length + 1)
    s.lazy = 2.0 / (slow_length + 1)
    s.fast = 0.0
    s.slow = 0.0
    s.longest = fast_length if fast_length > slow_length else slow_length
    s.count = 0

cdef inline double chaikin_oscillator_push(
    ChaikinOscillatorState* s, double volume, double high, double low, double close
) noexcept nogil:
    cdef double value = ad_push(&s.line, volume, high, low, close)
    if isnan(value):
        return NAN
    s.fast = s.fast + (value - s.fast) * s.quick if s.count else value
    s.slow = s.slow + (value - s.slow) * s.lazy if s.count else value
    s.count += s.count < s.longest
    return s.fast - s.slow if s.count == s.longest else NAN
