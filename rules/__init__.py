"""Rule packs: content, no logic. One function says where they are."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def packs_root() -> Path:
    """The folder that holds the packs that ship with stratc, one folder each."""
    return Path(str(files("stratc.rules")))
