"""What of the engine is declared for strategies, and what of its text is left."""

from __future__ import annotations

import pytest

from stratc.compiler.bug import StratcBug
from stratc.compiler.emit.amalgam import amalgamate
from stratc.compiler.emit.declarations import declarations, declared

pytestmark = pytest.mark.fast

CODES = '"""Codes."""\n\nBUY: Final = 1\nSELL: Final = -1\n'
BOOK = '''"""A book."""

import cython

from stratc.runtime.engine.codes import BUY


@cython.final
@cython.cclass
class Book(Draft):
    """What is known."""

    money: cython.longlong
    marks: cython.p_double

    def __init__(self, money: int) -> None:
        self.money = money

    @cython.cfunc
    def _clear(self) -> cython.void:
        """Nothing is left."""
        self.money = 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_long(book: Book, i: cython.long, /) -> cython.bint:
    """Whether it is."""
    return book.money > BUY


def told(book: Book) -> int:
    return book.money
'''
MODULES = (("codes", CODES), ("book", BOOK))


def test_codes_classes_and_functions_of_c_are_declared():
    assert (
        declarations(MODULES)
        == """cimport cython

cdef enum:
    BUY = 1
    SELL = -1

@cython.final
cdef class Book(Draft):
    cdef long long money
    cdef double* marks
    cdef void _clear(self)
cdef bint is_long(Book book, long i) noexcept nogil
"""
    )
    assert declared(MODULES) == {"BUY", "SELL", "Book", "is_long"}


def test_what_is_declared_is_not_said_twice():
    text = amalgamate(MODULES)
    assert "def __init__" in text
    assert "return book.money > BUY" in text
    for gone in ("BUY: Final", "money: cython", "import", '"""'):
        assert gone not in text


def test_a_protocol_is_a_class_of_c_and_an_empty_method_keeps_its_docstring():
    head = "@cython.cclass\nclass Strategy(Protocol):\n    @cython.cfunc\n"
    text = f'{head}    def decide(self) -> cython.void:\n        """Order."""\n'
    assert declarations((("strategy", text),)).endswith("cdef class Strategy:\n    cdef void decide(self)\n")
    assert "class Strategy:\n" in amalgamate((("strategy", text),))
    assert '"""Order."""' in amalgamate((("strategy", text),))


@pytest.mark.parametrize("kind", ["str | None", "cython.char"])
def test_a_type_that_c_has_not_is_refused(kind):
    with pytest.raises(StratcBug, match="none of C's"):
        declarations((("bad", f"@cython.cfunc\ndef told(x: {kind}) -> cython.void:\n    pass\n"),))
