"""Pages of diagnostics: from a code to what `stratc explain T301` prints.

A page is the problem's docstring, a text that shows it and what to write instead. Problems are found where they are
declared, in the modules named `diagnostics` of the rooms that have any: there is no list to keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import cleandoc
from pkgutil import walk_packages
from types import ModuleType
from typing import Final

import stratc.compiler
import stratc.dsl
from stratc.dsl.diagnostic import Problem

ROOMS: Final[tuple[ModuleType, ...]] = (stratc.dsl, stratc.compiler)


def page(code: str) -> str | None:
    """The page of a code; None where no problem has it."""
    problem = problems().get(code.upper())
    return None if problem is None else _page(problem)


@cache
def problems() -> Mapping[str, type[Problem]]:
    """Every kind of problem by its code, in the order of the codes."""
    found = {problem.code: problem for module in _modules() for problem in _declared(module)}
    return dict(sorted(found.items()))


def _modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            if module.name.rpartition(".")[2] == "diagnostics":
                yield import_module(module.name)


def _declared(module: ModuleType) -> Iterator[type[Problem]]:
    for value in vars(module).values():
        is_problem = isinstance(value, type) and issubclass(value, Problem) and value is not Problem
        if is_problem and value.__module__ == module.__name__ and hasattr(value, "code"):
            yield value


def _page(problem: type[Problem]) -> str:
    parts = [
        f"{problem.code}: {_headline(problem)} ({problem.severity.value})",
        cleandoc(problem.__doc__ or ""),
        "This says it:",
        _indented(problem.example),
        "Write instead:",
        _indented(problem.instead),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _headline(problem: type[Problem]) -> str:
    """The class's name as words: the title's holes are only filled for a text."""
    letters = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in problem.__name__)
    return letters.strip()


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())
