"""A run made twice of one market: by the backtest over whole columns, and bar by bar on paper; and what must be equal.

`paper` writes down what each row was made of as the engine saw it, so that a difference is told at its first row.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.uses import column_requests
from stratc.compiler.judge.limits import caps_of, halts_of
from stratc.compiler.shell.paper import bars_of, told_of_files
from stratc.runtime.engine.codes import RATE_WIDTH, ROW_MOMENT_END
from stratc.runtime.executor.decisions import DecisionLog, Names, write_decisions
from stratc.runtime.executor.market import steps_of
from stratc.runtime.executor.other_currencies import interest_column
from stratc.runtime.executor.paper.engine import Order, PaperEngine
from stratc.runtime.executor.paper.moments import Moments
from stratc.runtime.executor.paper.taken import Alarm, Taken
from stratc.runtime.executor.results import Backtest
from tests.causality.running import Ready, given
from tests.differential.compiled import watchable
from tests.differential.running import bits

LOGS = ("fill_log", "closing_log", "order_log", "denial_log", "roll_log", "carry_log", "note_log")
Make = Callable[[Any, list[Any]], Any]
Peek = Callable[[list[tuple[Taken, Any]]], list[tuple[Taken, Any]]]


@dataclass
class Made:
    """A run: what was done, its decision log, and of a paper run the rows as the engine saw them."""

    result: Backtest
    decisions: str
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)


def interpreted(ready: Ready) -> Make:
    """Makes the interpreted strategy of a program."""
    program, steps = ready.program, steps_of(ready.market.feed.market.instruments)
    return lambda table, asked: InterpretedStrategy(
        program, table, asked, [each.default for each in program.inputs], steps
    )


def compiled(ready: Ready, module: ModuleType, number: int) -> Make:
    """Makes the strategy of this number in a module of several; what it writes down of its values is not looked at."""
    program, steps = ready.program, steps_of(ready.market.feed.market.instruments)
    inputs = [each.default for each in program.inputs]
    room = bytes(8 * len(ready.market.feed.market.rows))
    watches = [array("d", room) for _ in watchable(program)]

    def make(table: Any, asked: list[Any]) -> Any:
        addresses = [column.buffer_info()[0] for column in watches]
        return getattr(module, f"Strategy{number}")(table, asked, inputs, steps, addresses)

    return make


def names_of(ready: Ready, result: Backtest) -> Names:
    rules = tuple(rule.name for rule in ready.program.rules)
    return Names(
        strategy=ready.program.title,
        currency=ready.program.currency,
        instruments=ready.market.feed.market.instruments,
        rules=rules,
        guards=(),
        scale=result.scale,
    )


def backtest(ready: Ready, make: Make, module: ModuleType | None = None) -> Made:
    """At once, over columns that are complete."""
    columns, kept = given(ready, compiled=module is not None)
    result = ready.backtest(lambda table: make(table, columns), module)
    del kept
    lines: list[str] = []
    ends = [n for n, packed in enumerate(ready.market.feed.market.rows) if packed & ROW_MOMENT_END]
    write_decisions(result, ends, names_of(ready, result), lines.append)
    return Made(result, "".join(lines))


def paper(
    ready: Ready,
    make: Make,
    module: ModuleType | None = None,
    *,
    engine_type: type[PaperEngine] = PaperEngine,
    feed: Peek = lambda bars: bars,
) -> Made:
    """Bar by bar. `engine_type` and `feed` are where faults are planted."""
    program, market = ready.program, ready.market
    told = told_of_files(program, market, ready.terms, ready.rates)
    order = Order(
        terms=ready.terms,
        caps=caps_of(program),
        halts=tuple(halts_of(program)),
        rules=tuple(rule.name for rule in program.rules),
        planned_flows=len(program.flows),
        make_strategy=make,
        module=module,
        pairs=program.pairs,
    )
    engine, lines = engine_type(told, order), list[str]()
    names = Names(
        strategy=program.title,
        currency=program.currency,
        instruments=told.instruments,
        rules=order.rules,
        guards=(),
        scale=engine.scaled,
    )
    engine.log = DecisionLog(names, lines.append)
    made = Made(None, "")  # type: ignore[arg-type]
    if module is None:
        write_down(engine, made.rows)
    moments = Moments(engine, made.alarms.append, clocked=None, regular_session=False)
    for bar, signals in feed(list(bars_of(market, told))):
        moments.take(bar, signals)
    moments.finish()
    made.result = engine.result()
    engine.log.end(engine.number, made.result.totals)
    made.decisions = "".join(lines)
    return made


def write_down(engine: PaperEngine, rows: list[tuple[Any, ...]]) -> None:
    """Keep what the engine is given of each row, when it is given."""
    right, columns = engine.run_row, engine.columns
    engine.step = engine._step  # the quick step has looked up `run_row` already

    def run_row(book: Any, strategy: Any, table: Any, number: int, at: int) -> int:
        width = len(engine.told.currencies) * RATE_WIDTH
        rows.append(
            (
                columns.rows[at],
                columns.moments[at],
                *(bits(column[at]) for column in columns.prices),
                *(bits(float(column[at])) for column in columns.asked),
                *(bits(rate) for rate in columns.rates[at * width : (at + 1) * width]),
                *(bits(column[at]) for column in columns.signals[:4] if engine.told.separate_signals),
                *(bits(night) for night in columns.interest[at * 2 : at * 2 + 2] if engine.nights is not None),
            )
        )
        lines: int = right(book, strategy, table, number, at)
        return lines

    engine.run_row = run_row


def rows_of_backtest(ready: Ready, made: Made) -> list[tuple[Any, ...]]:
    """The same of the columns of a backtest. Restated signals are written over while it runs, and are left out."""
    market = ready.market.feed.market
    prices = (market.open, market.high, market.low, market.close, market.volume)
    asked = [ready.market.feed.columns[request] for request in column_requests(ready.program)]
    rates: list[Sequence[float]] = []
    for place, each in enumerate(market.conversion.rates):
        factor = made.result.scale.quanta_for_quantum(place + 1)
        rates += [[value * factor for value in column] for column in (each.at_open, each.at_close)]
    nights = array("d") if market.interest is None else interest_column(market, made.result.scale)
    columns = [*prices, *asked, *rates, *(market.signals or ()), *((nights[::2], nights[1::2]) if nights else ())]
    told = [[bits(float(value)) for value in column] for column in columns]
    return list(zip(market.rows, market.closes_ns, *told, strict=True))


def difference(ready: Ready, whole: Made, bar_by_bar: Made) -> str:
    """The first thing in which the two are not equal, in words; nothing where they are."""
    wanted, seen = rows_of_backtest(ready, whole), bar_by_bar.rows
    for number, (left, right) in enumerate(zip(wanted, seen, strict=False)):
        if left != right:
            return f"row {number}: backtest {left}, paper {right}"
    if seen and len(wanted) != len(seen):
        return f"{len(wanted)} rows, {len(seen)} on paper"
    lines = zip(whole.decisions.splitlines(), bar_by_bar.decisions.splitlines(), strict=False)
    for left_line, right_line in lines:
        if left_line != right_line:
            return f"decisions: backtest {left_line}, paper {right_line}"
    if whole.decisions != bar_by_bar.decisions:
        return "one has more decisions than the other"
    return figures(whole.result, bar_by_bar.result)


def figures(left: Backtest, right: Backtest) -> str:
    for name in (*LOGS, "equity", "totals", "brought", "opens_ns", "closes_ns"):
        if list(getattr(left, name)) != list(getattr(right, name)):
            return f"{name} differ"
    return "" if left.flows_outside == right.flows_outside else "flows outside differ"
