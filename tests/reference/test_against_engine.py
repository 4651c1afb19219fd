"""The engine against the reference: every fill, and the money at the end, on plans and bars that hypothesis draws."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratc.compiler.driver import compile_source
from stratc.compiler.judge.rig import frame_of, set_up
from stratc.compiler.judge.watch import Watch
from stratc.dsl.source import Source
from stratc.runtime.engine import codes
from stratc.runtime.executor.terms import NO_COMMISSION, NO_SLIPPAGE, AccountKind, LimitFill, Terms
from stratc.runtime.model.instrument import identify
from tests.reference import simulator
from tests.reference.account import Fill
from tests.reference.markets import Move, markets
from tests.reference.plans import Entry, Exit, Offset, Plan, Rule, text_of

CASH = Decimal(10_000)
ROLES = {1: "entry", 2: "exit", 3: "stop loss", 4: "target", 5: "flatten"}
TERMS = Terms(
    kind=AccountKind.MARGINED,
    currency="USD",
    equity=CASH,
    commission=NO_COMMISSION,
    slippage=NO_SLIPPAGE,
    limit_fill=LimitFill.THROUGH,
    first_in_first_out=False,
)


def engine_fills(text, bars):
    """What the engine does: fills like the reference's, and the equity at the end."""
    compiled = compile_source(Source("reference.strat", text))
    assert compiled.program is not None, [problem.message for problem in compiled.diagnostics]
    spy = (identify("SPY"),)
    made = set_up(compiled.program, spy, bars, frame_of(compiled.program, spy, bars), TERMS, Watch((), armed=0))
    for session in range(len(made.ends)):
        made.drive(session)
    log, width = made.book.log(0), codes.FILL_WIDTH
    rows = [log[at : at + width] for at in range(0, len(log), width)]
    fills = [
        Fill(
            row[codes.FILL_ROW],
            ROLES[row[codes.FILL_ROLE]],
            row[codes.FILL_SIDE],
            row[codes.FILL_LOTS],
            Decimal(row[codes.FILL_TICKS]) / 100,
        )
        for row in rows
    ]
    return fills, made.scale.money(made.book.equity)


def compare(plan, sessions, start):
    mine, theirs = markets(sessions, start, daily=plan.daily)
    text = text_of(plan)
    shown = [f"{b.day} {b.open} {b.high} {b.low} {b.close}{' last' if b.last else ''}" for b in mine]
    expected = simulator.run(plan, mine, CASH)
    fills, equity = engine_fills(text, theirs)
    assert fills == expected.fills, "\n".join([text, *shown])
    assert equity == expected.equity, "\n".join([text, *shown])
    return fills


# ── what is drawn ────────────────────────────────────────────────────────────────────────────────────────────────────

ratios = st.sampled_from([Decimal(1), Decimal("1.5"), Decimal(2), Decimal("0.5")])
percents = st.sampled_from([Decimal(1), Decimal(20), Decimal(50), Decimal(90), Decimal(150)])
cents = st.integers(1, 120)


@st.composite
def entries(draw, *, daily, grouped=False):
    side = draw(st.sampled_from([1, -1]))
    kind = draw(st.sampled_from(["limit", "stop"] if grouped else ["market", "next", "limit", "stop", "stop limit"]))
    worse, better = ("high", "low") if side > 0 else ("low", "high")
    stop = Offset(worse, side * draw(st.integers(0, 60))) if kind.startswith("stop") else None
    limit = Offset(better, -side * draw(st.integers(-80, 60))) if kind == "limit" else None
    if kind == "stop limit" and stop is not None:
        limit = Offset(worse, stop.cents + side * draw(st.integers(-30, 60)))
    risks = grouped or draw(st.booleans())
    base = limit or stop or Offset("close", 0)
    loss = Offset(base.column, base.cents - side * draw(cents)) if risks or draw(st.booleans()) else None
    if risks:
        size = ("risk", draw(st.sampled_from([Decimal(1), Decimal(2)])))
    else:
        size = draw(
            st.one_of(
                st.tuples(st.just("shares"), st.integers(1, 90).map(Decimal)), st.tuples(st.just("equity"), percents)
            )
        )
    goals = [st.none(), st.tuples(st.just("distance"), cents.map(Decimal))]
    goals += [st.tuples(st.just("R"), ratios)] if loss is not None else []
    goals += [cents.map(lambda away: Offset(base.column, base.cents + side * away))]
    return Entry(
        side=side,
        size=size,
        at_most=draw(st.one_of(st.none(), percents)) if risks else None,
        limit=limit,
        stop=stop,
        next_open=kind == "next" and daily,
        stop_loss=loss,
        target=draw(st.one_of(goals)),
        life=None if grouped else draw(st.sampled_from([None, None, 1, 3])) if kind != "next" or not daily else None,
    )


