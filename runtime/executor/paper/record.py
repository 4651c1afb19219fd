"""A recorded paper day: every line as it came, with when it came and whether it counted, in a chain of digests.

One JSON object a line. The first says what the run was told; each line of the feed follows with `arrived`, the text
itself, why it was left out (null: it counted) and the digest of the one before with this one; the last closes the
chain. `read_record` gives the lines that counted, or says which line of the record is not as it was written. A record
whose last line is missing (the process was killed) is read as far as it goes, and is not `whole`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from stratc.runtime.executor.decisions import iso
from stratc.runtime.executor.paper.taken import AlarmKind
from stratc.runtime.model.record import record

FORMAT: Final = 1
SUFFIX: Final = ".record"


class RecordRefused(ValueError):
    """A record that is not as it was written: which line, and why."""


@record
class Head:
    """What the run was told. `price_max` by symbol, 0 where nobody said; `nominal`: schedules followed the wall
    clock."""

    strategy: str
    interval_seconds: int
    stamp: str
    symbols: tuple[str, ...]
    price_max: tuple[float, ...]
    nominal: bool


@record
class Record:
    """A record that was read: the lines that counted, with their numbers in the feed."""

    head: Head
    lines: tuple[tuple[int, bytes], ...]
    left_out: int
    whole: bool


class HeadLine(msgspec.Struct, forbid_unknown_fields=True):
    """`Head` as it is written."""

    record: int
    strategy: str
    interval_seconds: int
    stamp: Literal["open", "close"]
    symbols: tuple[str, ...]
    price_max: tuple[float, ...]
    nominal: bool


class FedLine(msgspec.Struct, forbid_unknown_fields=True):
    """A line of the feed as it is written: its number, when it arrived, and why it was left out."""

    n: int
    arrived: str
    line: str
    left_out: AlarmKind | None


Line = TypeVar("Line", HeadLine, FedLine)


class Recorder:
    """Writes a record, each line by one call of `write`."""

    def __init__(self, head: Head, write: Callable[[str], object]) -> None:
        self.write, self.digest, self.lines = write, "", 0
        self._line({"record": FORMAT, **_head_document(head)})

    def line(self, line: bytes, arrived_ns: int, left_out: AlarmKind | None) -> None:
        """A line of the feed."""
        self.lines += 1
        text = line.decode("utf-8", errors="backslashreplace")
        why = None if left_out is None else left_out.value
        self._line({"n": self.lines, "arrived": iso(arrived_ns), "line": text, "left_out": why})

    def end(self, ending: str) -> None:
        self._line({"ended": ending, "lines": self.lines})

    def _line(self, told: Mapping[str, Any]) -> None:
        self.digest = chained(self.digest, told)
        self.write(dumped({**told, "digest": self.digest}) + "\n")


def chained(before: str, told: Mapping[str, Any]) -> str:
    """SHA-256 of the digest before and of this line without its own."""
    return hashlib.sha256(f"{before}\n{dumped(told)}".encode()).hexdigest()


def dumped(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def read_record(path: Path) -> Record:
    """Raises `RecordRefused`, and what opening a file raises."""
    digest, head, ended = "", None, False
    counted: list[tuple[int, bytes]] = []
    left_out = 0
    # Not `splitlines`: what a feed sent may hold other ends of lines, which JSON leaves as they are.
    for number, text in enumerate(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"), start=1):
        told = _checked(path, number, text, digest)
        digest = told.pop("digest")
        if number == 1:
            head = _head(path, told)
        elif ended:
            raise RecordRefused(f"{path.name}, line {number}: the record goes on after its end")
        elif "ended" in told:
            ended = True
        else:
            fed = _read(path, number, told, FedLine)
            counted += [(fed.n, fed.line.encode())] if fed.left_out is None else []
            left_out += fed.left_out is not None
    if head is None:
        raise RecordRefused(f"{path.name} is empty")
    return Record(head=head, lines=tuple(counted), left_out=left_out, whole=ended)


def _checked(path: Path, number: int, text: str, before: str) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(text)
        bare = {key: value for key, value in told.items() if key != "digest"}
        right = told["digest"] == chained(before, bare)
    except (ValueError, KeyError, TypeError):
        raise RecordRefused(f"{path.name}, line {number}: this is no line of a record") from None
    if not right:
        raise RecordRefused(f"{path.name}, line {number}: the line, or one before it, is not as it was written")
    return told


def _head_document(head: Head) -> dict[str, Any]:
    return {
        "strategy": head.strategy,
        "interval_seconds": head.interval_seconds,
        "stamp": head.stamp,
        "symbols": list(head.symbols),
        "price_max": list(head.price_max),
        "nominal": head.nominal,
    }


def _head(path: Path, told: Mapping[str, Any]) -> Head:
    if told.get("record") != FORMAT:
        raise RecordRefused(f"{path.name} is no record of a paper run, or of another version")
    head = _read(path, 1, told, HeadLine)
    return Head(**{name: getattr(head, name) for name in HeadLine.__struct_fields__ if name != "record"})


def _read(path: Path, number: int, told: Mapping[str, Any], kind: type[Line]) -> Line:
    """A line whose digest is right may still be one that nobody wrote: digests need no key."""
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as problem:
        raise RecordRefused(f"{path.name}, line {number}: this is no line of a record: {problem}") from None
