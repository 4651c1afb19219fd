"""A progress bar on stderr, for work that takes longer than half a second on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

QUIET_SECONDS: Final = 0.5
CELLS: Final = 30


@contextmanager
def progress_bar(what: str, *, unit: str = "bars") -> Iterator[Callable[[int, int], None]]:
    """Gives a function to call with what is done and how much there is; draws nothing on what is no terminal."""
    started = time.monotonic()
    drawn = False

    def advance(done: int, total: int) -> None:
        nonlocal drawn
        if sys.stderr.isatty() and (drawn or time.monotonic() - started > QUIET_SECONDS):
            filled = CELLS * done // max(total, 1)
            bar = "#" * filled + "." * (CELLS - filled)
            print(f"\r{what} [{bar}] {done:,} of {total:,} {unit}", end="", file=sys.stderr, flush=True)
            drawn = True

    try:
        yield advance
    finally:
        if drawn:
            print(file=sys.stderr)
