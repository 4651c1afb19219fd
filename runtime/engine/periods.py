"""From a trading date to the period it lies in, as a number that is the same for all dates of that period."""

from __future__ import annotations

import cython

from stratc.runtime.engine.codes import PERIOD_MONTH, PERIOD_WEEK


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def period_key(period: cython.longlong, day: cython.longlong) -> cython.longlong:
    """`day` counts from 1970-01-01 and is not negative. Sessions and days are trading dates; weeks begin on Monday."""
    if period == PERIOD_WEEK:
        return (day + 3) // 7
    if period == PERIOD_MONTH:
        return month_number(day)
    return day


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def month_number(day: cython.longlong) -> cython.longlong:
    """Months, counted from a March: the civil calendar by eras of 400 years.

    Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, `civil_from_days`.
    """
    shifted: cython.longlong = day + 719468
    era: cython.longlong = shifted // 146097
    day_of_era: cython.longlong = shifted - era * 146097
    leap: cython.longlong = day_of_era // 1460 - day_of_era // 36524 + day_of_era // 146096
    year_of_era: cython.longlong = (day_of_era - leap) // 365
    day_of_year: cython.longlong = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    return (era * 400 + year_of_era) * 12 + (5 * day_of_year + 2) // 153
