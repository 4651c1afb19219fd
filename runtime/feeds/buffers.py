"""Column memory: from a column to the address of its 8-byte values, without a copy, for compiled code to read.

Goes through the Arrow C stream that every column exports (a stable protocol, so neither numpy nor pyarrow is needed).
The memory belongs to the column: it must be read only, and only while the `Buffer` is alive.
"""

from __future__ import annotations

import ctypes
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

STREAM_NAME: Final = b"arrow_array_stream"
VALUE_BYTES: Final = 8


class _Array(ctypes.Structure):
    """`struct ArrowArray` of the Arrow C data interface."""

    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


class _Stream(ctypes.Structure):
    """`struct ArrowArrayStream` of the Arrow C stream interface."""

    _fields_ = (
        ("get_schema", ctypes.c_void_p),
        ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Array))),
        ("get_last_error", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


class BufferRefused(ValueError):
    """A column whose memory cannot be handed over: values of another size, or missing ones."""


@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True)
class Buffer:
    """Where the `length` values of a column lie; keep it as long as the address is in use."""

    address: int
    length: int
    keep: object


def buffer(column: pl.Series) -> Buffer:
    """The memory of a float64 or int64 column without nulls; raises `BufferRefused`."""
    import polars as pl

    if column.dtype not in (pl.Float64, pl.Int64) or column.null_count():
        raise BufferRefused(f"column `{column.name}` is {column.dtype} with {column.null_count()} missing values")
    if not len(column):
        return Buffer(address=0, length=0, keep=column)
    array = _export(column.rechunk())
    if array.length != len(column):
        raise BufferRefused(f"column `{column.name}` came in pieces")
    address = (array.buffers[1] or 0) + array.offset * VALUE_BYTES
    if address % VALUE_BYTES:
        # Memory that was mapped from a file may be unaligned; a fresh column is not.
        return buffer(pl.Series(column.name, column.to_list(), dtype=column.dtype))
    found = Buffer(address=address, length=len(column), keep=column)
    weakref.finalize(found, _release, array)
    return found


def view(column: pl.Series) -> memoryview:
    """The bytes of a column's values, read in place; they are valid while the view is."""
    found = buffer(column)
    block = (ctypes.c_char * (found.length * VALUE_BYTES)).from_address(found.address) if found.length else b""
    if found.length:
        weakref.finalize(block, lambda kept: None, found)
    return memoryview(block).cast("B")


def _export(column: pl.Series) -> _Array:
    pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
        ("PyCapsule_GetPointer", ctypes.pythonapi)
    )
    capsule = column.__arrow_c_stream__(None)
    address = pointer(capsule, STREAM_NAME)
    stream = ctypes.cast(address, ctypes.POINTER(_Stream)).contents
    array = _Array()
    if stream.get_next(address, ctypes.byref(array)) or not array.release:
        raise BufferRefused(f"column `{column.name}` could not be exported")
    return array


def _release(array: _Array) -> None:
    if array.release:
        ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))(array.release)(ctypes.byref(array))
