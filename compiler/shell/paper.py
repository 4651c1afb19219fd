"""A paper run of files: their bars, one after another as they became known, through the engine's step.

What a run is told before its first bar is made here of the program and its files; see `runtime.executor.paper.told`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from heapq import merge
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from stratc.compiler.ir.uses import clock_requests, known_requests
from stratc.compiler.judge.limits import caps_of, halts_of, sleeves_of
from stratc.compiler.shell.rates import is_pair
from stratc.compiler.workbench.running import Machine, Ran, Runner
from stratc.runtime.engine.codes import ROW_INSTRUMENT_SHIFT, ROW_INSTRUMENTS, ROW_MOMENT_END
from stratc.runtime.executor.conversion import NS_PER_HOUR, paths
from stratc.runtime.executor.decisions import DecisionLog, Names, iso, write_decisions
from stratc.runtime.executor.paper.engine import Order, PaperEngine, Signals
from stratc.runtime.executor.paper.moments import Moments
from stratc.runtime.executor.paper.taken import Alarm, Taken
from stratc.runtime.executor.paper.told import CurrencyTold, Told, TradedPair
from stratc.runtime.model.session import calendar

if TYPE_CHECKING:
    from stratc.compiler.ir.nodes import Program
    from stratc.compiler.judge import Judgement
    from stratc.compiler.shell.market_data import MarketData
    from stratc.runtime.executor.conversion import CurrencyRates
    from stratc.runtime.executor.interest import InterestRates
    from stratc.runtime.executor.scale import Scale
    from stratc.runtime.executor.terms import Terms
    from stratc.runtime.feeds.bars import BarTable
    from stratc.runtime.model.instrument import Instrument

CHUNK_BARS: Final = 1 << 14
Write = Callable[[str], object]


def replay(
    program: Program,
    machine: Machine,
    market: MarketData,
    terms: Terms,
    judgement: Judgement | None,
    rates: InterestRates | None,
    *,
    write: Write | None,
    advance: Callable[[int, int], None],
) -> tuple[Ran, tuple[Alarm, ...]]:
    """The bars of a market that was read from files, as events; `write` takes the decision log as it grows."""
    runner = Runner(program, machine, judgement)
    alarms: list[Alarm] = []
    engine = PaperEngine(
        told_of_files(program, market, terms, rates), order_of(program, machine, terms, runner, market.instruments)
    )
    if write is not None:
        engine.log = DecisionLog(names_of(program, engine.told.instruments, engine.scaled, runner), write)
    moments = Moments(engine, alarms.append, clocked=None, regular_session=False)
    take, total = moments.take, len(market.feed.market.rows)
    for taken, (bar, signals) in enumerate(bars_of(market, engine.told), start=1):
        take(bar, signals)
        if not taken % CHUNK_BARS:
            advance(min(taken, total), total)
    moments.finish()
    advance(total, total)
    done = engine.result()
    if engine.log is not None:
        engine.log.end(engine.number, done.totals)
    return runner.ran(done), tuple(alarms)


def decisions_of(program: Program, ran: Ran, market: MarketData, judgement: Judgement | None) -> list[str]:
    """The lines of a backtest's decision log."""
    lines: list[str] = []
    ends = [n for n, packed in enumerate(market.feed.market.rows) if packed & ROW_MOMENT_END]
    runner = Runner(program, ran.machine, judgement)
    names = names_of(program, market.instruments, ran.backtest.scale, runner)
    write_decisions(ran.backtest, ends, names, lines.append)
    return lines


def order_of(
    program: Program, machine: Machine, terms: Terms, runner: Runner, instruments: tuple[Instrument, ...]
) -> Order:
    """What the program wants done, in the runtime's terms."""
    return Order(
        terms=terms,
        caps=caps_of(program),
        halts=tuple(halts_of(program)),
        rules=runner.rules,
        planned_flows=len(program.flows),
        make_strategy=lambda table, asked: runner.make(table, asked, instruments),
        module=machine.module,
        sleeves=tuple(sleeves_of(program)),
        pairs=program.pairs,
    )


def names_of(program: Program, instruments: tuple[Instrument, ...], scale: Scale, runner: Runner) -> Names:
    return Names(
        strategy=program.title,
        currency=program.currency,
        instruments=instruments,
        rules=runner.rules,
        guards=runner.guards or runner.machine.guards,
        scale=scale,
    )


