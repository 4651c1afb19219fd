# kernel of alma; meaning and reference: alma.py
from libc.math cimport NAN, exp, isnan

cdef struct AlmaState:
    double* ring
    double* weights
    double whole
    long length
    long at
    bint full

cdef inline long alma_room(long length) noexcept nogil:
    return length + length

cdef inline void alma_reset(AlmaState* s, double* room, long length, double offset, double sigma) noexcept nogil:
    cdef long i
    cdef double middle = offset * (length - 1)
    cdef double width = length / sigma
    s.ring = room
    room += length
    s.weights = room
    s.whole = 0.0
    s.length = length
    s.at = 0
    s.full = False
    for i in range(length):
        s.weights[i] = exp(-((i - middle) * (i - middle)) / (2.0 * (width * width)))
        s.whole += s.weights[i]

cdef inline double alma_push(AlmaState* s, double series) noexcept nogil:
    cdef double total = 0.0
    cdef long i
    cdef long place
    if isnan(series):
        s.at = 0
        s.full = False
        return NAN
    s.ring[s.at] = series
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
    if not s.full:
        return NAN
    place = s.at
    for i in range(s.length):
        total += s.weights[i] * (s.ring[place] - series)
        place = place + 1 if place + 1 < s.length else 0
    return series + total / s.whole if s.whole > 0.0 else NAN
