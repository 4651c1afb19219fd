# kernel of stdev; meaning and reference: stdev.py
from libc.math cimport NAN, isnan, sqrt

cdef struct StdevState:
    double* ring
    double inverse
    double base
    double total
    double square
    double fresh_base
    double fresh_total
    double fresh_square
    double last
    double mean
    long length
    long at
    long same
    bint full

cdef inline long stdev_room(long length) noexcept nogil:
    return length

cdef inline void stdev_reset(StdevState* s, double* room, long length) noexcept nogil:
    s.ring = room
    s.inverse = 1.0 / length
    s.base = 0.0
    s.total = 0.0
    s.square = 0.0
    s.fresh_base = 0.0
    s.fresh_total = 0.0
    s.fresh_square = 0.0
    s.last = 0.0
    s.mean = NAN
    s.length = length
    s.at = 0
    s.same = 0
    s.full = False

cdef inline double stdev_push(StdevState* s, double x) noexcept nogil:
    cdef double step, off, variance
    if isnan(x):
        s.at = 0
        s.full = False
        s.same = 0
        s.mean = NAN
        return NAN
    if s.full:
        step = x - s.ring[s.at]
        s.square += step * ((x - s.base) + (s.ring[s.at] - s.base))
        s.total += step
    elif s.at == 0:
        s.fresh_base = x
        s.fresh_total = 0.0
        s.fresh_square = 0.0
    s.fresh_total += x - s.fresh_base
    s.fresh_square += (x - s.fresh_base) * (x - s.fresh_base)
    s.ring[s.at] = x
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
        s.base = s.fresh_base
        s.total = s.fresh_total
        s.square = s.fresh_square
        s.fresh_base = s.base + s.total * s.inverse
        s.fresh_total = 0.0
        s.fresh_square = 0.0
    s.same = s.same + 1 if x == s.last else 1
    s.last = x
    if s.same >= s.length:
        s.base = x
        s.total = 0.0
        s.square = 0.0
        s.fresh_base = x
        s.fresh_total = 0.0
        s.fresh_square = 0.0
    if not s.full:
        return NAN
    off = s.total * s.inverse
    variance = s.square * s.inverse - off * off
    s.mean = s.base + off
    return sqrt(variance) if variance > 0.0 else 0.0
