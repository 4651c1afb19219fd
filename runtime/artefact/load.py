"""From an artefact's folder to running code, with nothing believed: holding a `VerifiedArtefact` proves the checks.

Recomputes the digest of every file, refuses files that the manifest does not name, another Python ABI and another
platform, and only then imports the extension modules, under names that no other artefact has. A digest inside its own
folder proves that nothing was damaged, not who made it: signatures are tested where live runs are promoted.
"""

from __future__ import annotations

import sys
import sysconfig
from enum import StrEnum
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

from stratc.runtime.artefact.manifest import (
    ENGINE,
    MANIFEST,
    MODULE,
    SOURCE,
    Manifest,
    ManifestError,
    digest_of,
    read_manifest,
)
from stratc.runtime.model.record import record


class Refusal(StrEnum):
    """Why an artefact is not loaded."""

    MISSING = "missing"
    DAMAGED = "damaged"
    FOREIGN_ABI = "foreign_abi"
    FOREIGN_PLATFORM = "foreign_platform"
    UNLOADABLE = "unloadable"


class ArtefactRefused(Exception):
    """`code` is for programs, the message for people: what is wrong and what to do."""

    def __init__(self, code: Refusal, message: str) -> None:
        super().__init__(message)
        self.code = code


@record
class VerifiedArtefact:
    """An artefact whose every file has the digest that its manifest states, and its imported module.

    `module` has `Strategy` and `run_rows`, and as `engine` the module of the engine that it is linked to.
    `digest` is the digest of the manifest, and thereby of everything.
    """

    folder: Path
    manifest: Manifest
    digest: str
    module: ModuleType


def own_abi() -> str:
    return str(sysconfig.get_config_var("SOABI"))


def own_platform() -> str:
    return sysconfig.get_platform()


def inspect(folder: Path) -> tuple[Manifest, str]:
    """The manifest of a whole, undamaged artefact and its digest; nothing of it is run."""
    try:
        text = (folder / MANIFEST).read_bytes()
    except OSError as problem:
        raise ArtefactRefused(
            Refusal.MISSING, f"`{folder}` holds no artefact, {MANIFEST} cannot be read: {problem.strerror}"
        ) from problem
    try:
        manifest = read_manifest(text.decode("utf-8"))
    except (ManifestError, UnicodeDecodeError) as problem:
        raise ArtefactRefused(
            Refusal.DAMAGED, f"{MANIFEST} of `{folder}` cannot be read: {problem}; build it again"
        ) from problem
    _check_files(folder, manifest)
    return manifest, digest_of(text)


def _check_files(folder: Path, manifest: Manifest) -> None:
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    named = {file.path for file in manifest.files}
    if strays := present - named - {MANIFEST}:
        raise ArtefactRefused(
            Refusal.DAMAGED, f"`{folder}` holds files that its manifest does not name: {', '.join(sorted(strays))}"
        )
    for file in manifest.files:
        if file.path not in present or digest_of((folder / file.path).read_bytes()) != file.sha256:
            raise ArtefactRefused(
                Refusal.DAMAGED, f"`{file.path}` of `{folder}` is not what was built; build it again from {SOURCE}"
            )


def load(folder: Path) -> VerifiedArtefact:
    """Raises `ArtefactRefused` where anything is not as it was built, or was not built for this Python."""
    manifest, digest = inspect(folder)
    _check_home(manifest)
    engine = import_extension(_extension(folder, manifest, ENGINE), digest)
    module = import_strategy(_extension(folder, manifest, MODULE), digest, engine)
    return VerifiedArtefact(folder=folder, manifest=manifest, digest=digest, module=module)


def _check_home(manifest: Manifest) -> None:
    tools = manifest.toolset
    if tools.abi != own_abi():
        raise ArtefactRefused(
            Refusal.FOREIGN_ABI, f"it was built for the Python ABI {tools.abi}, this is {own_abi()}; build it again"
        )
    if tools.platform != own_platform():
        raise ArtefactRefused(
            Refusal.FOREIGN_PLATFORM, f"it was built for {tools.platform}, this is {own_platform()}; build it again"
        )


def _extension(folder: Path, manifest: Manifest, stem: str) -> Path:
    name = f"{stem}{sysconfig.get_config_var('EXT_SUFFIX')}"
    if name not in {file.path for file in manifest.files}:
        raise ArtefactRefused(Refusal.MISSING, f"`{folder}` holds no extension module `{name}`; build it again")
    return folder / name


def import_strategy(file: Path, digest: str, engine: ModuleType) -> ModuleType:
    """The strategy's module in this file, linked to its own engine, which has its name for no longer than that."""
    sys.modules[ENGINE] = engine
    try:
        return import_extension(file, digest)
    finally:
        del sys.modules[ENGINE]


def import_extension(file: Path, digest: str) -> ModuleType:
    """The module in this file, under a name that is its own as long as the digest is."""
    # The part after the dot names the module's entry point in C; the part before it keeps artefacts apart.
    stem = file.name.partition(".")[0]
    name = f"stratc_artefact_{digest}.{stem}"
    loader = ExtensionFileLoader(name, str(file))
    try:
        module = module_from_spec(ModuleSpec(name, loader, origin=str(file)))
        loader.exec_module(module)
    except (ImportError, AttributeError, TypeError, ValueError) as problem:  # what Cython finds wrong with an engine
        message = f"`{file.name}` cannot be imported: {problem}; build it again"
        raise ArtefactRefused(Refusal.UNLOADABLE, message) from problem
    finally:
        # Cython's modules enter themselves by their last name too, where another artefact would find them.
        sys.modules.pop(stem, None)
    return module
