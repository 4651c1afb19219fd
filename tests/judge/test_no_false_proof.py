"""What proofs must not take for granted: each rule can be broken by a program of the shape that it is asked of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.prove import prove
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.sizes import read_shape
from stratc.runtime.model.instrument import identify
from tests.judge.strategies import CHURN, SWING, program_of

HEAD = 'rule made_up "made up"\n  in force from 2000-01-01\n  '
KEPT = CHURN + "\nkeep at least 1 session\n"


def proof_of(rule: str, text: str):
    program = program_of(text)
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    setting = Setting(facts={}, day=date(2026, 7, 1), instruments=instruments, applies=tuple(range(len(instruments))))
    statements, problems = parse_block(HEAD + rule, 0)
    assert not problems
    observer, problems = compile_rule("made_up", statements, setting)
    assert observer is not None, [problem.diagnostic().message for problem in problems]
    return prove(observer, read_shape(program), day_trades_before=None)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        # opened today, but another instrument was
        ("define any: opening fill happened today\n  at closing fill require not any", KEPT),
        ("at order require highest equity since reset <= 0 USD", SWING),
        ("at order require highest (0 - total of long_quantity) today < 0 or count of order today > 9", SWING),
        ("at order require sum of (0 - order.quantity) over order today >= 0", SWING),
        ("at order require count of order in last 10 seconds <= 0", SWING),
        ("at long order require order.value <= 1 USD", SWING),
        ("at order require not order.at_market", SWING),
        ("at opening order require long_quantity_after <= 1", SWING),
        ("at deposit require deposit.amount <= 1 USD", SWING),
        ("at withdrawal require equity < 0 USD", SWING),
        ("at mark require equity < 0 USD", SWING),
        ("at reset require equity < 0 USD", SWING),
        ("define fell per instrument: event mark where price <= 90% * price at last close\n"
         "  at order require number of instruments where gone < 1\n  define gone per instrument: fell happened", SWING),
        ("at short order require equity < 0 USD", CHURN),
        ("at short fill require count of locate today > 0", CHURN),
        ("at closing order require calendar days since opening fill >= 90", SWING),
    ],
)  # fmt: skip
def test_it_is_not_called_proved(rule, text):
    assert proof_of(rule, text) is None


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("at short order require count of locate today > 0", SWING),
        ("at short fill require equity < 0 USD", SWING),
        ("at opening order require order.buys or equity < 0 USD", SWING),
        ("define held per instrument: opening fill happened today\n  at closing fill require not held", KEPT),
    ],
)
def test_it_is_proved(rule, text):
    assert proof_of(rule, text) is not None


def test_sides_are_not_known_of_what_may_do_both():
    """Without a side that is left out nothing is known of an opening."""
    shape = read_shape(program_of(SWING))
    assert (shape.buys, shape.shorts) == (True, False)
    statements, _ = parse_block(HEAD + "at opening order require order.buys", 0)
    setting = Setting(facts={}, day=date(2026, 7, 1), instruments=(identify("SPY"),), applies=(0,))
    observer, _ = compile_rule("made_up", statements, setting)
    assert prove(observer, shape, day_trades_before=None) is not None
    assert prove(observer, replace(shape, shorts=True), day_trades_before=None) is None
