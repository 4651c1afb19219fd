"""The few functions of generated code that every strategy uses: arithmetic with unknowns, rings, windows, sequences."""

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


FOLLOWS: Final = """\
cdef struct FollowState:
    long steps
    long[8] lasting
    long[8] within
    bint[8] same
    long reached
    long age
    long run
    long first_run

cdef inline void follow_reset(FollowState* f, long steps) noexcept nogil:
    f.steps = steps
    f.reached = 0
    f.age = 0
    f.run = 0
    f.first_run = 0

cdef inline void follow_step(FollowState* f, long step, long lasting, long within, bint same) noexcept nogil:
    f.lasting[step] = lasting
    f.within[step] = within
    f.same[step] = same

cdef inline double follow_push(FollowState* f, long holds, bint canceled, bint goes_on) noexcept nogil:
    # Bit by bit the steps that hold; the result tells the same way which steps came true on this bar.
    cdef long came_true = 0
    f.first_run = f.first_run + 1 if holds & 1 else 0
    f.age += 1
    if canceled:
        f.reached = 0
    elif goes_on and f.first_run >= f.lasting[0]:
        # A new first step restarts it.
        f.reached = 1
        f.age = 0
        f.run = 0
        came_true = 1
    while 0 < f.reached < f.steps:
        if f.age > f.within[f.reached]:
            f.reached = 0
            break
        if f.age == 0 and not f.same[f.reached]:
            break
        f.run = f.run + 1 if holds >> f.reached & 1 else 0
        if not goes_on or f.run < f.lasting[f.reached]:
            break
        came_true |= 1 << f.reached
        f.reached += 1
        f.age = 0
        f.run = 0
    if f.reached == 0 or f.reached == f.steps:
        f.reached = 0
        f.age = 0
        f.run = 0
    return <double>came_true
"""

SINCE: Final = """\
cdef inline double since_first(double* s, bint begins, double x) noexcept nogil:
    if begins:
        s[0] = x
    return s[0]

cdef inline double since_highest(double* s, bint begins, double x) noexcept nogil:
    s[0] = x if begins else greater(s[0], x)
    return s[0]

cdef inline double since_lowest(double* s, bint begins, double x) noexcept nogil:
    s[0] = x if begins else lesser(s[0], x)
    return s[0]

cdef inline double since_count(double* s, bint begins) noexcept nogil:
    s[0] = 0.0 if begins else s[0] + 1.0
    return s[0]
"""

AT_ENTRY: Final = """\
cdef inline double at_entry(double* held, double now, double before, long long phase) noexcept nogil:
    # 1: the bar is flat, its value is kept; 2: that of the bar before; 4: there is a position.
    if phase & 1:
        held[0] = now
    elif phase & 2:
        held[0] = before
    return held[0] if phase & 4 else NAN
"""
