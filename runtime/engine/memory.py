"""Arrays: C memory in compiled code, lists in Python, behind the same indexing.

Everything comes zeroed. Compiled code frees what `whole_numbers`, `real_numbers` and `grown` gave it with `release`;
what `part` gives belongs to its block.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.libc.stdlib import calloc, free, realloc


@cython.cfunc
def whole_numbers(count: cython.long) -> cython.p_longlong:
    """So many 64-bit integers."""
    if cython.compiled:
        memory: cython.p_longlong = cython.cast(cython.p_longlong, calloc(count + 1, 8))
        if memory == cython.NULL:
            raise MemoryError
        return memory
    else:
        return [0] * count


@cython.cfunc
def real_numbers(count: cython.long) -> cython.p_double:
    """So many doubles."""
    if cython.compiled:
        memory: cython.p_double = cython.cast(cython.p_double, calloc(count + 1, 8))
        if memory == cython.NULL:
            raise MemoryError
        return memory
    else:
        return [0.0] * count


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def part(block: cython.p_longlong, number: cython.long, count: cython.long) -> cython.p_longlong:
    """The `number`th of the equal parts that a block is cut into, each `count` long."""
    if cython.compiled:
        return cython.address(block[number * count])
    else:
        return [0] * count


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def grown(memory: cython.p_longlong, room: cython.long, more: cython.long) -> cython.p_longlong:
    """The same numbers with room for `more` in all; nothing (NULL) where the machine has no memory left."""
    if cython.compiled:
        return cython.cast(cython.p_longlong, realloc(memory, more * 8))
    else:
        memory.extend([0] * (more - room))
        return memory


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_missing(memory: cython.p_longlong) -> cython.bint:
    """Whether `grown` found no memory."""
    if cython.compiled:
        return memory == cython.NULL
    else:
        return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def release(memory: cython.p_longlong) -> cython.void:
    """Give the memory back; Python does that by itself."""
    if cython.compiled:
        free(memory)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def release_reals(memory: cython.p_double) -> cython.void:
    """Give the memory back; Python does that by itself."""
    if cython.compiled:
        free(memory)
