"""Auctions: until when a venue takes orders, by its rules on that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stratc.runtime.model.auctions import Auction, cut_off, venues
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.instrument_file import load_instruments
from stratc.runtime.model.session import CALENDARS
from stratc.runtime.model.toml_problems import ProfileRefused

pytestmark = pytest.mark.fast

# Symbol, where it is listed, auction, day: the venue and the seconds before it; None where there is no auction.
CUT_OFFS = [
    ("SPY", None, "closing", "2026-06-01", ("NYSE", 600)),
    ("SPY", "ARCA", "closing", "2026-06-01", ("ARCA", 60)),
    ("SPY", "NASDAQ", "closing", "2026-06-01", ("NASDAQ", 300)),
    ("SPY", "NASDAQ", "closing", "2018-06-01", ("NASDAQ", 600)),
    ("SPY", None, "closing", "2019-12-31", ("NYSE", 900)),
    ("SPY", None, "opening", "2026-06-01", ("NASDAQ", 120)),
    ("SHOP.TO", None, "closing", "2026-06-01", ("TSX", 600)),
    ("VOD.L", None, "closing", "2026-06-01", ("LSE", 0)),
    ("EUR/USD", None, "closing", "2026-06-01", None),
    ("BTC/USDT", None, "opening", "2026-06-01", None),
    ("ES", None, "closing", "2026-06-01", None),
]


@pytest.mark.parametrize(("symbol", "listed", "auction", "day", "expected"), CUT_OFFS)
def test_cut_offs(symbol: str, listed: str | None, auction: str, day: str, expected: tuple[str, int] | None) -> None:
    instrument = identify(symbol)
    assert instrument is not None
    found = cut_off(replace(instrument, listed_on=listed), Auction(auction), date.fromisoformat(day))
    assert (None if found is None else (found.venue, found.seconds)) == expected


def test_the_table_is_in_order_and_of_calendars_that_are_known() -> None:
    for terms in venues().values():
        assert terms["calendar"] in CALENDARS
        for auction in Auction:
            days = [row["since"] for row in terms[auction.value]]
            assert days == sorted(set(days))


def test_the_venue_is_said_in_an_instruments_file() -> None:
    assert load_instruments('["SPY"]\nlisted_on = "ARCA"\n')["SPY"].listed_on == "ARCA"
    with pytest.raises(ProfileRefused, match="no venue is called `ARCAX`; did you mean `ARCA`"):
        load_instruments('["SPY"]\nlisted_on = "ARCAX"\n')
