# kernel of ols; meaning and reference: ols.py
from libc.math cimport NAN, isnan, sqrt

cdef struct OlsState:
    double* ys
    double* xs
    double mean_y
    double mean_x
    double inverse
    double freedom
    long length
    long at
    bint full
    double slope
    double intercept
    double residual
    double r2
    double deviation
    double slope_error

cdef inline long ols_room(long length) noexcept nogil:
    return length + length

cdef inline void ols_reset(OlsState* s, double* room, long length) noexcept nogil:
    s.ys = room
    room += length
    s.xs = room
    s.mean_y = NAN
    s.mean_x = NAN
    s.inverse = 1.0 / length
    s.freedom = 1.0 / (length - 2)
    s.length = length
    s.at = 0
    s.full = False
    s.slope = NAN
    s.intercept = NAN
    s.residual = NAN
    s.r2 = NAN
    s.deviation = NAN
    s.slope_error = NAN

cdef inline void ols_forget(OlsState* s) noexcept nogil:
    s.slope = NAN
    s.intercept = NAN
    s.residual = NAN
    s.r2 = NAN
    s.deviation = NAN
    s.slope_error = NAN

cdef inline void ols_fit(OlsState* s, double y, double x) noexcept nogil:
    cdef double mean_y = 0.0
    cdef double mean_x = 0.0
    cdef double xx = 0.0
    cdef double xy = 0.0
    cdef double yy = 0.0
    cdef double squares = 0.0
    cdef double dy, dx, off
    cdef long i
    for i in range(s.length):
        mean_y += s.ys[i] - y
        mean_x += s.xs[i] - x
    mean_y = mean_y * s.inverse
    mean_x = mean_x * s.inverse
    for i in range(s.length):
        dy = (s.ys[i] - y) - mean_y
        dx = (s.xs[i] - x) - mean_x
        xx += dx * dx
        xy += dx * dy
        yy += dy * dy
    if not xx > 0.0:
        ols_forget(s)
        return
    s.slope = xy / xx
    for i in range(s.length):
        off = ((s.ys[i] - y) - mean_y) - s.slope * ((s.xs[i] - x) - mean_x)
        squares += off * off
    s.mean_y = mean_y
    s.mean_x = mean_x
    s.intercept = (y + mean_y) - s.slope * (x + mean_x)
    s.residual = s.slope * mean_x - mean_y
    s.r2 = 1.0 - squares / yy if yy > 0.0 else NAN
    s.deviation = sqrt(squares * s.freedom)
    s.slope_error = s.deviation / sqrt(xx)

cdef inline double ols_push(OlsState* s, double y, double x) noexcept nogil:
    if isnan(y) or isnan(x):
        s.at = 0
        s.full = False
        ols_forget(s)
        return NAN
    s.ys[s.at] = y
    s.xs[s.at] = x
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
    if s.full:
        ols_fit(s, y, x)
    else:
        ols_forget(s)
    return s.slope
