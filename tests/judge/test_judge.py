"""Verdicts on whole strategies: proved, violated with a trace that ends where it must, guarded, not applicable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stratc.compiler.judge import Status, judge
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.pack import read_pack
from stratc.compiler.judge.verdict import GuardClass
from stratc.rules import packs_root
from tests.judge.strategies import CHURN, FOREX, PYRAMID, SWING, SWING_STOP, account_of, example, program_of

PACKS = load_packs()
PDT, IMD, MIN = "us.finra.pattern_day_trader", "us.finra.intraday_margin", "us.finra.minimum_equity"
REG_T, MAINTENANCE, LOW = "us.reg_t.initial_margin", "us.finra.maintenance_margin", "us.finra.low_priced_shorts"
CASH = {"us.reg_t.pay_in_full", "us.reg_t.freeriding", "us.broker.settled_funds"}
# What follows the venue binds in every account.
LISTED = {
    "us.reg_sho.locate", "us.reg_sho.price_test", "us.luld.price_bands",
    "us.large_trader.activity", "us.large_trader.activity_by_value",
}  # fmt: skip
DEPOSIT, OFFSET, FIFO = "us.nfa.security_deposit", "us.nfa.no_offset", "us.nfa.first_in_first_out"
LEGACY = 'day_trading_regime = "pattern_day_trader"'
MOVED = 'day_trading_regime = "intraday_margin"'
SPANS = '{ from = 2001-09-28, is = "pattern_day_trader" }, { from = 2026-06-08, is = "intraday_margin" }'
DATED = f"day_trading_regime = [{SPANS}]"
NONE, PROVED, VIOLATED, GUARDED = Status.NOT_APPLICABLE, Status.PROVED, Status.VIOLATED, Status.GUARDED


def verdicts(program, account, day, **options):
    judged = judge(program, account, date.fromisoformat(day), PACKS, **options)
    return {verdict.rule: verdict for verdict in judged.verdicts}


def statuses(program, account, day, **options):
    return {rule: verdict.status for rule, verdict in verdicts(program, account, day, **options).items()}


# ── the opening range at 8,000 USD ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "broker", "pdt", "imd"),
    [
        ("2026-06-03", "", VIOLATED, NONE),
        ("2026-06-05", MOVED, NONE, PROVED),
        ("2026-06-05", LEGACY, VIOLATED, NONE),
        ("2026-06-05", "", VIOLATED, PROVED),  # nothing stated: the strict value is that both apply
        ("2026-06-05", DATED, VIOLATED, NONE),
        ("2026-06-08", DATED, NONE, PROVED),
        ("2027-10-20", LEGACY, VIOLATED, NONE),
        ("2027-10-21", LEGACY, NONE, PROVED),
        ("2027-10-21", MOVED, NONE, PROVED),
    ],
)
def test_the_opening_range(day, broker, pdt, imd):
    found = statuses(example("opening_range"), account_of(broker=broker), day)
    assert (found[PDT], found[IMD]) == (pdt, imd)


def test_the_trace_ends_at_the_fourth_day_trade_on_the_fourth_session():
    verdict = verdicts(example("opening_range"), account_of(), "2026-06-03")[PDT]
    events = verdict.counterexample.events
    days = [event.at[:10] for event in events]
    assert list(dict.fromkeys(days)) == ["2026-06-03", "2026-06-04", "2026-06-05", "2026-06-08"]
    assert [event.kind for event in events] == ["order", "fill", "exit"] * 4
    assert "breaks `at day_trade require" in events[-1].note
    assert [event.note for event in events if "denied" in event.note] == ["denied when the rule's guard is on"]
    assert days[[bool("denied" in event.note) for event in events].index(True)] == "2026-06-08"
    assert all(event.at.endswith("-04:00") and event.quantity and event.price for event in events)
    assert verdict.remedies == ("cap day_trades 3 per 5 sessions", "keep at least 1 session")
    assert verdict.guard.guard_class is GuardClass.PREVENTIVE
    assert verdict.changes_on == date(2026, 6, 4)


def test_a_history_counts():
    history = '[history]\nsource = "broker"\nas_of = 2026-06-03\nday_trades = [2026-06-01, 2026-06-02, 2026-06-02]'
    verdict = verdicts(example("opening_range"), account_of(rest=history), "2026-06-03")[PDT]
    assert verdict.status is VIOLATED
    assert [event.kind for event in verdict.counterexample.events] == ["order", "fill", "exit"]
    # A cap of three cannot help an account that has made three already.
    assert verdict.remedies == ("keep at least 1 session",)


def test_enough_equity_is_not_refuted():
    assert statuses(example("opening_range"), account_of(equity="80_000"), "2026-06-03")[PDT] is GUARDED


def test_the_same_question_has_the_same_answer():
    program, account = example("opening_range"), account_of()
    assert verdicts(program, account, "2026-06-03") == verdicts(program, account, "2026-06-03")


def test_fast_does_not_search():
    verdict = verdicts(example("opening_range"), account_of(), "2026-06-03", fast=True)[PDT]
    assert verdict.status is GUARDED
    assert "the search was left out" in verdict.because
    assert verdict.because.endswith("day 4: opening fill, closing fill")


# ── other strategies ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "rule", "status"),
    [
        (SWING, PDT, PROVED),
        (SWING_STOP, PDT, VIOLATED),
        (SWING_STOP + "\nkeep at least 1 session\n", PDT, PROVED),
        (SWING_STOP + "\ncap day_trades 3 per 5 sessions\n", PDT, PROVED),
        # On daily bars an order fills a session after the decision, which the cap has counted by then.
        (SWING_STOP + "\ncap day_trades 3 per 4 sessions\n", PDT, PROVED),
        (SWING_STOP + "\ncap day_trades 3 per 3 sessions\n", PDT, VIOLATED),
        (SWING, IMD, PROVED),
        (CHURN, IMD, GUARDED),  # 1.5x in each of two: what one has lost is not bounded when the other orders
        (CHURN + "\ncap leverage 1.8x\n", IMD, PROVED),
        (PYRAMID, IMD, VIOLATED),
        (PYRAMID + "\ncap leverage 3.7x\n", IMD, PROVED),
        (SWING, MIN, PROVED),
        (SWING.replace("90%", "120%"), MIN, GUARDED),
    ],
)
def test_securities(text, rule, status):
    assert statuses(program_of(text), account_of(), "2026-07-01", budget_seconds=1.0)[rule] is status


@pytest.mark.parametrize(
    ("pair", "size", "status"),
    [
        ("EUR/USD", "49x", PROVED),
        ("EUR/USD", "50x", VIOLATED),  # at exactly 50:1 the spread already breaks it
        ("EUR/USD", "60x", VIOLATED),
        ("GBP/USD", "19x", PROVED),
        ("GBP/USD", "25x", VIOLATED),
        ("AUD/USD", "33x", PROVED),
        ("AUD/USD", "34x", VIOLATED),
    ],
)
def test_forex_deposits(pair, size, status):
    program = program_of(FOREX.format(pair=pair, size=size))
    found = statuses(program, account_of("forex"), "2026-07-01")
    assert (found[DEPOSIT], found[OFFSET], found[FIFO]) == (status, PROVED, PROVED)


@pytest.mark.parametrize(
    ("day", "pair", "edge"),
    [
        ("2023-03-12", "GBP/USD", "33x"),
        ("2023-03-13", "GBP/USD", "19x"),
        ("2021-08-09", "GBP/USD", "19x"),
        ("2021-08-10", "GBP/USD", "33x"),
        ("2016-12-04", "NZD/USD", "49x"),
        ("2016-12-05", "NZD/USD", "33x"),
        ("2015-01-25", "AUD/USD", "49x"),
        ("2015-01-26", "AUD/USD", "33x"),
    ],
)
def test_deposit_levels_change_on_their_days(day, pair, edge):
    account = account_of("forex")
    more = f"{int(edge[:-1]) + 1 + (edge == '19x')}x"
    found = [
        statuses(program_of(FOREX.format(pair=pair, size=size)), account, day, fast=True)[DEPOSIT]
        for size in (edge, more)
    ]
    assert found == [PROVED, GUARDED]


def test_a_level_says_when_it_changes():
    program = program_of(FOREX.format(pair="GBP/USD", size="10x"))
    assert verdicts(program, account_of("forex"), "2022-01-03")[DEPOSIT].changes_on == date(2023, 3, 13)


def test_a_remedy_is_the_largest_leverage_with_something_to_spare():
    program = program_of(FOREX.format(pair="EUR/USD", size="60x"))
    assert verdicts(program, account_of("forex"), "2026-07-01")[DEPOSIT].remedies == ("cap leverage 47x",)


# ── which rules apply ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "text", "applies"),
    [
        ("cash", SWING, CASH | LISTED),
        ("margin", SWING, {PDT, IMD, MIN, REG_T, MAINTENANCE, LOW} | LISTED),
        ("portfolio_margin", SWING, LISTED),
        ("forex", FOREX.format(pair="EUR/USD", size="10x"), {DEPOSIT, OFFSET, FIFO}),
        ("margin", FOREX.format(pair="EUR/USD", size="10x"), set()),
        ("crypto", SWING.replace("SPY", "BTC/USD"), set()),
    ],
)
def test_rules_follow_account_and_instrument(kind, text, applies):
    found = verdicts(program_of(text), account_of(kind), "2026-07-01", fast=True)
    assert {rule for rule, verdict in found.items() if verdict.status is not NONE} == applies
    assert all(verdict.because for verdict in found.values())


def test_every_rule_of_every_pack_gets_a_verdict():
    found = verdicts(program_of(SWING), account_of("cash"), "2026-07-01", fast=True)
    assert set(found) == {rule.id for pack in PACKS for rule in pack.rules}


def test_rules_follow_the_carrying_firm():
    abroad = replace(account_of(), broker=replace(account_of().broker, legal_entity="CY"))
    found = verdicts(program_of(SWING_STOP), abroad, "2026-07-01")
    assert {rule for rule, verdict in found.items() if verdict.status is not NONE} == LISTED
    assert "legal entity is CY" in found[PDT].because


def test_an_unknown_firm_is_taken_strictly_and_said():
    silent = replace(account_of(), broker=replace(account_of().broker, legal_entity=None))
    found = verdicts(program_of(SWING), silent, "2026-07-01")
    assert found[PDT].status is PROVED
    assert "strict:broker.legal_entity" in found[PDT].assumptions


def test_an_error_inside_a_rule_is_a_violation():
    texts = {path.name: path.read_text("utf-8") for path in (packs_root() / "us_finra_day_trading").iterdir()}
    texts["minimum_equity.md"] = texts["minimum_equity.md"].replace("define bought: total of", "define bought: totl of")
    judged = judge(program_of(SWING), account_of(), date(2026, 7, 1), (read_pack("broken", texts),))
    found = {verdict.rule: verdict for verdict in judged.verdicts}
    assert found[MIN].status is VIOLATED
    assert "R003" in found[MIN].because


# ── bounds and JSON ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_bounds_of_the_opening_range():
    bounds = judge(example("opening_range"), account_of(), date(2026, 6, 5), PACKS, fast=True).bounds
    assert bounds.leverage_max == 0.9
    assert bounds.position_max == 7_200.0
    assert bounds.orders_per_second_max == 3.0
    assert bounds.planned_loss_per_session == 160.0


def test_nothing_is_bounded_that_the_text_does_not_bound():
    bounds = judge(program_of(PYRAMID), account_of(), date(2026, 6, 5), PACKS, fast=True).bounds
    assert (bounds.leverage_max, bounds.gross_exposure_max, bounds.critical_gap) == (None, None, None)


def test_the_keys_of_check_json():
    judged = judge(example("opening_range"), account_of(), date(2026, 6, 3), PACKS)
    said = next(verdict for verdict in judged.verdicts if verdict.rule == PDT).as_json()
    assert list(said) == [
        "file", "rule", "pack", "pack_version", "citation", "authority", "kind", "binds", "status", "because",
        "changes_on", "assumptions", "guard", "counterexample", "remedies", "hard_block",
    ]  # fmt: skip
    assert set(said["guard"]) == {"when", "action", "class", "enough", "memory_bytes"}
    assert set(said["counterexample"]) == {"summary", "events"}
    assert {"at", "kind"} <= set(said["counterexample"]["events"][0])
    assert list(judged.bounds.as_json()) == [
        "leverage_max", "gross_exposure_max", "position_max", "orders_per_second_max", "committed_capital_max",
        "planned_loss_per_session", "critical_gap",
    ]  # fmt: skip
