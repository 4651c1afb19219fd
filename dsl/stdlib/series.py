"""What references are built of: the columns of a bar as inputs, and references that are driven a bar at a time.

Maps a reference, which is a generator, to a function that takes the values of one bar and gives the result of that bar,
so that a stem built of others reads as its kernel does. Assumes that a reference pulls one value of every input for
every value that it yields, which is what a declaration promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stratc.dsl.stdlib.signature import Input, Wants

OPEN = Input(name="open", wants=Wants.PRICE, column="open")
HIGH = Input(name="high", wants=Wants.PRICE, column="high")
LOW = Input(name="low", wants=Wants.PRICE, column="low")
CLOSE = Input(name="close", wants=Wants.PRICE, column="close")
VOLUME = Input(name="volume", wants=Wants.QUANTITY, column="volume")
SESSION = Input(name="session_start", wants=Wants.SESSION, column="session_start")


class _Slot:
    """An iterator over whatever was put into it last."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0.0

    def __iter__(self) -> Iterator[float]:
        return self

    def __next__(self) -> float:
        return self.value


def drive(reference: Callable[..., Iterator[Any]], inputs: int, *params: float) -> Callable[..., Any]:
    """A function from one value of each input to the value of that bar; it remembers what the reference does."""
    slots = [_Slot() for _ in range(inputs)]
    values = reference(*slots, *params)

    def push(*bar: float) -> Any:
        for slot, x in zip(slots, bar, strict=True):
            slot.value = x
        return next(values)

    return push
