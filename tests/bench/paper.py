"""Bars a second, event by event on paper, beside the backtest's loop over the same bars: workload A, rules and limits
on.

    python paper.py [BARS] [REPEATS]

Interleaved (loop, paper, loop, paper …), CPU time, medians. Three ways to take a bar: as an event of this process; the
same with the decision log written; and from the feed's own lines, which are read and checked. Decisions are compared
before anything is timed: engines that disagree are not measured.
"""

from __future__ import annotations

import sys
import tempfile
import time
from array import array
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from statistics import median

import bars as walk

from stratc.compiler.judge.limits import caps_of, halts_of
from stratc.compiler.shell.market_data import DataOptions, read_market
from stratc.compiler.shell.packs import load_all_packs
from stratc.compiler.shell.paper import bars_of, decisions_of, names_of, order_of, told_of_files
from stratc.compiler.shell.reading import read_instruments, read_profile, read_source
from stratc.compiler.workbench import Law, check
from stratc.compiler.workbench.compiling import contents_of
from stratc.compiler.workbench.running import Runner, build_machine, run_program, terms_for
from stratc.runtime.executor.backtest import hand_over, open_book
from stratc.runtime.executor.decisions import DecisionLog
from stratc.runtime.executor.paper.engine import PaperEngine
from stratc.runtime.executor.paper.moments import Moments
from stratc.runtime.executor.paper.taken import Taken
from stratc.runtime.executor.scale import scale
from stratc.runtime.feeds.bars import Stamp
from stratc.runtime.feeds.live.wire import Fed, Wire

HERE = Path(__file__).parent
GOAL = 300_000
NS_PER_MINUTE = 60_000_000_000


class Workload:
    """The compiled artefact of a text, its market in memory, and the same bars as events and as lines."""

    def __init__(self, strategy: Path, prices: Path) -> None:
        profile = read_profile(HERE / "account.toml", None)
        own = read_instruments(profile, None, strategy)
        law = Law(packs=load_all_packs(()), as_of=date(2026, 7, 1))
        report = check(read_source(strategy), law, profile, instruments=own, fast=True)
        program, self.judgement = report.compilation.program, report.judgement
        if program is None or self.judgement is None or profile is None:
            raise SystemExit(f"{strategy} does not check: {report.diagnostics}")
        self.program = program
        self.machine = build_machine(contents_of(report, law, backtest_only=False), optimize=True)
        if self.machine.module is None:
            raise SystemExit(f"no compiled strategy: {self.machine.note}")
        given = (f"BENCH={prices}",)
        options = DataOptions(data=given, columns={}, timezone=None, stamp=Stamp.OPEN, first=None, last=None)
        self.market = read_market(program, own, strategy, options)
        self.terms = terms_for(program, profile, profile.equity or 0, self.judgement)
        self.told = told_of_files(program, self.market, self.terms, None)
        self.events = [bar for bar, _ in bars_of(self.market, self.told)]

    def loop(self) -> float:
        """The backtest's loop over complete columns; CPU seconds of the loop alone."""
        columns, module, program = self.market.feed.market, self.machine.module, self.program
        scaled = scale(columns.instruments, columns.price_max, program.currency, self.terms.equity)
        equity = array("q", bytes(8 * len(columns.rows)))
        prices = (columns.open, columns.high, columns.low, columns.close, columns.volume)
        held = [hand_over(each, "d", compiled=True) for each in prices]
        held += [hand_over(each, "q", compiled=True) for each in (columns.rows, equity)]
        table = module.engine.Columns(*(address for address, _ in held))
        strategy = Runner(program, self.machine, self.judgement).make(table, [], columns.instruments)
        rules = len(program.rules)
        caps, halts = caps_of(program), halts_of(program)
        book = open_book(module, columns.instruments, scaled, self.terms, caps, halts, rules)
        started = time.process_time()
        module.run_rows(book, strategy, table, 0, len(columns.rows))
        return time.process_time() - started

    def paper(self, write: Callable[[str], object] | None = None) -> Moments:
        """A paper run that has not begun."""
        runner = Runner(self.program, self.machine, self.judgement)
        instruments = self.told.instruments
        engine = PaperEngine(self.told, order_of(self.program, self.machine, self.terms, runner, instruments))
        if write is not None:
            engine.log = DecisionLog(names_of(self.program, instruments, engine.scaled, runner), write)
        return Moments(engine, lambda _: None, clocked=None, regular_session=False)

    def taken(self, write: Callable[[str], object] | None = None) -> float:
        """One event after another; CPU seconds."""
        take = self.paper(write).take
        started = time.process_time()
        for bar in self.events:
            take(bar)
        return time.process_time() - started

    def lines(self) -> list[bytes]:
        told = '{{"symbol":"BENCH","time":"{0}","open":{1},"high":{2},"low":{3},"close":{4},"volume":{5}}}'
        return [told.format(stamp(bar.opened), *bar[3:]).encode() for bar in self.events]

    def read(self, lines: list[bytes]) -> float:
        """The same from the lines of a feed."""
        take, told = self.paper().take, self.told
        fed = Fed(instrument=told.instruments[0], calendar=told.calendars[0], interval_ns=NS_PER_MINUTE)
        wire = Wire({"BENCH": fed}, stamp=Stamp.OPEN, volume_needed=False)
        started = time.process_time()
        for number, line in enumerate(lines, start=1):
            bar = wire.read(line, number)
            if bar is not None:
                take(Taken(0, bar.opened, bar.closed, *bar.values))
        return time.process_time() - started

    def agree(self) -> None:
        """Both make the same decisions, byte for byte; else nothing is worth timing."""
        ran = run_program(self.program, self.machine, self.market.feed, self.terms, self.judgement)
        log, moments = StringIO(), None
        moments = self.paper(log.write)
        for bar in self.events:
            moments.take(bar)
        moments.finish()
        moments.engine.log.end(moments.engine.number, moments.engine.result().totals)
        if log.getvalue() != "".join(decisions_of(self.program, ran, self.market, self.judgement)):
            raise SystemExit("the decisions of backtest and paper differ: nothing was timed")


def stamp(moment_ns: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment_ns // 10**9))


def main(bars: int, repeats: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        walk.write(Path(folder))
        workload = Workload(
            HERE / "a.strat", Path(folder, "bars_1m.parquet" if bars > 100_000 else "bars_100k.parquet")
        )
    workload.events = workload.events[:bars]
    workload.agree()
    lines, sink = workload.lines(), StringIO()
    ways: dict[str, Callable[[], float]] = {
        "backtest loop": workload.loop,
        "paper, an event at a time": workload.taken,
        "paper, decisions written": lambda: workload.taken(sink.write),
        "paper, from the feed's lines": lambda: workload.read(lines),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            seconds[name].append(way())
            sink.seek(0)
    count = len(workload.events)
    loop = median(seconds["backtest loop"]) / len(workload.market.feed.market.rows)
    print(f"workload A, {count:,} bars, {repeats} repeats, CPU; decisions equal byte for byte")
    for name, found in seconds.items():
        each = loop if name == "backtest loop" else median(found) / count
        print(f"{name:30} {each * 1e9:9.1f} ns a bar {1 / each:14,.0f} bars/s   x {each / loop:6.1f} the loop")
    reached = count / median(seconds["paper, an event at a time"])
    print(f"goal {GOAL:,} bars/s, an event at a time: {'met' if reached >= GOAL else 'MISSED'}, x {reached / GOAL:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
