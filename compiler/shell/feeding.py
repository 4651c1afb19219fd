"""A paper run on a feed: opened, followed to its end, and told as a backtest of the same bars is told."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, Any, Final

from stratc.compiler.shell.exits import PROBLEMS, Refused
from stratc.compiler.shell.fed_data import (
    Rows,
    beside_of,
    bounds_of,
    history,
    joined,
    room_above,
    wire_of,
)
from stratc.compiler.shell.feed_options import FeedOptions
from stratc.compiler.shell.happenings import refuse_restatement
from stratc.compiler.shell.market_data import DataOptions, MarketData, put_together
from stratc.compiler.shell.paper import alarm_words, bars_of, names_of, order_of, told_of_files
from stratc.compiler.workbench.running import Machine, Ran, Runner
from stratc.runtime.executor.decisions import DecisionLog
from stratc.runtime.executor.paper.engine import PaperEngine
from stratc.runtime.executor.paper.follow import Ended, Follower, FollowPolicy
from stratc.runtime.executor.paper.moments import Clocked, Moments
from stratc.runtime.executor.paper.record import Head, Recorder
from stratc.runtime.executor.paper.taken import Alarm
from stratc.runtime.feeds.live.sources import FeedRefused, Source, open_source
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.ir.nodes import Program
    from stratc.compiler.judge import Judgement
    from stratc.compiler.shell.market_data import Read
    from stratc.runtime.executor.interest import InterestRates
    from stratc.runtime.executor.paper.told import Told
    from stratc.runtime.executor.terms import Terms
    from stratc.runtime.model.instrument import Instrument

RESTATED_ROWS_MAX: Final = 1 << 18


@record
class Followed:
    """A run on a feed that has ended: the market of the bars that came, what was done on them, and what was said."""

    ran: Ran
    market: MarketData
    alarms: tuple[Alarm, ...]
    ended: Ended


class SystemClock:
    """The machine's clock, for `WallClock`."""

    def now_ns(self) -> int:
        return time.time_ns()


def follow_feed(
    program: Program,
    machine: Machine,
    own: Mapping[str, Instrument] | None,
    strategy: Path,
    data: DataOptions,
    options: FeedOptions,
    terms: Terms,
    judgement: Judgement | None,
    rates: InterestRates | None,
    *,
    decisions: Path | None,
    say: Callable[[str], None],
) -> Followed:
    """Follow the feed to its end; raises `Refused`, `DataRefused`, `RunRefused`."""
    before = history(program, own, strategy, data)
    beside = beside_of(program, strategy, data, terms.exchange.fresh_hours, rates)
    market = put_together(program, before, beside, sample=False, goes_on=True)
    refuse_restatement(program, market.feed.market)
    told = told_of_feed(program, market, before, terms, rates, options)
    runner, alarms = Runner(program, machine, judgement), list[Alarm]()

    def alarm(each: Alarm) -> None:
        alarms.append(each)
        say(f"alarm: {alarm_words(each)}")

    with stopping() as (wake, is_stopping), written(decisions, "w") as log, written(options.record, "x") as kept:
        engine = PaperEngine(told, order_of(program, machine, terms, runner, told.instruments))
        if log is not None:
            engine.log = DecisionLog(names_of(program, told.instruments, engine.scaled, runner), log.write)
        clocked = Clocked(grace_ns=round(options.grace_s * 1e9)) if options.real else None
        moments = Moments(engine, alarms.append, clocked=None, regular_session=program.regular_session)
        for bar, signals in bars_of(market, told):
            moments.take(bar, signals)
        moments.clocked, moments.alarm = clocked, alarm
        fed: dict[str, list[Any]] = {symbol: [] for symbol in told.symbols}
        recorder = None if kept is None else Recorder(head_of(program, data, told), kept.write)
        source = opened(options.address, wake, alarm)
        try:
            ended = Follower(
                source,
                wire_of(program, before, data.stamp),
                moments,
                alarm,
                policy=FollowPolicy(skips_bad_lines=options.skips_bad_lines, timeout_s=options.timeout_s),
                wall=SystemClock() if options.real else None,
                arrivals=SystemClock(),
                recorder=recorder,
                taken=lambda bar: fed[told.symbols[bar.symbol]].append(tuple(bar[1:])),
                stopping=is_stopping,
            ).run()
        finally:
            source.close()
        if recorder is not None:
            recorder.end(ended.ending.value)
        done = engine.result()
        if engine.log is not None:
            engine.log.end(engine.number, done.totals)
    if not engine.number:
        raise Refused(f"no bar came: {ended.words or ended.ending.value}", ended.remedy, PROBLEMS)
    return Followed(
        ran=runner.ran(done),
        market=final_market(program, before, fed, beside, engine, options),
        alarms=tuple(alarms),
        ended=ended,
    )


def told_of_feed(
    program: Program, market: MarketData, before: Read, terms: Terms, rates: InterestRates | None, options: FeedOptions
) -> Told:
    """What the run is told: as of the files before the feed, with room for prices still to come."""
    told = told_of_files(program, market, terms, rates)
    stray = next((symbol for symbol in options.price_max if symbol not in told.symbols), None)
    if stray is not None:
        raise Refused(
            f"`--price-max` names `{stray}`, which this run does not trade", f"name {', '.join(told.symbols)}"
        )
    bounds = tuple(options.price_max.get(table.symbol, room_above(table)) for table in before.tables)
    currencies = tuple(replace(each, rate_max=2 * each.rate_max) for each in told.currencies)
    return replace(told, price_max=bounds, currencies=currencies, rows_max=RESTATED_ROWS_MAX, nominal=options.real)


def head_of(program: Program, data: DataOptions, told: Told) -> Head:
    return Head(
        strategy=program.title,
        interval_seconds=program.interval_seconds,
        stamp=data.stamp.value,
        symbols=told.symbols,
        price_max=told.price_max,
        nominal=told.nominal,
    )


def final_market(
    program: Program, before: Read, fed: Mapping[str, Rows], beside: Any, engine: PaperEngine, options: FeedOptions
) -> MarketData:
    """The market as a backtest of the same bars has it, for the report."""
    read = joined(before, fed, f"feed {options.address}")
    bounds = bounds_of(read, engine.told.price_max)
    return put_together(program, read, beside, sample=False, nominal=options.real, bounds=bounds)


def opened(address: str, wake: int, alarm: Callable[[Alarm], None]) -> Source:
    from stratc.runtime.executor.paper.taken import AlarmKind

    def disconnected(unfinished: int) -> None:
        words = "a line without its end was left out" if unfinished else ""
        alarm(Alarm(kind=AlarmKind.DISCONNECTED, symbol="", closed=0, words=words))

    try:
        return open_source(address, wake, disconnected)
    except FeedRefused as problem:
        raise Refused(str(problem), problem.remedy) from None


@contextmanager
def stopping() -> Iterator[tuple[int, Callable[[], bool]]]:
    """SIGINT and SIGTERM end the run in order: what wakes a waiting source, and whether one of them came."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if came:
            raise KeyboardInterrupt  # the second one does not wait for order
        came.append(number)
        os.write(writing, b"!")

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield reading, lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)


@contextmanager
def written(path: Path | None, mode: str) -> Iterator[IO[str] | None]:
    """A file that grows line by line while the run goes on; `x` writes over none that is there."""
    if path is None:
        yield None
        return
    try:
        file: IO[str] = path.open(mode, encoding="utf-8", newline="\n", buffering=1)
    except FileExistsError:
        raise Refused(
            f"{path} exists already", "choose another name: nothing that was recorded is written over"
        ) from None
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}", "choose another place") from None
    with file:
        yield file
