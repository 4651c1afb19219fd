"""Guards that were proved enough: looked up by what the observer does, never made again while somebody waits.

A proof against the most general client takes seconds to minutes and hangs on nothing but the observer, so those of the
rules that ship stand in `guards_enough.json` (`tests/make_guard_proofs.py` makes it, a test makes it again). What is
not there was not proved, and is said to be so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from stratc.compiler.ir.observer import Observer, PerInstrument
from stratc.compiler.judge.skeleton.client import WORKING_MAX, Promises
from stratc.compiler.judge.verdict import Enough

TABLE: Final = "guards_enough.json"
# What a client is held to in the proofs of the table: of the rest he may do anything.
PROMISES: Final = Promises(cancels_first=False, whole=True)
# Places in a text and names say nothing of what a machine does.
UNREAD: Final = frozenset({"span", "name", "happening"})


NOT_PROVED: Final = "not proved to be enough: that refusing what its text says keeps the rule was not shown"


def enough(observer: Observer) -> Enough:
    """What is known of the guard of an observer."""
    states = _table().get(digest_of(observer))
    if states is None:
        return Enough(proved=False, because=NOT_PROVED)
    count = len(observer.instruments)
    many = f"{count} instrument" + "s" * (count > 1)
    because = (
        f"proved to be enough: whatever is sent in {many}, with at most {WORKING_MAX} entries at work in each that "
        f"fill in one piece, and nothing counted before the run (all {states:,} states were seen)"
    )
    return Enough(proved=True, because=because)


def digest_of(observer: Observer) -> str:
    """Equal for two observers that do the same: places in a text, names and what symbols are called do not count."""
    machine = (observer.registers, observer.requirements, observer.guards)
    own = (len(observer.instruments), observer.law_days, _written(machine, observer.instruments))
    return sha256(repr(own).encode("utf-8")).hexdigest()


def _written(value: object, places: tuple[int, ...]) -> object:
    """Plain data in an order that is always the same."""
    match value:
        case PerInstrument(values=values):
            return ["PerInstrument", *(str(values[place]) for place in places)]
        case Enum():
            return value.value
        case Fraction():
            return str(value)
        case tuple():
            return [_written(each, places) for each in value]
        case frozenset():
            return sorted(str(_written(each, places)) for each in value)
        case _ if is_dataclass(value):
            kept = [each.name for each in fields(value) if each.name not in UNREAD]
            return [type(value).__name__, *(_written(getattr(value, name), places) for name in kept)]
        case _:
            return value


@cache
def _table() -> Mapping[str, int]:
    """States by digest."""
    text = files(__package__).joinpath(TABLE).read_text(encoding="utf-8")
    return {each["digest"]: each["states"] for each in json.loads(text)}
