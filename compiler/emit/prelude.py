"""The few functions of generated code that every strategy uses: arithmetic with unknowns, rings and windows."""

from __future__ import annotations

from typing import Final

ARITHMETIC: Final = """\
cdef inline double known(double x) noexcept nogil:
    # What is no finite number is unknown.
    return x if isfinite(x) else NAN

cdef inline double quotient(double a, double b) noexcept nogil:
    return known(a / b) if b != 0.0 else NAN

cdef inline double lesser(double a, double b) noexcept nogil:
    return NAN if isnan(a) or isnan(b) else b if b < a else a

cdef inline double greater(double a, double b) noexcept nogil:
    return NAN if isnan(a) or isnan(b) else b if b > a else a
"""

RINGS: Final = """\
cdef inline void ring_reset(double* ring, long size, double value) noexcept nogil:
    cdef long k
    for k in range(size):
        ring[k] = value

cdef inline long ring_place(long at, long bars, long size) noexcept nogil:
    # The slot of the value of so many bars ago, in a ring whose slot `at` is its oldest.
    return at - bars if at >= bars else at - bars + size
"""

WINDOWS: Final = """\
cdef struct WindowState:
    double total
    double published
    long long count

cdef inline void window_reset(WindowState* w) noexcept nogil:
    w.total = NAN
    w.published = NAN
    w.count = 0

cdef inline bint window_takes(WindowState* w, double x, long long phase) noexcept nogil:
    # 1: a new occurrence has begun, forget; 2: the bar lies inside.
    if phase & 1:
        window_reset(w)
    return (phase & 2) != 0 and not isnan(x)

cdef inline double window_value(WindowState* w, double value, long long phase) noexcept nogil:
    # 4: the occurrence has ended by this bar's close, publish.
    if phase & 4:
        w.published = value
    return w.published
"""

LONGER: Final = """\
cdef struct LongerState:
    long begun
    long taken
    double open
    double high
    double low
    double close
    double volume

cdef inline void longer_begin(LongerState* b) noexcept nogil:
    b.begun = 1
    b.taken = 0

cdef inline void longer_end(LongerState* b) noexcept nogil:
    b.begun = 0
    b.taken = 0

cdef inline void longer_take(
    LongerState* b, double open, double high, double low, double close, double volume
) noexcept nogil:
    b.taken += 1
    b.open = open if b.taken == 1 else b.open
    b.high = high if b.taken == 1 else greater(b.high, high)
    b.low = low if b.taken == 1 else lesser(b.low, low)
    b.close = close
    b.volume = volume if b.taken == 1 else known(b.volume + volume)
"""

AGGREGATES: Final = {
    "highest": "w.total = x if w.count == 0 or x > w.total else w.total",
    "lowest": "w.total = x if w.count == 0 or x < w.total else w.total",
    "first": "w.total = x if w.count == 0 else w.total",
    "last": "w.total = x",
    "sum": "w.total = x if w.count == 0 else w.total + x",
    "count": "w.total = x",
}


def aggregate_function(aggregate: str) -> str:
    result = "<double>w.count" if aggregate == "count" else "known(w.total)"
    return f"""\
cdef inline double window_{aggregate}(WindowState* w, double x, long long phase) noexcept nogil:
    if window_takes(w, x, phase):
        {AGGREGATES[aggregate]}
        w.count += 1
    return window_value(w, {result}, phase)
"""
