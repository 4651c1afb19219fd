"""What a pack's signature says, and what a lock file pins: texts in and out, no keys and no disk.

A signature covers the pack's id, its version and the listing of its files by digest, so that a file that was changed,
added or taken away is named. The key in it proves nothing by itself: who trusts a signature has to know the signer by
the key's id. A lock file pins packs by id, version and digest, and by the signer where there was one.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stratc.compiler.judge.pack import Pack
from stratc.runtime.model.key_id import key_id
from stratc.runtime.model.record import record

SIGNATURE_FILE: Final = "pack.sig"
LOCK_FILE: Final = "packs.lock"
FORMAT: Final = 1


class NotReadable(ValueError):
    """A signature or lock file that is none."""


@record
class Signature:
    """A signature as its file holds it; `public_key` and `signature` are bytes in hexadecimal digits."""

    pack: str
    version: str
    public_key: str
    signature: str
    listing: str

    @property
    def key_id(self) -> str:
        return key_id(self.public_key)

    @property
    def message(self) -> bytes:
        return message(self.pack, self.version, self.listing)


def message(pack: str, version: str, listing: str) -> bytes:
    """The bytes that are signed."""
    return f"stratc pack {FORMAT}\n{pack}\n{version}\n{listing}".encode()


def write_signature(signature: Signature) -> str:
    """The text of a signature's file."""
    named = {
        "pack": signature.pack,
        "version": signature.version,
        "key": signature.key_id,
        "public_key": signature.public_key,
        "signature": signature.signature,
    }
    files = "".join(f"    {json.dumps(line)},\n" for line in signature.listing.splitlines())
    return f"format = {FORMAT}\n" + _rows(named) + f"files = [\n{files}]\n"


def read_signature(text: str) -> Signature:
    """The signature in the text of its file; raises `NotReadable`."""
    table = _table(text, "signature")
    try:
        made = Signature(
            pack=_text(table, "pack"),
            version=_text(table, "version"),
            public_key=_text(table, "public_key"),
            signature=_text(table, "signature"),
            listing="".join(f"{line}\n" for line in _texts(table, "files")),
        )
        bytes.fromhex(made.public_key)
        bytes.fromhex(made.signature)
    except ValueError as problem:
        raise NotReadable(f"it is no signature: {problem}") from None
    return made


@record
class Changed:
    """A file that is not as it was signed: `how` is changed, added or removed."""

    file: str
    how: str


def changes(signed: str, found: str) -> tuple[Changed, ...]:
    """How the listing of a folder differs from the one that was signed."""
    before, after = _files(signed), _files(found)
    told = []
    for file in sorted({*before, *after}):
        if before.get(file) != after.get(file):
            how = "added" if file not in before else "removed" if file not in after else "changed"
            told.append(Changed(file=file, how=how))
    return tuple(told)


def _files(listing: str) -> dict[str, str]:
    pairs = (line.partition("  ") for line in listing.splitlines())
    return {file: digest for digest, _, file in pairs}


# ── locks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class Pin:
    """A pack as it was when it was pinned; `signer` is a key's id or empty."""

    id: str
    version: str
    digest: str
    signer: str


@record
class NotAsPinned:
    """A pack that is not the one that was pinned, and how it differs."""

    pack: str
    how: str


def write_lock(pins: Sequence[Pin]) -> str:
    lines = ["# Which rule packs strategies in this folder are judged by; `stratc pack verify --lock` writes it.\n"]
    lines.append(f"format = {FORMAT}\n")
    for pin in sorted(pins, key=lambda each: each.id):
        named = {"id": pin.id, "version": pin.version, "digest": pin.digest}
        lines.append("\n[[pack]]\n" + _rows(named | ({"signer": pin.signer} if pin.signer else {})))
    return "".join(lines)


def read_lock(text: str) -> tuple[Pin, ...]:
    """The pins of a lock file; raises `NotReadable`."""
    rows = _table(text, "lock").get("pack", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NotReadable("it is no lock file: `pack` is no list of tables")
    try:
        pins = tuple(
            Pin(
                id=_text(row, "id"),
                version=_text(row, "version"),
                digest=_text(row, "digest"),
                signer=_text(row, "signer") if "signer" in row else "",
            )
            for row in rows
        )
    except ValueError as problem:
        raise NotReadable(f"it is no lock file: {problem}") from None
    if len({pin.id for pin in pins}) != len(pins):
        raise NotReadable("it pins one pack twice")
    return pins


def held_to(pins: Sequence[Pin], packs: Sequence[Pack]) -> tuple[NotAsPinned, ...]:
    """How packs differ from what was pinned: another text, not pinned, or pinned and not there."""
    pinned = {pin.id: pin for pin in pins}
    found = []
    for pack in packs:
        pin = pinned.pop(pack.id, None)
        if pin is None:
            found.append(NotAsPinned(pack=pack.id, how="is not pinned"))
        elif pin.digest != pack.digest:
            version = f"version {pack.version}, pinned {pin.version}" if pin.version != pack.version else pack.version
            how = f"has another text ({version}; digest {pack.digest[:12]}…, pinned {pin.digest[:12]}…)"
            found.append(NotAsPinned(pack=pack.id, how=how))
    found += [NotAsPinned(pack=name, how="is pinned and not there") for name in pinned]
    return tuple(found)


def _table(text: str, what: str) -> Mapping[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise NotReadable(f"it is no {what}: {problem}") from None
    if table.get("format") != FORMAT:
        raise NotReadable(f"it is no {what} of format {FORMAT}")
    return table


def _rows(named: Mapping[str, str]) -> str:
    """Keys and texts as TOML, in which a JSON text is a text."""
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in named.items())


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"`{key}` is no list of texts")
    return value


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"`{key}` is missing")
    return value
