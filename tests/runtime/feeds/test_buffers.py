"""Column memory is handed over without a copy, holds while it is kept, and refuses what compiled code cannot read."""

from __future__ import annotations

import ctypes
import gc
import math

import polars as pl
import pytest

from stratc.runtime.feeds.buffers import BufferRefused, buffer, view

pytestmark = pytest.mark.fast


def read(address: int, length: int, kind: type[ctypes.c_double] | type[ctypes.c_int64]) -> list[float | int]:
    return list((kind * length).from_address(address))


def test_values_are_read_in_place() -> None:
    prices = pl.Series("close", [1.5, math.nan, 3.25])
    found = buffer(prices)
    values = read(found.address, found.length, ctypes.c_double)
    assert (values[0], values[2]) == (1.5, 3.25)
    assert math.isnan(values[1])
    # Two exports of one column are the same memory: nothing was copied.
    assert buffer(prices).address == found.address
    assert read(buffer(pl.Series([2**62, -1])).address, 2, ctypes.c_int64) == [2**62, -1]


def test_slices_and_pieces() -> None:
    whole = pl.Series("n", range(100), dtype=pl.Int64)
    part = buffer(whole.slice(90, 5))
    assert read(part.address, part.length, ctypes.c_int64) == [90, 91, 92, 93, 94]
    pieces = pl.concat([whole, whole], rechunk=False)
    found = buffer(pieces)
    assert read(found.address, found.length, ctypes.c_int64) == [*range(100), *range(100)]


def test_the_memory_outlives_the_column() -> None:
    found = buffer(pl.Series("x", [float(n) for n in range(100_000)]).reverse())
    gc.collect()
    filler = [pl.Series("y", [0.0] * 100_000) for _ in range(20)]
    assert read(found.address, found.length, ctypes.c_double) == [float(n) for n in range(99_999, -1, -1)]
    assert len(filler) == 20


def test_views_have_the_bytes() -> None:
    assert bytes(view(pl.Series([1, 2], dtype=pl.Int64))) == (1).to_bytes(8, "little") + (2).to_bytes(8, "little")
    assert bytes(view(pl.Series([], dtype=pl.Float64))) == b""


@pytest.mark.parametrize("column", [pl.Series([1.0, None]), pl.Series([1], dtype=pl.Int32), pl.Series(["a"])])
def test_refused(column: pl.Series) -> None:
    with pytest.raises(BufferRefused):
        buffer(column)
