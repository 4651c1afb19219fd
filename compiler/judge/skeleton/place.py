"""One instrument and the whole account, as far as the skeleton tells states apart."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """An instrument. Whatever the outline does not ask for stays as it began, so that it tells no states apart.

    `position` is a sign. `stopped`: a stop loss or target may rest. `armed`: opened
    today and not yet reduced. `kept` sessions since the last fill that opened; `sessions` and `bars` since the first of
    the position; `…_since` its end. `entries` and `exits` count working orders by kind, of those that wait for another
    day first the ones of today. `within` counts filled entries by the limits of rules.
    """

    position: int
    stopped: bool
    armed: bool
    kept: int
    sessions: int
    bars: int
    sessions_since: int
    bars_since: int
    entered_today: int
    entries: tuple[int, ...]
    exits: tuple[int, ...]
    within: tuple[int, ...]


class World(NamedTuple):
    """Every instrument, and what the account's caps count a session, today first. `halted`: nothing is opened today."""

    places: tuple[Place, ...]
    day_trades: tuple[int, ...]
    entered: tuple[int, ...]
    halted: bool

    def with_place(self, i: int, place: Place) -> World:
        return self._replace(places=(*self.places[:i], place, *self.places[i + 1 :]))
