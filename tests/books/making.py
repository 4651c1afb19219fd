"""Books for tests: texts of sleeves, made-up bars of what they trade, and a run of them."""

from __future__ import annotations

from array import array
from dataclasses import replace
from decimal import Decimal
from random import Random
from types import ModuleType
from typing import Any

from stratc.compiler.driver import Compilation
from stratc.compiler.ir.nodes import Program
from stratc.compiler.workbench import compile_source, with_blocks
from stratc.compiler.workbench.running import Feed, Machine, plain_machine, run_program
from stratc.dsl.source import Source
from stratc.runtime.executor.market import Event, EventKind, Market, PlacedBar, market
from stratc.runtime.executor.results import Backtest
from stratc.runtime.executor.terms import NO_COMMISSION, NO_SLIPPAGE, AccountKind, LimitFill, Terms
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.instrument import identify
from tests.differential.compiled import watchable

DAY_NS = 86_400_000_000_000
FIRST_DAY = 18_000


def sleeve(enter: str, leave: str, *, symbols: str = "SPY", account: str = "cash") -> str:
    return (
        f'strategy "Sleeve"\ntrade   {symbols} on 1 day\naccount {account} USD\n\n'
        f"rule enter\n  {enter}\n\nrule leave\n  {leave}\n"
    )


def book_of(*sleeves: tuple[str, int], limits: str = "", account: str = "cash") -> Compilation:
    """A book of these texts, each with its percent; they are called `s0`, `s1` and so on, every second one by `as`."""
    names = [(f"text{n}.strat", f" as s{n}") if n % 2 else (f"s{n}.strat", "") for n in range(len(sleeves))]
    each = zip(names, sleeves, strict=True)
    lines = "".join(f'sleeve "{file}" with {part}% of equity{name}\n' for (file, name), (_, part) in each)
    files = {file: text for (file, _), (text, _) in zip(names, sleeves, strict=True)}
    text = f'book "Book"\naccount {account} USD\n\n{lines}{limits}'
    return compile_source(with_blocks(Source("book.strat", text), files.get))


def program_of(compilation: Compilation) -> Program:
    assert compilation.program is not None, [problem.message for problem in compilation.diagnostics]
    return compilation.program


def bars_of(prices: dict[str, list[tuple[float, float]]], program: Program, events: tuple[Event, ...] = ()) -> Market:
    """Daily bars by symbol, open and close; every place of a symbol has the same."""
    instruments = tuple(found for symbol in program.named if (found := identify(symbol)) is not None)
    placed = [
        PlacedBar(
            instrument=i,
            day=FIRST_DAY + n,
            bar=Bar(
                open_ns=(FIRST_DAY + n) * DAY_NS,
                close_ns=(FIRST_DAY + n + 1) * DAY_NS,
                open=opening,
                high=max(opening, close),
                low=min(opening, close),
                close=close,
                volume=1e6,
            ),
            ends_session=True,
        )
        for i, instrument in enumerate(instruments)
        for n, (opening, close) in enumerate(prices[instrument.symbol])
        if opening > 0
    ]
    return replace(market(instruments, placed), events=events)


def walk(random: Random, days: int) -> list[tuple[float, float]]:
    """A random walk of opens and closes; now and then a day without a bar, or without a known open."""
    close, found = random.uniform(50, 150), []
    for _ in range(days):
        opening = round(max(5.0, close * random.uniform(0.98, 1.02)), 2)
        close = round(max(5.0, opening * random.uniform(0.97, 1.03)), 2)
        chance = random.random()
        found.append((-1.0, close) if chance < 0.03 else (opening, close))
    return found


def split_of(program: Program, symbol: str, day: int) -> tuple[Event, ...]:
    """Two for one, and a dividend some days before, in every place of the symbol."""
    places = [i for i, each in enumerate(program.named) if each == symbol]
    paid = [
        Event(instrument=i, day=FIRST_DAY + day - 5, kind=EventKind.DIVIDEND, amount=Decimal("0.37")) for i in places
    ]
    return (*paid, *(Event(instrument=i, day=FIRST_DAY + day, kind=EventKind.SPLIT, new=2, old=1) for i in places))


TERMS = Terms(
    kind=AccountKind.CASH,
    currency="USD",
    equity=Decimal(100_000),
    commission=replace(NO_COMMISSION, per_share=Decimal("0.005"), minimum=Decimal(1)),
    slippage=replace(NO_SLIPPAGE, ticks=Decimal(1), bps=Decimal(2)),
    limit_fill=LimitFill.THROUGH,
    first_in_first_out=False,
)


def run(program: Program, made: Market, terms: Terms = TERMS, machine: Machine | None = None) -> Backtest:
    feed = Feed(market=made, columns={})
    return run_program(program, machine or plain_machine(program, ""), feed, terms, None).backtest


def machine_for(module: ModuleType, number: int, program: Program, rows: int) -> Machine:
    """One of the programs that were compiled together, as an artefact's own; what it watches is not looked at."""
    watches = [array("d", bytes(8 * rows)) for _ in watchable(program)]
    made = getattr(module, f"Strategy{number}")

    def strategy(table: Any, clocks: list[int], parameters: list[float], steps: list[float]) -> Any:
        return made(table, clocks, parameters, steps, [each.buffer_info()[0] for each in watches])

    alone = ModuleType("alone")
    alone.__dict__.update(vars(module) | {"Strategy": strategy})
    return Machine(module=alone, digest="", note="", guards=())
