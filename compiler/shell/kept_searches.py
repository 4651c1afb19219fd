"""What searches for counterexamples came to: they take seconds, and what they found is replayed in milliseconds.

Kept under a digest of all that a search depends on: program, instruments, observers, account, day, budget and code.
Where a text lies and how it is set out is none of that. What has no form as text is not kept.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stratc.compiler.shell.kept import code_digest, digest_of, find, keep
from stratc.compiler.shell.record_text import encode, kinds_of

if TYPE_CHECKING:
    from stratc.compiler.judge.search import Outcome
    from stratc.compiler.judge.values.critical import Steps

FOLDER: Final = "searches"
ROOMS: Final = ("stratc.compiler", "stratc.dsl", "stratc.runtime")


class KeptSearches:
    """The searches that this user's cache holds."""

    def find(self, asked: tuple[object, ...]) -> Outcome | None:
        # Whoever asks has imported the search, and with it the engine; who only type-checks has not.
        from stratc.compiler.judge import market, search

        digest = digest_for(asked)
        found = None if digest is None else find(FOLDER, digest, kinds_of((market, search)))
        return found if isinstance(found, search.Outcome) and _is_whole(found.breaches) else None

    def keep(self, asked: tuple[object, ...], outcome: Outcome) -> None:
        digest = digest_for(asked)
        if digest is not None:
            keep(FOLDER, digest, outcome)

    def find_steps(self, asked: tuple[object, ...]) -> Steps | None:
        from stratc.compiler.judge.values import critical

        digest = digest_for(asked)
        found = None if digest is None else find(FOLDER, digest, kinds_of((critical,)))
        return found if isinstance(found, critical.Steps) and isinstance(found.proved, int) else None

    def keep_steps(self, asked: tuple[object, ...], steps: Steps) -> None:
        digest = digest_for(asked)
        if digest is not None:
            keep(FOLDER, digest, steps)


def digest_for(asked: tuple[object, ...]) -> str | None:
    """The name of what was asked; None where some of it has no form as text."""
    from stratc.compiler.resolve.reuse.copies import with_spans
    from stratc.dsl.source import NOWHERE

    bare = tuple(_without_text(each) for each in with_spans(asked, lambda _: NOWHERE))
    try:
        text = json.dumps(encode(bare), separators=(",", ":"))
    except TypeError:
        return None
    return digest_of((text,), code_digest(ROOMS, below=True))


def _without_text(value: object) -> object:
    from stratc.compiler.ir.nodes import Program

    return replace(value, source_name="", source_text="", source_files=()) if isinstance(value, Program) else value


def _is_whole(breaches: Any) -> bool:
    """Whether this is what an outcome holds: the entries of a cache are data."""
    from stratc.compiler.judge.market import SessionPlan

    return isinstance(breaches, tuple) and all(
        isinstance(each, tuple)
        and len(each) == 2
        and isinstance(each[0], int)
        and isinstance(each[1], tuple)
        and bool(each[1])
        and all(isinstance(plan, SessionPlan) for plan in each[1])
        for each in breaches
    )
