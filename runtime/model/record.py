"""Records: frozen values with named fields, as `@dataclass(frozen=True, kw_only=True)` makes them, cheap to define.

A dataclass writes and compiles the text of six methods for every class; for some hundred kinds of problems, tree nodes
and operations that was a third of the start of every command. A record's methods are written once, here, for all, and
what `dataclasses` wants to know of it is made when it is first asked for.
`fields`, `replace` and `is_dataclass` of `dataclasses` work on records, and type checkers see frozen dataclasses.
Assumes that all fields are compared, that a default is a value, and that annotations are texts: no `field(…)`, no
`__post_init__`, and `from __future__ import annotations` where records are defined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, fields
from operator import itemgetter
from typing import Any, Final, NoReturn, TypeVar, dataclass_transform

# What patterns match by place; type checkers know it of what they take for a dataclass, and let nobody say it.
MATCHED: Final = "__match_args__"

Kind = TypeVar("Kind", bound=type[Any])


class HashedOnce:
    """Base of records of records by which much is remembered: the hash is worked out once and stands beside the fields.

    It is left behind when one is copied or pickled, because hashes of texts differ from process to process.
    """

    __slots__ = ("__dict__", "__weakref__", "known_hash")

    known_hash: int

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(kind: Kind) -> Kind:
    """The class as a record; a method that it defines itself stays."""
    return _made(kind, METHODS, kw_only=True)


@dataclass_transform(frozen_default=True)
def short_record(kind: Kind) -> Kind:
    """A record of so few fields that they are given, and matched, by their places: `Price("EUR/USD")`."""
    made: Any = _made(kind, METHODS | {"__init__": _initialize_in_order}, kw_only=False)
    setattr(made, MATCHED, tuple(made.__record_names__))
    return kind


def _made(kind: Kind, methods: dict[str, Callable[..., Any]], *, kw_only: bool) -> Kind:
    # A dataclass that has no docstring is given its signature as one, and working that out takes longer than the rest.
    kind.__doc__ = kind.__doc__ or f"{kind.__name__}(…)"
    if issubclass(kind, HashedOnce):
        methods = methods | {"__hash__": _hash_once}
    for name, method in methods.items():
        if name not in kind.__dict__:
            setattr(kind, name, method)
    made: Any = kind
    names, defaults = _fields_above(made)
    # `inspect.get_annotations` says the same, and takes longer to be imported than all records to be made.
    for name, written in made.__dict__.get("__annotations__", {}).items():  # noqa: RUF063
        if not written.startswith("ClassVar"):
            names[name] = None
            if name in made.__dict__:
                defaults[name] = made.__dict__[name]
    made.__record_names__ = names.keys()
    made.__record_defaults__ = defaults
    made.__record_values__ = staticmethod(itemgetter(*names) if names else tuple)
    made.__dataclass_fields__ = _FieldsWhenAsked(kind, kw_only=kw_only)
    return kind


def _fields_above(kind: type) -> tuple[dict[str, None], dict[str, Any]]:
    """The fields of the records that a class is made from, in the order of `dataclasses`, and defaults."""
    names: dict[str, None] = {}
    defaults: dict[str, Any] = {}
    for above in reversed(kind.__mro__[1:-1]):
        if "__record_names__" in above.__dict__:
            names |= dict.fromkeys(above.__dict__["__record_names__"])
            defaults |= above.__dict__["__record_defaults__"]
    return names, defaults


class _FieldsWhenAsked:
    """`__dataclass_fields__` of a record: of most it is never asked, and making it is most of making a dataclass."""

    def __init__(self, kind: type[Any], *, kw_only: bool) -> None:
        self.kind = kind
        self.kw_only = kw_only

    def __get__(self, _instance: object, _asked: type[Any]) -> Any:
        # Puts what it made in this place, so that it is made once.
        dataclass(init=False, repr=False, eq=False, kw_only=self.kw_only)(self.kind)
        return self.kind.__dict__["__dataclass_fields__"]


# One initializer for classes of any fields has to take its arguments by name as they come.
def _initialize(self: Any, /, **values: Any) -> None:
    if values.keys() != self.__record_names__:
        values = _completed(type(self), values)
    self.__dict__.update(values)


def _initialize_in_order(self: Any, /, *given: Any, **named: Any) -> None:
    values = dict(zip(self.__record_names__, given, strict=False)) if given else named
    if given and (named or len(values) < len(given)):
        if len(values) < len(given) or values.keys() & named.keys():
            raise TypeError(f"{type(self).__qualname__}() has fewer fields than it is given")
        values |= named
    if values.keys() != self.__record_names__:
        values = _completed(type(self), values)
    self.__dict__.update(values)


def _completed(kind: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The values with defaults; raises `TypeError` as any call does whose arguments do not fit."""
    values = {**kind.__record_defaults__, **given}
    if values.keys() != kind.__record_names__:
        name = min(values.keys() ^ kind.__record_names__)
        raise TypeError(f"{kind.__qualname__}() {'has no' if name in values else 'lacks its'} field {name!r}")
    return values


def _show(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self))
    return f"{type(self).__qualname__}({shown})"


def _equal(self: Any, other: object) -> object:
    if type(self) is not type(other):
        return NotImplemented
    return self.__dict__ == other.__dict__


def _hash(self: Any) -> int:
    return hash(self.__record_values__(self.__dict__))


def _hash_once(self: Any) -> int:
    try:
        known: int = self.known_hash
    except AttributeError:
        known = _hash(self)
        object.__setattr__(self, "known_hash", known)
    return known


def _refuse_setting(_: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(_: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


METHODS: Final[dict[str, Callable[..., Any]]] = {
    "__init__": _initialize,
    "__repr__": _show,
    "__eq__": _equal,
    "__hash__": _hash,
    "__setattr__": _refuse_setting,
    "__delattr__": _refuse_deleting,
}
