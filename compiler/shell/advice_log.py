"""What advice every entry was made under: value, age and source of the row that counted, order by order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.uses import known_requests
from stratc.compiler.shell.market_data import MarketData
from stratc.compiler.shell.round_trips import moment
from stratc.runtime.executor.results import Backtest, Role
from stratc.runtime.feeds.known import word_at
from stratc.runtime.feeds.known_table import KnownTable
from stratc.runtime.model.known import SeriesKind, SeriesReading
from stratc.runtime.model.zone import NS_PER_SECOND


def advice_log(program: Program, market: MarketData, backtest: Backtest) -> tuple[dict[str, Any], ...]:
    """One entry for each entry order and each advice that the program reads, in the order of placing."""
    tables = {table.name: table for table in market.beside}
    asked = [request for request in known_requests(program) if _is_advice(request)]
    return tuple(_told(asked, tables, backtest)) if asked else ()


def _is_advice(request: object) -> bool:
    return isinstance(request, SeriesReading) and request.kind is SeriesKind.ADVICE


def _told(asked: list[Any], tables: Mapping[str, KnownTable], backtest: Backtest) -> Iterator[dict[str, Any]]:
    for order in backtest.orders():
        if order.role is not Role.ENTRY:
            continue
        decided = int(backtest.closes_ns[order.row])
        for request in asked:
            word = word_at(request, tables[request.table], order.instrument, decided)
            yield {
                "order": order.id,
                "rule": order.rule,
                "instrument": order.instrument,
                "at": moment(decided),
                "advice": request.table,
                "value": None if word is None else word.value,
                "known_at": None if word is None else moment(word.known_ns),
                "age_seconds": None if word is None else (decided - word.known_ns) / NS_PER_SECOND,
                "source": None if word is None else word.source,
            }
