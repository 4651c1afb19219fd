"""Tables beside prices: from the `--data` of a command to the columns that a program asks of them, and to members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.uses import known_requests
from stratc.runtime.executor.timeline import spread
from stratc.runtime.feeds.bars import BarTable, DataRefused
from stratc.runtime.feeds.data_option import resolve_tables
from stratc.runtime.feeds.known import Bars, answer, read_tables
from stratc.runtime.feeds.known_table import KnownTable, sources_said
from stratc.runtime.model.instrument import Instrument, identify
from stratc.runtime.model.known import MemberReading
from stratc.runtime.model.session import Calendar

if TYPE_CHECKING:
    import polars as pl

    from stratc.runtime.feeds.merge import Timeline
    from stratc.runtime.model.clock import Request as ClockRequest
    from stratc.runtime.model.known import Request as KnownRequest


def tables_of(program: Program) -> tuple[str, ...]:
    """The names of the tables that a program reads, in the order of the text."""
    return tuple(dict.fromkeys(request.table for request in known_requests(program)))


def read_beside(program: Program, places: Sequence[str], timezone: str | None) -> Mapping[str, KnownTable]:
    """Every table that the program reads, by name; raises `DataRefused`."""
    requests = known_requests(program)
    files = resolve_tables(places, tables_of(program), folder=Path())
    return read_tables(requests, files, timezone=timezone)


def columns_of(
    program: Program,
    tables: Sequence[BarTable],
    calendars: Sequence[Calendar],
    beside: Mapping[str, KnownTable],
    timeline: Timeline,
) -> dict[ClockRequest | KnownRequest, pl.Series]:
    """What the program asks of tables beside prices, in the order of the timeline's rows."""
    bars = [
        Bars(symbol=table.symbol, closes_ns=table.closes_ns, calendar=calendar)
        for table, calendar in zip(tables, calendars, strict=True)
    ]
    return {
        request: spread([answer(request, beside[request.table], each) for each in bars], timeline)
        for request in known_requests(program)
    }


def notes_of(table: KnownTable) -> tuple[str, ...]:
    """How many rows a table has, how many of them revise, who says so, and whether it was made up."""
    sources = sources_said(table.rows["source"].to_list())
    rows = f"{table.rows.height:,} rows, {table.revised:,} of them revisions; sources: {sources}"
    made_up = (f"{table.name}: the table is synthetic",) if table.synthetic else ()
    return (*made_up, f"{table.name}: {rows}", *(f"{table.name}: {note}" for note in table.notes))


def members_of(
    program: Program, own: Mapping[str, Instrument] | None, places: Sequence[str], timezone: str | None
) -> tuple[str, ...]:
    """Every symbol that the table of the program's universe ever names, in the order of the alphabet.

    One without prices is refused when its file is looked for: leaving out those that are gone is survivorship.
    """
    table = MemberReading(table=program.universe)
    files = resolve_tables(places, (table.table,), folder=Path())
    found = read_tables((table,), files, timezone=timezone)[table.table]
    members = tuple(sorted(set(found.rows["symbol"].to_list())))
    _check_alike(found, members, own)
    return members


def _check_alike(table: KnownTable, members: Sequence[str], own: Mapping[str, Instrument] | None) -> None:
    """Rules and units are the same for all members: each is what the first one is, but for its name."""
    first = None
    for symbol in members:
        found = identify(symbol, own)
        alike = None if found is None else replace(found, symbol="", source="")
        first = first or alike
        if alike is None or alike != first:
            message = f"`{symbol}` is not an instrument of the same kind as `{members[0]}`"
            remedy = "a universe holds instruments of one kind, currency, tick and calendar; make two of it"
            raise DataRefused("D028", message, source=table.file, row=None, remedy=remedy)
