# kernel of ppo; meaning and reference: ppo.py
from libc.math cimport NAN, isnan
from ema cimport EmaState, ema_push, ema_reset

cdef struct PpoState:
    EmaState fast
    EmaState slow
    EmaState smooth
    double line
    double signal
    double histogram

cdef inline long ppo_room(long fast_length, long slow_length, long signal_length) noexcept nogil:
    return 0

cdef inline void ppo_reset(
    PpoState* s, double* room, long fast_length, long slow_length, long signal_length
) noexcept nogil:
    ema_reset(&s.fast, room, fast_length)
    ema_reset(&s.slow, room, slow_length)
    ema_reset(&s.smooth, room, signal_length)
    s.line = NAN
    s.signal = NAN
    s.histogram = NAN

cdef inline double ppo_push(PpoState* s, double series) noexcept nogil:
    cdef double quick = ema_push(&s.fast, series)
    cdef double lazy = ema_push(&s.slow, series)
    s.line = (quick - lazy) / lazy if lazy != 0.0 else NAN
    s.signal = ema_push(&s.smooth, s.line)
    s.histogram = s.line - s.signal
    if isnan(s.signal):
        s.line = NAN
    return s.line
