"""The engine's modules as one text.

Maps modules of the engine (pure-Python mode of Cython) to Cython: imports are gone, because everything stands in one
module, and so are docstrings, codes and fields of classes, which are declared (`declarations`). Otherwise what a module
defines is copied as it is, so that what runs interpreted and what is compiled are one source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from stratc.compiler.emit.declarations import CODES, PROTOCOL, is_field


@cache
def amalgamate(modules: tuple[tuple[str, str], ...]) -> str:
    parts = [
        f"# ── engine: {name} {'─' * (100 - len(name))}\n\n\n{bare(text).strip()}"
        for name, text in modules
        if name != CODES
    ]
    return "\n\n\n".join(parts) + "\n"


@cache
def bare(text: str) -> str:
    """A module without its imports, docstrings, fields and empty stretches."""
    lines = text.splitlines()
    for first, last in _dropped(_parsed(text)):
        lines[first - 1 : last] = [""] * (last - first + 1)
    # A protocol for Python is a class like any other in C.
    return "\n".join(_squeezed(lines)).replace(f"({PROTOCOL}):", ":")


def _dropped(module: ast.Module) -> Iterator[tuple[int, int]]:
    """First and last line of what only the interpreted engine needs, and of what is declared."""
    for node in module.body:
        if _is_import(node):
            yield node.lineno, node.end_lineno or node.lineno
        if isinstance(node, ast.ClassDef):
            yield from ((field.lineno, field.end_lineno or field.lineno) for field in node.body if is_field(field))
    yield from _docstrings(module.body)


def _docstrings(body: list[ast.stmt]) -> Iterator[tuple[int, int]]:
    """Of a module, class or function and of those in it, where it is not all that there is; what lies in a condition or
    a loop has none."""
    if len(body) > 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        yield body[0].lineno, body[0].end_lineno or body[0].lineno
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from _docstrings(node.body)


def _is_import(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.If(body=body, orelse=orelse):
            return all(_is_import(inner) for inner in (*body, *orelse))
        case _:
            return False


def _squeezed(lines: list[str]) -> Iterator[str]:
    """At most two empty lines in a row."""
    empty = 0
    for line in lines:
        empty = 0 if line.strip() else empty + 1
        if empty <= 2:
            yield line.rstrip()


@cache
def c_imports(modules: tuple[tuple[str, str], ...]) -> str:
    """One cimport for every name of C that the modules take from Python's math or from `cython.cimports`."""
    wanted: dict[str, set[str]] = {"libc.math": {"NAN", "fabs", "isfinite", "isnan"}, "libc.stdlib": {"calloc", "free"}}
    for _, text in modules:
        for node in _imports(_parsed(text).body):
            match node:
                case ast.ImportFrom(module="math", names=names):
                    wanted["libc.math"].update(alias.name for alias in names if alias.name not in {"nan", "inf"})
                case ast.ImportFrom(module=str() as name, names=names) if name.startswith("cython.cimports."):
                    wanted.setdefault(name.removeprefix("cython.cimports."), set()).update(a.name for a in names)
                case _:
                    pass
    return "\n".join(f"from {module} cimport {', '.join(sorted(names))}" for module, names in sorted(wanted.items()))


def _imports(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        match node:
            case ast.If(body=chosen, orelse=other):
                yield from _imports([*chosen, *other])
            case _:
                yield node


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)
