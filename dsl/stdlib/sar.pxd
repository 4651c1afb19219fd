# kernel of sar; meaning and reference: sar.py
from libc.math cimport NAN, isnan

cdef struct SarState:
    double step
    double most
    double pace
    double next
    double extreme
    double last_high
    double last_low
    long count
    bint rising

cdef inline long sar_room() noexcept nogil:
    return 0

cdef inline void sar_reset(SarState* s, double* room, double step, double most) noexcept nogil:
    s.step = step if step < most else most
    s.most = most
    s.pace = s.step
    s.next = 0.0
    s.extreme = 0.0
    s.last_high = 0.0
    s.last_low = 0.0
    s.count = 0
    s.rising = True

cdef inline double sar_outside(SarState* s, double value, double high, double low) noexcept nogil:
    # The value, moved out of the last two bars.
    if s.rising:
        value = s.last_low if s.last_low < value else value
        return low if low < value else value
    value = s.last_high if s.last_high > value else value
    return high if high > value else value

cdef inline double sar_push(SarState* s, double high, double low) noexcept nogil:
    cdef double value, down
    if isnan(high) or isnan(low):
        return NAN
    s.count += s.count < 3
    if s.count == 1:
        s.last_high = high
        s.last_low = low
        return NAN
    if s.count == 2:
        down = s.last_low - low
        s.rising = not (down > 0.0 and down > high - s.last_high)
        s.extreme = high if s.rising else low
        s.next = s.last_low if s.rising else s.last_high
        s.last_high = high
        s.last_low = low
    if low <= s.next if s.rising else high >= s.next:
        # The move is over; the other begins where it had come to.
        s.rising = not s.rising
        value = sar_outside(s, s.extreme, high, low)
        s.pace = s.step
        s.extreme = high if s.rising else low
    else:
        value = s.next
        if high > s.extreme if s.rising else low < s.extreme:
            s.extreme = high if s.rising else low
            s.pace = s.pace + s.step if s.pace + s.step < s.most else s.most
    s.next = sar_outside(s, value + s.pace * (s.extreme - value), high, low)
    s.last_high = high
    s.last_low = low
    return value
