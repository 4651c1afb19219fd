# kernel of macd; meaning and reference: macd.py
from libc.math cimport NAN, isnan
from ema cimport EmaState, ema_push, ema_reset

cdef struct MacdState:
    EmaState fast
    EmaState slow
    EmaState smooth
    double line
    double signal
    double histogram
    long fast_skip
    long slow_skip

cdef inline long macd_room(long fast_length, long slow_length, long signal_length) noexcept nogil:
    return 0

cdef inline void macd_reset(
    MacdState* s, double* room, long fast_length, long slow_length, long signal_length
) noexcept nogil:
    cdef long longest = fast_length if fast_length > slow_length else slow_length
    ema_reset(&s.fast, room, fast_length)
    ema_reset(&s.slow, room, slow_length)
    ema_reset(&s.smooth, room, signal_length)
    s.line = NAN
    s.signal = NAN
    s.histogram = NAN
    s.fast_skip = longest - fast_length
    s.slow_skip = longest - slow_length

cdef inline double macd_push(MacdState* s, double x) noexcept nogil:
    cdef double fast = NAN
    cdef double slow = NAN
    if s.fast_skip > 0:
        s.fast_skip -= not isnan(x)
    else:
        fast = ema_push(&s.fast, x)
    if s.slow_skip > 0:
        s.slow_skip -= not isnan(x)
    else:
        slow = ema_push(&s.slow, x)
    s.line = fast - slow
    s.signal = ema_push(&s.smooth, s.line)
    s.histogram = s.line - s.signal
    if isnan(s.signal):
        s.line = NAN
    return s.line
