"""Pure rooms read no clock, take no chance and open no file; the import contracts cover the modules, this the calls."""

from __future__ import annotations

import ast

import pytest

PURE = (
    "dsl", "compiler/resolve", "compiler/check", "compiler/ir", "compiler/passes", "compiler/judge", "compiler/emit",
    "compiler/interpret", "runtime/model", "runtime/engine", "runtime/executor/gate", "runtime/executor/life",
)  # fmt: skip
CALLS = {
    "now",
    "today",
    "utcnow",
    "cwd",
    "home",
    "write_text",
    "write_bytes",
    "mkdir",
    "unlink",
    "touch",
}
FUNCTIONS = {"open", "input", "print", "exec", "eval"}

pytestmark = pytest.mark.fast


def impure(module):
    """Calls that reach outside, with their lines. `uuid4` and the like are methods of modules, so names suffice."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in CALLS or name.startswith("uuid"):
                yield node.lineno, name
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                yield node.lineno, name


def test_pure_rooms_are_pure(tree):
    found = [
        f"{file}:{line} calls {name}"
        for file, module in tree.parsed.items()
        if any(file.is_relative_to(room) for room in PURE)
        for line, name in impure(module)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code", ["datetime.now(UTC)", "date.today()", "open('x')", "uuid.uuid4()", "Path('x').write_text('')"]
)
def test_an_impure_call_is_found(code):
    assert list(impure(ast.parse(code)))
