"""What rules in force cost: nanoseconds an order of thirty armed guards together.

    python tests/bench/guards.py [RULES] [REPEATS]

A strategy that trades at nearly every bar runs over the same bars with no rule and with that many of the shipped
packs' rules that have a guard, each armed; where there are fewer they stand there more than once. None denies anything,
so that both trade alike. Interleaved runs, CPU seconds, medians. The time an order is all that the rules do between two
orders: the guards' tests, and what observers learn of orders, fills, marks and days.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from stratc.compiler.emit.guards import write_guards
from stratc.compiler.emit.module import emit
from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.facts import account_facts
from stratc.compiler.judge.limits import caps_of, halts_of
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.market import SessionPlan, Shape, make_bars, set_stage
from stratc.compiler.judge.rig import frame_of
from stratc.compiler.judge.search import Chance
from stratc.runtime.artefact.engine_text import engine_text
from stratc.runtime.engine import codes
from stratc.runtime.executor import market as markets
from stratc.runtime.executor.backtest import run_backtest
from stratc.runtime.executor.terms import LimitFill, terms_of
from stratc.runtime.model.account import read_account
from stratc.runtime.model.instrument import identify

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.differential.compiled import compile_strategies
from tests.judge.strategies import program_of

TEXT = """strategy "Busy"
trade   SPY on 1 min, regular session
account margin USD

rule enter
  when flat
  then buy 1 share

rule leave
  when long
  then exit all
"""
ACCOUNT = '[account]\ntype = "margin"\ncurrency = "USD"\nequity = 1_000_000\n'
DAY = date(2026, 7, 1)
SESSIONS = 120
STEPS = ("tick", "pip", "point", "multiplier")


def guarded_rules(program: Program) -> list[Observer]:
    """Every shipped rule with a guard that can be asked of this program."""
    facts = account_facts(read_account(ACCOUNT), DAY, program.account_kind)
    setting = Setting(facts=facts, day=DAY, instruments=(identify("SPY"),), applies=(0,))
    found = [compile_rule(rule.id, rule.statements, setting)[0] for pack in load_packs() for rule in pack.rules]
    return [each for each in found if each is not None and each.guards]


def market_of(program: Program) -> markets.Market:
    instruments = (identify("SPY"),)
    stage = set_stage(program, instruments, DAY, SESSIONS)
    chance, shapes = Chance(7), list(Shape)
    plans = [SessionPlan(shape=shapes[chance.below(len(shapes))], amplitude=0.01, gap=0.0) for _ in range(SESSIONS)]
    bars = make_bars(stage, plans)
    frame = frame_of(program, instruments, bars)
    return markets.market(
        instruments,
        [
            markets.PlacedBar(instrument=made.instrument, day=day, bar=made.bar, ends_session=ends)
            for made, day, ends in zip(bars, frame.days, frame.ends, strict=True)
        ],
    )


class Timed:
    """A compiled strategy with some guards, and what its runs came to."""

    def __init__(self, program: Program, observers: list[Observer], folder: Path) -> None:
        emitted = emit(program, engine_text(), write_guards(observers, 1))
        self.module = compile_strategies(emitted.code, emitted.kernels, folder)
        self.program, self.observers = program, observers
        self.seconds: list[float] = []
        self.run: Any = None
        self.strategy: Any = None

    def play(self, market: markets.Market) -> None:
        instrument = identify("SPY")
        steps = [float(getattr(instrument, step) or 0) for step in STEPS]

        def made(columns: Any) -> Any:
            self.strategy = self.module.Strategy(columns, [], [], steps)
            return self.strategy

        terms = terms_of(read_account(ACCOUNT), Decimal(1_000_000), LimitFill.THROUGH)
        limits = (caps_of(self.program), halts_of(self.program))
        names = tuple(rule.name for rule in self.program.rules)
        started = time.process_time()
        self.run = run_backtest(
            market, terms, *limits, rules=names, make_strategy=made, module=self.module, planned_flows=0
        )
        self.seconds.append(time.process_time() - started)

    def denied(self) -> list[str]:
        told = enumerate(self.observers)
        return [each.rule for number, each in told if getattr(self.strategy, f"guard_{number}_denied")]


def main(rules: int, repeats: int) -> None:
    program = program_of(TEXT)
    market = market_of(program)
    with tempfile.TemporaryDirectory() as folder:
        fit = guarded_rules(program)
        while fit:
            tried = Timed(program, fit, Path(folder, f"of {len(fit)}"))
            tried.play(market)
            if not tried.denied():
                break
            # What stands behind a rule that denies was not asked.
            fit = [each for each in fit if each.rule not in tried.denied()]
        chosen = list(islice(cycle(fit), rules))
        bare, guarded = (Timed(program, each, Path(folder, f"{len(each)}")) for each in ([], chosen))
        for _ in range(repeats):
            bare.play(market)
            guarded.play(market)
    orders = len(guarded.run.order_log) // codes.PLACED_WIDTH
    if list(bare.run.fill_log) != list(guarded.run.fill_log):
        raise SystemExit("the guards changed what was traded: nothing is compared")
    more = median(guarded.seconds) - median(bare.seconds)
    bars = len(market.rows)
    print(f"{rules} rules, {len(fit)} of them different; {orders:,} orders on {bars:,} bars, none denied")
    print(f"  without {median(bare.seconds) * 1e3:8.1f} ms   with {median(guarded.seconds) * 1e3:8.1f} ms CPU")
    print(f"  {more / orders * 1e9:8.0f} ns an order, {more / orders / rules * 1e9:6.1f} ns an order and rule")
    print(f"  {more / bars * 1e9:8.0f} ns a bar, {median(guarded.seconds) / median(bare.seconds):.2f} x without")


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*(given + [30, 7][len(given) :]))
