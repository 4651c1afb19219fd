# kernel of covariance; meaning and reference: covariance.py
from libc.math cimport NAN, isnan

cdef struct CovarianceSums:
    double base_x
    double base_y
    double x
    double y
    double xx
    double xy
    double yy

cdef struct CovarianceState:
    double* xs
    double* ys
    CovarianceSums now
    CovarianceSums fresh
    double inverse
    double last_x
    double last_y
    double variance_x
    double variance_y
    long length
    long at
    long same_x
    long same_y
    bint full

cdef inline void covariance_begin(CovarianceSums* w, double base_x, double base_y) noexcept nogil:
    w.base_x = base_x
    w.base_y = base_y
    w.x = 0.0
    w.y = 0.0
    w.xx = 0.0
    w.xy = 0.0
    w.yy = 0.0

cdef inline void covariance_take(CovarianceSums* w, double x, double y) noexcept nogil:
    cdef double dx = x - w.base_x
    cdef double dy = y - w.base_y
    w.x += dx
    w.y += dy
    w.xx += dx * dx
    w.xy += dx * dy
    w.yy += dy * dy

cdef inline void covariance_replace(
    CovarianceSums* w, double old_x, double old_y, double x, double y
) noexcept nogil:
    cdef double dx = x - w.base_x
    cdef double dy = y - w.base_y
    cdef double ox = old_x - w.base_x
    cdef double oy = old_y - w.base_y
    cdef double step_x = x - old_x
    cdef double step_y = y - old_y
    w.x += step_x
    w.y += step_y
    w.xx += step_x * (dx + ox)
    w.xy += dx * dy - ox * oy
    w.yy += step_y * (dy + oy)

cdef inline void covariance_still_x(CovarianceSums* w, double x) noexcept nogil:
    w.base_x = x
    w.x = 0.0
    w.xx = 0.0
    w.xy = 0.0

cdef inline void covariance_still_y(CovarianceSums* w, double y) noexcept nogil:
    w.base_y = y
    w.y = 0.0
    w.yy = 0.0
    w.xy = 0.0

cdef inline long covariance_room(long length) noexcept nogil:
    return length + length

cdef inline void covariance_reset(CovarianceState* s, double* room, long length) noexcept nogil:
    s.xs = room
    room += length
    s.ys = room
    s.inverse = 1.0 / length
    s.last_x = 0.0
    s.last_y = 0.0
    s.variance_x = NAN
    s.variance_y = NAN
    s.length = length
    s.at = 0
    s.same_x = 0
    s.same_y = 0
    s.full = False
    covariance_begin(&s.now, 0.0, 0.0)
    covariance_begin(&s.fresh, 0.0, 0.0)

cdef inline double covariance_push(CovarianceState* s, double x, double y) noexcept nogil:
    cdef double off_x, off_y
    if isnan(x) or isnan(y):
        s.at = 0
        s.full = False
        s.same_x = 0
        s.same_y = 0
        s.variance_x = NAN
        s.variance_y = NAN
        return NAN
    if s.full:
        covariance_replace(&s.now, s.xs[s.at], s.ys[s.at], x, y)
    elif s.at == 0:
        covariance_begin(&s.fresh, x, y)
    covariance_take(&s.fresh, x, y)
    s.xs[s.at] = x
    s.ys[s.at] = y
    s.at += 1
    if s.at == s.length:
        s.at = 0
        s.full = True
        s.now = s.fresh
        covariance_begin(&s.fresh, s.now.base_x + s.now.x * s.inverse, s.now.base_y + s.now.y * s.inverse)
    s.same_x = s.same_x + 1 if x == s.last_x else 1
    s.same_y = s.same_y + 1 if y == s.last_y else 1
    s.last_x = x
    s.last_y = y
    if s.same_x >= s.length:
        covariance_still_x(&s.now, x)
        covariance_still_x(&s.fresh, x)
    if s.same_y >= s.length:
        covariance_still_y(&s.now, y)
        covariance_still_y(&s.fresh, y)
    if not s.full:
        return NAN
    off_x = s.now.x * s.inverse
    off_y = s.now.y * s.inverse
    s.variance_x = s.now.xx * s.inverse - off_x * off_x
    s.variance_y = s.now.yy * s.inverse - off_y * off_y
    return s.now.xy * s.inverse - off_x * off_y
