# kernel of aroon; meaning and reference: aroon.py
from libc.math cimport NAN, isnan

cdef struct AroonState:
    double* highs
    double* lows
    double scale
    long size
    long at
    long count
    double oscillator
    double up
    double down

cdef inline long aroon_room(long length) noexcept nogil:
    return length + 1 + length + 1

cdef inline void aroon_reset(AroonState* s, double* room, long length) noexcept nogil:
    s.highs = room
    room += length + 1
    s.lows = room
    s.scale = 100.0 / length
    s.size = length + 1
    s.at = 0
    s.count = 0
    s.oscillator = NAN
    s.up = NAN
    s.down = NAN

cdef inline double aroon_push(AroonState* s, double high, double low) noexcept nogil:
    cdef double most, least
    cdef long i, place
    cdef long highest_at = 0
    cdef long lowest_at = 0
    s.up = NAN
    s.down = NAN
    s.oscillator = NAN
    if isnan(high) or isnan(low):
        s.at = 0
        s.count = 0
        return NAN
    s.highs[s.at] = high
    s.lows[s.at] = low
    s.at = s.at + 1 if s.at + 1 < s.size else 0
    s.count += s.count < s.size
    if s.count < s.size:
        return NAN
    place = s.at
    most = s.highs[place]
    least = s.lows[place]
    for i in range(s.size):
        if s.highs[place] >= most:
            most = s.highs[place]
            highest_at = i
        if s.lows[place] <= least:
            least = s.lows[place]
            lowest_at = i
        place = place + 1 if place + 1 < s.size else 0
    s.oscillator = s.scale * (highest_at - lowest_at)
    s.up = s.scale * highest_at
    s.down = s.scale * lowest_at
    return s.oscillator
