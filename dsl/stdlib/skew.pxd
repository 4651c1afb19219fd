# kernel of skew; meaning and reference: skew.py
from libc.math cimport NAN, isnan, sqrt

cdef struct SkewState:
    double* ring
    double inverse
    double second
    double third
    double fourth
    long length
    long at
    bint full

cdef inline long skew_room(long length) noexcept nogil:
    return length

cdef inline void skew_reset(SkewState* s, double* room, long length) noexcept nogil:
    s.ring = room
    s.inverse = 1.0 / length
    s.second = NAN
    s.third = NAN
    s.fourth = NAN
    s.length = length
    s.at = 0
    s.full = False

cdef inline void skew_moments(SkewState* s, double x) noexcept nogil:
    cdef double mean = 0.0
    cdef double off, square
    cdef long i
    if not isnan(x):
        s.ring[s.at] = x
        s.at += 1
        if s.at == s.length:
            s.at = 0
            s.full = True
    else:
        s.at = 0
        s.full = False
    if not s.full:
        s.second = NAN
        s.third = NAN
        s.fourth = NAN
        return
    for i in range(s.length):
        mean += s.ring[i] - x
    mean = mean * s.inverse
    s.second = 0.0
    s.third = 0.0
    s.fourth = 0.0
    for i in range(s.length):
        off = (s.ring[i] - x) - mean
        square = off * off
        s.second += square
        s.third += square * off
        s.fourth += square * square
    s.second = s.second * s.inverse
    s.third = s.third * s.inverse
    s.fourth = s.fourth * s.inverse

cdef inline double skew_push(SkewState* s, double series) noexcept nogil:
    cdef double scale
    skew_moments(s, series)
    scale = s.second * sqrt(s.second) if s.second > 0.0 else 0.0
    return s.third / scale if scale > 0.0 else NAN
