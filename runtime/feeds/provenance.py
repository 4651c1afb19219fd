"""Where prices come from: the side file `prices.toml` in the folder of a data file.

Each file has a table under its name with `source`, `licence`, `synthetic` and `sha256` of its bytes. A stated digest
that does not fit is a refusal: the words would be about other prices. A file without an entry has an unstated source.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Final

from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.record import record

SIDE_FILE: Final = "prices.toml"


@record
class Provenance:
    """What is said of a data file: one line of source, one of licence, whether it was made up, and remarks."""

    source: str
    licence: str
    synthetic: bool
    notes: tuple[str, ...]


def provenance_of(path: Path) -> Provenance:
    """What the side file says of `path`; raises `DataRefused` where it cannot be read or is about other bytes."""
    side = path.parent / SIDE_FILE
    if not side.is_file():
        return _unstated(path)
    try:
        entry = tomllib.loads(side.read_text("utf-8")).get(path.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        message = "it is no valid TOML"
        raise DataRefused("D020", message, source=SIDE_FILE, row=None, remedy="repair or remove it") from problem
    if not isinstance(entry, dict):
        return _unstated(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if entry.get("sha256", digest) != digest:
        message = f"its bytes are not those that `{SIDE_FILE}` describes"
        remedy = f"restore the file, or correct its entry in `{SIDE_FILE}`"
        raise DataRefused("D020", message, source=path.name, row=None, remedy=remedy)
    return Provenance(
        source=str(entry.get("source", _unstated(path).source)),
        licence=str(entry.get("licence", "not stated")),
        synthetic=entry.get("synthetic") is True,
        notes=tuple(str(note) for note in entry.get("notes", ())),
    )


def _unstated(path: Path) -> Provenance:
    return Provenance(source=f"file {path.name}", licence="not stated", synthetic=False, notes=())
