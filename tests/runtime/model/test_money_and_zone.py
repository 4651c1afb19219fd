"""Minor units are exact or refused; local clocks at the change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.model.money import InexactMoney, from_minor, minor_digits, to_minor
from stratc.runtime.model.zone import UnknownZone, local_date, moment, second_of_day, utc_ns, zone_of

pytestmark = pytest.mark.fast

ZONES = ("UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe")


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "KWD", "BTC"]))
def test_minor_units_and_back(units: int, currency: str) -> None:
    amount = from_minor(units, currency)
    assert to_minor(amount, currency) == units
    assert amount.as_tuple().exponent == -minor_digits(currency)


def test_amounts_between_minor_units_are_refused() -> None:
    assert to_minor(Decimal("0.10"), "USD") == 10
    for amount, currency in (("0.001", "USD"), ("0.5", "JPY"), ("NaN", "USD"), ("Infinity", "USD")):
        with pytest.raises(InexactMoney):
            to_minor(Decimal(amount), currency)


def shown(moment_ns: int) -> str:
    return datetime.fromtimestamp(moment_ns // 10**9, UTC).strftime("%m-%d %H:%M:%S")


def test_clock_changes() -> None:
    assert shown(utc_ns(date(2024, 3, 10), time(1, 30), "America/New_York")) == "03-10 06:30:00"
    assert shown(utc_ns(date(2024, 3, 10), time(2, 30), "America/New_York")) == "03-10 07:00:00"
    assert shown(utc_ns(date(2024, 3, 10), time(3, 0), "America/New_York")) == "03-10 07:00:00"
    assert shown(utc_ns(date(2024, 11, 3), time(1, 30), "America/New_York")) == "11-03 05:30:00"
    assert shown(moment(date(2024, 3, 9), 86_400, "America/New_York")) == "03-10 05:00:00"
    with pytest.raises(UnknownZone, match="America/New_York"):
        zone_of("New York")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2039, 12, 31)), st.sampled_from(ZONES))
def test_local_clocks_agree_with_the_standard_library(naive: datetime, zone: str) -> None:
    exact = naive.replace(microsecond=0, tzinfo=UTC)
    at = int(exact.timestamp()) * 10**9
    local = exact.astimezone(ZoneInfo(zone))
    assert local_date(at, zone) == local.date()
    assert second_of_day(at, zone) == local.hour * 3600 + local.minute * 60 + local.second
    again = utc_ns(local.date(), local.time(), zone)
    assert again == at or local.fold == 1


@given(st.dates(date(1990, 1, 1), date(2039, 12, 30)), st.integers(0, 86_399), st.sampled_from(ZONES))
def test_moments_rise_with_the_clock(day: date, second: int, zone: str) -> None:
    assert moment(day, second, zone) <= moment(day, second + 1, zone)
