# What the engine uses of Cython's pure-Python mode, as types: numbers are Python's, pointers are lists.
from builtins import int as _int
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, TypeAlias, TypeVar

_T = TypeVar("_T")

compiled: Final[bool]

bint: TypeAlias = bool
schar: TypeAlias = _int
int: TypeAlias = _int
long: TypeAlias = _int
longlong: TypeAlias = _int
size_t: TypeAlias = _int
double: TypeAlias = float
void: TypeAlias = None
p_schar: TypeAlias = list[_int]
p_int: TypeAlias = list[_int]
p_longlong: TypeAlias = list[_int]
p_double: TypeAlias = list[float]

class _Nogil(AbstractContextManager[None]):
    def __call__(self, function: _T, /) -> _T: ...
    def __exit__(self, *exception: object) -> None: ...

nogil: Final[_Nogil]

def cclass(kind: _T, /) -> _T: ...
def cfunc(function: _T, /) -> _T: ...
def inline(function: _T, /) -> _T: ...
def final(kind: _T, /) -> _T: ...
def exceptval(value: object = ..., *, check: bool = ...) -> Callable[[_T], _T]: ...
def cast(kind: type[_T], value: object, /) -> _T: ...
def unlikely(condition: bool, /) -> bool: ...
def likely(condition: bool, /) -> bool: ...
def address(value: _int, /) -> list[_int]: ...

NULL: Final[list[_int]]
