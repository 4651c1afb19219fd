"""The engine and a hand-written strategy class as one Cython text, compiled and imported: what the emitter does too."""

from __future__ import annotations

import ast
import importlib.util
import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

from stratc.runtime import engine

FOLDER = Path(engine.__file__).parent
HEADER = """\
# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
# cython: auto_pickle=False, binding=False, embedsignature=False
import cython
from libc.math cimport fabs, floor, isnan, pow, sqrt
"""


def amalgamate(strategy: str) -> str:
    """All modules in the order of AMALGAM, `strategy` in its place."""
    parts = [HEADER]
    for name in engine.AMALGAM:
        text = (FOLDER / f"{name}.py").read_text("utf-8")
        if name == "codes":
            parts.append(enumeration(text))
        elif name == "strategy":
            parts.append(strategy)
        else:
            parts.append(without_imports(text))
    return "\n\n".join(parts)


def enumeration(codes: str) -> str:
    """The constants as a C enum."""
    lines = []
    for node in ast.parse(codes).body:
        if isinstance(node, ast.AnnAssign):
            lines.append(f"    {ast.unparse(node.target)} = {ast.unparse(node.value)}")
    return "cdef enum:\n" + "\n".join(lines) + "\n"


def without_imports(module: str) -> str:
    """The text after its docstring and its top-level imports; an `if cython.compiled:` block with cimports stays."""
    lines = module.splitlines()
    for node in ast.parse(module).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if docstring or isinstance(node, ast.Import | ast.ImportFrom):
            for number in range(node.lineno - 1, node.end_lineno):
                lines[number] = ""
    return "\n".join(lines).strip() + "\n"


def compile_strategy(strategy: str, folder: Path, name: str, flags: str = "-O1") -> ModuleType:
    """Build the amalgam in `folder` and import it under `name`."""
    source = folder / f"{name}.pyx"
    source.write_text(amalgamate(strategy), "utf-8")
    run([sys.executable, "-m", "cython", "-3", str(source)])
    library = folder / f"{name}.so"
    compiler = shlex.split(os.environ.get("CC") or "cc")
    include = sysconfig.get_path("include")
    options = [*flags.split(), "-ffp-contract=off", "-fno-math-errno", "-shared", "-fPIC", "-w", "-I", include]
    run([*compiler, *options, str(source.with_suffix(".c")), "-o", str(library), "-lm"])
    spec = importlib.util.spec_from_file_location(name, library)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