def told_of_files(program: Program, market: MarketData, terms: Terms, rates: InterestRates | None) -> Told:
    """What files say before their first bar: bounds of prices, what is announced, tables with when they were known."""
    traded, columns = market.instruments, market.feed.market
    symbols = tuple(dict.fromkeys(each.symbol for each in (*traded, *market.converting)))
    calendars = {each.symbol: found for each, found in zip(traded, market.calendars, strict=True)}
    calendars |= {each.symbol: calendar(each.calendar) for each in market.converting if each.symbol not in calendars}
    pairs = tuple(
        TradedPair(symbol=symbols.index(each.symbol), base=str(each.base), quote=str(each.quote))
        for each in dict.fromkeys((*traded, *market.converting))
        if is_pair(each)
    )
    return Told(
        instruments=traded,
        symbols=symbols,
        calendars=tuple(calendars[symbol] for symbol in symbols),
        price_max=columns.price_max,
        events=columns.events,
        rolls=columns.rolls,
        pairs=pairs,
        currencies=tuple(
            CurrencyTold(
                currency=each.currency, way=way_of(each, pairs, program), rate_max=each.rate_max, source=each.source
            )
            for each in columns.conversion.rates
        ),
        fresh_ns=terms.exchange.fresh_hours * NS_PER_HOUR,
        interest=rates,
        clocks=clock_requests(program),
        known=known_requests(program),
        tables={table.name: table for table in market.beside},
        separate_signals=columns.signals is not None,
        rows_max=len(columns.rows),
        nominal=False,
    )


def way_of(rates: CurrencyRates, pairs: tuple[TradedPair, ...], program: Program) -> tuple[tuple[int, bool], ...]:
    """The pairs that lead from a currency to the account's, as the rates of a backtest take them."""
    ends = [(pair.base, pair.quote) for pair in pairs]
    return next(paths(rates.currency, program.currency, ends), ()) if rates.source else ()


def bars_of(market: MarketData, told: Told) -> Iterator[tuple[Taken, Signals | None]]:
    """Every bar of the files in the order in which they became known."""
    traded = traded_bars(market, told)
    others = [
        (bar, None)
        for pair, table in zip(market.converting, market.pairs, strict=True)
        for bar in table_bars(told.symbols.index(pair.symbol), table)
    ]
    if not others:
        return traded
    return merge(traded, sorted(others, key=in_time), key=in_time)


def in_time(each: tuple[Taken, Signals | None]) -> tuple[int, int]:
    return each[0].closed, each[0].symbol


def traded_bars(market: MarketData, told: Told) -> Iterator[tuple[Taken, Signals | None]]:
    """The rows of the market, each bar once: an instrument that stands in several places has one feed."""
    columns = market.feed.market
    prices = (
        columns.opens_ns,
        columns.closes_ns,
        columns.open,
        columns.high,
        columns.low,
        columns.close,
        columns.volume,
    )
    values = [list(column) for column in prices]
    seen = repeat(None) if columns.signals is None else zip(*(list(each) for each in columns.signals), strict=True)
    if len(told.symbols) == 1 == len(told.instruments):
        yield from zip(map(Taken, repeat(0), *values), seen, strict=False)
        return
    symbol_of = [told.symbols.index(each.symbol) for each in told.instruments]
    first = [told.instruments.index(each) == i for i, each in enumerate(told.instruments)]
    for packed, *bar, signals in zip(columns.rows, *values, seen, strict=False):
        place = (packed >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS
        if first[place]:
            yield Taken(symbol_of[place], *bar), signals


def table_bars(symbol: int, table: BarTable) -> Iterator[Taken]:
    columns = (table.opens_ns, table.closes_ns, table.open, table.high, table.low, table.close, table.volume)
    return map(Taken, repeat(symbol), *(column.to_list() for column in columns))


def alarm_words(alarm: Alarm) -> str:
    """`IBM: late, of 2026-06-03T14:35:00+00:00`."""
    about = f", of {iso(alarm.closed)}" if alarm.closed else ""
    said = f": {alarm.words}" if alarm.words else ""
    return f"{alarm.symbol or 'the feed'}: {alarm.kind.value.replace('_', ' ')}{about}{said}"


def alarms_told(alarms: tuple[Alarm, ...]) -> list[dict[str, Any]]:
    """`run --json`: what was wrong with what came, counted by kind and symbol, each with when it was first."""
    counts = Counter((alarm.kind, alarm.symbol) for alarm in alarms)
    first = {(alarm.kind, alarm.symbol): alarm.closed for alarm in reversed(alarms)}
    return [
        {
            "kind": kind.value,
            "symbol": symbol or None,
            "count": count,
            "first": iso(at) if (at := first[kind, symbol]) else None,
        }
        for (kind, symbol), count in counts.items()
    ]
