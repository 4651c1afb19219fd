"""Records as JSON and back: what was read or worked out once can be kept as text, which runs no code when it is read.

Every list begins with a word that says what it is. Of classes there are only those of the modules that a `Kinds` was
made from: a name that is none of them is a `KeyError`, and so is whatever else a damaged text holds a `ValueError`,
`TypeError` or `LookupError`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from types import ModuleType
from typing import Any

Kinds = Mapping[str, type[Any]]


@cache
def kinds_of(modules: tuple[ModuleType, ...]) -> Kinds:
    """The records and enumerations that these modules define, by name."""
    found = ((module, kind) for module in modules for kind in vars(module).values() if isinstance(kind, type))
    return {
        _name(kind): kind
        for module, kind in found
        if kind.__module__ == module.__name__ and (is_dataclass(kind) or issubclass(kind, Enum))
    }


def encode(value: object) -> Any:
    """What `json` can write; raises `TypeError` for what has no form here."""
    match value:
        case Enum():
            return ["enum", _name(type(value)), value.name]
        case None | bool() | int() | float() | str():
            return value
        case tuple():
            return ["tuple", *map(encode, value)]
        case frozenset():
            return ["set", *sorted(map(encode, value), key=json.dumps)]
        case dict():
            return ["dict", *([key, encode(item)] for key, item in value.items())]
        case date():
            return ["date", value.isoformat()]
        case Fraction():
            return ["fraction", str(value)]
        case Decimal():
            return ["decimal", str(value)]
    if is_dataclass(value):
        kind: Any = type(value)
        return ["record", _name(kind), *(encode(getattr(value, name)) for name in _fields_of(kind))]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def decode(found: Any, kinds: Kinds) -> Any:
    """The value that was encoded."""
    if not isinstance(found, list):
        if found is None or isinstance(found, bool | int | float | str):
            return found
        raise ValueError("not a form of this text")
    # The first word by hand: most of a kept text is records and tuples, and patterns take longer to be tried.
    word, *items = found
    if word == "record":
        name, *values = items
        kind: Any = kinds[name]
        names = _fields_of(kind)
        return kind(**dict(zip(names, [decode(each, kinds) for each in values], strict=True)))
    if word == "tuple":
        return tuple([decode(each, kinds) for each in items])
    return _decode_seldom(word, items, kinds)


def _decode_seldom(word: object, items: list[Any], kinds: Kinds) -> Any:
    match word, items:
        case "set", _:
            return frozenset(decode(each, kinds) for each in items)
        case "dict", _:
            return {key: decode(item, kinds) for key, item in items}
        case "enum", [name, member]:
            return kinds[name][member]
        case "date", [text]:
            return date.fromisoformat(text)
        case "fraction", [text]:
            return Fraction(text)
        case "decimal", [text]:
            return Decimal(text)
        case _:
            raise ValueError("not a form of this text")


@cache
def _fields_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


@cache
def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
