# kernel of shadow_short; meaning and reference: shadow_short.py
from shadow_long cimport ShadowLongState, shadow_long_push, shadow_long_reset

cdef struct ShadowShortState:
    ShadowLongState turned
    double profit
    double trades
    double holding
    double age

cdef inline long shadow_short_room() noexcept nogil:
    return 0

cdef inline void shadow_short_reset(ShadowShortState* s, double* room) noexcept nogil:
    shadow_long_reset(&s.turned, room)

cdef inline double shadow_short_push(
    ShadowShortState* s, double entry, double stop, double leave, double opens, double high, double low
) noexcept nogil:
    s.profit = shadow_long_push(&s.turned, -entry, -stop, -leave, -opens, -low, -high)
    s.trades = s.turned.trades
    s.holding = s.turned.holding
    s.age = s.turned.age
    return s.profit
