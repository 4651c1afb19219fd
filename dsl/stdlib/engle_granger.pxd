# kernel of engle_granger; meaning and reference: engle_granger.py
from libc.math cimport NAN, isnan, sqrt
from ols cimport OlsState, ols_push, ols_reset, ols_room

cdef struct EngleGrangerState:
    OlsState line
    double* residuals
    double* cross
    double* target
    double* z
    double level_1
    double level_5
    double level_10
    long length
    long lags
    double statistic
    double critical_1
    double critical_5
    double critical_10

cdef inline long engle_granger_room(long length, long lags) noexcept nogil:
    return ols_room(length) + length + (lags + 1) * (lags + 1) + lags + 1 + lags + 1

cdef inline double engle_granger_level(double b0, double b1, double b2, double most) noexcept nogil:
    return b0 + b1 * most + b2 * (most * most)

cdef inline void engle_granger_reset(EngleGrangerState* s, double* room, long length, long lags) noexcept nogil:
    ols_reset(&s.line, room, length)
    room += ols_room(length)
    s.residuals = room
    room += length
    s.cross = room
    room += (lags + 1) * (lags + 1)
    s.target = room
    room += lags + 1
    s.z = room
    s.length = length
    s.lags = lags
    s.statistic = NAN
    s.critical_1 = NAN
    s.critical_5 = NAN
    s.critical_10 = NAN
    s.level_1 = engle_granger_level(-3.89644, -10.9519, -33.527, 1.0 / (length - 1))
    s.level_5 = engle_granger_level(-3.33613, -6.1101, -6.823, 1.0 / (length - 1))
    s.level_10 = engle_granger_level(-3.04445, -4.2412, -2.720, 1.0 / (length - 1))

cdef inline double engle_granger_row(EngleGrangerState* s, long t) noexcept nogil:
    # Lays out the regressors of bar t of the window; the change of that bar.
    cdef double* e = s.residuals
    cdef long k
    for k in range(1, s.lags + 1):
        s.z[k - 1] = e[t - k] - e[t - k - 1]
    s.z[s.lags] = e[t - 1]
    return e[t] - e[t - 1]

cdef inline bint engle_granger_factorize(double* a, long order) noexcept nogil:
    cdef long i, j, k
    cdef double total
    for i in range(order):
        for j in range(i + 1):
            total = a[i * order + j]
            for k in range(j):
                total -= a[i * order + k] * a[j * order + k]
            if i > j:
                a[i * order + j] = total / a[j * order + j]
            elif total > 0.0:
                a[i * order + i] = sqrt(total)
            else:
                return False
    return True

cdef inline void engle_granger_solve(double* a, double* b, long order) noexcept nogil:
    cdef long i, k
    for i in range(order):
        for k in range(i):
            b[i] -= a[i * order + k] * b[k]
        b[i] = b[i] / a[i * order + i]
    for i in range(order - 1, -1, -1):
        for k in range(i + 1, order):
            b[i] -= a[k * order + i] * b[k]
        b[i] = b[i] / a[i * order + i]

cdef inline double engle_granger_test(EngleGrangerState* s) noexcept nogil:
    cdef long order = s.lags + 1
    cdef long i, j, t
    cdef double change, off, error
    cdef double squares = 0.0
    for i in range(order):
        s.target[i] = 0.0
        for j in range(i + 1):
            s.cross[i * order + j] = 0.0
    for t in range(order, s.length):
        change = engle_granger_row(s, t)
        for i in range(order):
            s.target[i] += s.z[i] * change
            for j in range(i + 1):
                s.cross[i * order + j] += s.z[i] * s.z[j]
    if not engle_granger_factorize(s.cross, order):
        return NAN
    engle_granger_solve(s.cross, s.target, order)
    for t in range(order, s.length):
        off = engle_granger_row(s, t)
        for i in range(order):
            off -= s.target[i] * s.z[i]
        squares += off * off
    # The level is the last regressor, so its place in the inverse is one over the square of the last pivot.
    error = sqrt(squares / (s.length - order - order)) / s.cross[s.lags * order + s.lags]
    return s.target[s.lags] / error if error > 0.0 else NAN

cdef inline double engle_granger_push(EngleGrangerState* s, double y, double x) noexcept nogil:
    cdef double slope = ols_push(&s.line, y, x)
    cdef long i
    cdef long at = s.line.at
    if s.line.full:
        for i in range(s.length):
            s.residuals[i] = s.line.residual + ((s.line.ys[at] - y) - slope * (s.line.xs[at] - x))
            at = at + 1 if at + 1 < s.length else 0
        s.statistic = engle_granger_test(s)
    else:
        s.statistic = NAN
    s.critical_1 = NAN if isnan(s.statistic) else s.level_1
    s.critical_5 = NAN if isnan(s.statistic) else s.level_5
    s.critical_10 = NAN if isnan(s.statistic) else s.level_10
    return s.statistic
