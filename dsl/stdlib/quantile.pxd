# kernel of quantile; meaning and reference: quantile.py
from libc.math cimport NAN, isnan

cdef struct QuantileState:
    double* ring
    double* ranked
    double part
    long low
    long length
    long at
    long count

cdef inline long quantile_room(long length) noexcept nogil:
    return length + length

cdef inline void quantile_reset(QuantileState* s, double* room, long length, double share) noexcept nogil:
    s.ring = room
    room += length
    s.ranked = room
    s.part = (length - 1) * share
    s.length = length
    s.at = 0
    s.count = 0
    s.low = <long>s.part
    s.part = s.part - s.low

cdef inline long quantile_left(double* ranked, long count, double x) noexcept nogil:
    # The first place whose value is not less than x.
    cdef long low = 0
    cdef long high = count
    cdef long middle
    while low < high:
        middle = (low + high) // 2
        if ranked[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low

cdef inline double quantile_push(QuantileState* s, double series) noexcept nogil:
    cdef long i
    if isnan(series):
        s.count = 0
        s.at = 0
        return NAN
    if s.count == s.length:
        i = quantile_left(s.ranked, s.count, s.ring[s.at])
        s.count -= 1
        while i < s.count:
            s.ranked[i] = s.ranked[i + 1]
            i += 1
    i = s.count
    while i > 0 and s.ranked[i - 1] > series:
        s.ranked[i] = s.ranked[i - 1]
        i -= 1
    s.ranked[i] = series
    s.count += 1
    s.ring[s.at] = series
    s.at = s.at + 1 if s.at + 1 < s.length else 0
    if s.count < s.length:
        return NAN
    if s.part > 0.0:
        return s.ranked[s.low] + s.part * (s.ranked[s.low + 1] - s.ranked[s.low])
    return s.ranked[s.low]
