# kernel of ichimoku; meaning and reference: ichimoku.py
from libc.math cimport NAN, isnan
from donchian cimport DonchianState, donchian_push, donchian_reset, donchian_room
from momentum cimport MomentumState, momentum_push, momentum_reset, momentum_room

cdef struct IchimokuState:
    DonchianState first
    DonchianState second
    DonchianState third
    MomentumState past_a
    MomentumState past_b
    double conversion
    double base
    double lead_a
    double lead_b
    double cloud_a
    double cloud_b

cdef inline long ichimoku_room(long conversion_length, long base_length, long span_length) noexcept nogil:
    return donchian_room(conversion_length) + donchian_room(base_length) + donchian_room(span_length) + momentum_room(base_length) + momentum_room(base_length)

cdef inline void ichimoku_reset(
    IchimokuState* s, double* room, long conversion_length, long base_length, long span_length
) noexcept nogil:
    donchian_reset(&s.first, room, conversion_length)
    room += donchian_room(conversion_length)
    donchian_reset(&s.second, room, base_length)
    room += donchian_room(base_length)
    donchian_reset(&s.third, room, span_length)
    room += donchian_room(span_length)
    momentum_reset(&s.past_a, room, base_length)
    room += momentum_room(base_length)
    momentum_reset(&s.past_b, room, base_length)
    s.conversion = NAN
    s.base = NAN
    s.lead_a = NAN
    s.lead_b = NAN
    s.cloud_a = NAN
    s.cloud_b = NAN

cdef inline void ichimoku_forget(IchimokuState* s) noexcept nogil:
    s.conversion = NAN
    s.base = NAN
    s.lead_a = NAN
    s.lead_b = NAN
    s.cloud_a = NAN
    s.cloud_b = NAN

cdef inline double ichimoku_push(IchimokuState* s, double high, double low) noexcept nogil:
    if isnan(high) or isnan(low):
        ichimoku_forget(s)
        return NAN
    s.conversion = donchian_push(&s.first, high, low)
    s.base = donchian_push(&s.second, high, low)
    s.lead_b = donchian_push(&s.third, high, low)
    s.lead_a = (s.conversion + s.base) * 0.5
    momentum_push(&s.past_a, s.lead_a)
    momentum_push(&s.past_b, s.lead_b)
    s.cloud_a = s.past_a.past
    s.cloud_b = s.past_b.past
    if isnan(s.cloud_a) or isnan(s.cloud_b):
        ichimoku_forget(s)
    return s.conversion
