"""What `check` answered before: where nothing changed that an answer hangs on, it is given again without judging.

The name of an answer is a digest of all that: the bytes of the strategies, account, instruments, packs and lock files,
the day, the options, how it is printed, the code of stratc, Python, what is installed beside it and the clock's zones.
Files that a text uses are named in the answer and looked at again. Nothing is given again that shows a counterexample,
which is replayed each time, or that rests on errors, which are found again in no time.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from stratc.compiler.shell.kept import code_digest, digest_of, find, keep
from stratc.compiler.shell.packs import LOCK
from stratc.compiler.shell.reading import STDIN, account_file, instruments_file
from stratc.compiler.shell.record_text import kinds_of
from stratc.rules import packs_root
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.workbench import CheckReport

FOLDER: Final = "answers"
ROOMS: Final = ("stratc.compiler", "stratc.dsl", "stratc.runtime")
INSTRUMENTS: Final = "instruments"
# More than all packs together; a folder that holds more is something else as well, and is not read for a name.
FILES_MAX: Final = 5_000


@record
class Answer:
    """What was printed and whether all was well; `files` are those that the texts use, with the digests of them."""

    ok: bool
    text: str
    files: tuple[tuple[str, str], ...]


def answer_name(
    files: Sequence[Path], account: Path | None, packs: Sequence[Path], asked: Sequence[object]
) -> str | None:
    """The name of the answer to a check; None where what it hangs on cannot be told beforehand."""
    if STDIN in files:
        return None
    try:
        parts = [str(asked), *_machine(), *_files_of(files, account), *_folders((packs_root(), *packs))]
    except (OSError, ValueError):
        # What cannot be read is refused by whoever reads it, with a message.
        return None
    return digest_of(parts, code_digest(ROOMS, below=True))


def find_answer(name: str) -> Answer | None:
    """The answer of that name, if the files that its texts use are as they were."""
    found = find(FOLDER, name, kinds_of(_modules()))
    if not isinstance(found, Answer) or not isinstance(found.ok, bool) or not isinstance(found.text, str):
        return None
    try:
        return found if all(_digest(Path(path)) == digest for path, digest in found.files) else None
    except (OSError, TypeError, ValueError):
        return None


def keep_answer(name: str, reports: Sequence[CheckReport], text: str) -> None:
    """Keep what was told of these reports, where it may be told again."""
    if all(map(_may_be_told_again, reports)):
        used = dict(_used(reports))
        if all(_is_as_read(path, read) for path, read in used.items()):
            files = tuple((path, _digest(Path(path))) for path in used)
            keep(FOLDER, name, Answer(ok=all(report.ok for report in reports), text=text, files=files))


def _may_be_told_again(report: CheckReport) -> bool:
    from stratc.dsl.diagnostic import has_errors

    verdicts = () if report.judgement is None else report.judgement.verdicts
    return not has_errors(report.diagnostics) and not any(verdict.counterexample for verdict in verdicts)


def _used(reports: Iterable[CheckReport]) -> Iterator[tuple[str, str]]:
    """The files that texts use, and what was read of them."""
    for report in reports:
        for held in report.source.files:
            yield held.name, report.source.text[held.start : held.end]


def _is_as_read(path: str, read: str) -> bool:
    try:
        return Path(path).read_bytes().decode("utf-8").removeprefix("\ufeff") == read
    except (OSError, ValueError):
        return False


def _files_of(files: Sequence[Path], account: Path | None) -> Iterator[str]:
    """The names and digests of what is read beside packs, and of what is not there."""
    for file in files:
        profile = account_file(account, file)
        named = None if profile is None else tomllib.loads(profile.read_text("utf-8")).get(INSTRUMENTS)
        if named is not None and not isinstance(named, str):
            raise ValueError("an account names its instruments by a file")
        own = instruments_file(named, account, file)
        lock = file.parent / LOCK
        for path in (file, profile, own, lock if os.path.lexists(lock) else None):
            yield "nothing" if path is None else f"{path} {_digest(path)}"


def _folders(roots: Sequence[Path]) -> Iterator[str]:
    """Every file of folders of packs, by its place and digest."""
    count = 0
    for root in roots:
        if not root.is_dir():
            raise ValueError(f"{root} is no folder")
        for folder, below, names in os.walk(root, followlinks=True):
            below[:] = sorted(each for each in below if each != "__pycache__")
            count += len(names) + len(below)
            if count > FILES_MAX:
                raise ValueError(f"{root} holds more than packs")
            for name in sorted(names):
                yield f"{folder} {name} {_digest(Path(folder, name))}"


def _machine() -> Iterator[str]:
    """What answers hang on that is no file of the user's: Python, what is installed beside stratc, and zones."""
    from zoneinfo import TZPATH

    import typer

    yield sys.version
    yield str(Path.cwd())
    for place in (Path(typer.__file__).parents[1], *(Path(zones, "tzdata.zi") for zones in TZPATH)):
        try:
            yield f"{place} {place.stat().st_mtime_ns}"
        except OSError:
            yield f"{place} is not there"


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _modules() -> tuple[ModuleType, ...]:
    return (sys.modules[__name__],)
