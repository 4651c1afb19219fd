"""Builds that are kept: one folder a digest under the user's cache, whole or not there.

A build is made in a folder of its own that no one looks for and then renamed, so an interrupted one leaves nothing that
could be taken for an entry, and of two processes that make the same entry at once the second finds the first's. An
entry that fails its own digests is put aside and made again.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

from stratc.compiler.build.diagnostics import CacheUnusable, NoRoom
from stratc.compiler.build.user_cache import user_cache
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import NOWHERE
from stratc.runtime.artefact.load import ArtefactRefused, inspect
from stratc.runtime.model.record import record

BUILDING: Final = ".building-"
ABANDONED_SECONDS: Final = 24 * 3600

Make = Callable[[Path], Problem | None]
IsWhole = Callable[[Path], bool]


@record
class Kept:
    """A whole build; `note` says why it is not in the cache, where it is not."""

    folder: Path
    note: CacheUnusable | None = None


def cache_folder() -> Path:
    """`$XDG_CACHE_HOME/stratc/builds`, or the same under ~/.cache; it may not exist yet."""
    return user_cache() / "builds"


def name_entry(parts: Iterable[tuple[str, str]]) -> str:
    """The digest of named texts."""
    digest = sha256()
    for name, text in parts:
        # Lengths keep two parts from being read as others that run together to the same bytes.
        digest.update(f"{name} {len(text)}\n{text}".encode())
    return digest.hexdigest()


def is_artefact(folder: Path) -> bool:
    """Whether it is an artefact, as it was built."""
    try:
        inspect(folder)
    except ArtefactRefused:
        return False
    return True


def fetch(cache: Path, digest: str, is_whole: IsWhole = is_artefact) -> Path | None:
    """The entry, if there is one and it is whole; a damaged one is removed."""
    entry = cache / digest
    if not entry.is_dir():
        return None
    if not is_whole(entry):
        _discard(entry)
        return None
    return entry


def keep(cache: Path, digest: str, make: Make, is_whole: IsWhole = is_artefact) -> Kept | Problem:
    """The entry of this digest, made by `make(folder)` if need be; a private folder where the cache cannot be used."""
    try:
        return _keep(cache, digest, make, is_whole)
    except OSError as reason:
        note = CacheUnusable(span=NOWHERE, folder=str(cache), reason=reason.strerror or str(reason))
        return _make_elsewhere(make, note)


def _make_elsewhere(make: Make, note: CacheUnusable) -> Kept | Problem:
    """A build in a private folder of its own; a full disk is a problem told by name."""
    folder = Path(tempfile.mkdtemp(prefix="stratc-build-"))
    try:
        return make(folder) or Kept(folder=folder, note=note)
    except OSError as reason:
        shutil.rmtree(folder, ignore_errors=True)
        return NoRoom(span=NOWHERE, folder=str(folder), reason=reason.strerror or str(reason))


def _keep(cache: Path, digest: str, make: Make, is_whole: IsWhole) -> Kept | Problem:
    if entry := fetch(cache, digest, is_whole):
        return Kept(folder=entry)
    room = _room(cache)
    try:
        return make(room) or Kept(folder=_publish(room, cache / digest))
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _room(cache: Path) -> Path:
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    cache.chmod(0o700)
    _sweep(cache)
    return Path(tempfile.mkdtemp(prefix=BUILDING, dir=cache))


def _publish(room: Path, entry: Path) -> Path:
    """Renames the finished build to its place; where another process was faster, its build is as good."""
    try:
        room.rename(entry)
    except OSError:
        if not entry.is_dir():
            raise
    return entry


def _discard(entry: Path) -> None:
    """Puts a damaged entry aside in one step, so that nobody sees half of it, then removes it."""
    aside = Path(tempfile.mkdtemp(prefix=BUILDING, dir=entry.parent))
    try:
        entry.rename(aside / "damaged")
    except FileNotFoundError:
        pass  # another process was faster
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _sweep(cache: Path) -> None:
    """Removes what interrupted builds left; a running one is never that old."""
    for folder in cache.glob(f"{BUILDING}*"):
        if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
