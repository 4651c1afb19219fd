"""Laws that change within a run: what is counted over the border, what is tested on which side, and both executions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

import pytest

from stratc.compiler.emit.guards import write_guards
from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.judge import Status, judge, judge_over_time
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.facts import account_facts
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.watch import Watch
from stratc.runtime.engine.codes import ROW_DAY_SHIFT
from stratc.runtime.model.account import read_account
from stratc.runtime.model.instrument import identify
from tests.judge.strategies import CHURN, SWING, account_of, program_of
from tests.judge.test_guard_code import AS_OF, build, markets_of, observers, run, steps_of

# The made-up market begins some days before AS_OF; this one lies in its middle.
BORDER = AS_OF + timedelta(5)
HALTING = """rule stop_for_good "after three fills"
  in force from 2000-01-01
  never count of fill in last 5 business days > 3
  on breach halt
"""
PACKS = load_packs()
DAY_TRADER, INTRADAY = "us.finra.pattern_day_trader", "us.finra.intraday_margin"
MOVED = """[account]
type = "margin"
currency = "USD"
equity = 8_000
residence = "US"

[broker]
legal_entity = "US"
day_trading_regime = [{ is = "pattern_day_trader" }, { from = 2026-06-04, is = "intraday_margin" }]
"""


def halting(program, account):
    statements, problems = parse_block(HALTING, 0)
    assert not problems
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    setting = Setting(
        facts=account_facts(account, AS_OF, "margin"),
        day=AS_OF,
        instruments=instruments,
        applies=tuple(range(len(instruments))),
    )
    return compile_rule("stop_for_good", statements, setting)[0]


def interpreted(program, account, market, frame, rules):
    watch = Watch(rules, armed=len(rules))
    steps = [float(step or 0) for s in program.instruments for step in steps_of(s)]
    parameters = [declared.default for declared in program.inputs]
    done = run(
        program,
        account,
        market,
        frame,
        lambda columns: InterpretedStrategy(program, columns, [], parameters, steps, watch),
    )
    return done, watch


def cut(rules):
    """Each rule as two laws that demand the same, one until the border and one from it."""
    return [half for each in rules for half in (replace(each, law_until=BORDER), replace(each, law_from=BORDER))]


@pytest.mark.compiled
def test_both_executions_agree_where_the_law_changes(tmp_path):
    program, account = program_of(CHURN), account_of()
    found = [*observers(program, account), halting(program, account)]
    first, *others = found
    # One ends, one begins, one is law in between, the others on both sides with a border.
    rules = [
        replace(first, law_until=BORDER),
        replace(others[0], law_from=BORDER),
        replace(others[1], law_from=BORDER - timedelta(1), law_until=BORDER + timedelta(2)),
        *cut(others[2:]),
    ]
    module = build(program, write_guards(rules, len(program.instruments)), tmp_path / "guarded")
    steps = [float(step or 0) for s in program.instruments for step in steps_of(s)]
    parameters = [declared.default for declared in program.inputs]
    checked = [0] * len(rules)
    breaches = [0] * len(rules)
    for market, frame in islice(markets_of(program), 8):
        plain, watch = interpreted(program, account, market, frame, rules)
        made = []
        fast = run(
            program, account, market, frame,
            lambda columns, made=made: made.append(module.Strategy(columns, [], parameters, steps)) or made[0],
            module,
        )  # fmt: skip
        assert list(fast.fill_log) == list(plain.fill_log)
        assert list(fast.denial_log) == list(plain.denial_log)
        assert list(fast.equity) == list(plain.equity)
        for number in range(len(rules)):
            broken = sum(1 for breach in watch.breaches if breach.observer == number)
            assert getattr(made[0], f"guard_{number}_checked") == watch.checked[number]
            assert getattr(made[0], f"guard_{number}_denied") == watch.denied[number]
            assert getattr(made[0], f"guard_{number}_breaches") == broken
            checked[number] += watch.checked[number]
            breaches[number] += broken
    assert all(checked), checked
    assert sum(bool(each) for each in breaches) >= 2, breaches


@pytest.mark.parametrize("halts", [False, True], ids=["guards", "a halt"])
def test_a_law_that_stays_the_same_may_change_on_any_day(halts):
    """Two laws that demand the same are one: windows and what a breach has stopped go over the border."""
    program, account = program_of(CHURN), account_of()
    rules = [halting(program, account)] if halts else observers(program, account)
    denied = 0
    for number, (market, frame) in enumerate(islice(markets_of(program), 6)):
        whole, one = interpreted(program, account, market, frame, rules)
        parted, two = interpreted(program, account, market, frame, cut(rules))
        assert list(parted.fill_log) == list(whole.fill_log), number
        assert list(parted.equity) == list(whole.equity), number
        assert two.checked[::2] != one.checked
        for place in range(len(rules)):
            assert sum(two.denied[2 * place : 2 * place + 2]) == one.denied[place]
            assert sum(two.checked[2 * place : 2 * place + 2]) == one.checked[place]
        denied += sum(one.denied)
    assert denied > 5


def test_a_rule_that_is_no_law_yet_denies_nothing_and_counts():
    program, account = program_of(CHURN), account_of()
    day_trader = next(each for each in observers(program, account) if each.rule == DAY_TRADER)
    never, late = replace(day_trader, law_from=date(2100, 1, 1)), replace(day_trader, law_from=BORDER)
    border = (BORDER - date(1970, 1, 1)).days
    on_the_border = 0
    for market, frame in islice(markets_of(program), 8):
        unguarded, nobody = interpreted(program, account, market, frame, [never])
        assert (nobody.checked, nobody.denied, nobody.breaches) == ([0], [0], [])
        guarded, watch = interpreted(program, account, market, frame, [late])
        denied = [market.rows[each.row] >> ROW_DAY_SHIFT for each in watch.happenings if each.denied_by]
        assert all(day >= border for day in denied)
        assert bool(denied) == (list(guarded.denial_log) != list(unguarded.denial_log))
        on_the_border += denied.count(border)
    # What was done in the four days before it leaves nothing on the first day of the law.
    assert on_the_border > 5


# ── which laws there are ─────────────────────────────────────────────────────────────────────────────────────────────


def over(days, packs=PACKS, account=MOVED, text=SWING):
    first, last = (date.fromisoformat(day) for day in days)
    return judge_over_time(program_of(text), read_account(account), (first, last), packs, fast=True)


def test_one_law_is_judged_as_the_law_of_its_day():
    days = (date(2026, 6, 8), date(2026, 7, 8))
    alone = judge(program_of(SWING), read_account(MOVED), days[0], PACKS, fast=True)
    assert over(["2026-06-08", "2026-07-08"]) == alone
    assert alone.law_changes == ()


def test_the_day_on_which_a_broker_moves_is_a_day_of_change():
    judged = over(["2026-05-20", "2026-06-19"])
    (change,) = judged.law_changes
    assert (change.on, change.begins, change.ends) == (date(2026, 6, 4), (INTRADAY,), (DAY_TRADER,))
    told = {verdict.rule: verdict.because for verdict in judged.verdicts if verdict.rule == DAY_TRADER}
    spans = [verdict for verdict in judged.verdicts if verdict.rule == DAY_TRADER]
    assert [each.status for each in spans][-1] is Status.NOT_APPLICABLE
    assert told[DAY_TRADER].startswith("from 2026-06-04: ")
    found = {each.rule: each for each in (*judged.guards, *judged.tripwires)}
    assert (found[DAY_TRADER].law_from, found[DAY_TRADER].law_until) == (None, date(2026, 6, 4))
    assert (found[INTRADAY].law_from, found[INTRADAY].law_until) == (date(2026, 6, 4), None)
    # What does not change is one observer without days.
    others = [each for rule, each in found.items() if rule not in (DAY_TRADER, INTRADAY)]
    assert others
    assert all(each.law_days is None for each in others)


def test_the_last_day_of_the_run_counts_and_the_one_after_it_does_not():
    assert over(["2026-05-20", "2026-06-04"]).law_changes
    assert not over(["2026-05-20", "2026-06-03"]).law_changes


def test_a_broker_that_still_counts_changes_at_the_end_of_the_phase_in():
    still = MOVED.replace(
        '[{ is = "pattern_day_trader" }, { from = 2026-06-04, is = "intraday_margin" }]', '"pattern_day_trader"'
    )
    judged = over(["2026-05-20", "2027-12-01"], account=still)
    assert [each.on for each in judged.law_changes] == [date(2027, 10, 21)]
