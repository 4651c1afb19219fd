"""What the command line prints: one JSON document or text on stdout, all chatter on stderr.

Colour is used only where stdout is a terminal, `NO_COLOR` is not set and `TERM` is not `dumb`.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from stratc.compiler.shell.exits import Refused


def say(line: str) -> None:
    """Chatter: one line on stderr."""
    print(line, file=sys.stderr, flush=True)


def say_refusal(refusal: Refused) -> None:
    say(f"stratc: {refusal.message}")
    if refusal.remedy:
        say(f"  help: {refusal.remedy}")


def print_json(document: dict[str, Any]) -> None:
    """The one JSON document of a command."""
    sys.stdout.write(json_text(document))


def json_text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def print_text(text: str) -> None:
    sys.stdout.write(ended(text))


def ended(text: str) -> str:
    """A text with the end of its last line."""
    return text if text.endswith("\n") else text + "\n"


def in_color() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns of the terminal, 100 where there is none."""
    return os.get_terminal_size().columns if sys.stdout.isatty() else 100
