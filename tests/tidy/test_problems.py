"""If a problem exists its page exists: each `Problem` has its own code, a page, an example and a better text."""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter

import pytest

from stratc.dsl.diagnostic import Problem

HOME = "dsl/diagnostic.py"

pytestmark = pytest.mark.fast


def problems(tree) -> list[type[Problem]]:
    """Every concrete problem that a module named `diagnostics` declares."""
    modules = [file for file in tree.parsed if file.name == "diagnostics.py" and file.parts[0] != "tests"]
    found = []
    for file in modules:
        module = importlib.import_module("stratc." + ".".join(file.with_suffix("").parts))
        declared = [
            value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__
        ]
        found += [kind for kind in declared if issubclass(kind, Problem) and hasattr(kind, "code")]
    return found


def lacks(kind: type[Problem]) -> list[str]:
    """What the page of a problem still needs. A dataclass without a docstring gets its signature as one."""
    page = kind.__doc__ or ""
    missing = []
    if not page.strip() or page.startswith(f"{kind.__name__}("):
        missing.append("a docstring that is its page")
    missing += [f"`{name}`" for name in ("title", "example", "instead") if not getattr(kind, name, "")]
    if not re.fullmatch(r"[A-Z]\d{3}", kind.code):
        missing.append(f"a code of a letter and three digits, not {kind.code}")
    if getattr(kind, "title", "").endswith("."):
        missing.append("a title without a full stop")
    return missing


def test_codes_are_unique(tree):
    count = Counter(kind.code for kind in problems(tree))
    assert not [code for code, times in count.items() if times > 1]


def test_every_problem_has_its_page(tree):
    found = [
        f"{kind.__module__}.{kind.__name__} lacks {', '.join(lack)}" for kind in problems(tree) if (lack := lacks(kind))
    ]
    assert not found, "\n".join(found)


def test_problems_live_in_diagnostics(tree):
    strays = [
        f"{file}:{node.lineno} {node.name}"
        for file, module in tree.parsed.items()
        if file.name != "diagnostics.py" and file.parts[0] != "tests" and str(file) != HOME
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(parent, ast.Name) and parent.id == "Problem" for parent in node.bases)
    ]
    assert not strays, f"a problem is declared in the diagnostics.py of the stage that finds it: {strays}"


def test_a_bare_problem_is_found():
    bare = type("Bare", (Problem,), {"code": "x1", "title": "it is wrong."})
    assert len(lacks(bare)) == 5
