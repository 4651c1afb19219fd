"""The canonical form of `roll`, `leave` and `group`."""

from __future__ import annotations

from typing import assert_never

from stratc.dsl.printing.expressions import SUM, print_expression
from stratc.dsl.syntax.contracts import Group, Leave, Roll


def print_contracts(node: Roll | Leave | Group) -> str:
    match node:
        case Roll():
            return f"roll    {_when(node)}" + (f", adjusted by {node.adjusted}" if node.adjusted else "")
        case Leave(sessions=sessions, before=before):
            return f"leave   {print_expression(sessions, SUM)} before {before}"
        case Group(name=name, instruments=instruments):
            return f"group {name.text} = {', '.join(each.symbol for each in instruments)}"
        case _:
            assert_never(node)


def _when(node: Roll) -> str:
    day = "" if node.sessions is None else f"{print_expression(node.sessions, SUM)} before {node.before}"
    if not node.by:
        return day
    return f"by {node.by}, at latest {day}" if day else f"by {node.by}"
