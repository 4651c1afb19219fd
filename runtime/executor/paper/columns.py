"""Where a paper run's bars lie for the engine: one place an instrument, written over by its next bar.

Where splits are told to signals again every bar has its own place, and the room is bounded. Arrays never move, since
compiled code keeps their addresses.
"""

from __future__ import annotations

from array import array
from types import ModuleType
from typing import Any

from stratc.runtime.engine import codes, columns
from stratc.runtime.executor.backtest import hand_over
from stratc.runtime.executor.happenings import restates
from stratc.runtime.executor.paper.told import Told


class Columns:
    """Arrays of `room` places each, and the engine's own view of them, `table`.

    `prices` are open, high, low, close and volume; `signals` the same as the strategy reads them, empty where it reads
    `prices`; `asked` a column for each request of the program, clocks before tables.
    """

    def __init__(self, told: Told, module: ModuleType | None) -> None:
        self.compiled = module is not None
        self.keeps_all = any(restates(event, told.instruments) for event in told.events)
        self.room = told.rows_max if self.keeps_all else len(told.instruments)
        self.prices = [self.reals() for _ in range(5)]
        own = self.keeps_all or told.separate_signals
        self.signals = [self.reals() for _ in range(5)] if own else []
        self.rows, self.equity, self.moments = self.wholes(), self.wholes(), self.wholes()
        self.asked: list[Any] = [*(self.wholes() for _ in told.clocks), *(self.reals() for _ in told.known)]
        self.rates = self.reals(len(told.currencies) * codes.RATE_WIDTH)
        self.interest = self.reals(codes.INTEREST_WIDTH)
        make: Any = module.engine.Columns if module is not None else columns.Columns
        handed = [self.hand(column) for column in (*self.prices, self.rows, self.equity)]
        self.table = make(*handed, *([[self.hand(column) for column in self.signals]] if own else []))

    def reals(self, width: int = 1) -> array[float]:
        return array("d", bytes(8 * self.room * width))

    def wholes(self) -> array[int]:
        return array("q", bytes(8 * self.room))

    def hand(self, column: Any) -> Any:
        """As the engine takes it."""
        return hand_over(column, column.typecode, compiled=self.compiled)[0]
