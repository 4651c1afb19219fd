"""Nights of interest by value dates, against the calendar on the wall."""

from __future__ import annotations

from datetime import date

import pytest

from stratc.runtime.model.value_date import easter_sunday, is_fed_holiday, is_target_holiday, nights, spot_days

pytestmark = pytest.mark.fast

# Pair, trading day that ends, the next one, nights.
ROLLS = [
    ("EUR/USD", "2025-03-10", "2025-03-11", 1),
    ("EUR/USD", "2025-03-11", "2025-03-12", 1),
    ("EUR/USD", "2025-03-12", "2025-03-13", 3),  # Wednesday: from Friday to Monday
    ("EUR/USD", "2025-03-13", "2025-03-14", 1),
    ("EUR/USD", "2025-03-14", "2025-03-17", 1),  # over the weekend itself: from Tuesday to Wednesday
    ("USD/JPY", "2025-03-12", "2025-03-13", 3),
    ("USD/CAD", "2025-03-12", "2025-03-13", 1),
    ("USD/CAD", "2025-03-13", "2025-03-14", 3),  # T+1: Thursday
    ("USD/CAD", "2025-03-14", "2025-03-17", 1),
    ("EUR/CAD", "2025-03-12", "2025-03-13", 3),  # only against the US dollar
    # Thanksgiving, 2025-11-27: Tuesday's value date is Friday, and so is Wednesday's; Thursday's is Monday.
    ("EUR/USD", "2025-11-24", "2025-11-25", 2),
    ("EUR/USD", "2025-11-25", "2025-11-26", 0),
    ("EUR/USD", "2025-11-26", "2025-11-27", 3),
    # Easter 2025, Friday 18 to Monday 21 April: Wednesday the 16th settles on the 22nd, Tuesday on Thursday the 17th.
    ("EUR/USD", "2025-04-15", "2025-04-16", 5),
    ("EUR/USD", "2025-04-16", "2025-04-17", 1),
    # Days that the data skip count too: from Tuesday into Friday.
    ("EUR/USD", "2025-03-11", "2025-03-14", 5),
]


@pytest.mark.parametrize(("pair", "before", "after", "wanted"), ROLLS)
def test_nights(pair, before, after, wanted):
    base, quote = pair.split("/")
    days = spot_days(base, quote)
    assert nights(date.fromisoformat(before), date.fromisoformat(after), days, base, quote) == wanted


def test_easter():
    assert [easter_sunday(year) for year in (2000, 2008, 2024, 2025, 2038)] == [
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2038, 4, 25),
    ]


def test_holidays_of_the_two_that_are_known():
    """Federal Reserve and ECB calendars of 2025; Independence Day 2026 is a Saturday and not kept."""
    days = [date.fromordinal(date(2025, 1, 1).toordinal() + k) for k in range(365)]
    fed = [f"{day:%m-%d}" for day in days if is_fed_holiday(day)]
    assert fed == ["01-01", "01-20", "02-17", "05-26", "06-19", "07-04", "09-01", "10-13", "11-11", "11-27", "12-25"]
    assert [f"{day:%m-%d}" for day in days if is_target_holiday(day)] == ["04-18", "04-21", "05-01", "12-26"]
    assert not is_fed_holiday(date(2026, 7, 3))
    assert is_fed_holiday(date(2023, 1, 2))