@st.composite
def rules(draw, *, daily):
    condition = draw(st.sampled_from(["up", "down", "rising", "any"]))
    at_most = draw(st.sampled_from([None, None, 1, 2]))
    if draw(st.integers(0, 3)) == 0:
        life = draw(st.sampled_from([None, 2]))
        size = ("risk", draw(st.sampled_from([Decimal(1), Decimal(3)])))
        legs = [draw(entries(daily=daily, grouped=True)) for _ in range(2)]
        legs = [Entry(**{**vars(leg), "size": size, "at_most": None, "life": life}) for leg in legs]
        return Rule(condition=condition, gate="flat", entries=tuple(legs), at_most=at_most)
    entry = draw(entries(daily=daily))
    gate = draw(st.sampled_from(["flat", "not short" if entry.side > 0 else "not long"]))
    return Rule(condition=condition, gate=gate, entries=(entry,), at_most=at_most)


@st.composite
def exits(draw):
    kind = draw(st.sampled_from(["market", "limit", "stop"]))
    gate = draw(st.sampled_from(["long", "short"]))
    side = 1 if gate == "long" else -1
    away = draw(st.integers(0, 100))
    return Rule(
        condition=draw(st.sampled_from(["up", "down", "any"])),
        gate=gate,
        exit=Exit(
            portion=draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.25")])),
            limit=Offset("close", side * away) if kind == "limit" else None,
            stop=Offset("close", -side * away) if kind == "stop" else None,
        ),
    )


@st.composite
def plans(draw):
    daily = draw(st.booleans())
    made = draw(st.lists(rules(daily=daily), min_size=1, max_size=3)) + draw(st.lists(exits(), max_size=2))

    def some(values):
        return draw(st.one_of(st.none(), st.none(), st.sampled_from(values)))

    return Plan(
        rules=tuple(draw(st.permutations(made))),
        daily=daily,
        position=some([Decimal(60), Decimal(100)]),
        leverage=some([Decimal(1), Decimal("1.5")]),
        entries=some([1, 2]),
        stop_distance=some([Decimal("0.3")]),
        daily_loss=some([Decimal("0.3"), Decimal(1)]),
        drawdown=some([Decimal("0.5"), Decimal(2)]),
        keep=some([1, 2]),
    )


moves = st.builds(
    Move,
    gap=st.one_of(st.just(0), st.integers(-20, 20), st.integers(-200, 200)),
    body=st.one_of(st.integers(-30, 30), st.integers(-150, 150)),
    above=st.integers(0, 80),
    below=st.integers(0, 80),
)


@st.composite
def sessions_of(draw, *, daily):
    if daily:
        return [[(0, draw(moves))] for _ in range(draw(st.integers(4, 14)))]
    found = []
    for _ in range(draw(st.integers(2, 5))):
        slots = draw(st.lists(st.integers(0, 11), min_size=1, max_size=5, unique=True))
        slots = sorted(slots) + ([12] if draw(st.integers(0, 4)) else [])
        found.append([(slot, draw(moves)) for slot in slots])
    return found


@pytest.mark.fast
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), plan=plans(), start=st.sampled_from([2_000, 10_000, 10_037]))
def test_the_engine_fills_what_the_reference_fills(data, plan, start):
    compare(plan, data.draw(sessions_of(daily=plan.daily)), start)


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────────────────────────

LONG = Rule("up", "flat", (Entry(1, ("risk", Decimal(1)), stop_loss=Offset("low", 0), target=("R", Decimal(2))),))
# Open 100.00, close 101.00, low 99.50: risk of 100 USD over 1.50 a share is 66 shares.
SIGNAL = Move(gap=0, body=100, above=0, below=50)


@pytest.mark.fast
@pytest.mark.parametrize(
    ("after", "closing"),
    [
        # Filled at 101.00, R = 1.50: the target is 104.00 and fills where a bar goes through it.
        (Move(gap=0, body=310, above=0, below=0), Fill(1, "target", -1, 66, Decimal("104.00"))),
        # Touched only: nothing.
        (Move(gap=0, body=300, above=0, below=0), None),
        # Both in one bar: against the trader.
        (Move(gap=0, body=310, above=0, below=160), Fill(1, "stop loss", -1, 66, Decimal("99.50"))),
        # Filled at 98.00, below the stop loss: out again at the open.
        (Move(gap=-300, body=100, above=0, below=0), Fill(1, "stop loss", -1, 66, Decimal("98.00"))),
    ],
)
def test_a_bracket(after, closing):
    fills = compare(Plan(rules=(LONG,), daily=True), [[(0, SIGNAL)], [(0, after)]], 10_000)
    assert fills[0] == Fill(1, "entry", 1, 66, Decimal(10_100 + after.gap) / 100)
    assert fills[1:] == ([] if closing is None else [closing])


@pytest.mark.fast
def test_a_day_order_lives_on_where_the_last_bar_of_its_session_is_missing():
    """It ends when the next session begins; until then it works, so that the strategy is not flat."""
    rule = Rule("any", "flat", (Entry(1, ("shares", Decimal(10)), limit=Offset("low", -500)),))
    quiet, dip = Move(gap=0, body=0, above=10, below=10), Move(gap=0, body=0, above=0, below=1_000)
    plan = Plan(rules=(rule, Rule("any", "long", exit=Exit(Decimal(1)))))
    whole = compare(plan, [[(0, quiet), (11, quiet), (12, quiet)], [(0, dip)]], 10_000)
    cut = compare(plan, [[(0, quiet), (11, quiet)], [(0, dip)]], 10_000)
    assert whole == [Fill(3, "entry", 1, 10, Decimal("94.90"))]
    assert cut == []
