"""Texts and dates stand in no formula: nothing of the market is compared with them yet."""

from __future__ import annotations

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.units import want_number
from stratc.dsl.syntax import Day, Text, walk
from stratc.dsl.types import DATE, TEXT


def check_sense_of_values(typing: Typing) -> None:
    """Tell what no other check has told of."""
    for node in walk(typing.resolved.tree):
        if isinstance(node, Text | Day) and typing.types.get(node) in (TEXT, DATE):
            told = any(each.span.start < node.span.end and node.span.start < each.span.end for each in typing.problems)
            if not told:
                want_number(node, typing.types[node], typing)
