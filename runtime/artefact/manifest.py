"""What an artefact says of itself: `manifest.json`, as data and back.

An artefact is one self-contained folder: `manifest.json`, `source.strat`, `report.json`, `strategy.pyx`,
`kernels/*.pxd`, the engine as `stratc_engine.pyx` and `.pxd`, and the extension modules of both. The manifest names
every other file with its digest, what the code was made from and by, what it needs of a run, and what it assumes.
Reading refuses what is not exactly a manifest of this format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from hashlib import sha256
from typing import Final

from stratc.runtime.model.record import record

FORMAT_VERSION: Final = 4
MANIFEST: Final = "manifest.json"
SOURCE: Final = "source.strat"
REPORT: Final = "report.json"
CODE: Final = "strategy.pyx"
KERNELS: Final = "kernels"
MODULE: Final = "strategy"
ENGINE: Final = "stratc_engine"


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


class ManifestError(ValueError):
    """A text is no manifest; the message says where it stops being one."""


@record
class FileDigest:
    """A file by its path inside the artefact, and the SHA-256 of its bytes."""

    path: str
    sha256: str


@record
class PackDigest:
    """A rule pack that was in force when the strategy was judged."""

    name: str
    sha256: str


@record
class InputRange:
    """An `input`: its default and the closed range in which a run may choose it."""

    name: str
    default: float
    low: float | None
    high: float | None
    whole: bool


@record
class Toolset:
    """What the code was made with; the extension module runs where ABI and platform are the same."""

    compiler_version: str
    cython_version: str
    abi: str
    platform: str
    c_compiler: str
    c_flags: tuple[str, ...]


@record
class Needs:
    """What a run must supply. `clocks` are the clock requests in the order of the strategy's clock columns."""

    instruments: tuple[str, ...]
    interval_seconds: int
    columns: tuple[str, ...]
    clocks: tuple[str, ...]
    rules: tuple[str, ...]


@record
class Manifest:
    """`bounds` and `assumptions` are sentences; `guards` names the rules that the code tests before each opening.

    `as_of` is the day whose law was judged, as it was known on `known_at`; empty where none was or all is known.
    """

    format_version: int
    language_version: str
    title: str
    source_name: str
    source_sha256: str
    toolset: Toolset
    files: tuple[FileDigest, ...]
    packs: tuple[PackDigest, ...]
    as_of: str
    known_at: str
    guards: tuple[str, ...]
    needs: Needs
    bounds: tuple[str, ...]
    assumptions: tuple[str, ...]
    warmup_bars: int
    inputs: tuple[InputRange, ...]
    backtest_only: bool
    open_risks: tuple[str, ...]
    accepted_risks: tuple[str, ...]
    built_by: str


def write_manifest(manifest: Manifest) -> str:
    """The text of `manifest.json`: sorted keys, so that equal manifests are equal texts."""
    return json.dumps(asdict(manifest), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read_manifest(text: str) -> Manifest:
    """Raises `ManifestError` on anything that `write_manifest` would not have written."""
    try:
        tree = json.loads(text)
    except ValueError as problem:
        raise ManifestError(f"it is not JSON: {problem}") from problem
    table = _table(tree, "the manifest", _names(Manifest))
    if table["format_version"] != FORMAT_VERSION:
        raise ManifestError(f"its format is {table['format_version']}, this runtime reads {FORMAT_VERSION}")
    tools = _table(table["toolset"], "toolset", _names(Toolset))
    needs = _table(table["needs"], "needs", _names(Needs))
    return Manifest(
        format_version=FORMAT_VERSION,
        language_version=_text(table, "language_version"),
        title=_text(table, "title"),
        source_name=_text(table, "source_name"),
        source_sha256=_text(table, "source_sha256"),
        toolset=Toolset(
            compiler_version=_text(tools, "compiler_version"),
            cython_version=_text(tools, "cython_version"),
            abi=_text(tools, "abi"),
            platform=_text(tools, "platform"),
            c_compiler=_text(tools, "c_compiler"),
            c_flags=_texts(tools, "c_flags"),
        ),
        files=tuple(FileDigest(path=path, sha256=value) for path, value in _digests(table, "files", "path")),
        packs=tuple(PackDigest(name=name, sha256=value) for name, value in _digests(table, "packs", "name")),
        as_of=_day(table, "as_of"),
        known_at=_day(table, "known_at"),
        guards=_texts(table, "guards"),
        needs=Needs(
            instruments=_texts(needs, "instruments"),
            interval_seconds=_whole(needs, "interval_seconds"),
            columns=_texts(needs, "columns"),
            clocks=_texts(needs, "clocks"),
            rules=_texts(needs, "rules"),
        ),
        bounds=_texts(table, "bounds"),
        assumptions=_texts(table, "assumptions"),
        warmup_bars=_whole(table, "warmup_bars"),
        inputs=tuple(_input(entry) for entry in _list(table, "inputs")),
        backtest_only=_flag(table, "backtest_only"),
        open_risks=_texts(table, "open_risks"),
        accepted_risks=_texts(table, "accepted_risks"),
        built_by=_text(table, "built_by"),
    )


Table = Mapping[str, object]


def _names(kind: type) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))


def _table(value: object, where: str, names: frozenset[str]) -> Table:
    """A JSON object with exactly these keys."""
    if not isinstance(value, dict):
        raise ManifestError(f"{where} is no object")
    if lacking := names - value.keys():
        raise ManifestError(f"{where} lacks {', '.join(sorted(lacking))}")
    if surplus := value.keys() - names:
        raise ManifestError(f"{where} has unknown keys: {', '.join(sorted(surplus))}")
    return value


def _text(table: Table, key: str) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise ManifestError(f"{key} is no text")
    return value


def _day(table: Table, key: str) -> str:
    """A date as YYYY-MM-DD, or nothing."""
    text = _text(table, key)
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise ManifestError(f"{key} is no date") from None


def _whole(table: Table, key: str) -> int:
    value = table[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise ManifestError(f"{key} is no whole number")
    return value


def _flag(table: Table, key: str) -> bool:
    value = table[key]
    if not isinstance(value, bool):
        raise ManifestError(f"{key} is neither true nor false")
    return value


def _list(table: Table, key: str) -> list[object]:
    value = table[key]
    if not isinstance(value, list):
        raise ManifestError(f"{key} is no list")
    return value


def _texts(table: Table, key: str) -> tuple[str, ...]:
    values = _list(table, key)
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values):
        raise ManifestError(f"{key} holds something that is no text")
    return texts


def _digests(table: Table, key: str, name: str) -> list[tuple[str, str]]:
    entries = [_table(entry, key, frozenset({name, "sha256"})) for entry in _list(table, key)]
    return [(_text(entry, name), _text(entry, "sha256")) for entry in entries]


def _number(table: Table, key: str) -> float | None:
    value = table[key]
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise ManifestError(f"{key} is no number")


def _input(entry: object) -> InputRange:
    table = _table(entry, "an input", _names(InputRange))
    default = _number(table, "default")
    if default is None:
        raise ManifestError("an input has no default")
    return InputRange(
        name=_text(table, "name"),
        default=default,
        low=_number(table, "low"),
        high=_number(table, "high"),
        whole=_flag(table, "whole"),
    )
