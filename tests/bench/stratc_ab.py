"""A workload on stratc, as a user gets it: the artefact's loop over all bars, rules, caps, halts and exact money on.

    python stratc_ab.py a.strat bars_1m.parquet REPEATS

Prints one JSON line: CPU seconds of each repeat's loop, round trips, final equity, the rules whose guards ran.
"""

from __future__ import annotations

import json
import sys
import time
from array import array
from datetime import date
from pathlib import Path

from stratc.compiler.ir.uses import clock_requests
from stratc.compiler.judge.limits import caps_of, halts_of
from stratc.compiler.shell.market_data import DataOptions, read_market
from stratc.compiler.shell.packs import load_all_packs
from stratc.compiler.shell.reading import read_instruments, read_profile, read_source
from stratc.compiler.workbench import Law, check
from stratc.compiler.workbench.compiling import contents_of
from stratc.compiler.workbench.running import build_machine, terms_for
from stratc.runtime.engine import codes
from stratc.runtime.executor.backtest import hand_over, open_book
from stratc.runtime.executor.market import steps_of
from stratc.runtime.executor.scale import scale
from stratc.runtime.feeds.bars import Stamp

HERE = Path(__file__).parent


def main(strategy: Path, prices: Path, repeats: int) -> None:
    profile = read_profile(HERE / "account.toml", None)
    own = read_instruments(profile, None, strategy)
    law = Law(packs=load_all_packs(()), as_of=date(2026, 7, 1))
    report = check(read_source(strategy), law, profile, instruments=own, fast=True)
    program, judgement = report.compilation.program, report.judgement
    if program is None or judgement is None or profile is None:
        raise SystemExit(f"{strategy} does not check: {report.diagnostics}")
    machine = build_machine(contents_of(report, law, backtest_only=False), optimize=True)
    if machine.module is None:
        raise SystemExit(f"no compiled strategy: {machine.note}")
    options = DataOptions(data=(f"BENCH={prices}",), columns={}, timezone=None, stamp=Stamp.OPEN, first=None, last=None)
    market = read_market(program, own, strategy, options).feed
    columns = market.market
    scaled = scale(columns.instruments, columns.price_max, program.currency, profile.equity or 0)
    seconds, book = [], None
    equity = array("q", bytes(8 * len(columns.rows)))
    given = [columns.open, columns.high, columns.low, columns.close, columns.volume]
    held = [hand_over(each, "d", compiled=True) for each in given]
    held += [hand_over(each, "q", compiled=True) for each in (columns.rows, equity)]
    clocks = [hand_over(market.clocks[request], "q", compiled=True) for request in clock_requests(program)]
    for _ in range(repeats):
        table = machine.module.engine.Columns(*(address for address, _ in held))
        steps = steps_of(columns.instruments)
        parameters = [declared.default for declared in program.inputs]
        strategy_made = machine.module.Strategy(table, [address for address, _ in clocks], parameters, steps)
        book = open_book(
            machine.module,
            columns.instruments,
            scaled,
            terms_for(program, profile, scaled.money(0), judgement),
            caps_of(program),
            halts_of(program),
            len(program.rules),
        )
        started = time.process_time()
        machine.module.run_rows(book, strategy_made, table, 0, len(columns.rows))
        seconds.append(time.process_time() - started)
    closings = len(book.log(codes.LOG_CLOSINGS)) // codes.CLOSING_WIDTH
    told = {
        "engine": "stratc",
        "cpu_seconds": seconds,
        "round_trips": closings,
        "final_equity": float(scaled.money(equity[-1])),
        "rules": {each.rule: each.status.value for each in judgement.verdicts if each.status != "not_applicable"},
        "guards": len(judgement.guards),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
