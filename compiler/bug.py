"""The one exception of the compiler: a mistake of ours, never of the text that is compiled."""

from __future__ import annotations


class StratcBug(Exception):
    """Something that cannot happen has happened; the message says what, for a bug report."""
