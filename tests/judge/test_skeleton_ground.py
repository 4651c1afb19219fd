"""What a proof has to bear beside the text: rules that close everything, days without bars of a rule's own instruments,
and a history that says only some of what a rule counts. Each is broken by a run where the proof would forget it.
"""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.judging import judge
from stratc.compiler.judge.pack import Pack, read_pack
from stratc.compiler.judge.rig import MadeBar
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.skeleton.proof import History, attempt
from stratc.compiler.judge.verdict import Status
from stratc.compiler.judge.watch import Watch
from stratc.runtime.model.instrument import identify
from tests.judge.hostile import every_bar, hostile_run
from tests.judge.strategies import account_of, program_of

HOLD = """strategy "Hold"
trade   {symbols} on 30 min, regular session
account margin USD

rule enter
  when flat and close > open
  then buy 90% of equity

rule leave
  when long and {age} >= 1
  then exit all
{caps}"""
SAME_DAY = """define armed per instrument: opening fill happened today
  at closing fill require not armed"""
COUNT = "at opening fill require count of opening fill in last {days} business days <= 2"
LOSS = """at mark require equity >= 99% * equity at last close
  on breach flatten"""
DAY_NS = 86_400_000_000_000
RUNS = 24


def hold(*, symbols: str = "SPY", age: str = "sessions_held", caps: str = "") -> Program:
    return program_of(HOLD.format(symbols=symbols, age=age, caps=f"\n{caps}\n" if caps else ""))


def observer_of(text: str, program: Program, name: str, applies: tuple[int, ...] = ()) -> Observer:
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    setting = Setting(
        facts={}, day=date(2026, 7, 1), instruments=instruments, applies=applies or tuple(range(len(instruments)))
    )
    statements, problems = parse_block(f'rule {name} "{name}"\n  in force from 2000-01-01\n\n  {text}\n', 0)
    assert not problems
    observer, wrong = compile_rule(name, statements, setting)
    assert observer is not None, wrong
    return observer


def broken(program: Program, observers: tuple[Observer, ...], *, armed: int, kept=every_bar) -> int:
    """In how many runs the last of the observers is broken; the first `armed` of them act."""
    found = 0
    for seed in range(RUNS):
        watch = Watch(observers, armed=armed)
        hostile_run(program, watch, Random(seed), eventful=False, kept=kept)
        found += any(each.observer == len(observers) - 1 for each in watch.breaches)
    return found


# ── a rule that closes everything ────────────────────────────────────────────────────────────────────────────────────


def test_what_another_rule_closes_is_borne_or_nothing_is_proved():
    program = hold()
    same, loss = observer_of(SAME_DAY, program, "same_day"), observer_of(LOSS, program, "loss")
    assert attempt(program, same, None, one_calendar=True).proof is not None
    assert broken(program, (loss, same), armed=0) == 0
    assert attempt(program, same, None, one_calendar=True, flattened=True).proof is None
    assert broken(program, (loss, same), armed=1) > 0


@pytest.mark.parametrize(
    "program",
    [hold(caps="keep at least 1 session"), program_of(HOLD.replace("30 min, regular session", "1 day").format(
        symbols="SPY", age="bars_held", caps=""))],
    ids=["kept", "whole days"],
)  # fmt: skip
@pytest.mark.parametrize("moment", ["opening fill", "new day", "opening order"])
def test_what_is_proved_beside_it_stands_whenever_it_closes(program, moment):
    closes = observer_of(f"at {moment} require 1 > 2\n  on breach flatten", program, "closes")
    same = observer_of(SAME_DAY, program, "same_day")
    assert attempt(program, same, None, one_calendar=True, flattened=True).proof is not None
    assert broken(program, (closes, same), armed=1) == 0


FRONT = """---
id: house.{name}
severity: house
authority: house
kind: limit
binds: this desk
citation: Desk manual 4
---
# {name}
## Requirement
## In plain words
## Rule
```rule
rule {name} "{name}"
  in force from 2020-01-01
  applies where account.type is margin

  {text}
```
## Scenarios
## At run time
## Remedy
## Interpretation
## History
"""
HOUSE = 'id = "house"\ntitle = "House"\njurisdiction = "US"\nauthority = "house"\nowner = "desk"\nversion = "1"\n'


def house(**rules: str) -> Pack:
    texts = {f"{name}.md": FRONT.format(name=name, text=text) for name, text in rules.items()}
    return read_pack("house", {"pack.toml": HOUSE, **texts})


@pytest.mark.parametrize(("rules", "status"), [({}, Status.PROVED), ({"loss": LOSS}, Status.GUARDED)])
def test_rules_are_judged_beside_those_that_close_everything(rules, status):
    judged = judge(hold(), account_of("margin"), date(2026, 7, 1), [house(same_day=SAME_DAY, **rules)], fast=True)
    assert next(each.status for each in judged.verdicts if each.rule == "house.same_day") is status


# ── days that are none of the rule's ─────────────────────────────────────────────────────────────────────────────────


def every_other_day_of_the_second_only(bar: MadeBar) -> bool:
    return bar.instrument == 0 or bar.bar.open_ns // DAY_NS % 2 == 0


@pytest.mark.parametrize(
    ("applies", "proved"), [((0, 1), True), ((1,), False)], ids=["about both", "about the second alone"]
)
def test_a_cap_on_sessions_says_nothing_of_business_days_that_are_others(applies, proved):
    program = hold(symbols="SPY, QQQ", age="bars_held", caps="cap entries 2 per 2 sessions")
    observer = observer_of(COUNT.format(days=2), program, "count", applies)
    assert (attempt(program, observer, None, one_calendar=True).proof is not None) is proved
    breaks = broken(program, (observer,), armed=0, kept=every_other_day_of_the_second_only)
    assert (breaks > 0) is not proved


# ── a history that says some of it ───────────────────────────────────────────────────────────────────────────────────


def test_a_history_of_something_else_is_no_history_of_what_is_counted():
    program = hold(caps="cap entries 2 per 5 sessions")
    observer = observer_of(COUNT.format(days=5), program, "count")
    for history in (None, History(happening="day_trade", counts=((0, 1),))):
        proof = attempt(program, observer, history, one_calendar=True).proof
        assert proof is not None
        assert "A-start" in proof.assumptions
