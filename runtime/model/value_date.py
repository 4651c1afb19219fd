"""Value dates of spot forex: for how many nights a position pays interest when it is held over 17:00 New York.

A position that is rolled from one trading day to the next moves its value date with it, and interest is owed for the
calendar days between the two. Most pairs settle two business days after the trade: the roll at the end of Wednesday
goes over a weekend and counts three nights. Pairs that settle after one (the Canadian dollar, the Turkish lira, the
Philippine peso, the rouble against the US dollar) have theirs on Thursday. A business day is no weekend and no
settlement holiday of either currency; a US holiday between trade and value date is counted as one, as the market does
(a value date it is not).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Final

ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 6
SPOT_DAYS: Final = 2
NEXT_DAY_PAIRS: Final = frozenset(frozenset(("USD", other)) for other in ("CAD", "TRY", "PHP", "RUB"))

Closed = Callable[[date], bool]


def spot_days(base: str, quote: str) -> int:
    """Business days from trade to value date."""
    return 1 if frozenset((base, quote)) in NEXT_DAY_PAIRS else SPOT_DAYS


def nights(before: date, after: date, days: int, base: str, quote: str) -> int:
    """Nights of interest of a position held from one trading day into a later one."""
    return (value_date(after, days, base, quote) - value_date(before, days, base, quote)).days


@cache
def value_date(traded: date, days: int, base: str, quote: str) -> date:
    """So many business days after the trade."""
    found = traded
    while days > 0:
        found += ONE_DAY
        asked = (base, quote) if days == 1 else tuple({base, quote} - {"USD"})
        days -= 0 if any(is_closed(found, currency) for currency in asked) else 1
    return found


def is_closed(day: date, currency: str) -> bool:
    """Weekends, New Year's Day and Christmas for all; beside them the holidays that are known of a currency."""
    if day.isoweekday() >= SATURDAY or (day.month, day.day) in ((1, 1), (12, 25)):
        return True
    known = HOLIDAYS.get(currency)
    return known is not None and known(day)


def is_target_holiday(day: date) -> bool:
    """TARGET, the euro's settlement system: Good Friday, Easter Monday, 1 May, 26 December (ECB, since 2002)."""
    easter = easter_sunday(day.year)
    return day in (easter - 2 * ONE_DAY, easter + ONE_DAY) or (day.month, day.day) in ((5, 1), (12, 26))


def is_fed_holiday(day: date) -> bool:
    """Fedwire, the US dollar's: federal holidays; one on a Sunday is kept on Monday, one on a Saturday not at all."""
    fixed = {(6, 19): 2021, (7, 4): 1, (11, 11): 1, (1, 1): 1, (12, 25): 1}
    for kept in (day, day - ONE_DAY if day.isoweekday() == 1 else day):
        since = fixed.get((kept.month, kept.day))
        if since is not None and kept.year >= since:
            return True
    return (day.isoweekday() == 1 and _is_monday_holiday(day)) or _is_thanksgiving(day)


def _is_monday_holiday(day: date) -> bool:
    """King (since 1986), Presidents, Memorial (the last of May), Labor and Columbus Day."""
    number = (day.day + 6) // 7
    if day.month == 5:
        return (day + 7 * ONE_DAY).month == 6
    return (day.month, number) in ((1, 3), (2, 3), (9, 1), (10, 2))


def _is_thanksgiving(day: date) -> bool:
    return day.month == 11 and day.isoweekday() == 4 and (day.day + 6) // 7 == 4


HOLIDAYS: Final[dict[str, Closed]] = {"EUR": is_target_holiday, "USD": is_fed_holiday}


@cache
def easter_sunday(year: int) -> date:
    """Of the Gregorian calendar (Anonymous, 1876; Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
