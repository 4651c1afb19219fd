# kernel of keltner; meaning and reference: keltner.py
from libc.math cimport NAN, isnan
from atr cimport AtrState, atr_push, atr_reset
from ema cimport EmaState, ema_push, ema_reset

cdef struct KeltnerState:
    EmaState average
    AtrState range
    double width
    double middle
    double upper
    double lower

cdef inline long keltner_room(long length) noexcept nogil:
    return 0

cdef inline void keltner_reset(KeltnerState* s, double* room, long length, double width) noexcept nogil:
    ema_reset(&s.average, room, length)
    atr_reset(&s.range, room, length)
    s.width = width
    s.middle = NAN
    s.upper = NAN
    s.lower = NAN

cdef inline double keltner_push(KeltnerState* s, double high, double low, double close) noexcept nogil:
    cdef double far
    if isnan(high) or isnan(low) or isnan(close):
        high = NAN
        low = NAN
        close = NAN
    s.middle = ema_push(&s.average, close)
    far = s.width * atr_push(&s.range, high, low, close)
    if isnan(far):
        s.middle = NAN
    s.upper = s.middle + far
    s.lower = s.middle - far
    return s.middle
