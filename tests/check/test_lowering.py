"""Goldens of the lowering and of the explanation, and what the lowering promises about units and warm-up."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratc.compiler.check.checked import type_at
from stratc.compiler.driver import compile_source
from stratc.compiler.ir.from_checked import lower
from stratc.compiler.ir.nodes import (
    Arithmetic,
    BookWord,
    BoundUnit,
    Cap,
    CapKind,
    Constant,
    Delay,
    OrderKind,
    Parameter,
    PortionKind,
    SizingKind,
    TargetKind,
)
from stratc.compiler.ir.print import print_program
from stratc.compiler.ir.verify import verify
from stratc.compiler.reports.explain import explain
from stratc.dsl.source import Source
from tests.check.programs import compiled, complete

STRATEGIES = sorted((Path(__file__).parent / "strategies").glob("*.strat"))

pytestmark = pytest.mark.fast


def program_of(fragment):
    compilation = compiled(complete(fragment))
    assert compilation.program is not None, compilation.diagnostics
    return compilation.program


def matches(found: str, path: Path, accept: bool) -> None:
    if accept:
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", STRATEGIES, ids=lambda path: path.stem)
def test_strategies_are_lowered_as_recorded(path, accept):
    compilation = compile_source(Source(path.name, path.read_text(encoding="utf-8")))
    # A root such as NQ is asked when it rolls; that is a warning, and the text runs as it stands.
    asked = ["N270"] if path.stem == "sweep_into_gap" else []
    assert [each.code for each in compilation.diagnostics] == asked
    program = verify(lower(compilation.checked))
    matches(print_program(program), path.with_suffix(".ir"), accept)


@pytest.mark.parametrize("path", STRATEGIES, ids=lambda path: path.stem)
def test_strategies_are_explained_as_recorded(path, accept):
    compilation = compile_source(Source(path.name, path.read_text(encoding="utf-8")))
    matches(explain(compilation.checked, compilation.program), path.with_suffix(".txt"), accept)


@pytest.mark.parametrize("path", STRATEGIES, ids=lambda path: path.stem)
def test_warmup_is_the_same_beside_the_tree_and_in_the_program(path):
    checked = compile_source(Source(path.name, path.read_text(encoding="utf-8"))).checked
    program = lower(checked)
    bindings = {binding.name: program.nodes[binding.node] for binding in program.bindings}
    for binding in checked.resolved.bindings:
        assert bindings[binding.name.text].warmup == checked.known[binding.value].bars


@pytest.mark.parametrize(
    ("size", "kind"),
    [
        ("10 shares", SizingKind.QUANTITY),
        ("90% of equity", SizingKind.NOTIONAL),
        ("5_000 USD", SizingKind.NOTIONAL),
        ("risking 1% of equity", SizingKind.RISK),
        ("equity / close", SizingKind.QUANTITY),
        ("2 round lots", SizingKind.QUANTITY),
    ],
)
def test_a_size_is_told_by_its_unit(size, kind):
    program = program_of(f"rule enter\n  when flat\n  then buy {size} at next open\n       stop loss at low")
    assert program.rules[0].intents[0].amount.kind is kind


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("2R", TargetKind.R_MULTIPLE),
        ("2 * atr(14)", TargetKind.DISTANCE),
        ("10 ticks", TargetKind.DISTANCE),
        ("2 USD", TargetKind.DISTANCE),
        ("close + 2 USD", TargetKind.PRICE),
        ("highest(high, 20)", TargetKind.PRICE),
        ("103% of close", TargetKind.PRICE),
        ("3% of close", TargetKind.DISTANCE),
    ],
)
def test_a_target_is_told_by_its_unit(target, kind):
    text = f"rule enter\n  when flat\n  then buy 10 shares\n       stop loss at low\n       target {target}"
    assert program_of(text).rules[0].intents[0].target.kind is kind


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("", OrderKind.MARKET),
        (" at market", OrderKind.MARKET),
        (" at next bar", OrderKind.MARKET),
        (" at next open", OrderKind.NEXT_OPEN),
        (" at opening auction", OrderKind.NEXT_OPEN),
        (" at limit low", OrderKind.LIMIT),
        (" at stop high", OrderKind.STOP),
        (" at stop high limit high + 1 USD", OrderKind.STOP_LIMIT),
    ],
)
def test_order_words(phrase, kind):
    program = program_of(f"rule enter\n  when flat\n  then buy 10 shares{phrase}\n       stop loss at low - 1 USD")
    assert program.rules[0].intents[0].order.kind is kind


@pytest.mark.parametrize(
    ("portion", "kind"),
    [
        ("all", PortionKind.ALL),
        ("half", PortionKind.FRACTION),
        ("25% of position", PortionKind.FRACTION),
        ("5 shares", PortionKind.QUANTITY),
    ],
)
def test_portions(portion, kind):
    enter = "rule enter\n  when flat\n  then buy 10 shares\n       stop loss at low\n"
    text = f"{enter}rule out\n  when long\n  then exit {portion}"
    assert program_of(text).rules[1].intents[0].portion is kind


@pytest.mark.parametrize(
    ("cap", "kind", "unit", "sessions"),
    [
        ("cap position 95% of equity", CapKind.POSITION, BoundUnit.RATIO_OF_EQUITY, 0),
        ("cap position 10_000 USD", CapKind.POSITION, BoundUnit.MONEY, 0),
        ("cap position 500 shares", CapKind.POSITION, BoundUnit.UNITS, 0),
        ("cap gross 150% of equity", CapKind.GROSS, BoundUnit.RATIO_OF_EQUITY, 0),
        ("cap leverage 2x", CapKind.LEVERAGE, BoundUnit.RATIO, 0),
        ("cap orders 5 per second", CapKind.ORDERS_PER_SECOND, BoundUnit.COUNT, 0),
        ("cap slippage 10 bps", CapKind.SLIPPAGE, BoundUnit.RATIO, 0),
        ("cap entries 2 per day", CapKind.ENTRIES, BoundUnit.COUNT, 1),
        ("cap day_trades 3 per 5 sessions", CapKind.DAY_TRADES, BoundUnit.COUNT, 5),
        ("keep at least 1 session", CapKind.KEEP_SESSIONS, BoundUnit.COUNT, 0),
        ("stop distance at least 0.1%", CapKind.STOP_DISTANCE, BoundUnit.RATIO, 0),
    ],
)
def test_caps(cap, kind, unit, sessions):
    (found,) = program_of(cap).caps
    assert isinstance(found, Cap)
    assert (found.kind, found.unit, found.sessions) == (kind, unit, sessions)


def constants(program):
    return {node.operation.value for node in program.nodes if isinstance(node.operation, Constant)}


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("open_profit > 2% of equity", 0.02),
        ("close / open > 1.01", 1.01),
        ("close - open > 10 bps of close", 0.001),
        ("time >= 15:30", 55_800.0),
        ("time - 09:30 > 90 min", 5_400.0),
        ("bars_held >= 5 bars", 5.0),
    ],
)
def test_numbers_are_in_base_units(condition, value):
    interval = "5 min" if "time" in condition else "1 day"
    action = "then buy 10 shares\n       stop loss at low"
    text = f"trade SPY on {interval}\nrule enter\n  when flat and {condition}\n  {action}"
    assert value in constants(program_of(text))


def test_a_session_of_history_on_daily_bars_is_a_bar():
    program = program_of(
        "rule enter\n  when flat and close > close[21 sessions]\n  then buy 10 shares\n       stop loss at low"
    )
    assert Delay(21) in {node.operation for node in program.nodes}


def test_no_history_is_the_value_itself():
    program = program_of("rule enter\n  when flat and close[0] > open\n  then buy 10 shares\n       stop loss at low")
    assert not any(isinstance(node.operation, Delay) for node in program.nodes)


def test_a_contract_counts_with_its_multiplier():
    text = "trade ES on 1 day\naccount futures USD\nrule enter\n  when flat and 1 contract * close > 100_000 USD\n"
    program = program_of(f"{text}  then buy 1 contract\n       stop loss at low")
    assert 50.0 in constants(program)


def printed(program, node):
    """A number with its parts, in parentheses."""
    operation, arguments = program.nodes[node].operation, program.nodes[node].arguments
    match operation:
        case Parameter(name=name):
            return f"input {name}"
        case Constant(value=value):
            return f"{value}"
        case Arithmetic(operator=operator):
            return " ".join([operator.value, *(f"({printed(program, each)})" for each in arguments)])


def test_lots_are_those_of_the_instruments_that_a_rule_is_for():
    text = "trade SPY, USD/JPY on 1 day\naccount forex USD\nlet two = 2 mini lots\n"
    pairs = "rule a for USD/JPY\n  when flat and close > open\n  then buy two\n       stop loss at low\n"
    shares = "rule b for SPY\n  when flat and close > open\n  then buy 3 round lots\n       stop loss at low"
    assert {20_000.0, 300.0} <= constants(program_of(text + pairs + shares))


@pytest.mark.parametrize(("unit", "of_it"), [("lots", 100_000.0), ("micro lots", 1_000.0), ("units", None)])
def test_an_input_in_lots_counts_what_a_lot_is(unit, of_it):
    head = f"trade EUR/USD, SPY on 1 day\naccount forex USD\ninput size = 2 {unit} in 1 {unit}..3 {unit}\n"
    program = program_of(f"{head}rule a for EUR/USD\n  when flat\n  then buy size\n       stop loss at low")
    amount = program.rules[0].intents[0].amount.node
    assert printed(program, amount) == ("input size" if of_it is None else f"* (input size) ({of_it})")


def test_times_past_midnight_are_joined_by_or():
    text = "trade ES on 5 min\naccount futures USD\nrule enter\n  when flat and time in 18:00..02:00 New York\n"
    printed = print_program(program_of(f"{text}  then buy 1 contract\n       stop loss at low"))
    assert "truth or" in printed


def test_a_group_that_faces_both_ways_waits_until_flat():
    program = program_of(
        "rule enter\n  when close > open\n  then one of\n         buy at stop high, stop loss at low\n"
        "         short at stop low, stop loss at high\n       risking 1% of equity"
    )
    words = {getattr(node.operation, "word", None) for node in program.nodes}
    assert BookWord.FLAT in words
    assert "A-one-of-flat" in {assumption.id for assumption in program.assumptions}


def test_reverse_stays_one_intent_of_two_orders():
    program = program_of(
        "rule up\n  when close > open\n  then reverse and buy 10 shares\n       stop loss at low\n"
        "rule down\n  when close < open\n  then reverse and short 10 shares\n       stop loss at high"
    )
    assert all(rule.intents[0].reverse for rule in program.rules)


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("rule e\n  when flat\n  then buy 10 shares", {"A-order-type", "A-no-stop-loss", "A-no-daily-loss-halt"}),
        (
            "rule e\n  when flat\n  then buy 10 shares at limit low",
            {"A-time-in-force", "L-limit-fill", "L-intrabar-path"},
        ),
        (
            "rule e\n  when flat\n  then buy 10 shares\n       stop loss at low",
            {"A-stop-loss", "L-next-bar", "L-rounding"},
        ),
        (
            "trade SPY on 5 min\nrule e\n  when time > 10:00 and flat\n  then buy 10 shares",
            {"A-exchange-time", "A-all-hours"},
        ),
    ],
)
def test_what_is_left_open_is_an_assumption(fragment, expected):
    assert expected <= {assumption.id for assumption in program_of(fragment).assumptions}


@pytest.mark.parametrize(
    ("fragment", "absent"),
    [
        ("cap position 50% of equity", "A-no-position-cap"),
        ("cap slippage 10 bps", "A-no-slippage-cap"),
        ("halt at daily loss 3% of equity at last close, flatten, until next session", "A-no-daily-loss-halt"),
        ("trade SPY on 5 min, regular session", "A-all-hours"),
    ],
)
def test_what_is_written_is_no_assumption(fragment, absent):
    assert absent not in {assumption.id for assumption in program_of(fragment).assumptions}


def test_the_type_under_the_cursor():
    text = complete("let gap = close - open[1]")
    compilation = compiled(text)
    span, kind, known = type_at(compilation.checked, text.index("open[1]") + 5)
    assert compilation.source.slice(span) == "1"
    span, kind, known = type_at(compilation.checked, text.index("- open") + 1)
    assert (compilation.source.slice(span), str(kind), known.bars) == ("close - open[1]", "price difference", 2)
    assert type_at(compilation.checked, 0) is None


def test_a_range_of_times_with_an_input_may_pass_midnight():
    header = "trade ES on 5 min\naccount futures USD\ninput start = 09:30\n"
    text = f"{header}rule enter\n  when flat and time in start..02:00\n"
    program = verify(program_of(f"{text}  then buy 1 contract\n       stop loss at low"))
    assert print_program(program).count("truth >=") == 2
