"""Many programs in one extension module, each a subclass of the engine's `Strategy`, and the engine that all share.

The generated classes are the real ones but for their names, and the loop reaches them through their base. The engine is
compiled once for all workers of a run of the suite, in the user's cache, as it is for a user.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

from stratc.compiler.build.cache import Kept, cache_folder
from stratc.compiler.build.engine import ENGINE_MODULE, engine_files, kept_engine
from stratc.compiler.build.toolchain import Toolchain, compile_extension, find_toolchain
from stratc.compiler.emit.guard_code import NO_GUARDS
from stratc.compiler.emit.layout import Layout, plan
from stratc.compiler.emit.module import DIRECTIVES, engine_code, generated, prelude, with_loop
from stratc.compiler.emit.strategy_class import BASE
from stratc.compiler.ir.nodes import Indicate, NodeId, Program
from stratc.compiler.ir.uses import reading_book, remembering
from stratc.dsl.stdlib import catalogue
from stratc.runtime.artefact.engine_text import EngineText, engine_text
from stratc.runtime.artefact.load import import_extension, import_strategy


def watchable(program: Program) -> tuple[NodeId, ...]:
    """The nodes whose value is that of the bar; what reads the account is compared through what it orders."""
    return tuple(sorted(set(range(len(program.nodes))) - (reading_book(program) - remembering(program))))


def layouts(programs: Sequence[Program]) -> list[Layout]:
    return [plan(program, watchable(program)) for program in programs]


def module_text(programs: Sequence[Program], engine: EngineText) -> str:
    operations = [node.operation for program in programs for node in program.nodes]
    stems = sorted({operation.stem for operation in operations if isinstance(operation, Indicate)})
    whole = [text.split("cdef struct InstrumentState:") for text in map(_class_text, layouts(programs))]
    before = prelude(stems, operations, rings=True, longer=True)
    classes = []
    for number, (_, body) in enumerate(whole):
        text = f"cdef struct InstrumentState:{body}".replace("InstrumentState", f"InstrumentState{number}")
        classes.append(text.replace(f"cdef class Strategy({BASE}):", f"cdef class Strategy{number}(Strategy):"))
    return "\n".join([*DIRECTIVES, "import cython", with_loop(engine, "Strategy", before + "\n".join(classes))])


def _class_text(layout: Layout) -> str:
    stems = sorted({n.operation.stem for n in layout.program.nodes if isinstance(n.operation, Indicate)})
    return generated(layout, stems, NO_GUARDS)


def compile_programs(programs: Sequence[Program], folder: Path, engine: EngineText | None = None) -> ModuleType:
    """The module that has `Strategy0`, `Strategy1` … for the programs, and the engine."""
    engine = engine or engine_text()
    kernels = ((stem, catalogue.kernel(stem)) for stem in catalogue.names())
    return compile_strategies(module_text(programs, engine), kernels, folder, engine)


def compile_strategies(
    code: str, kernels: Iterable[tuple[str, str]], folder: Path, engine: EngineText | None = None
) -> ModuleType:
    """The module of this text, linked to the engine."""
    (folder / "kernels").mkdir(parents=True)
    for stem, text in kernels:
        (folder / "kernels" / f"{stem}.pxd").write_text(text, encoding="utf-8")
    made = engine_code(engine or engine_text())
    for name, text in engine_files(made).items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "strategy.pyx").write_text(code, encoding="utf-8")
    toolchain = find_toolchain()
    assert isinstance(toolchain, Toolchain)
    kept = kept_engine(made, toolchain, cache_folder(), optimize=False)
    assert isinstance(kept, Kept), kept
    built = compile_extension(toolchain, folder / "strategy.pyx", optimize=False)
    assert isinstance(built, Path), built
    return import_strategy(built, folder.name, import_extension(kept.folder / ENGINE_MODULE, folder.name))
