# kernel of cmo; meaning and reference: cmo.py
from libc.math cimport NAN, isnan
from rma cimport RmaState, rma_push, rma_reset

cdef struct CmoState:
    RmaState gain
    RmaState loss
    double last

cdef inline long cmo_room(long length) noexcept nogil:
    return 0

cdef inline void cmo_reset(CmoState* s, double* room, long length) noexcept nogil:
    rma_reset(&s.gain, room, length)
    rma_reset(&s.loss, room, length)
    s.last = NAN

cdef inline double cmo_push(CmoState* s, double series) noexcept nogil:
    cdef double change = series - s.last
    cdef double gain, loss
    if not isnan(series):
        s.last = series
    if isnan(change):
        return NAN
    gain = rma_push(&s.gain, change if change > 0.0 else 0.0)
    loss = rma_push(&s.loss, -change if change < 0.0 else 0.0)
    return 100.0 * ((gain - loss) / (gain + loss)) if gain + loss > 0.0 else NAN
