"""The engine's extension, of which every artefact holds a copy: compiled once for a toolchain, and kept.

Beside the module stands its digest, so that a damaged one is made again and not copied.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from stratc.compiler.build.cache import Kept, keep, name_entry
from stratc.compiler.build.toolchain import SUFFIX, Toolchain, compile_extension, toolset
from stratc.compiler.emit.module import EngineCode
from stratc.dsl.diagnostic import Problem
from stratc.runtime.artefact.manifest import ENGINE, digest_of

ENGINE_MODULE: Final = f"{ENGINE}{SUFFIX}"
DIGEST: Final = "sha256"


def engine_files(engine: EngineCode) -> dict[str, str]:
    """Path and text of the files that the extension is made from."""
    return {f"{ENGINE}.pyx": engine.code, f"{ENGINE}.pxd": engine.declared}


def kept_engine(engine: EngineCode, toolchain: Toolchain, cache: Path, *, optimize: bool) -> Kept | Problem:
    """The folder that holds `ENGINE_MODULE`."""

    def make(folder: Path) -> Problem | None:
        module = compile_engine(engine, toolchain, folder, optimize=optimize)
        if not isinstance(module, Path):
            return module
        (folder / DIGEST).write_text(digest_of(module.read_bytes()), encoding="ascii")
        return None

    tools = ("tools", repr(toolset(toolchain, toolchain.stamp, optimize=optimize)))
    return keep(cache, name_entry([*engine_files(engine).items(), tools]), make, is_engine)


def compile_engine(engine: EngineCode, toolchain: Toolchain, folder: Path, *, optimize: bool) -> Path | Problem:
    """The extension module, in a folder where its text stands too."""
    for name, text in engine_files(engine).items():
        (folder / name).write_bytes(text.encode("utf-8"))
    return compile_extension(toolchain, folder / f"{ENGINE}.pyx", optimize=optimize)


def is_engine(folder: Path) -> bool:
    """Whether its module is the one that was built."""
    try:
        return digest_of((folder / ENGINE_MODULE).read_bytes()) == (folder / DIGEST).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return False
