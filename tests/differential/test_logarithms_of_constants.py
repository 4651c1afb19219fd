"""A logarithm of a constant is that of the C library in both executions, also where a C compiler knows it better."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from math import log

import pytest

from tests.differential.bars import Bars
from tests.differential.by_hand import keep_compiled, program_of

HEAD = 'strategy "Told"\ntrade SPY on 1 day\naccount margin USD\n'
RULE = "rule enter\n  when flat and shown > 0\n  then buy 10 shares\n"
CENTS = range(101, 20_000)


@cache
def told_otherwise() -> list[Decimal]:
    """Where the library's last digit is not that of the correctly rounded value, which a compiler that folds gives."""
    numbers = (Decimal(cents) / 100 for cents in CENTS)
    return [number for number in numbers if float(Decimal(float(number)).ln()) != log(number)]


def bars(rows=4):
    prices = (10.0,) * rows
    columns = dict.fromkeys(("open", "high", "low", "close", "volume"), prices)
    return Bars((0,) * rows, tuple(range(100, 100 + rows)), (7,) * rows, columns)


@pytest.mark.compiled
def test_constants_are_those_of_the_library(tmp_path):
    """Each is one call of the kernel, which even `-O1` puts in place and works out."""
    numbers = told_otherwise()
    if not numbers:
        pytest.skip("this library rounds the logarithms of all these correctly")
    programs = [program_of(f"{HEAD}let shown = log({number})\n{RULE}") for number in numbers]
    keep_compiled(programs, bars, tmp_path / "logs")
