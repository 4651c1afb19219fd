"""Zones of the clock: from the words of a text to names of the IANA base."""

from __future__ import annotations

from stratc.compiler.resolve.words import ZONES
from stratc.dsl.suggest import closest
from stratc.runtime.model.zone import UnknownZone, zone_of


def iana_zone(text: str) -> str | None:
    """The IANA name of a zone as written, `New York` or `America/New_York`; None where no clock has it."""
    words = " ".join(text.split())
    if words in ZONES:
        return ZONES[words]
    if "/" not in words:
        return None
    try:
        return zone_of(words).key
    except UnknownZone:
        return None


def near_zones(text: str) -> str:
    """What to write instead of an unknown zone."""
    near = closest(" ".join(text.split()), ZONES)
    return f"`{near}`" if near else "a city such as `London` or `New York`, `UTC`,"
