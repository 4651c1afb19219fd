"""Waivers: what a person has let a strategy off, for how long and why. House rules and advice only.

A waiver is a TOML file in its pack's folder `waivers/`, so whoever owns the rules owns what is waived. It is bound to
the digest of one text: a changed strategy is asked anew. What is written down and does not count is told in the
verdict, with the reason; a file that cannot be read as a waiver refuses the pack.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any, Final

from stratc.runtime.model.record import record

FOLDER: Final = "waivers/"
TEXT_KEYS: Final = ("rule", "strategy", "digest", "reason", "author", "approver")
DAY_KEYS: Final = ("granted", "expires")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
WAIVABLE: Final = frozenset({"house", "advice"})


class WaiverRefused(ValueError):
    """A file that is no waiver: what is wrong with it."""


@record
class Waiver:
    """`digest` is the SHA-256 of the strategy's text, `strategy` its title for people. In force from `granted` to
    `expires`, both included. `author` asked for it, `approver` gave it."""

    file: str
    rule: str
    strategy: str
    digest: str
    reason: str
    author: str
    approver: str
    granted: date
    expires: date

    def told(self) -> str:
        return f"waived until {self.expires} by {self.approver} ({self.file}): {self.reason}"


def read_waiver(file: str, text: str) -> Waiver:
    """The waiver in a file's text; raises `WaiverRefused`."""
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise WaiverRefused(f"{file} is no TOML: {problem}") from None
    for key in TEXT_KEYS:
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise WaiverRefused(f"{file} lacks `{key}`, a text")
    for key in DAY_KEYS:
        if type(table.get(key)) is not date:
            raise WaiverRefused(f"{file} lacks `{key}`, a day such as 2026-11-28")
    if unknown := sorted(table.keys() - {*TEXT_KEYS, *DAY_KEYS}):
        raise WaiverRefused(f"{file} has `{unknown[0]}`, which no waiver has")
    if DIGEST.fullmatch(table["digest"]) is None:
        raise WaiverRefused(f"{file}: `digest` is no SHA-256 of a strategy's text, 64 signs of 0 to 9 and a to f")
    if _same_person(table["author"], table["approver"]):
        raise WaiverRefused(f"{file}: {table['author']} approves an own request; another person must")
    if table["expires"] < table["granted"]:
        raise WaiverRefused(f"{file} expires on {table['expires']}, before it is granted on {table['granted']}")
    return Waiver(file=file, **{key: table[key] for key in (*TEXT_KEYS, *DAY_KEYS)})


def _same_person(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


@record
class Asked:
    """One text against the waivers of one rule: the one that counts, and why the others do not."""

    waiver: Waiver | None
    void: tuple[str, ...]


def ask_for(waivers: tuple[Waiver, ...], rule: str, severity: str, digest: str, as_of: date) -> Asked:
    """What was waived of a rule for the text with this digest on that day; `severity` is the rule's."""
    void: list[str] = []
    for waiver in (each for each in waivers if each.rule == rule):
        why = _void(waiver, severity, digest, as_of)
        if not why:
            return Asked(waiver=waiver, void=tuple(void))
        void.append(f"the waiver in {waiver.file} does not count: {why}")
    return Asked(waiver=None, void=tuple(void))


def _void(waiver: Waiver, severity: str, digest: str, as_of: date) -> str:
    if severity not in WAIVABLE:
        return f"the rule is {severity or 'no house rule'}; only a cited exception or an interpretation lifts it"
    if waiver.digest != digest:
        return f"it is for another text; this one's digest is {digest}"
    if as_of < waiver.granted:
        return f"it begins on {waiver.granted}"
    if as_of > waiver.expires:
        return f"it expired on {waiver.expires}"
    return ""
