"""The language: what may be written.

`parse` and `decode` are the way in. They are imported when first asked for, because they load the grammar's parser and
much that needs the types of the language does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from stratc.dsl.parser import Parsed, decode, parse
    from stratc.dsl.printer import format_source, print_tree
    from stratc.dsl.source import Source

__all__ = ["Parsed", "Source", "decode", "format_source", "parse", "print_tree"]

_HOMES: Final = {
    "Parsed": "stratc.dsl.parser",
    "Source": "stratc.dsl.source",
    "decode": "stratc.dsl.parser",
    "format_source": "stratc.dsl.printer",
    "parse": "stratc.dsl.parser",
    "print_tree": "stratc.dsl.printer",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_HOMES[name]), name)
    return found
