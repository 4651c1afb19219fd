"""Guards against the most general client: holes that were met are found, and what is enough is proved to be."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

import pytest

from stratc.compiler.judge import skeleton
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.rulefile import read_rule_file
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.skeleton.client import Promises, guard_is_sufficient
from stratc.compiler.judge.skeleton.enough import PROMISES, TABLE, digest_of, enough
from stratc.runtime.model.instrument import identify
from tests.make_guard_proofs import STATES_MAX, preventive

PDT = next(rule for pack in load_packs() for rule in pack.rules if rule.id == "us.finra.pattern_day_trader")
HEAD = 'rule made_up "made up"\n  in force from 2000-01-01\n  '
WHOLE = Promises(whole=True)
# Two day trades in two days at most, with a guard that reserves them when a position is opened.
RESERVED = """define armed per instrument: opening fill happened today with no closing fill since
  define quick: event closing fill where armed
  at quick require count of quick in last 2 business days <= 2
  guard at opening order: deny when count of quick in last 2 business days + number of instruments where armed
      + count of opening order not yet done + 1 > 2"""


def observer_of(text: str, instruments: int):
    return compiled(parse_block(f"{HEAD}{text}\n", 0)[0], instruments)


def day_trader(instruments: int, old: str = "", new: str = "", *, changes: bool = False):
    """The rule as shipped, with a part of its guard put another way."""
    text, _, guard = PDT.text.partition("guard at opening order")
    assert old in guard
    weaker = read_rule_file(PDT.name, f"{text}guard at opening order{guard.replace(old, new, 1) if old else guard}")
    counting = {"broker.day_trade_counting": "direction_changes"} if changes else {}
    return compiled(weaker.statements, instruments, counting)


def compiled(statements, instruments: int, facts=None):
    shares = tuple(identify(symbol) for symbol in ("ABC", "XYZ", "DEF")[:instruments])
    setting = Setting(facts=facts or {}, day=date(2026, 7, 1), instruments=shares, applies=tuple(range(instruments)))
    observer, problems = compile_rule("rule", statements, setting)
    assert observer is not None, problems
    return observer


@pytest.mark.parametrize("instruments", [1, 2])
def test_a_guard_that_reserves_is_enough(instruments):
    found = guard_is_sufficient(observer_of(RESERVED, instruments))
    assert (found.proved, found.steps, found.note) == (True, (), "")
    assert found.states > 20


@pytest.mark.parametrize(
    ("old", "new", "instruments"),
    [
        ("      + count of opening order not yet done + 1 > 2", "      + 1 > 2", 2),
        (" + number of instruments where armed\n", "\n", 2),
        (" + 1 > 2", " > 2", 1),
        ("deny when count of quick in last 2 business days +", "deny when count of quick today +", 1),
        ("deny when", "deny when 1 > 2 and", 1),
    ],
)
def test_a_guard_with_something_left_out_is_not(old, new, instruments):
    assert old in RESERVED
    found = guard_is_sufficient(observer_of(RESERVED.replace(old, new), instruments), WHOLE)
    assert not found.proved
    assert found.steps[-1] in {"close", "partial close"}


def test_an_entry_whose_rest_fills_after_a_close_needs_a_promise_to_cancel_it_first():
    assert guard_is_sufficient(observer_of(RESERVED, 1), Promises(cancels_first=True)).proved
    found = guard_is_sufficient(observer_of(RESERVED, 1), Promises(cancels_first=False))
    assert found.steps[:5] == ("order", "partial fill", "close", "partial fill", "close")
    assert found.steps[-1] == "close"


def test_a_rest_that_fills_on_the_next_day_is_not_covered_by_the_first_fill():
    """Reserved until its first fill only, the order's rest may still make a day trade on another day."""
    forgetful = RESERVED.replace("count of opening order not yet done", "number of instruments where sent").replace(
        "  define quick:",
        "  define sent per instrument: opening order happened with no opening fill since\n  define quick:",
    )
    found = guard_is_sufficient(observer_of(forgetful, 2))
    assert not found.proved
    assert "partial fill" in found.steps
    assert "day" in found.steps


