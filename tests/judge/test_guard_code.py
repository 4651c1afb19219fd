"""The guards in machine code and in Python: the same orders denied, the same fills, the same breaches."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from stratc.compiler.emit.guards import write_guards
from stratc.compiler.emit.module import emit
from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.facts import account_facts
from stratc.compiler.judge.limits import caps_of, halts_of
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.market import SessionPlan, Shape, make_bars, set_stage
from stratc.compiler.judge.rig import frame_of
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.search import Chance
from stratc.compiler.judge.watch import Watch
from stratc.runtime.artefact.engine_text import engine_text
from stratc.runtime.executor import market as markets
from stratc.runtime.executor.backtest import run_backtest
from stratc.runtime.executor.terms import LimitFill, terms_of
from stratc.runtime.model.instrument import identify
from tests.differential.compiled import compile_strategies
from tests.judge.strategies import CHURN, PYRAMID, account_of, program_of

AS_OF = date(2026, 7, 1)
SESSIONS = 8
MARKETS = 25
RULES = ("us.finra.pattern_day_trader", "us.finra.intraday_margin", "us.finra.minimum_equity")
# Made-up rules for constructs that the shipped ones leave out.
MADE_UP = """rule made_up "made up"
  in force from 2000-01-01
  param rate = 37.5% from 2000-01-01 cite "none" confidence D
  define held per instrument: opening fill happened today with no closing fill since
  define ring per instrument: count of fill in last 3 business days
  at opening fill require max(rate * total of (exposure_after), 0 USD) <= equity - 100 USD
  at fill require count of fill where_held in last 2 business days <= 9
  never total of ring > 20
  define lasting: event opening order where order outlives session
  define lasted per instrument: count of outlived today
  define outlived: event opening order done where order outlives session
  at opening order done require order outlives session or count of lasting not yet done < 2
  never total of lasted > 1
  guard at opening order: deny when business days since closing fill < 1 and total of ring >= 16
    or order.buys and number of instruments where held >= 2
    or order outlives session and count of lasting not yet done >= 3
""".replace("count of fill where_held", "count of held_fill").replace(
    "  at opening fill", "  define held_fill: event fill where held\n  at opening fill"
)

# Entries that live for days beside such as end with their session.
RESTING = """strategy "Resting"
trade   SPY, QQQ on 30 min, regular session
account margin USD

rule wait
  when flat and on_order <= 0 shares
  then buy 20% of equity at limit close * 0.995 good for 30 bars

rule today
  when flat and close < open
  then buy 10% of equity at limit close * 0.998

rule tired
  when bars_held >= 3
  then exit all
"""

pytestmark = pytest.mark.compiled


def observers(program, account, applies=None):
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    setting = Setting(
        facts=account_facts(account, AS_OF, "margin"),
        day=AS_OF,
        instruments=instruments,
        applies=tuple(range(len(instruments))) if applies is None else applies,
    )
    rules = [(rule.id, rule.statements) for pack in load_packs() for rule in pack.rules if rule.id in RULES]
    made_up, problems = parse_block(MADE_UP, 0)
    assert not problems
    found = [compile_rule(name, statements, setting) for name, statements in [*rules, ("made_up", made_up)]]
    assert all(observer is not None for observer, _ in found), [
        problem.diagnostic().message for _, problems in found for problem in problems
    ]
    return [observer for observer, _ in found]


def build(program, guards, folder: Path):
    emitted = emit(program, engine_text(), guards)
    return compile_strategies(emitted.code, emitted.kernels, folder)


def markets_of(program, own_days=lambda day: True):
    """Many markets with the same times, each with what the clock columns need; the first instrument has `own_days`."""
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    stage = set_stage(program, instruments, AS_OF, SESSIONS)
    chance = Chance(7)
    for _ in range(MARKETS):
        plans = [
            SessionPlan(
                shape=list(Shape)[chance.below(len(Shape))],
                amplitude=(0.01, 0.03, 0.08)[chance.below(3)],
                gap=(0.0, 0.02, -0.05)[chance.below(3)],
            )
            for _ in range(SESSIONS)
        ]
        bars = tuple(made for made in make_bars(stage, plans) if made.instrument or own_days(trading_day(made)))
        frame = frame_of(program, instruments, bars)
        given = [
            markets.PlacedBar(instrument=made.instrument, day=day, bar=made.bar, ends_session=ends)
            for made, day, ends in zip(bars, frame.days, frame.ends, strict=True)
        ]
        yield markets.market(instruments, given), frame


def run(program, account, market, frame, strategy_of, module=None, planned_flows=0):
    terms = terms_of(account, Decimal(8_000), LimitFill.THROUGH)
    names = tuple(rule.name for rule in program.rules)
    limits = (caps_of(program), halts_of(program))
    flows = {"planned_flows": planned_flows}
    return run_backtest(market, terms, *limits, rules=names, make_strategy=strategy_of, module=module, **flows)


def trading_day(made):
    return datetime.fromtimestamp(made.bar.open_ns / 1e9, UTC).date()


@pytest.mark.parametrize(
    ("text", "applies", "own_days"),
    [
        (CHURN, None, lambda day: True),
        (PYRAMID, None, lambda day: True),
        (RESTING, None, lambda day: True),
        # Rules of one instrument, which is shut on days on which the other is not: a share beside a coin.
        (CHURN, (0,), lambda day: day.isoweekday() not in (3, 4)),
    ],
    ids=["churn", "pyramid", "resting", "days of one's own"],
)
def test_both_executions_agree(text, applies, own_days, tmp_path):
    program, account = program_of(text), account_of()
    rules = observers(program, account, applies)
    module = build(program, write_guards(rules, len(program.instruments)), tmp_path / "guarded")
    steps = [float(step or 0) for s in program.instruments for step in steps_of(s)]
    parameters = [declared.default for declared in program.inputs]
    denied = breached = 0
    for market, frame in markets_of(program, own_days):
        watch = Watch(rules, armed=len(rules))
        clocks = [list(column) for column in frame.clocks]
        assert not clocks, "these programs ask nothing of the clock"
        plain = run(
            program, account, market, frame,
            lambda columns, watch=watch: InterpretedStrategy(program, columns, [], parameters, steps, watch),
        )  # fmt: skip
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
            breaches = sum(1 for breach in watch.breaches if breach.observer == number)
            assert getattr(made[0], f"guard_{number}_checked") == watch.checked[number]
            assert getattr(made[0], f"guard_{number}_denied") == watch.denied[number]
            assert getattr(made[0], f"guard_{number}_breaches") == breaches
            breached += breaches
        denied += sum(watch.denied)
        # What has a guard that is enough is never broken once the guard is on.
        assert not [breach for breach in watch.breaches if breach.observer < len(RULES)]
    assert denied > MARKETS
    assert breached > 0 or applies is not None  # one instrument alone never breaks what was made up


def test_a_tripwire_watches_and_never_denies(tmp_path):
    program, account = program_of(CHURN), account_of()
    rules = observers(program, account)[:1]
    code = write_guards(rules, len(program.instruments), tripwires=1)
    assert code.deny_opening == ("return 0",)
    assert any("breaches" in field for field in code.fields)


def steps_of(symbol: str):
    instrument = identify(symbol)
    return instrument.tick, instrument.pip, instrument.point, instrument.multiplier
