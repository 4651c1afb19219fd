"""The catalogue: names of indicators to their declarations, kernels and pages.

A stem is found by being in this folder; there is no list to add it to. The names are those of the files: a stem is
imported when it is asked for and never with the others, so the breadth of the library costs a check nothing. Guarantees
that every stem is whole (a declaration of its own name, a page, a kernel with the functions that the name promises,
whose own needs are met) and raises `StemError` otherwise, which is a mistake of ours and never of a user.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module, resources
from pkgutil import iter_modules
from typing import Final

from stratc.dsl import stdlib
from stratc.dsl.stdlib.signature import Indicator

_NOT_STEMS: Final = frozenset({"catalogue", "series", "signature"})
_NEED: Final = re.compile(r"^from (\w+) cimport ", re.MULTILINE)


class StemError(Exception):
    """A stem of the standard library is not whole."""


@cache
def names() -> tuple[str, ...]:
    """Every indicator, in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(stdlib.__path__) if module.name not in _NOT_STEMS))


@cache
def lookup(name: str) -> Indicator | None:
    return _load(name) if name in names() else None


@cache
def kernel(name: str) -> str:
    """The text of the kernel, `<name>.pxd`; it may cimport other stems: see `needed`."""
    return (resources.files(stdlib) / f"{name}.pxd").read_text(encoding="utf-8")


@cache
def needed(name: str) -> tuple[str, ...]:
    """The stems that the kernel is built of, each after those that it needs itself, `name` last."""
    deep = [stem for part in _NEED.findall(kernel(name)) for stem in needed(part)]
    return (*dict.fromkeys(deep), name)


def page(name: str) -> str:
    """What the stem's author says about it: the docstring."""
    return (import_module(f"{stdlib.__name__}.{name}").__doc__ or "").strip()


def _load(stem: str) -> Indicator:
    indicator: object = getattr(import_module(f"{stdlib.__name__}.{stem}"), "INDICATOR", None)
    if not isinstance(indicator, Indicator) or indicator.name != stem:
        raise StemError(f"dsl/stdlib/{stem}.py must declare an INDICATOR named {stem!r}")
    if not page(stem).startswith(f"{stem}("):
        raise StemError(f"dsl/stdlib/{stem}.py must open with its page, whose first word is {stem}(")
    if not (resources.files(stdlib) / f"{stem}.pxd").is_file():
        raise StemError(f"dsl/stdlib/{stem}.py has no kernel beside it: write {stem}.pxd")
    camel = "".join(word.capitalize() for word in stem.split("_"))
    wanted = (f"struct {camel}State:", f" {stem}_room(", f" {stem}_reset(", f" {stem}_push(")
    lacking = [text for text in wanted if text not in kernel(stem)]
    if lacking:
        raise StemError(f"dsl/stdlib/{stem}.pxd lacks {', '.join(map(repr, lacking))}")
    return indicator
