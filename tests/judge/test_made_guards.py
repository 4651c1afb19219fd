"""Made-up rules in machine code and in Python: the same orders denied, the same requirements broken."""

from __future__ import annotations

from array import array
from datetime import date
from random import Random

import pytest

from stratc.compiler.emit.guards import write_guards
from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.watch import Watch
from stratc.runtime.engine import codes
from stratc.runtime.model.instrument import identify
from tests.judge.made_rules import make_guard, make_rule
from tests.judge.strategies import account_of, program_of
from tests.judge.test_guard_code import build, markets_of, run, steps_of

AS_OF = date(2026, 7, 1)
MADE = 24
MARKETS_PLAYED = 8
BUSY = """strategy "Busy"
trade   SPY, QQQ on 30 min, regular session
account margin USD

rule dip
  when not short and close < open
  then buy 10% of equity at limit low
       good for 3 bars
rule chase
  when not short and close > open
  then buy 5% of equity
       target close * 1.005
rule fade
  when not long and close > open
  then short 10% of equity at limit high, after locate
       good for 20 bars
rule leave
  when bars_held >= 2
  then exit half at limit close
rule out
  when bars_held >= 5
  then exit all

contribute 500 USD every week, on first session
withdraw 200 USD every week, on last session
"""

# Late in most runs, so that the others have something to watch before.
FLATTENS = """rule enough "Enough is enough"
  in force from 2000-01-01
  at closing fill require count of closing fill since new day <= 9
  on breach flatten
"""

pytestmark = pytest.mark.compiled


def made_up(program):
    """Observers of rules that were made, each with a guard; registers of every kind are among them."""
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    setting = Setting(facts={}, day=AS_OF, instruments=instruments, applies=tuple(range(len(instruments))))
    chance = Random(11)
    found = []
    made = [make_rule(chance.choice) + make_guard(chance.choice) for _ in range(MADE)]
    for number, text in enumerate([FLATTENS, *made]):
        statements, problems = parse_block(text, 0)
        assert not problems, text
        observer, problems = compile_rule(f"made_{number}", statements, setting)
        assert observer is not None, (text, problems)
        found.append(observer)
    return found


def test_both_executions_agree_on_made_rules(tmp_path):
    program, account = program_of(BUSY), account_of()
    rules = made_up(program)
    kinds = {(register.kind, register.calendar) for rule in rules for register in rule.registers}
    assert len(kinds) >= 8, kinds
    # Most only watch: what is denied would leave little to watch.
    armed = 7
    guards = write_guards(rules, len(program.instruments), tripwires=len(rules) - armed)
    module = build(program, guards, tmp_path / "made")
    steps = [float(step or 0) for symbol in program.instruments for step in steps_of(symbol)]
    denied = breached = flattened = 0
    for place, (market, frame) in enumerate(markets_of(program)):
        if place == MARKETS_PLAYED:
            break
        watch, made = Watch(rules, armed=armed), []
        flows, kept = {"planned_flows": len(program.flows)}, [array("q", map(int, each)) for each in frame.clocks]
        addresses = [column.buffer_info()[0] for column in kept]

        def in_python(columns, watch=watch, clocks=frame.clocks):
            return InterpretedStrategy(program, columns, clocks, [], steps, watch)

        def in_c(columns, made=made, clocks=addresses):
            made.append(module.Strategy(columns, clocks, [], steps))
            return made[0]

        plain = run(program, account, market, frame, in_python, **flows)
        fast = run(program, account, market, frame, in_c, module, **flows)
        assert list(fast.fill_log) == list(plain.fill_log)
        assert list(fast.denial_log) == list(plain.denial_log)
        for number, machine in enumerate(watch.machines):
            told = [breach for breach in watch.breaches if breach.observer == number]
            assert getattr(made[0], f"guard_{number}_breaches") == len(told), machine.observer
            assert getattr(made[0], f"guard_{number}_denied") == watch.denied[number]
        seen = {happening.kind for happening in watch.happenings}
        breached += len({breach.observer for breach in watch.breaches})
        denied += sum(watch.denied)
        roles = list(plain.fill_log)[codes.FILL_ROLE :: codes.FILL_WIDTH]
        flattened += roles.count(codes.ROLE_FLATTEN)
    assert {"locate", "deposit", "withdrawal", "mark", "new_day"} <= seen
    assert breached > MARKETS_PLAYED * MADE // 4
    assert denied > 0
    assert flattened > 0
