"""Programs and bars on which interpreter and generated code once disagreed: kept as JSON, replayed for ever."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

from stratc.compiler.ir import nodes
from stratc.compiler.ir.nodes import Program
from stratc.dsl.source import Span
from stratc.runtime.model import clock, known
from tests.differential.bars import Bars

FOLDER = Path(__file__).parent / "corpus"
NAMES = {**vars(known), **vars(clock), **vars(nodes), "Span": Span, "Bars": Bars}
# Two modules have a class of these names; the one of the clock is meant where a clock kind is nested.
CLOCK = {f"clock.{name}": value for name, value in vars(clock).items() if isinstance(value, type)}


def encode(value: object) -> object:
    if isinstance(value, Enum):
        return {"$enum": name_of(type(value)), "name": value.name}
    if is_dataclass(value):
        return {"$": name_of(type(value)), **{f.name: encode(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, dict):
        return {"$dict": [[key, encode(item)] for key, item in value.items()]}
    return [encode(item) for item in value] if isinstance(value, tuple) else value


def name_of(kind: type) -> str:
    return f"clock.{kind.__name__}" if kind.__module__ == clock.__name__ else kind.__name__


def decode(value: object) -> object:
    match value:
        case list():
            return tuple(decode(item) for item in value)
        case {"$enum": str(kind), "name": str(name)}:
            return ({**NAMES, **CLOCK}[kind])[name]
        case {"$dict": list(items)}:
            return {key: decode(item) for key, item in items}
        case {"$": str(kind), **rest}:
            return ({**NAMES, **CLOCK}[kind])(**{key: decode(item) for key, item in rest.items()})
        case _:
            return value


def write(program: Program, bars: Bars, found: str) -> Path:
    """One file a program: what hypothesis shrinks last replaces what it tried before."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{sha256(repr(program).encode()).hexdigest()[:12]}.json"
    path.write_text(json.dumps({"found": found, "program": encode(program), "bars": encode(bars)}), encoding="utf-8")
    return path


def read(path: Path) -> tuple[Program, Bars]:
    tree = json.loads(path.read_text(encoding="utf-8"))
    program, bars = decode(tree["program"]), decode(tree["bars"])
    assert isinstance(program, Program)
    assert isinstance(bars, Bars)
    return program, bars


def entries() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))
