"""What is stated of a program: one bound or its absence for each quantity, with the reason, the line and the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Final

from stratc.compiler.judge.bounds.extent import Extents
from stratc.dsl.source import Line
from stratc.runtime.model.record import record


class Quantity(StrEnum):
    """What is bounded. POSITION and UNITS are of each instrument at its own opening orders, GROSS, LEVERAGE and
    COMMITTED of the whole account at every opening order; LOSS is of what one session's entries lose at their stops."""

    POSITION = "position"
    UNITS = "units"
    GROSS = "gross_exposure"
    LEVERAGE = "leverage"
    COMMITTED = "committed_capital"
    ORDERS = "orders_per_second"
    LOSS = "planned_loss_per_session"
    WORST = "worst_loss"


WHOLE_TEXT: Final = Line(number=0)  # no line of the text, but all of it


@record
class Obstacle:
    """Why there is no bound, the line, and what to write, empty where nothing helps."""

    text: str
    line: Line
    remedy: str


@record
class Stated:
    """One bound: money as `extents`, each of them valid, or a `number`; else the `obstacle`.

    `because` is why it holds, `assumes` what it takes for granted.
    """

    quantity: Quantity
    extents: Extents
    number: Fraction | None
    because: str
    assumes: str
    obstacle: Obstacle | None

    @property
    def is_bound(self) -> bool:
        return self.obstacle is None

    def money_at(self, equity: Fraction | None) -> Fraction | None:
        """The bound in money at an equity; without one, where no multiple of it is part of it."""
        if equity is None:
            return min((extent.money for extent in self.extents if not extent.multiple), default=None)
        return min((extent.at(equity) for extent in self.extents), default=None)

    @property
    def multiple(self) -> Fraction | None:
        """The bound as a multiple of equity alone."""
        return min((extent.multiple for extent in self.extents if not extent.money), default=None)


@record
class BoundSheet:
    """Every bound of a program. `instruments` with the unit that each counts in; empty for a universe."""

    position: Stated
    units: Stated
    gross: Stated
    leverage: Stated
    committed: Stated
    orders: Stated
    loss: Stated
    worst: Stated
    instruments: tuple[tuple[str, str], ...]
    currency: str

    def __iter__(self) -> Iterator[Stated]:
        yield from (self.position, self.units, self.gross, self.leverage)
        yield from (self.committed, self.orders, self.loss, self.worst)

    def as_json(self, equity: Fraction | None) -> Mapping[str, object]:
        """`show --stage bounds --json`: a key for each quantity; money at the stated equity."""
        return {
            "equity": None if equity is None else float(equity),
            "currency": self.currency,
            "instruments": [{"symbol": symbol, "unit": unit} for symbol, unit in self.instruments],
            **{stated.quantity.value: _json(stated, equity) for stated in self},
        }


def _json(stated: Stated, equity: Fraction | None) -> Mapping[str, object]:
    obstacle = stated.obstacle
    money = stated.money_at(equity)
    return {
        "number": None if stated.number is None else float(stated.number),
        "money": None if money is None else float(money),
        "of_equity": None if stated.multiple is None else float(stated.multiple),
        "because": stated.because,
        "assumes": stated.assumes,
        "no_bound": None
        if obstacle is None
        else {
            "why": obstacle.text,
            "line": obstacle.line.number or None,
            "file": obstacle.line.file or None,
            "remedy": obstacle.remedy,
        },
    }


def bounded(quantity: Quantity, extents: Extents, because: str, assumes: str = "") -> Stated:
    return Stated(quantity=quantity, extents=extents, number=None, because=because, assumes=assumes, obstacle=None)


def counted(quantity: Quantity, number: Fraction, because: str, assumes: str = "") -> Stated:
    return Stated(quantity=quantity, extents=(), number=number, because=because, assumes=assumes, obstacle=None)


def unbounded(quantity: Quantity, obstacle: Obstacle) -> Stated:
    return Stated(quantity=quantity, extents=(), number=None, because="", assumes="", obstacle=obstacle)
