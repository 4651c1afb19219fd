# kernel of linear_regression; meaning and reference: linear_regression.py
from libc.math cimport NAN
from stdev cimport StdevState, stdev_push, stdev_reset, stdev_room
from wma cimport WmaState, wma_push, wma_reset, wma_room

cdef struct LinearRegressionState:
    WmaState line
    StdevState window
    double inverse
    double middle
    double reach
    double scale
    double spread
    double value
    double slope
    double intercept
    double forecast
    double r2

cdef inline long linear_regression_room(long length) noexcept nogil:
    return wma_room(length) + stdev_room(length)

cdef inline void linear_regression_reset(LinearRegressionState* s, double* room, long length) noexcept nogil:
    wma_reset(&s.line, room, length)
    room += wma_room(length)
    stdev_reset(&s.window, room, length)
    s.inverse = 1.0 / length
    s.middle = (length + 1.0) * 0.5
    s.reach = (length - 1.0) * 0.5
    s.scale = 12.0 / (length * (length * (length * 1.0) - 1.0))
    s.spread = (length * (length * 1.0) - 1.0) / 12.0
    s.value = NAN
    s.slope = NAN
    s.intercept = NAN
    s.forecast = NAN
    s.r2 = NAN

cdef inline double linear_regression_push(LinearRegressionState* s, double series) noexcept nogil:
    cdef double deviation, mean, variance, explained
    wma_push(&s.line, series)
    deviation = stdev_push(&s.window, series)
    if not s.line.full:
        s.value = NAN
        s.slope = NAN
        s.intercept = NAN
        s.forecast = NAN
        s.r2 = NAN
        return NAN
    s.slope = (s.line.weighted - s.line.total * s.middle) * s.scale
    mean = s.line.base + s.line.total * s.inverse
    s.value = mean + s.slope * s.reach
    s.intercept = mean - s.slope * s.reach
    s.forecast = s.value + s.slope
    variance = deviation * deviation
    explained = s.slope * s.slope * s.spread
    s.r2 = (1.0 if explained > variance else explained / variance) if variance > 0.0 else NAN
    return s.value
