# kernel of kst; meaning and reference: kst.py
from libc.math cimport NAN, isnan
from roc cimport RocState, roc_push, roc_reset, roc_room
from sma cimport SmaState, sma_push, sma_reset, sma_room

cdef struct KstState:
    RocState change_1
    RocState change_2
    RocState change_3
    RocState change_4
    SmaState average_1
    SmaState average_2
    SmaState average_3
    SmaState average_4
    SmaState smooth
    double value
    double signal

cdef inline long kst_room(long signal_length) noexcept nogil:
    return (
        roc_room(10)
        + roc_room(15)
        + roc_room(20)
        + roc_room(30)
        + sma_room(10)
        + sma_room(10)
        + sma_room(10)
        + sma_room(15)
        + sma_room(signal_length)
    )

cdef inline void kst_reset(KstState* s, double* room, long signal_length) noexcept nogil:
    roc_reset(&s.change_1, room, 10)
    room += roc_room(10)
    roc_reset(&s.change_2, room, 15)
    room += roc_room(15)
    roc_reset(&s.change_3, room, 20)
    room += roc_room(20)
    roc_reset(&s.change_4, room, 30)
    room += roc_room(30)
    sma_reset(&s.average_1, room, 10)
    room += sma_room(10)
    sma_reset(&s.average_2, room, 10)
    room += sma_room(10)
    sma_reset(&s.average_3, room, 10)
    room += sma_room(10)
    sma_reset(&s.average_4, room, 15)
    room += sma_room(15)
    sma_reset(&s.smooth, room, signal_length)
    s.value = NAN
    s.signal = NAN

cdef inline double kst_push(KstState* s, double series) noexcept nogil:
    cdef double a, b, c, d
    s.value = NAN
    s.signal = NAN
    if isnan(series):
        return NAN
    a = sma_push(&s.average_1, roc_push(&s.change_1, series))
    b = sma_push(&s.average_2, roc_push(&s.change_2, series))
    c = sma_push(&s.average_3, roc_push(&s.change_3, series))
    d = sma_push(&s.average_4, roc_push(&s.change_4, series))
    s.value = a + 2.0 * b + 3.0 * c + 4.0 * d
    s.signal = sma_push(&s.smooth, s.value)
    if isnan(s.signal):
        s.value = NAN
    return s.value
