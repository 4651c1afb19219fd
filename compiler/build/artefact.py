"""From emitted code to an artefact: one self-contained folder, written whole or not at all.

`build` finds the artefact in the cache or makes it there; `export` puts a copy where the user wants it.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from stratc.compiler.build.cache import Kept, cache_folder, keep, name_entry
from stratc.compiler.build.diagnostics import NoRoom, NotAnArtefact
from stratc.compiler.build.engine import ENGINE_MODULE, engine_files, kept_engine
from stratc.compiler.build.toolchain import Toolchain, compile_extension, describe, find_toolchain, toolset
from stratc.compiler.emit.module import Emitted
from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.print import clock
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import NOWHERE
from stratc.runtime.artefact.manifest import (
    CODE,
    FORMAT_VERSION,
    KERNELS,
    MANIFEST,
    REPORT,
    SOURCE,
    FileDigest,
    InputRange,
    Manifest,
    Needs,
    PackDigest,
    Toolset,
    digest_of,
    write_manifest,
)
from stratc.runtime.model.record import record

LANGUAGE_VERSION: Final = "1.0"
EXPORTED_MODE: Final = 0o755
BUILT_BY: Final = "stratc compile"


@record
class Judged:
    """What the judgement adds to an artefact: the day of the law, packs in force, guards in the code, sentences, and
    the whole report; and which risks that the text leaves open its user took by name."""

    as_of: str = ""
    known_at: str = ""
    packs: tuple[PackDigest, ...] = ()
    guards: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    backtest_only: bool = False
    accepted_risks: tuple[str, ...] = ()
    report: str = "{}\n"


@record
class Contents:
    """Everything that an artefact is made from, before any tool has run."""

    program: Program
    emitted: Emitted
    judged: Judged

    def files(self) -> dict[str, str]:
        """Path and text of every file but the manifest and the extension modules."""
        kernels = {f"{KERNELS}/{stem}.pxd": text for stem, text in self.emitted.kernels}
        own = {SOURCE: self.program.source_text, REPORT: self.judged.report, CODE: self.emitted.code}
        return {**own, **kernels, **engine_files(self.emitted.engine)}


def build(contents: Contents, *, optimize: bool, cache: Path | None = None) -> Kept | Problem:
    """A whole artefact's folder; from the cache where the same was built before. Its folder belongs to the cache."""
    toolchain = find_toolchain()
    if isinstance(toolchain, Problem):
        return toolchain
    place = cache or cache_folder()

    def make(folder: Path) -> Problem | None:
        engine = kept_engine(contents.emitted.engine, toolchain, place, optimize=optimize)
        if isinstance(engine, Problem):
            return engine
        shutil.copyfile(engine.folder / ENGINE_MODULE, folder / ENGINE_MODULE)
        if engine.note is not None:  # a private folder, which nobody else finds
            shutil.rmtree(engine.folder, ignore_errors=True)
        return write_artefact(folder, contents, toolchain, optimize=optimize)

    return keep(place, build_digest(contents, toolchain, optimize=optimize), make)


def build_digest(contents: Contents, toolchain: Toolchain, *, optimize: bool) -> str:
    """Equal for builds that would be equal: texts, judgement, tools, flags and the Python they are for."""
    parts = [*contents.files().items(), ("judged", repr(contents.judged)), ("program", repr(_described(contents)))]
    return name_entry([*parts, ("tools", repr(toolset(toolchain, toolchain.stamp, optimize=optimize)))])


def write_artefact(folder: Path, contents: Contents, toolchain: Toolchain, *, optimize: bool) -> Problem | None:
    """Fills a folder that holds the engine's module and nothing else; the manifest is written last."""
    for path, text in contents.files().items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(text.encode("utf-8"))
    module = compile_extension(toolchain, folder / CODE, optimize=optimize)
    if isinstance(module, Problem):
        return module
    paths = sorted([*contents.files(), ENGINE_MODULE, module.name])
    files = tuple(FileDigest(path=path, sha256=digest_of((folder / path).read_bytes())) for path in paths)
    tools = toolset(toolchain, describe(toolchain), optimize=optimize)
    (folder / MANIFEST).write_text(write_manifest(_manifest(contents, tools, files)), encoding="utf-8")
    return None


def _described(contents: Contents) -> tuple[object, ...]:
    program = contents.program
    return program.title, program.source_name, program.inputs, program.assumptions, program.warmup, program.instruments


def _manifest(contents: Contents, tools: Toolset, files: tuple[FileDigest, ...]) -> Manifest:
    program, judged, layout = contents.program, contents.judged, contents.emitted.layout
    return Manifest(
        format_version=FORMAT_VERSION,
        language_version=LANGUAGE_VERSION,
        title=program.title,
        source_name=program.source_name,
        source_sha256=digest_of(program.source_text.encode("utf-8")),
        toolset=tools,
        files=files,
        packs=judged.packs,
        as_of=judged.as_of,
        known_at=judged.known_at,
        guards=judged.guards,
        needs=Needs(
            instruments=program.instruments,
            interval_seconds=program.interval_seconds,
            columns=layout.columns,
            clocks=tuple(clock(request) for request in layout.requests),
            rules=tuple(rule.name for rule in program.rules),
        ),
        bounds=judged.bounds,
        assumptions=tuple(f"{assumption.id}: {assumption.text}" for assumption in program.assumptions),
        warmup_bars=program.warmup,
        inputs=tuple(
            InputRange(name=i.name, default=i.default, low=i.low, high=i.high, whole=i.whole) for i in program.inputs
        ),
        backtest_only=judged.backtest_only,
        open_risks=tuple(each for each in program.risks if each not in judged.accepted_risks),
        accepted_risks=judged.accepted_risks,
        built_by=BUILT_BY,
    )


def export(folder: Path, out: Path) -> Problem | None:
    """Copies an artefact to `out`, which is whole or absent at every moment; replaces an artefact, and nothing else."""
    if out.exists() and not _may_replace(out):
        return NotAnArtefact(span=NOWHERE, folder=str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent, ignore_cleanup_errors=True) as room:
            # The cache is the user's alone; what is put into the user's own folder is as readable as that folder.
            shutil.copytree(folder, Path(room, "new")).chmod(EXPORTED_MODE)
            _replace(out, Path(room))
    except (OSError, shutil.Error) as reason:
        return NoRoom(span=NOWHERE, folder=str(out), reason=getattr(reason, "strerror", None) or str(reason))
    return None


def _replace(out: Path, room: Path) -> None:
    """Puts `room/new` in the place of `out`; what was there comes back where that fails."""
    if not out.exists():
        (room / "new").rename(out)
        return
    out.rename(room / "old")
    try:
        (room / "new").rename(out)
    except OSError:
        (room / "old").rename(out)
        raise


def _may_replace(out: Path) -> bool:
    return out.is_dir() and ((out / MANIFEST).is_file() or not any(out.iterdir()))