def test_an_order_that_outlives_the_session_escapes_the_exception_for_equity():
    found = guard_is_sufficient(day_trader(1, " or order outlives session", ""), WHOLE)
    assert not found.proved
    assert "order overnight" in found.steps


@pytest.mark.parametrize("changes", [False, True], ids=["every opening", "changes of direction"])
def test_the_day_trade_guard_is_proved_enough(changes):
    """One instrument, entries that outlive their session and may work while it is closed, equity that is anything."""
    found = guard_is_sufficient(day_trader(1, changes=changes), PROMISES)
    assert (found.proved, found.steps, found.note) == (True, (), "")
    assert found.states > 1_000


def test_what_works_already_and_outlives_its_session_has_to_be_asked_for():
    """The hole that was there: day trades made while rich, then an entry of an earlier day fills while poor."""
    found = guard_is_sufficient(day_trader(1, " or count of lasting not yet done > 0", ""), PROMISES)
    assert not found.proved
    assert "order overnight" in found.steps
    assert found.steps[-3:] == ("day", "fill", "close")


@pytest.mark.slow
def test_the_table_of_guards_is_what_is_proved():
    """Every guard that ships, on one and two instruments: in the table are those that are proved enough, no others."""
    proved = {}
    for rule, _, observer in preventive():
        found = guard_is_sufficient(observer, PROMISES, states_max=STATES_MAX)
        proved |= {digest_of(observer): (rule, found.states)} if found.proved else {}
    table = json.loads((files(skeleton) / TABLE).read_text(encoding="utf-8"))
    assert {each["digest"]: (each["rule"], each["states"]) for each in table} == proved


def test_the_table_is_of_the_rules_that_ship():
    """A rule that was changed is in it no more: its guard is not called enough until that is proved anew."""
    shipped = {digest_of(observer): (rule, count) for rule, count, observer in preventive()}
    table = json.loads((files(skeleton) / TABLE).read_text(encoding="utf-8"))
    assert table
    assert all(shipped.get(each["digest"]) == (each["rule"], each["instruments"]) for each in table)


@pytest.mark.parametrize("instruments", [1, 2])
def test_what_is_proved_is_said_and_nothing_else(instruments):
    said = enough(day_trader(instruments))
    assert said.proved
    assert f"whatever is sent in {instruments} instrument" in said.because
    weaker = enough(day_trader(instruments, " or count of lasting not yet done > 0", ""))
    assert not weaker.proved
    assert weaker.because.startswith("not proved to be enough")
    assert not enough(day_trader(3)).proved


def test_a_digest_looks_at_what_a_machine_does():
    """The text's places do not count, numbers and conditions do."""
    plain = PDT.text.replace("  at day_trade require", "  # a remark\n  at day_trade require", 1)
    moved = compiled(read_rule_file(PDT.name, plain).statements, 1)
    assert digest_of(moved) == digest_of(day_trader(1))
    assert (
        len({digest_of(day_trader(1, old, new)) for old, new in (("", ""), (" + 1 >=", " + 2 >="), ("or ", "and "))})
        == 3
    )


def test_a_count_that_may_never_be_reached_is_out_of_everybodys_hands():
    """Above the minimum four are allowed; below it the next day the four are there: stated so, no guard can keep it."""
    text = """define armed per instrument: opening fill happened today with no closing fill since
  define quick: event closing fill where armed
  never count of quick in last 2 business days >= 2 and equity at last close < 25_000 USD
  guard at opening order: deny when count of quick in last 2 business days + number of instruments where armed
      + count of opening order not yet done + 1 >= 2 and equity at last close < 25_000 USD"""
    found = guard_is_sufficient(observer_of(text, 1), WHOLE)
    assert found.steps[-1] == "day"


def test_what_asks_for_money_at_its_own_time_is_not_called_enough():
    text = "at opening order require equity >= 2_000 USD\n  guard at opening order: deny when equity < 2_000 USD"
    assert not guard_is_sufficient(observer_of(text, 1)).proved


def test_too_many_states_prove_nothing():
    found = guard_is_sufficient(day_trader(2), WHOLE, states_max=100)
    assert (found.proved, found.note) == (False, "there are too many states")
