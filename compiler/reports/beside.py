"""Tables beside prices in English: what each holds, since when its rows count, and what advice may do."""

from __future__ import annotations

from typing import assert_never

from stratc.compiler.reports.phrases import say, say_range
from stratc.compiler.resolve.symbols import Table
from stratc.dsl.syntax import Advice, Data, Events, NoEntries


def say_table(table: Table) -> str:
    whose = "of each instrument" if table.each else "of the whole market"
    match table:
        case Events(name=name):
            return (
                f"`{name.text}` is a table of events {whose}: of each event the newest row that was known by the "
                "decision counts, confirmed or estimated; canceled ones do not"
            )
        case Data(name=name):
            return f"`{name.text}` is a {_values(table)} {whose}: {_newest(table)}"
        case Advice(name=name, adviser=adviser):
            return (
                f"`{name.text}` is advice of {adviser.text}, a {_values(table)} {whose}: {_newest(table)}. "
                "It may only keep an entry from being made"
            )
        case _:
            assert_never(table)


def _values(table: Data | Advice) -> str:
    return table.kind.text + ("" if table.range is None else f" {say_range(table.range)}")


def _newest(table: Data | Advice) -> str:
    stale = "" if table.fresh is None else f" and is less than {say(table.fresh)} old"
    return f"the newest value that was known by the decision{stale}, else unknown"


def say_no_entries(statement: NoEntries) -> str:
    return (
        f"no entry is made, and entries that still work are canceled, when {say(statement.condition)}, and also where "
        "that is not known; exits go on"
    )
