"""Paths of blocks: as they are written → as the text holds them, from the strategy's folder downwards.

A path may only go down: whatever could lead elsewhere is refused here, before anybody reads a file.
"""

from __future__ import annotations

import re
from typing import Final

PATH_CHARACTERS_MAX: Final = 200
_DRIVE: Final = re.compile(r"[A-Za-z]:")


def why_not_below(path: str) -> str:
    """Why a path is not one of a file below the folder that it is written in; empty where it is."""
    parts = path.split("/")
    if not path or len(path) > PATH_CHARACTERS_MAX:
        return "is no path of a file"
    if path.startswith("/") or _DRIVE.match(path) or "://" in path:
        return "does not begin in the strategy's folder"
    if "\\" in path:
        return "has a backslash: parts of a path are separated by `/`"
    if any(part == ".." for part in parts):
        return "leaves the strategy's folder"
    if any(part in ("", ".") or part != part.strip() for part in parts):
        return "has a part that is no name of a folder or file"
    return "" if path.endswith(".strat") else "does not end in `.strat`, as the files of blocks do"


def below(file: str, path: str) -> str:
    """A path that is written in `file`, both from the strategy's folder; the strategy itself is the empty file."""
    folder = file.rpartition("/")[0]
    return f"{folder}/{path}" if folder else path
