"""Small artefact folders whose extension module is no module: enough for everything but importing."""

from __future__ import annotations

from pathlib import Path

from stratc.runtime.artefact.load import own_abi, own_platform
from stratc.runtime.artefact.manifest import (
    FORMAT_VERSION,
    MANIFEST,
    FileDigest,
    Manifest,
    Needs,
    Toolset,
    digest_of,
    write_manifest,
)


def manifest(**changes) -> Manifest:
    tools = {
        "compiler_version": "0", "cython_version": "0", "abi": own_abi(), "platform": own_platform(),
        "c_compiler": "cc", "c_flags": ("-O1",),
    }  # fmt: skip
    tools |= changes.pop("tools", {})
    fields = {
        "format_version": FORMAT_VERSION, "language_version": "1.0", "title": "t", "source_name": "t.strat",
        "source_sha256": "", "toolset": Toolset(**tools), "files": (), "packs": (),
        "as_of": "", "known_at": "", "guards": (),
        "needs": Needs(instruments=("ONE",), interval_seconds=60, columns=("close",), clocks=(), rules=("r",)),
        "bounds": (), "assumptions": (), "warmup_bars": 1, "inputs": (), "backtest_only": False, "open_risks": (),
        "accepted_risks": (), "built_by": "test",
    }  # fmt: skip
    return Manifest(**(fields | changes))


def write_folder(folder: Path, content: bytes = b"code", **changes) -> None:
    """A whole artefact of one file."""
    (folder / "strategy.pyx").write_bytes(content)
    files = (FileDigest(path="strategy.pyx", sha256=digest_of(content)),)
    (folder / MANIFEST).write_text(write_manifest(manifest(files=files, **changes)), encoding="utf-8")
