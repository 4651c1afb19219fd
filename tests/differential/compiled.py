"""Many programs in one extension module: the engine is compiled once, and each program is a subclass of `Strategy`.

The generated classes are the real ones but for their names and their base, through which the engine reaches them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from stratc.compiler.build.toolchain import Toolchain, compile_extension, find_toolchain
from stratc.compiler.emit.amalgam import amalgamate
from stratc.compiler.emit.guard_code import HEADINGS, NO_GUARDS
from stratc.compiler.emit.layout import Layout, plan
from stratc.compiler.emit.module import DIRECTIVES, generated, prelude
from stratc.compiler.ir.nodes import Indicate, NodeId, Program
from stratc.compiler.ir.uses import reading_book, remembering
from stratc.dsl.stdlib import catalogue
from stratc.runtime.artefact.load import import_extension

BASE = """
cdef class Strategy:
    cdef void signals(self, Book book, long r, long i) noexcept nogil:
        pass
    cdef void decide(self, Book book, long r) noexcept nogil:
        pass
    cdef void join_bars(self, Book book) noexcept nogil:
        pass
    cdef void begin_again(self, Book book, long i) noexcept nogil:
        pass
"""


def watchable(program: Program) -> tuple[NodeId, ...]:
    """The nodes whose value is that of the bar; what reads the account is compared through what it orders."""
    return tuple(sorted(set(range(len(program.nodes))) - (reading_book(program) - remembering(program))))


def layouts(programs: Sequence[Program]) -> list[Layout]:
    return [plan(program, watchable(program)) for program in programs]


def base_class() -> str:
    bodies = zip(HEADINGS.values(), ("return 0", *["pass"] * (len(HEADINGS) - 1)), strict=True)
    return BASE + "".join(f"    cdef {heading} noexcept nogil:\n        {body}\n" for heading, body in bodies)


def module_text(programs: Sequence[Program], engine: tuple[tuple[str, str], ...]) -> str:
    operations = [node.operation for program in programs for node in program.nodes]
    stems = sorted({operation.stem for operation in operations if isinstance(operation, Indicate)})
    whole = [text.split("cdef struct InstrumentState:") for text in map(_class_text, layouts(programs))]
    before = prelude(stems, operations, rings=True, longer=True)
    classes = []
    for number, (_, body) in enumerate(whole):
        text = f"cdef struct InstrumentState:{body}".replace("InstrumentState", f"InstrumentState{number}")
        classes.append(text.replace("cdef class Strategy:", f"cdef class Strategy{number}(Strategy):"))
    return "\n".join([*DIRECTIVES, "import cython", amalgamate(engine, before + base_class() + "\n".join(classes))])


def _class_text(layout: Layout) -> str:
    stems = sorted({n.operation.stem for n in layout.program.nodes if isinstance(n.operation, Indicate)})
    return generated(layout, stems, NO_GUARDS)


def compile_programs(programs: Sequence[Program], engine: tuple[tuple[str, str], ...], folder: Path) -> ModuleType:
    """The module that has `Strategy0`, `Strategy1` … for the programs, and the engine."""
    (folder / "kernels").mkdir()
    for stem in catalogue.names():
        (folder / "kernels" / f"{stem}.pxd").write_text(catalogue.kernel(stem), encoding="utf-8")
    code = folder / "strategy.pyx"
    code.write_text(module_text(programs, engine), encoding="utf-8")
    toolchain = find_toolchain()
    assert isinstance(toolchain, Toolchain)
    built = compile_extension(toolchain, code, optimize=False)
    assert isinstance(built, Path), built
    return import_extension(built, folder.name)
