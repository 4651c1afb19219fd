# kernel of shadow_long; meaning and reference: shadow_long.py
from libc.math cimport NAN, isnan

cdef struct ShadowLongState:
    double buy_at
    double stop_at
    double sell_at
    double paid
    double loss
    double won
    double over
    double bars
    long open
    double profit
    double trades
    double holding
    double age

cdef inline long shadow_long_room() noexcept nogil:
    return 0

cdef inline void shadow_long_reset(ShadowLongState* s, double* room) noexcept nogil:
    s.buy_at = NAN
    s.stop_at = NAN
    s.sell_at = NAN
    s.paid = 0.0
    s.loss = 0.0
    s.won = 0.0
    s.over = 0.0
    s.bars = 0.0
    s.open = 0
    s.profit = NAN
    s.trades = NAN
    s.holding = NAN
    s.age = NAN

cdef inline double shadow_long_push(
    ShadowLongState* s, double entry, double stop, double leave, double opens, double high, double low
) noexcept nogil:
    cdef double level
    cdef double out = NAN
    s.profit = NAN
    s.trades = NAN
    s.holding = NAN
    s.age = NAN
    if isnan(entry) or isnan(stop) or isnan(leave) or isnan(opens) or isnan(high) or isnan(low):
        return NAN
    if s.open != 0:
        level = s.loss if s.loss > s.sell_at else s.sell_at
        if low <= level:
            out = opens if opens < level else level
    elif high >= s.buy_at:
        s.paid = opens if opens > s.buy_at else s.buy_at
        s.loss = s.stop_at
        s.open = 1
        if low <= s.loss:
            out = s.loss if s.loss < s.paid else s.paid
    s.bars += 1.0
    if not isnan(out):
        s.won = out - s.paid
        s.over += 1.0
        s.bars = 0.0
        s.open = 0
    s.buy_at = entry
    s.stop_at = stop
    s.sell_at = leave
    s.profit = s.won
    s.trades = s.over
    s.holding = 1.0 if s.open != 0 else 0.0
    s.age = s.bars
    return s.profit
