"""Exit codes and the one exception of the command line.

Codes are a contract: 0 done and nothing wrong, 1 problems found in what was given, 2 wrong usage or unreadable input,
3 a bug in stratc. 130 is the shell's own convention for an interrupt.
"""

from __future__ import annotations

from typing import Final

DONE: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
BUG: Final = 3
INTERRUPTED: Final = 130


class Refused(Exception):
    """A command cannot go on: `message` says what and why, `remedy` what to do. Ends with exit code `code`."""

    def __init__(self, message: str, remedy: str = "", code: int = USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code
