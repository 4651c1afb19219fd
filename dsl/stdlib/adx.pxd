# kernel of adx; meaning and reference: adx.py
from libc.math cimport NAN, fabs, isnan
from rma cimport RmaState, rma_push, rma_reset
from true_range cimport TrueRangeState, true_range_push, true_range_reset

cdef struct AdxState:
    TrueRangeState bar
    RmaState average
    double inverse
    double last_high
    double last_low
    double rises
    double falls
    double spans
    double plus
    double minus
    double dx
    double adx
    double plus_di
    double minus_di
    long length
    long count

cdef inline long adx_room(long length) noexcept nogil:
    return 0

cdef inline void adx_reset(AdxState* s, double* room, long length) noexcept nogil:
    true_range_reset(&s.bar, room)
    rma_reset(&s.average, room, length)
    s.inverse = 1.0 / length
    s.last_high = NAN
    s.last_low = NAN
    s.rises = 0.0
    s.falls = 0.0
    s.spans = 0.0
    s.plus = NAN
    s.minus = NAN
    s.dx = NAN
    s.adx = NAN
    s.plus_di = NAN
    s.minus_di = NAN
    s.length = length
    s.count = 0

cdef inline double adx_push(AdxState* s, double high, double low, double close) noexcept nogil:
    cdef long up_leads, down_leads
    cdef double rise, fall, plus, minus, value
    cdef double up = high - s.last_high
    cdef double down = s.last_low - low
    cdef double span = true_range_push(&s.bar, high, low, close)
    s.plus = NAN
    s.minus = NAN
    s.dx = NAN
    s.adx = NAN
    s.plus_di = NAN
    s.minus_di = NAN
    if isnan(high) or isnan(low) or isnan(close):
        return NAN
    s.last_high = high
    s.last_low = low
    if isnan(span):
        return NAN
    # No branch on the direction: it is a coin toss, and a wrong guess costs more than the product.
    up_leads = (up > 0.0) & (up > down)
    down_leads = (down > 0.0) & (down > up)
    rise = up * up_leads
    fall = down * down_leads
    if s.count < s.length - 1:
        s.count += 1
        s.rises += rise
        s.falls += fall
        s.spans += span
        return NAN
    s.rises += rise - s.rises * s.inverse
    s.falls += fall - s.falls * s.inverse
    s.spans += span - s.spans * s.inverse
    if not s.spans > 0.0:
        return NAN
    plus = 100.0 * (s.rises / s.spans)
    minus = 100.0 * (s.falls / s.spans)
    if not plus + minus > 0.0:
        return NAN
    s.plus = plus
    s.minus = minus
    s.dx = 100.0 * (fabs(plus - minus) / (plus + minus))
    value = rma_push(&s.average, s.dx)
    if not isnan(value):
        s.adx = value
        s.plus_di = plus
        s.minus_di = minus
    return value
