"""Random bars of several instruments, with gaps, missing values and moments that some of them do not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from random import Random

from stratc.compiler.ir.nodes import (
    Program,
)
from stratc.compiler.ir.uses import clock_requests, known_requests
from stratc.runtime.model.clock import (
    PeriodOfSessions,
    SecondOfDay,
    SessionPart,
    SessionSoFar,
    SessionStart,
    TradingDay,
    Window,
)
from stratc.runtime.model.known import Request as KnownRequest

COLUMNS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True)
class Bars:
    """Rows of all instruments in order of time, with everything that a run reads; prices in whole ticks of 0.01."""

    instrument: tuple[int, ...]
    day: tuple[int, ...]
    flags: tuple[int, ...]
    columns: dict[str, tuple[float, ...]]

    def __len__(self) -> int:
        return len(self.instrument)

    def clocks(self, program: Program) -> list[list[int] | list[float]]:
        """A column for each request, of the right shape and otherwise arbitrary."""
        times: list[list[int] | list[float]] = [self.clock(request) for request in clock_requests(program)]
        return times + [self.datum(request) for request in known_requests(program)]

    def datum(self, request: KnownRequest) -> list[float]:
        """What a table says: it changes now and then, and is often unknown."""
        number = len(repr(request))
        said = (nan, 1.0, 0.0, -0.5, nan, 3.0, 1.5)
        return [said[(row // 5 + number + self.day[row]) % len(said)] for row in range(len(self))]

    def clock(self, request: object) -> list[int]:
        """The same for the same request, whatever else the program asks."""
        rows, number = range(len(self)), len(repr(request))
        match request:
            case TradingDay():
                return list(self.day)
            case SecondOfDay():
                return [(row * 300) % 7200 for row in rows]
            case SessionStart():
                return [1 if row == 0 or self.day[row] != self.day[row - 1] else 0 for row in rows]
            case Window(kind=SessionSoFar()):
                return [7 if row == 0 or self.day[row] != self.day[row - 1] else 6 for row in rows]
            case Window(kind=SessionPart() | PeriodOfSessions()):
                return [(3, 2, 6, 3, 6, 7, 2, 3, 2, 2, 1, 2, 5, 7)[(row + number + self.day[row]) % 14] for row in rows]
            case Window():
                return [(1, 2, 3, 6, 4, 0, 2, 0)[(row * 5 + number + self.day[row]) % 8] for row in rows]
            case _:
                return [1 if (row + number) % 6 == 0 else 0 for row in rows]


ROW_MOMENT_END, ROW_SESSION_START, ROW_SESSION_END = 1, 2, 4


def make_bars(random: Random, *, instruments: int, moments: int) -> Bars:
    """Random walks with gaps, constant stretches, missing values and bars that some instruments do not have."""
    price = [random.randint(5_000, 15_000) for _ in range(instruments)]
    still = [0] * instruments
    rows: list[tuple[int, int, int, Sequence[float]]] = []
    day = 10
    for moment in range(moments):
        new_day = moment > 0 and random.random() < 0.12
        day += random.choice((1, 1, 3)) if new_day else 0
        present = [i for i in range(instruments) if random.random() < 0.9] or [0]
        for i in present:
            still[i] = random.randint(3, 8) if random.random() < 0.03 else max(0, still[i] - 1)
            step = 0 if still[i] else random.randint(-120, 120) * (8 if random.random() < 0.04 else 1)
            opening = max(100, price[i] + step // 3)
            price[i] = max(100, price[i] + step)
            wick = 0 if still[i] else random.randint(0, 90)
            high, low = max(opening, price[i]) + wick, max(50, min(opening, price[i]) - wick)
            bar = [opening / 100, high / 100, low / 100, price[i] / 100, float(random.randint(0, 5_000))]
            missing = 4 if random.random() < 0.03 else None
            if missing is not None:
                bar[missing] = nan
            end = ROW_MOMENT_END if i == present[-1] else 0
            rows.append((i, day, end, bar))
    return _table(rows)


def _table(rows: Sequence[tuple[int, int, int, Sequence[float]]]) -> Bars:
    flags = []
    for at, (i, day, end, _) in enumerate(rows):
        before = [row[1] for row in rows[:at] if row[0] == i][-1:]
        after = [row[1] for row in rows[at + 1 :] if row[0] == i][:1]
        start = ROW_SESSION_START if before != [day] else 0
        stop = ROW_SESSION_END if after and after != [day] else 0
        flags.append(end | start | stop)
    columns = {name: tuple(row[3][k] for row in rows) for k, name in enumerate(COLUMNS)}
    return Bars(tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(flags), columns)
