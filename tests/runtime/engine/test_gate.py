"""The gate: every reason by itself, and of each two neighbours in the order of precedence the first one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import nan

import pytest

from stratc.runtime.engine import codes as K
from stratc.runtime.model.denial import DenialReason
from tests.runtime.engine.scripted import START, Bar, Enter, Exit, Limited, OneOf, new_book, run

pytestmark = pytest.mark.fast

FLAT = (100, 100, 100, 100)
LOSS = (80, 80, 80, 80)


class Case:
    """A situation that denies the last order for one reason; `plus` adds it to another situation of the same script."""

    def __init__(
        self,
        *,
        settings=None,
        halts=(),
        before=(),
        change=None,
        outside=False,
        ends=0,
        guard=None,
        limited=False,
        abroad=False,
        over=False,
        facts=None,
    ):
        self.facts = facts or {}
        self.settings, self.halts, self.before = settings or {}, halts, before
        self.abroad = abroad
        self.change, self.outside, self.ends, self.guard, self.limited = change or {}, outside, ends, guard, limited
        self.over = over


HALT = (K.BASELINE_START, 1e-6, 0, K.UNTIL_RELEASED)
SHORT = {"side": K.SELL, "loss": 130.0}
CASES = {
    DenialReason.UNKNOWN_VALUE: Case(change={"at_most": (K.SIZE_NOTIONAL, nan)}),
    DenialReason.NO_CONVERSION_RATE: Case(abroad=True),
    DenialReason.ZERO_QUANTITY: Case(change={"size": (K.SIZE_QUANTITY, 0.5)}),
    DenialReason.BELOW_MINIMUM: Case(facts={"notional_min": 10**12}),
    DenialReason.WRONG_SIDE_OF_PRICE: Case(change={"loss": 80.0}),
    DenialReason.HALTED: Case(halts=[HALT], before=(Enter(size=(K.SIZE_QUANTITY, 1)),)),
    DenialReason.CONTRACT_OVER: Case(over=True),
    DenialReason.OUTSIDE_HOURS: Case(outside=True),
    DenialReason.NO_ENTRIES: Case(before=(Bar(),)),
    DenialReason.TIME_OVER: Case(change={"life": (K.LIFE_UNTIL, 0)}, ends=1),
    DenialReason.SAME_TICK: Case(change={"same_tick": True}),
    DenialReason.RULE_LIMIT: Case(limited=True),
    DenialReason.STOP_DISTANCE: Case(settings={K.SETTING_STOP_DISTANCE: 0.5}),
    DenialReason.CAP_POSITION: Case(settings={K.SETTING_CAP_POSITION_RATIO: 0.0001}),
    DenialReason.CAP_UNITS: Case(settings={K.SETTING_CAP_UNITS: 0}),
    DenialReason.CAP_GROSS: Case(settings={K.SETTING_CAP_GROSS_MONEY: 100}),
    DenialReason.CAP_LEVERAGE: Case(settings={K.SETTING_CAP_LEVERAGE: 0.0001}),
    DenialReason.CAP_ORDERS_PER_SECOND: Case(settings={K.SETTING_CAP_ORDERS_PER_SECOND: 0}),
    DenialReason.CAP_ENTRIES: Case(settings={K.SETTING_CAP_ENTRIES: 0, K.SETTING_CAP_ENTRIES_SESSIONS: 1}),
    DenialReason.CAP_DAY_TRADES: Case(settings={K.SETTING_CAP_DAY_TRADES: 0, K.SETTING_CAP_DAY_TRADES_SESSIONS: 5}),
    DenialReason.CASH: Case(settings={K.SETTING_ACCOUNT: K.ACCOUNT_CASH}, change={"size": (K.SIZE_QUANTITY, 2e4)}),
    DenialReason.ORDER_SLOTS: Case(before=(Enter(kind=K.KIND_LIMIT, limit=1, life=(K.LIFE_BARS, 99)),) * 6),
    DenialReason.ARITHMETIC_LIMIT: Case(change={"size": (K.SIZE_QUANTITY, 2.0**40)}),
    DenialReason.NO_BORROW: Case(change=SHORT, facts={"borrow_lots": 9}),
    DenialReason.SHORT_RESTRICTED: Case(change=SHORT, facts={"restrictable": 1, "restricted_until": 9}),
    DenialReason.RULE_GUARD: Case(guard=lambda *given: 7),
}


def last_denial(*cases):
    """The reason against an entry after a fall, in the situation of all these cases; 0 where it is placed."""
    entry = Enter(loss=70.0)
    for case in cases:
        entry = replace(entry, **case.change)
    facts = {name: value for case in cases for name, value in case.facts.items()}
    order = Limited(entry, count=0) if any(case.limited for case in cases) else entry
    done = run(
        [FLAT, FLAT, LOSS],
        {
            0: [action for case in cases for action in case.before],
            2: [
                Late(
                    {code: value for case in cases for code, value in case.settings.items()},
                    facts,
                    order,
                    any(case.abroad for case in cases),
                    any(case.over for case in cases),
                )
            ],
        },
        days=[0, 1, 7],
        halts=[halt for case in cases for halt in case.halts],
        outside=frozenset({2}) if any(case.outside for case in cases) else frozenset(),
        ends={2: max(case.ends for case in cases)},
        guard=next((case.guard for case in cases if case.guard), lambda *given: 0),
    )
    return max(0, -done.strategy.answers[-1])


@dataclass
class Late:
    """An order under settings that did not hold for what was ordered before it."""

    settings: dict
    facts: dict
    order: object
    abroad: bool
    over: bool

    def do(self, book, strategy):
        if self.abroad:
            book.set_currency(self.order.i if isinstance(self.order, Enter) else self.order.entry.i, 1, 0.0)
        for code, value in self.settings.items():
            book.set_setting(code, value)
        for name, value in self.facts.items():
            getattr(book, name)[0] = value
        book.over[0] = int(self.over)
        return self.order.do(book, strategy)


def test_every_reason_has_a_case_and_its_code():
    assert list(CASES) == list(DenialReason)
    assert {name: int(reason) for name, reason in DenialReason.__members__.items()} == {
        name.removeprefix("DENIED_"): value for name, value in vars(K).items() if name.startswith("DENIED_")
    }


def test_nothing_is_denied_without_a_reason():
    assert last_denial(Case()) == 0


@pytest.mark.parametrize("reason", CASES, ids=lambda reason: reason.name)
def test_a_reason_denies(reason):
    assert last_denial(CASES[reason]) == reason


@pytest.mark.parametrize(("first", "second"), list(pairwise(CASES)), ids=lambda reason: reason.name)
def test_the_first_reason_wins(first, second):
    assert last_denial(CASES[first], CASES[second]) == first


def test_denials_are_counted_and_logged():
    done = run([FLAT, FLAT], {0: [Enter(size=(K.SIZE_QUANTITY, nan))], 1: [Enter(size=(K.SIZE_QUANTITY, 0.1))]})
    assert done.denials == [(0, DenialReason.UNKNOWN_VALUE), (1, DenialReason.ZERO_QUANTITY)]
    assert done.book.denied[DenialReason.UNKNOWN_VALUE] == 1


UNKNOWN = {
    "limit": Enter(kind=K.KIND_LIMIT),
    "stop": Enter(kind=K.KIND_STOP),
    "stop limit": Enter(kind=K.KIND_STOP_LIMIT, stop=105),
    "stop loss": Enter(loss=nan),
    "target": Enter(target=(K.TARGET_PRICE, nan)),
    "risk without a stop loss": Enter(size=(K.SIZE_RISK, 100)),
    "multiple of no risk": Enter(target=(K.TARGET_R_MULTIPLE, 2)),
    "at most": Enter(at_most=(K.SIZE_NOTIONAL, nan)),
}


@pytest.mark.parametrize("entry", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_never_makes_an_order(entry):
    assert run([FLAT], {0: [entry]}).denials == [(0, DenialReason.UNKNOWN_VALUE)]


def test_no_order_before_the_first_mark():
    assert run([(nan, nan, nan, nan)], {0: [Enter()]}).denials == [(0, DenialReason.UNKNOWN_VALUE)]


def test_an_unknown_exit_is_denied_and_others_never_are():
    caps = {K.SETTING_CAP_ORDERS_PER_SECOND: 1, K.SETTING_CAP_LEVERAGE: 0.5}
    script = {0: [Enter()], 1: [Exit(kind=K.KIND_LIMIT)], 2: [Exit()], 3: [Exit()]}
    done = run([FLAT, FLAT, FLAT, FLAT], script, settings=caps, outside=frozenset({1, 2, 3}))
    assert done.strategy.answers == [0, -DenialReason.UNKNOWN_VALUE, 0, K.NO_ORDER]


# ── exposure ─────────────────────────────────────────────────────────────────────────────────────────────────────────

CAPPED = {
    "just fits": ({K.SETTING_CAP_POSITION_RATIO: 0.001}, [Enter()], 0),
    "one lot more does not": (
        {K.SETTING_CAP_POSITION_RATIO: 0.001},
        [Enter(size=(K.SIZE_QUANTITY, 11))],
        -K.DENIED_CAP_POSITION,
    ),
    "working openings count": ({K.SETTING_CAP_POSITION_UNITS: 15}, [Enter(), Enter()], -K.DENIED_CAP_POSITION),
    "the larger side counts, not the sum": ({K.SETTING_CAP_POSITION_UNITS: 15}, [Enter(), Enter(side=K.SELL)], 1),
    "a buy limit below counts at the mark": (
        {K.SETTING_CAP_POSITION_MONEY: 999},
        [Enter(kind=K.KIND_LIMIT, limit=50)],
        -K.DENIED_CAP_POSITION,
    ),
    "a buy stop above at its price": (
        {K.SETTING_CAP_POSITION_MONEY: 1000},
        [Enter(kind=K.KIND_STOP, stop=101)],
        -K.DENIED_CAP_POSITION,
    ),
    "gross just fits": ({K.SETTING_CAP_GROSS_RATIO: 0.002}, [Enter(), Enter(i=1)], 0),
    "no room at all": ({K.SETTING_CAP_POSITION_RATIO: 0}, [Enter()], -K.DENIED_CAP_POSITION),
    "gross sums instruments": ({K.SETTING_CAP_GROSS_RATIO: 0.0015}, [Enter(), Enter(i=1)], -K.DENIED_CAP_GROSS),
    "leverage too": ({K.SETTING_CAP_LEVERAGE: 0.0015}, [Enter(), Enter(i=1)], -K.DENIED_CAP_LEVERAGE),
    "orders of a moment": (
        {K.SETTING_CAP_ORDERS_PER_SECOND: 1},
        [Enter(), Enter(i=1)],
        -K.DENIED_CAP_ORDERS_PER_SECOND,
    ),
    "working entries": (
        {K.SETTING_CAP_ENTRIES: 1, K.SETTING_CAP_ENTRIES_SESSIONS: 1},
        [Enter(), Enter(i=1)],
        -K.DENIED_CAP_ENTRIES,
    ),
    "a cash account": ({K.SETTING_ACCOUNT: K.ACCOUNT_CASH}, [Enter(size=(K.SIZE_QUANTITY, 6e3))] * 2, -K.DENIED_CASH),
    "sells nothing short": ({K.SETTING_ACCOUNT: K.ACCOUNT_CASH}, [Enter(side=K.SELL)], -K.DENIED_CASH),
    "fees count": (
        {K.SETTING_ACCOUNT: K.ACCOUNT_CASH, K.SETTING_FEE_PER_ORDER: 1},
        [Enter(size=(K.SIZE_QUANTITY, 1e4))],
        -K.DENIED_CASH,
    ),
}


@pytest.mark.parametrize(("settings", "entries", "answer"), CAPPED.values(), ids=CAPPED)
def test_caps(settings, entries, answer):
    done = run([FLAT, FLAT], {1: entries}, settings=settings, instruments=[0, 1])
    assert done.strategy.answers[-1] == answer


def test_a_one_of_is_one_entry():
    pair = OneOf(entries=(Enter(kind=K.KIND_STOP, stop=110), Enter(kind=K.KIND_STOP, stop=90, side=K.SELL)))
    caps = {K.SETTING_CAP_ENTRIES: 1, K.SETTING_CAP_ENTRIES_SESSIONS: 1}
    done = run([FLAT], {0: [pair]}, settings=caps)
    assert done.statuses == [K.STATUS_WORKING] * 2
    assert done.book.working_counted == 1


def test_entries_of_other_groups_and_of_none_are_counted_apart():
    caps = {K.SETTING_CAP_ENTRIES: 3, K.SETTING_CAP_ENTRIES_SESSIONS: 1}
    pair = OneOf(entries=(Enter(kind=K.KIND_STOP, stop=110), Enter(kind=K.KIND_STOP, stop=90, side=K.SELL)))
    done = run([FLAT], {0: [Enter(), pair, Enter(), Enter()]}, settings=caps)
    assert done.denials == [(0, DenialReason.CAP_ENTRIES)]
    assert done.book.working_counted == 3


def test_filled_entries_leave_their_cap_s_window():
    caps = {K.SETTING_CAP_ENTRIES: 1, K.SETTING_CAP_ENTRIES_SESSIONS: 2}
    script = {row: [Enter()] for row in range(5)}
    done = run([FLAT] * 6, script, days=[0, 0, 1, 2, 2, 3], settings=caps)
    assert [row for row, reason in done.denials] == [1, 2, 4]


DAY_TRADE = {0: [Enter()], 1: [Exit()], 2: [Enter()], 3: [Exit()], 4: [Enter()], 5: [Exit()], 6: [Enter()]}


@pytest.mark.parametrize(
    ("days", "denied_rows"),
    [([0] * 7, [4, 6]), ([0, 0, 0, 1, 1, 1, 9], [4, 6]), ([0, 0, 0, 0, 1, 1, 2], [])],
    ids=["one day", "over days", "closed overnight"],
)
def test_day_trades_are_capped_over_sessions(days, denied_rows):
    """Two day trades are in the window; sessions are counted by those that the run has seen."""
    caps = {K.SETTING_CAP_DAY_TRADES: 2, K.SETTING_CAP_DAY_TRADES_SESSIONS: 5}
    done = run([FLAT] * 7, DAY_TRADE, days=days, settings=caps)
    assert [row for row, reason in done.denials] == denied_rows


def test_a_working_entry_may_become_a_day_trade_but_a_sibling_dies_with_its_fill():
    caps = {K.SETTING_CAP_DAY_TRADES: 1, K.SETTING_CAP_DAY_TRADES_SESSIONS: 5}
    stops = (Enter(kind=K.KIND_STOP, stop=110), Enter(kind=K.KIND_STOP, stop=90, side=K.SELL))
    assert run([FLAT], {0: stops}, settings=caps).denials == [(0, DenialReason.CAP_DAY_TRADES)]
    assert run([FLAT], {0: [OneOf(entries=stops)]}, settings=caps).denials == []
    assert run([FLAT], {0: [OneOf(entries=stops), Enter()]}, settings=caps).denials == [
        (0, DenialReason.CAP_DAY_TRADES)
    ]


def test_day_trades_leave_the_window():
    caps = {K.SETTING_CAP_DAY_TRADES: 1, K.SETTING_CAP_DAY_TRADES_SESSIONS: 2}
    script = {0: [Enter()], 1: [Exit()], 3: [Enter()], 4: [Enter()]}
    done = run([FLAT] * 6, script, days=[0, 0, 0, 1, 2, 2], settings=caps)
    assert [row for row, reason in done.denials] == [3]
    assert done.book.total[K.TOTAL_DAY_TRADES] == 1


def test_an_overnight_position_is_no_day_trade():
    done = run([FLAT] * 4, {0: [Enter()], 2: [Exit()]}, days=[0, 0, 1, 1])
    assert done.book.total[K.TOTAL_DAY_TRADES] == 0


# ── at most n ────────────────────────────────────────────────────────────────────────────────────────────────────────

MONTH_END = 30  # 1970-01-31, a Saturday
LIMITED = {
    "filled entries count": ([0, 0, 0, 0], {0: [1], 1: [2], 2: [1]}, K.PERIOD_SESSION, False, [2]),
    "a new session counts anew": ([0, 0, 1, 1], {0: [1], 1: [2], 2: [1]}, K.PERIOD_SESSION, False, []),
    "a week": ([0, 0, 3, 4], {0: [1], 1: [2], 2: [1], 3: [1]}, K.PERIOD_WEEK, False, [2]),
    "a month": ([0, 0, MONTH_END, 31], {0: [1], 1: [2], 2: [1], 3: [1]}, K.PERIOD_MONTH, False, [2]),
}


@pytest.mark.parametrize(("days", "script", "period", "across", "denied_rows"), LIMITED.values(), ids=LIMITED)
def test_at_most_one(days, script, period, across, denied_rows):
    actions = {1: Limited(Enter(), period=period, across=across), 2: Exit()}
    done = run([FLAT] * 4, {row: [actions[kind] for kind in kinds] for row, kinds in script.items()}, days=days)
    assert [row for row, reason in done.denials] == denied_rows


def test_working_entries_count_and_expired_ones_do_not():
    entry = Limited(Enter(kind=K.KIND_LIMIT, limit=50, life=(K.LIFE_BARS, 2)))
    assert [row for row, _ in run([FLAT] * 4, {0: [entry], 1: [entry], 2: [entry]}).denials] == [1]


@pytest.mark.parametrize(("across", "answer"), [(False, 0), (True, -DenialReason.RULE_LIMIT)])
def test_per_instrument_or_across(across, answer):
    entries = [Limited(Enter(i=i, rule=1), across=across) for i in (0, 1)]
    assert run([FLAT, FLAT], {1: entries}, instruments=[0, 1]).strategy.answers == [0, answer]


# ── sizing ───────────────────────────────────────────────────────────────────────────────────────────────────────────

SIZES = {
    "quantity rounds down": ({}, {"size": (K.SIZE_QUANTITY, 10.9)}, 10),
    "a division's error does not cost a lot": ({}, {"size": (K.SIZE_QUANTITY, 10 - 1e-12)}, 10),
    "notional at the mark": ({}, {"size": (K.SIZE_NOTIONAL, 1099)}, 10),
    "notional at its limit": ({}, {"size": (K.SIZE_NOTIONAL, 1099), "kind": K.KIND_LIMIT, "limit": 50}, 21),
    "notional at its stop": ({}, {"size": (K.SIZE_NOTIONAL, 1099), "kind": K.KIND_STOP, "stop": 110}, 9),
    "risk to the stop loss": ({}, {"size": (K.SIZE_RISK, 109), "loss": 90.0}, 10),
    "risk at its limit": ({}, {"size": (K.SIZE_RISK, 109), "loss": 90.0, "kind": K.KIND_LIMIT, "limit": 95}, 21),
    "risk with fees both ways": ({K.SETTING_FEE_RATE: 0.01}, {"size": (K.SIZE_RISK, 120), "loss": 90.0}, 10),
    "risk with slippage both ways": ({K.SETTING_SLIP_TICKS: 1}, {"size": (K.SIZE_RISK, 120), "loss": 90.0}, 10),
    "risk less the fees of two orders": ({K.SETTING_FEE_PER_ORDER: 5}, {"size": (K.SIZE_RISK, 109), "loss": 90.0}, 9),
    "at most clips": ({}, {"size": (K.SIZE_RISK, 109), "loss": 90.0, "at_most": (K.SIZE_NOTIONAL, 500)}, 5),
    "at most does not raise": ({}, {"size": (K.SIZE_QUANTITY, 3), "at_most": (K.SIZE_NOTIONAL, 500)}, 3),
    "a stop loss off the grid rounds away": ({}, {"size": (K.SIZE_RISK, 109), "loss": 90.9}, 10),
}


@pytest.mark.parametrize(("settings", "change", "lots"), SIZES.values(), ids=SIZES)
def test_sizes(settings, change, lots):
    done = run([FLAT], {0: [replace(Enter(), **change)]}, settings=settings)
    assert done.book.order[K.ORDER_LOTS] == lots


def test_what_guards_are_asked():
    asked = []

    def guard(book, i, side, lots, price, outlives):
        asked.append((i, side, lots, price, outlives))
        return 0

    script = {0: [Enter(), Enter(kind=K.KIND_LIMIT, limit=50, life=(K.LIFE_BARS, 3))], 1: [Enter(side=K.SELL)]}
    run([FLAT, FLAT, FLAT], script, days=[0, 0, 1], guard=guard)
    assert asked == [(0, 1, 10, 100, False), (0, 1, 10, 50, True), (0, -1, 10, 100, True)]


def test_a_fresh_book_is_flat():
    book = new_book({}, (), 2, 4)
    assert (book.equity, book.position, book.working) == (START, [0, 0], [0, 0])
