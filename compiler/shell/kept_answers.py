"""What `check` answered before: where nothing changed that an answer hangs on, it is told again without judging.

The name of an answer is a digest of the question: the words of the command line, where it was given and on which day,
how it is printed, the code of stratc, Python, what is installed beside it and the clock's zones. The answer holds the
digest of every file that it hangs on, and of every place where one would be read if there were one: strategies and
what they use, account, instruments, locks and packs. All are looked at again before it is told.
Nothing is told again that shows a counterexample, which is replayed each time, or that rests on errors, which are found
again in no time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.shell.kept import code_digest, digest_of, find, keep
from stratc.compiler.shell.record_text import kinds_of
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.workbench import CheckReport

VERB: Final = "check"
FOLDER: Final = "answers"
ROOMS: Final = ("stratc.compiler", "stratc.dsl", "stratc.runtime")
NOTHING: Final = ""
# More than all packs together; a folder that holds more is something else as well, and is not read for an answer.
FILES_MAX: Final = 5_000


@record
class Answer:
    """What was printed and whether all was well; `places` are those that it hangs on, with what was there."""

    ok: bool
    text: str
    places: tuple[tuple[str, str], ...]


def question(words: Sequence[str], *, color: bool, width: int) -> str | None:
    """The name of what is asked; None where it is no check."""
    if list(words[:1]) != [VERB]:
        return None
    asked = [*words, str(color), str(width), str(datetime.now(UTC).date()), *_machine()]
    return digest_of(asked, code_digest(ROOMS, below=True))


def find_answer(name: str | None) -> Answer | None:
    """The answer of that name, if everything that it hangs on is as it was."""
    found = None if name is None else find(FOLDER, name, kinds_of((sys.modules[__name__],)))
    if not isinstance(found, Answer) or not isinstance(found.ok, bool) or not isinstance(found.text, str):
        return None
    try:
        return found if all(what_is_at(Path(path)) == there for path, there in found.places) else None
    except (OSError, TypeError, ValueError):
        return None


def places_of(files: Iterable[Path], account: Path | None, packs: Iterable[Path]) -> dict[str, str] | None:
    """What a check hangs on before it is made, but for files that texts use; None where that cannot be said."""
    from stratc.compiler.shell.exits import Refused
    from stratc.compiler.shell.packs import LOCK
    from stratc.compiler.shell.reading import STDIN, read_instruments_name
    from stratc.rules import packs_root

    places = [packs_root(), *packs]
    try:
        for file in files:
            if file == STDIN:
                return None
            profile = account if account is not None else file.parent / "account.toml"
            places += [file, profile, file.parent / "instruments.toml", file.parent / LOCK]
            if named := read_instruments_name(account, file):
                places.append(profile.parent / named)
        return {str(place): what_is_at(place) for place in places}
    except (OSError, ValueError, Refused):
        # Whoever reads it next refuses it with a message.
        return None


def keep_answer(name: str, places: dict[str, str], reports: Sequence[CheckReport], text: str) -> None:
    """Keep what was told of these reports, where it may be told again and what it hangs on is still so."""
    used = [each for report in reports for each in _used(report)]
    if not all(map(_may_be_told_again, reports)) or not all(_is_as_read(path, read) for path, read in used):
        return
    try:
        whole = places | {path: what_is_at(Path(path)) for path, _ in used}
        if any(what_is_at(Path(path)) != there for path, there in whole.items()):
            return
    except (OSError, ValueError):
        return
    keep(FOLDER, name, Answer(ok=all(report.ok for report in reports), text=text, places=tuple(whole.items())))


def what_is_at(place: Path) -> str:
    """The digest of a file, or of all that is in a folder; nothing where there is neither, not even a link."""
    if place.is_dir():
        return _folder(place)
    return sha256(place.read_bytes()).hexdigest() if os.path.lexists(place) else NOTHING


def _folder(root: Path) -> str:
    digest, count = sha256(), 0
    for folder, below, names in os.walk(root, followlinks=True):
        below[:] = sorted(each for each in below if each != "__pycache__")
        count += len(names) + len(below)
        if count > FILES_MAX:
            raise ValueError(f"{root} holds more than packs")
        for name in sorted(names):
            digest.update(f"{folder}\0{name}\0{what_is_at(Path(folder, name))}\n".encode())
    return digest.hexdigest()


def _may_be_told_again(report: CheckReport) -> bool:
    from stratc.dsl.diagnostic import has_errors

    verdicts = () if report.judgement is None else report.judgement.verdicts
    return not has_errors(report.diagnostics) and not any(verdict.counterexample for verdict in verdicts)


def _used(report: CheckReport) -> Iterator[tuple[str, str]]:
    """The files that a text uses, and what was read of them."""
    for held in report.source.files:
        yield held.name, report.source.text[held.start : held.end]


def _is_as_read(path: str, read: str) -> bool:
    try:
        return Path(path).read_bytes().decode("utf-8").removeprefix("\ufeff") == read
    except (OSError, ValueError):
        return False


def _machine() -> Iterator[str]:
    """What answers hang on that is no file of the user's: where they are asked, Python, what is installed, zones."""
    from zoneinfo import TZPATH

    yield sys.version
    yield str(Path.cwd())
    installed = [path for path in sys.path if path.endswith("-packages")]
    for place in (*installed, *(f"{zones}/tzdata.zi" for zones in TZPATH)):
        try:
            yield f"{place} {Path(place).stat().st_mtime_ns}"
        except OSError:
            yield f"{place} is not there"
