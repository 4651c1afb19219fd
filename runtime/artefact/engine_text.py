"""The engine as text: what every artefact's code contains, in the order of `AMALGAM`."""

from __future__ import annotations

from functools import cache
from importlib import resources

from stratc.runtime import engine


@cache
def engine_modules() -> tuple[tuple[str, str], ...]:
    """Name and text of each module of the engine."""
    files = resources.files(engine)
    return tuple((name, (files / f"{name}.py").read_text(encoding="utf-8")) for name in engine.AMALGAM)
