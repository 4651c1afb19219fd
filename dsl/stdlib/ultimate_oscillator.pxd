# kernel of ultimate_oscillator; meaning and reference: ultimate_oscillator.py
from libc.math cimport NAN, isnan
from sum cimport SumState, sum_push, sum_reset, sum_room
from true_range cimport TrueRangeState, true_range_push, true_range_reset

cdef struct UltimateOscillatorState:
    TrueRangeState bar
    SumState up_1
    SumState up_2
    SumState up_3
    SumState all_1
    SumState all_2
    SumState all_3

cdef inline long ultimate_oscillator_room(long short_length, long middle_length, long long_length) noexcept nogil:
    return sum_room(short_length) + sum_room(middle_length) + sum_room(long_length) + sum_room(short_length) + sum_room(middle_length) + sum_room(long_length)

cdef inline void ultimate_oscillator_reset(
    UltimateOscillatorState* s, double* room, long short_length, long middle_length, long long_length
) noexcept nogil:
    true_range_reset(&s.bar, room)
    sum_reset(&s.up_1, room, short_length)
    room += sum_room(short_length)
    sum_reset(&s.up_2, room, middle_length)
    room += sum_room(middle_length)
    sum_reset(&s.up_3, room, long_length)
    room += sum_room(long_length)
    sum_reset(&s.all_1, room, short_length)
    room += sum_room(short_length)
    sum_reset(&s.all_2, room, middle_length)
    room += sum_room(middle_length)
    sum_reset(&s.all_3, room, long_length)

cdef inline double ultimate_oscillator_part(double pressure, double span) noexcept nogil:
    return pressure / span if span > 0.0 else NAN

cdef inline double ultimate_oscillator_push(
    UltimateOscillatorState* s, double high, double low, double close
) noexcept nogil:
    cdef double last = s.bar.last
    cdef double span, pressure, a, b, c
    if isnan(high) or isnan(low) or isnan(close):
        return NAN
    span = true_range_push(&s.bar, high, low, close)
    pressure = close - (last if last < low else low)
    if isnan(span):
        return NAN
    a = ultimate_oscillator_part(sum_push(&s.up_1, pressure), sum_push(&s.all_1, span))
    b = ultimate_oscillator_part(sum_push(&s.up_2, pressure), sum_push(&s.all_2, span))
    c = ultimate_oscillator_part(sum_push(&s.up_3, pressure), sum_push(&s.all_3, span))
    return 100.0 * ((4.0 * a + 2.0 * b + c) / 7.0)
