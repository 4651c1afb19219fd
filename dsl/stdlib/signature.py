"""What an indicator is: one stem, one word of the language.

A stem `<name>.py` declares `INDICATOR` and its `reference` in plain Python; `<name>.pxd` beside it holds the inline C
kernel with the same meaning, bit for bit. The stem's module docstring is its page: what it measures, the formula, its
seed, its warm-up, how it treats missing values, its source.

Missing values, everywhere: a bar on which any input is unknown (NaN) gives an unknown value. A moving window counts
bars, and is unknown while it holds a missing one; a recursive indicator keeps its state and goes on with the next
known input. Inputs are finite or missing; nothing is promised after an infinite one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from stratc.runtime.model.record import record


class Unit(Enum):
    """The unit of an output, in terms of the inputs."""

    SAME = "same as the first input"
    DIFFERENCE = "a difference of the first input"
    RATIO = "ratio"
    NUMBER = "number"
    COUNT = "count"
    PRODUCT = "the first input times a difference of the second"


class Wants(Enum):
    """What an input may be."""

    ANY = "any series of numbers"
    PRICE = "a price"
    QUANTITY = "a quantity"
    RATIO = "a ratio, such as a return"
    SESSION = "true on the first bar of a session"


@record
class Input:
    """One series, a value a bar. With a `column` it need not be written: that column of the bar is read."""

    name: str
    wants: Wants = Wants.ANY
    column: str = ""  # open | high | low | close | volume | session_start


@record
class Param:
    """One constant of a call. `whole` parameters are counts of bars; bounds are closed."""

    name: str
    at_least: float
    at_most: float
    whole: bool = True
    default: float | None = None


@record
class Output:
    """One result; the first is what the bare call means, the others are read as `call(...).name`.

    It is never below `at_least` or above `at_most`, where those are given, but for the last digit's rounding.
    """

    name: str
    unit: Unit
    at_least: float | None = None
    at_most: float | None = None


@record
class Indicator:
    """A declaration. Arguments are written in the order inputs (those without a column), then params.

    `warmup(*params)` is the number of known input values up to and including the first bar on which the value is known,
    for the output that is known last; it is exact.
    `reference(*inputs, *params)` takes one iterator a series and yields one float a bar, or a tuple of floats in the
    order of `outputs` where there are several; nan where unknown. It pulls exactly one value of every input for every
    value that it yields, so it may be driven a bar at a time.
    `of_levels`: the result of prices that all lie higher by one amount is not the same, or as much higher.
    """

    name: str
    summary: str
    inputs: tuple[Input, ...]
    params: tuple[Param, ...]
    outputs: tuple[Output, ...]
    warmup: Callable[..., int]
    reference: Callable[..., Iterator[Any]]
    of_levels: bool = False
