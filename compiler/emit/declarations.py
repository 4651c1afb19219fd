"""What the engine's extension offers to those of strategies: its modules as the text of a `.pxd`.

Maps modules of the engine (pure-Python mode of Cython) to declarations: the lines of `codes` as one C enum, classes
with their fields and methods, functions of C with their signatures. What is of Python only is not declared.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from stratc.compiler.bug import StratcBug

CODES: Final = "codes"
PROTOCOL: Final = "Protocol"
TYPES: Final = {
    "cython.bint": "bint",
    "cython.double": "double",
    "cython.long": "long",
    "cython.longlong": "long long",
    "cython.p_double": "double*",
    "cython.p_longlong": "long long*",
    "cython.void": "void",
}


@cache
def declarations(modules: tuple[tuple[str, str], ...]) -> str:
    """The text of the engine's `.pxd`."""
    parts = [
        enumeration(text) if name == CODES else "\n".join(_of_module(ast.parse(text).body)) for name, text in modules
    ]
    return "\n\n".join(["cimport cython", *filter(None, parts)]) + "\n"


@cache
def declared(modules: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """The names that another module may cimport."""
    return frozenset(name for module, text in modules for name in _names(module, ast.parse(text).body))


def enumeration(codes: str) -> str:
    """`NAME: Final = 1` lines as a C enum."""
    lines = []
    for node in ast.parse(codes).body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                lines.append(f"    {name} = {ast.literal_eval(value)}")
            case ast.Expr() | ast.ImportFrom():
                pass
            case _:
                raise StratcBug(f"line {node.lineno} of the engine's codes is no code")
    return "\n".join(["cdef enum:", *lines])


def is_field(node: ast.stmt) -> bool:
    """A class declares its fields by annotations alone."""
    return isinstance(node, ast.AnnAssign) and node.value is None


def _names(module: str, body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)) if module == CODES:
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.FunctionDef(name=name) if _is_of_c(node):
                yield name
            case _:
                pass


def _of_module(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.ClassDef():
                yield from _class(node)
            case ast.FunctionDef() if _is_of_c(node):
                yield _signature(node)
            case _:
                pass


def _class(node: ast.ClassDef) -> Iterator[str]:
    if "cython.final" in _decorators(node):
        yield "@cython.final"
    bases = ", ".join(base for base in map(ast.unparse, node.bases) if base != PROTOCOL)
    yield f"cdef class {node.name}({bases}):" if bases else f"cdef class {node.name}:"
    for inner in node.body:
        match inner:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if is_field(inner):
                yield f"    cdef {_type(kind)} {name}"
            case ast.FunctionDef() if _is_of_c(inner):
                yield f"    {_signature(inner)}"
            case _:
                pass


def _signature(function: ast.FunctionDef) -> str:
    given = [*function.args.posonlyargs, *function.args.args]
    parameters = ", ".join(f"{_type(each.annotation)} {each.arg}" if each.annotation else each.arg for each in given)
    decorators = _decorators(function)
    ends = " noexcept" if "cython.exceptval(check=False)" in decorators else ""
    ends += " nogil" if "cython.nogil" in decorators else ""
    return f"cdef {_type(function.returns)} {function.name}({parameters}){ends}"


def _type(annotation: ast.expr | None) -> str:
    """A type of C by the table; everything else that is written is a class of the engine's."""
    match annotation:
        case ast.Attribute() if kind := TYPES.get(ast.unparse(annotation)):
            return kind
        case ast.Name(id=name):
            return name
        case _:
            raise StratcBug(f"the engine has a type that is none of C's: {annotation and ast.unparse(annotation)}")


def _is_of_c(function: ast.FunctionDef) -> bool:
    return "cython.cfunc" in _decorators(function)


def _decorators(node: ast.FunctionDef | ast.ClassDef) -> frozenset[str]:
    return frozenset(ast.unparse(decorator) for decorator in node.decorator_list)
