"""What a venue takes of an instrument: ticks by price, lots, least value, kinds of orders, times in force.

Everything is in the instrument's own ticks and lots, so nothing is rounded here but by `to_tick`, whose direction the
caller names. A band's step is a whole number of ticks: where a share below a dollar trades in hundredths of a cent, the
tick is that, and the band from a dollar on has steps of a hundred.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from stratc.runtime.model.order import OrderKind, OrderTerms, TimeInForce
from stratc.runtime.model.record import record


class Rounding(StrEnum):
    """Where a price goes that lies between two ticks."""

    DOWN = "down"
    UP = "up"


@record
class TickBand:
    """Prices of `from_ticks` and above are whole multiples of `step_ticks`, until the next band begins."""

    from_ticks: int
    step_ticks: int


@record
class Listing:
    """An instrument at a venue. `bands` begin at nought and rise; `lots_max`, `notional_min` are None where any do."""

    instrument: str
    bands: tuple[TickBand, ...]
    lot_step: int
    lots_min: int
    lots_max: int | None
    notional_min: Decimal | None
    kinds: frozenset[OrderKind]
    times_in_force: frozenset[TimeInForce]

    def step_at(self, ticks: int) -> int:
        """The price step that is in force at this price, in ticks; below nought as above it."""
        return max((band for band in self.bands if band.from_ticks <= abs(ticks)), key=_begin).step_ticks


def _begin(band: TickBand) -> int:
    return band.from_ticks


def to_tick(listing: Listing, ticks: int, rounding: Rounding) -> int:
    """The nearest price that the venue takes, at or below, or at or above.

    A price that is rounded up may reach the next band, which begins at one of its own prices.
    """
    step = listing.step_at(ticks)
    down = ticks // step * step
    return down if rounding is Rounding.DOWN or down == ticks else down + step


def off_tick(listing: Listing, terms: OrderTerms) -> str | None:
    """Which price of an order lies between the venue's, or None."""
    for name, ticks in (("limit", terms.limit_ticks), ("stop", terms.stop_ticks)):
        if ticks is not None and ticks % (step := listing.step_at(ticks)):
            return f"its {name} price of {ticks} ticks is no multiple of {step}, the step there"
    return None


def unsupported(listing: Listing, terms: OrderTerms) -> str | None:
    """What of an order the venue does not take in this instrument, or None."""
    if terms.kind not in listing.kinds:
        return f"no {terms.kind.name.lower().replace('_', ' ')} orders in {listing.instrument} there"
    if terms.time_in_force not in listing.times_in_force:
        words = terms.time_in_force.name.lower().replace("_", " ")
        return f"no orders that are {words} in {listing.instrument} there"
    return None
