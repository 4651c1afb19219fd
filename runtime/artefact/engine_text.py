"""The engine as text: what is compiled once for all artefacts, and what once more with each strategy."""

from __future__ import annotations

from functools import cache
from importlib import resources

from stratc.runtime import engine
from stratc.runtime.model.record import record

Modules = tuple[tuple[str, str], ...]


@record
class EngineText:
    """Name and text of the modules of the engine's own extension, and of those that every strategy's has too."""

    modules: Modules
    beside: Modules


@cache
def engine_text() -> EngineText:
    return EngineText(modules=_texts(engine.MODULES), beside=_texts(engine.BESIDE_STRATEGY))


def _texts(names: tuple[str, ...]) -> Modules:
    files = resources.files(engine)
    return tuple((name, (files / f"{name}.py").read_text(encoding="utf-8")) for name in names)
