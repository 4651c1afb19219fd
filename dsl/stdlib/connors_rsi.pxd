# kernel of connors_rsi; meaning and reference: connors_rsi.py
from libc.math cimport NAN, isnan
from percent_rank cimport PercentRankState, percent_rank_push, percent_rank_reset, percent_rank_room
from roc cimport RocState, roc_push, roc_reset, roc_room
from rsi cimport RsiState, rsi_push, rsi_reset

cdef struct ConnorsRsiState:
    RsiState strength
    RsiState lasting
    RocState change
    PercentRankState rank
    double third
    double streak
    double last

cdef inline long connors_rsi_room(long length, long streak_length, long rank_length) noexcept nogil:
    return roc_room(1) + percent_rank_room(rank_length)

cdef inline void connors_rsi_reset(
    ConnorsRsiState* s, double* room, long length, long streak_length, long rank_length
) noexcept nogil:
    rsi_reset(&s.strength, room, length)
    rsi_reset(&s.lasting, room, streak_length)
    roc_reset(&s.change, room, 1)
    room += roc_room(1)
    percent_rank_reset(&s.rank, room, rank_length)
    s.third = 1.0 / 3.0
    s.streak = 0.0
    s.last = NAN

cdef inline double connors_rsi_push(ConnorsRsiState* s, double series) noexcept nogil:
    cdef double a, b, c
    if isnan(series):
        return NAN
    if series > s.last:
        s.streak = s.streak + 1.0 if s.streak > 0.0 else 1.0
    elif series < s.last:
        s.streak = s.streak - 1.0 if s.streak < 0.0 else -1.0
    else:
        s.streak = 0.0
    s.last = series
    a = rsi_push(&s.strength, series)
    b = rsi_push(&s.lasting, s.streak)
    c = percent_rank_push(&s.rank, roc_push(&s.change, series))
    return (a + b + 100.0 * c) * s.third
