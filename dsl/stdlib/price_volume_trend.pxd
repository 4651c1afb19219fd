# kernel of price_volume_trend; meaning and reference: price_volume_trend.py
from libc.math cimport NAN, isnan

cdef struct PriceVolumeTrendState:
    double value
    double last

cdef inline long price_volume_trend_room() noexcept nogil:
    return 0

cdef inline void price_volume_trend_reset(PriceVolumeTrendState* s, double* room) noexcept nogil:
    s.value = 0.0
    s.last = 0.0

cdef inline double price_volume_trend_push(PriceVolumeTrendState* s, double volume, double close) noexcept nogil:
    if isnan(volume) or isnan(close):
        return NAN
    s.value += volume * ((close - s.last) / s.last) if s.last != 0.0 else 0.0
    s.last = close
    return s.value
