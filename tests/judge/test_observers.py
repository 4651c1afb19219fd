"""The incremental observer means what the rule means over the whole trace; guards are enough; memory is bounded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.compiler.ir.observer import EventKind
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.observe import Machine
from stratc.compiler.judge.rulefile import read_rule_file
from stratc.compiler.judge.ruleparse import parse_block
from stratc.runtime.model.instrument import identify
from tests.judge.explorer import START, explore
from tests.judge.made_rules import make_rule
from tests.judge.traces import INSTRUMENTS, MORE_STEPS, World, play, stories, wide_stories
from tests.judge.whole_trace import Told, WholeTrace

# The second is counted in halves and priced in steps of two cents, so that units are told apart.
SHARES = (identify("ABC"), replace(identify("XYZ"), quantity_step=Decimal("0.5"), tick=Decimal("0.02")))
HEAD = 'rule made_up "made up"\n  in force from 2000-01-01\n'
# Made-up rules, each about one construct of the language.
RULES = (
    "at fill require count of fill today <= 2",
    "at opening fill require count of opening fill in last 3 business days <= 2",
    "define held per instrument: opening fill happened today with no closing fill since\n"
    "  define quick: event closing fill where held\n"
    "  at quick require count of quick in last 5 business days <= 1",
    "define held per instrument: opening fill happened today with no closing fill since\n"
    "  at fill require number of instruments where held <= 1",
    "define openings per instrument: count of opening fill today since closing fill\n"
    "  at fill require total of openings <= 2",
    "define openings per instrument: count of opening fill today since closing fill\n"
    "  at closing fill require sum of openings over closing fill in last 2 business days <= 2",
    "at order require count of opening order not yet done <= 2",
    "at order require not (count of closing fill in last 2 business days >= 2) happened",
    "at fill require count of fill since new day <= 3",
    "at order require not (count of fill in last 2 business days >= 3) happened today with no new day since"
    " or count of order today <= 4",
    "never long_quantity > 2",
    "at order require not closing fill happened or equity at last close > 20_000 USD",
    "at order require count of order in last 3 calendar days <= 4",
    "at order require count of order in last 60 seconds < 4",
    'param most = 3 from 2000-01-01 cite "x" confidence D\n'
    "  define busy: count of opening order in last 2 seconds\n"
    "  at order require busy + 1 <= most and 1 < most",
    "at short order require locate happened today",
    "define fell per instrument: event mark where price <= 90% * price at last close\n"
    "  define restricted per instrument: fell happened today\n"
    "  at short order require not restricted or order.price > price",
    "define fell per instrument: event mark where price <= 90% * price at last close\n"
    "  define times per instrument: count of fell in last 2 business days\n"
    "  at order require total of times < 2",
    "at order require order.quantity <= 0.5 or order.value < 1_500 USD",
    "at order require not order.at_market or order.meets_own_order",
    "at fill require sum of fill.quantity over fill today <= 4 and fill.price <= 0.1",
    "at withdrawal require withdrawal.amount <= 10 USD and sum of deposit.amount over deposit today <= 11 USD",
    "at order require calendar days since new day < 1 or calendar days since closing fill > 2",
    "at order require highest equity since reset <= 10_000 USD and highest (equity - 5 USD) today <= equity",
    "define most per instrument: highest long_quantity_after today\n  at order require total of most <= 3",
    "never working_buy_quantity > 3 or short_quantity_after > 2",
    "never count of reset today > 0 and count of mark today > 0",
    "at new day require total of (long_value + 2 * short_value) <= 2_000 USD",
    "at opening order require 2 * total of (long_value_after) - 500 USD <= equity + 3_000 USD",
)


def setting(rules_day: date = date(2020, 1, 2), **facts) -> Setting:
    return Setting(
        facts={key.replace("__", "."): value for key, value in facts.items()},
        day=rules_day,
        instruments=SHARES,
        applies=tuple(range(INSTRUMENTS)),
    )


@st.composite
def made_rules(draw) -> str:
    return make_rule(lambda options: draw(st.sampled_from(options)))


@cache
def compiled(text: str):
    statements, problems = parse_block(HEAD + "  " + text, 0)
    assert not problems
    observer, problems = compile_rule("made_up", statements, setting())
    assert observer is not None, [problem.diagnostic().message for problem in problems]
    return statements, observer


def watch(observer, story):
    """The trace of a story, and the places of the events at which the machine says that the rule breaks."""
    machine, world, trace, broken = Machine(observer), World(), [], []
    for kind, i in play(story, world, whole=False):
        trace.append(Told(kind, i, world.day, world.all_signals()))
        broken += [len(trace) - 1] * len(machine.observe(kind, i, world))
    return trace, broken


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=25)
@given(story=wide_stories)
def test_the_observer_means_the_rule(rule, story):
    statements, observer = compiled(rule)
    trace, broken = watch(observer, story)
    assert broken == WholeTrace(statements, SHARES, trace).broken()


@settings(max_examples=250)
@given(rule=made_rules(), story=wide_stories)
def test_the_observer_means_whatever_rule_is_made(rule, story):
    statements, problems = parse_block(rule, 0)
    assert not problems, (problems, rule)
    observer, problems = compile_rule("made_up", statements, setting())
    assert observer is not None, ([problem.diagnostic().message for problem in problems], rule)
    trace, broken = watch(observer, story)
    assert broken == WholeTrace(statements, SHARES, trace).broken()


def test_made_rules_are_kept_and_broken():
    """Neither is the rule: what is made says something."""
    chance, broken = Random(3), 0
    for _ in range(150):
        observer, _ = compile_rule("made_up", parse_block(make_rule(chance.choice), 0)[0], setting())
        assert observer is not None
        broken += bool(watch(observer, random_story(chance))[1])
    assert 30 <= broken <= 140


def random_story(chance: Random) -> list[tuple[str, int]]:
    return [(chance.choice(MORE_STEPS), chance.randrange(INSTRUMENTS)) for _ in range(60)]


@pytest.mark.parametrize("rule", RULES)
def test_the_comparison_sees_breaches(rule):
    """A comparison of two empty lists says nothing: each made-up rule can be broken."""
    _, observer = compiled(rule)
    chance = Random(1)
    story = [("order", 0), ("order", 0), ("order", 0), ("fill", 0), ("fill", 0), ("fill", 0), ("partly", 0)] * 4
    story += [("day", 0), ("order", 1), ("fill", 1), ("order", 0), ("fill", 0), ("order", 1), ("order", 0)] * 2
    assert watch(observer, story)[1] or any(watch(observer, random_story(chance))[1] for _ in range(200))


@cache
def packs():
    return load_packs()


def shipped(name: str, **facts):
    rule = next(rule for pack in packs() for rule in pack.rules if rule.id == name)
    observer, problems = compile_rule(rule.id, rule.statements, setting(date(2026, 7, 1), **facts))
    assert observer is not None, problems
    return observer


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("us.finra.pattern_day_trader", {}),
        ("us.finra.pattern_day_trader", {"broker__day_trade_counting": "direction_changes"}),
        ("us.finra.intraday_margin", {}),
        ("us.finra.minimum_equity", {}),
    ],
)
@settings(max_examples=150)
@given(story=stories)
def test_with_its_guard_on_a_rule_is_never_broken(name, facts, story):
    observer = shipped(name, **facts)
    machine, world = Machine(observer), World()
    asked = name != "us.finra.pattern_day_trader"

    def may_open(world: World, i: int) -> bool:
        if not asked:
            return machine.denies(i, world) is None
        # The order that is being decided counts in what comes after it.
        world.working[i].append(world.order)
        denied = machine.denies(i, world) is not None
        world.working[i].pop()
        return not denied

    for kind, i in play(story, world, may_open):
        assert machine.observe(kind, i, world) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" + exposed", ""),
        (" + 1 >= pdt_trades", " >= pdt_trades"),
        (" or order outlives session", ""),
        ("(designated or ", "("),
    ],
)
def test_a_weaker_guard_is_found_out(old, new):
    """The exploration is hostile enough: each part of the day-trade guard that one instrument needs is missed."""
    rule = next(rule for pack in packs() for rule in pack.rules if rule.id == "us.finra.pattern_day_trader")
    text, _, guard = rule.text.partition("guard at opening order")
    assert old in guard
    weaker = read_rule_file(rule.name, text + "guard at opening order" + guard.replace(old, new, 1))
    observer, _ = compile_rule(rule.id, weaker.statements, setting(date(2026, 7, 1)))
    assert observer is not None

    assert explore(observer, START) is not None


def test_the_day_trade_guard_is_enough():
    """All states that an adversary can reach with one instrument and an equity that may change overnight."""
    assert explore(shipped("us.finra.pattern_day_trader"), START) is None


def test_without_its_guard_it_is_broken():
    machine, world = Machine(shipped("us.finra.pattern_day_trader")), World()
    story = [("order", 0), ("fill", 0), ("close", 0)] * 4
    assert any(machine.observe(kind, i, world) for kind, i in play(story, world))


@settings(max_examples=10)
@given(story=st.lists(st.sampled_from(list(EventKind)), max_size=60))
def test_memory_does_not_grow(story):
    observer = shipped("us.finra.pattern_day_trader")
    machine, world = Machine(observer), World()
    cells = len(machine.values())
    for kind in story:
        machine.observe(kind, -1 if kind is EventKind.NEW_DAY else 0, world)
    assert len(machine.values()) == cells
    assert observer.memory_bytes <= 200
