"""Heads of a tree that leave the host: what is signed, and how it is written as one line of text.

A head names its journal, its segment (by the sequence of the segment's first record), and the size and root of the
tree. Whoever holds a copy can show later that records were cut off, changed or replaced by an older copy.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Final


class NotAHead(ValueError):
    """A text that is no head; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """The first `size` records of a segment have this root. Without a key, or signature, nobody signed it."""

    journal: str
    first_sequence: int
    size: int
    root: str
    wall_ns: int
    public_key: str | None
    signature: str | None

    def message(self) -> bytes:
        """The bytes that are signed."""
        return head_message(self.journal, self.first_sequence, self.size, self.root, self.wall_ns)

    def line(self) -> str:
        """One line of JSON, without its end."""
        return json.dumps(asdict(self), separators=(",", ":"))


def head_message(journal: str, first_sequence: int, size: int, root: str, wall_ns: int) -> bytes:
    return f"stratc journal head 1\n{journal}\n{first_sequence}\n{size}\n{root}\n{wall_ns}\n".encode()


TYPES: Final[dict[str, tuple[type, ...]]] = {
    "journal": (str,), "first_sequence": (int,), "size": (int,), "root": (str,), "wall_ns": (int,),
    "public_key": (str, type(None)), "signature": (str, type(None)),
}  # fmt: skip


def read_head(line: str) -> SignedHead:
    """The head in a line; raises `NotAHead`."""
    try:
        found = json.loads(line)
    except ValueError as problem:
        raise NotAHead(f"it is no JSON: {problem}") from problem
    return head_of(found)


def head_of(found: object) -> SignedHead:
    """The head with these fields and no others; raises `NotAHead`."""
    names = {each.name for each in fields(SignedHead)}
    if not isinstance(found, dict) or found.keys() != names:
        raise NotAHead(f"a head has just the fields {', '.join(sorted(names))}")
    wrong = [name for name, kind in TYPES.items() if not isinstance(found[name], kind) or found[name] is True]
    if wrong:
        raise NotAHead(f"{', '.join(f'`{name}`' for name in wrong)}: not of the right type")
    return SignedHead(**found)
