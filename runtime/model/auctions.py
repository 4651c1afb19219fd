"""Auctions: from an instrument and a day to the time before an auction from which it takes no more orders.

The times are data of the venues, dated (`auctions.toml`). Where an instrument does not say where it is listed, the
strictest venue of its calendar is taken; a calendar without a venue in the table has no auction that is known.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record


class Auction(StrEnum):
    """The auctions that a session begins and ends with."""

    OPENING = "opening"
    CLOSING = "closing"


@record
class CutOff:
    """From `seconds` before an auction on a venue takes no more orders, since a date."""

    venue: str
    since: date
    seconds: int


def cut_off(instrument: Instrument, auction: Auction, day: date) -> CutOff | None:
    """The cut-off on a day; None where the instrument has no such auction that is known."""
    found = [
        in_force
        for name, terms in venues().items()
        if terms["calendar"] in (instrument.calendar, instrument.regular_calendar)
        and instrument.listed_on in (None, name)
        and (in_force := _in_force(name, terms[auction.value], day)) is not None
    ]
    return max(found, key=lambda each: each.seconds, default=None)


def cut_offs(instrument: Instrument, auction: Auction) -> tuple[tuple[date, CutOff | None], ...]:
    """Every date since which something else is in force, in order, with the cut-off from then on."""
    since = {row["since"] for terms in venues().values() for row in terms[auction.value]}
    return tuple((day, cut_off(instrument, auction, day)) for day in sorted(since))


def _in_force(venue: str, rows: list[Mapping[str, Any]], day: date) -> CutOff | None:
    kept = [row for row in rows if row["since"] <= day]
    return CutOff(venue=venue, since=kept[-1]["since"], seconds=kept[-1]["seconds"]) if kept else None


@cache
def venues() -> Mapping[str, Mapping[str, Any]]:
    """The venues by name, as the table has them."""
    table = tomllib.loads(files("stratc.runtime.model").joinpath("auctions.toml").read_text("utf-8"))
    found: Mapping[str, Mapping[str, Any]] = table["venues"]
    return found
