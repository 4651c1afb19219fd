"""Every hazard of a program, asked rule by rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final, assert_never

from stratc.compiler.ir.nodes import (
    Among,
    Arithmetic,
    ArithmeticOperator,
    Book,
    BookWord,
    EnterIntent,
    ExitIntent,
    Life,
    NodeId,
    OrderKind,
    PortionKind,
    Program,
    Rule,
    Side,
    SizingKind,
)
from stratc.compiler.ir.uses import conjuncts, entries, places, reach, reads
from stratc.compiler.judge.bounds.extent import nearest_stop
from stratc.compiler.judge.hazards.diagnostics import (
    AddsWithoutEnd,
    DivisorMayVanish,
    EntersAgainAtOnce,
    ExitsWhatItEnters,
    ForgetsWhatWorks,
    GrowsAfterLosses,
    OrdersPileUp,
    StopMayVanish,
)
from stratc.compiler.judge.hazards.events import is_event
from stratc.compiler.judge.hazards.given import given, is_level_of_prices
from stratc.compiler.judge.hazards.scene import COUNTING, Scene, point
from stratc.compiler.judge.hazards.situations import (
    COUNTS,
    HUGE,
    PRICE,
    SIZES,
    STACKS,
    caps_any,
    is_bounded,
    just_entered,
    losing_much,
    waiting,
)
from stratc.compiler.judge.intervals import COUNT, Interval
from stratc.compiler.judge.sizes import asks_flat
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.dsl.diagnostic import Problem
from stratc.runtime.executor.terms import AccountKind

PAUSES: Final = frozenset(
    {
        BookWord.BARS_SINCE_EXIT,
        BookWord.SESSIONS_SINCE_EXIT,
        BookWord.LOSSES_IN_A_ROW,
        BookWord.LAST_PROFIT,
        BookWord.ENTRIES_TODAY,
        BookWord.DAYS_SINCE_PURCHASE,
        BookWord.DAYS_SINCE_LOSS,
    }
)
LOSSES: Final = frozenset({BookWord.LOSSES_IN_A_ROW})
EQUITY: Final = frozenset({BookWord.EQUITY})
HELD: Final = frozenset({BookWord.POSITION})
ORDERED: Final = frozenset({BookWord.ON_ORDER})
WAITING: Final = frozenset({OrderKind.LIMIT, OrderKind.STOP, OrderKind.STOP_LIMIT})
RESTING: Final = WAITING | {OrderKind.CLOSING_AUCTION}


def hazards_of(program: Program, pays: AccountKind) -> tuple[Problem, ...]:
    """All hazards in the order of the text. A cash account buys with what it has, so its sizes have a bound."""
    found: list[Problem] = []
    in_cash = pays is AccountKind.CASH
    for rule in program.rules:
        for entry in entries(rule):
            found += [] if in_cash else _of_size(program, rule, entry)
            found += _of_growth(program, rule, entry)
            found += _of_repetition(program, rule, entry)
            found += _of_what_works(program, rule, entry)
    return tuple(found)


# ── sizes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_size(program: Program, rule: Rule, entry: EnterIntent) -> Iterator[Problem]:
    # No level of a ladder is entered twice, and how many there are is written.
    if entry.levels is None and not caps_any(program, STACKS) and may_add_to_a_loss(program, rule, entry):
        yield AddsWithoutEnd(span=entry.span, rule=rule.name)
    if caps_any(program, SIZES) or is_bounded(program, entry):
        return
    if entry.amount.kind is SizingKind.RISK and not is_stop_apart(program, rule, entry):
        yield StopMayVanish(span=entry.span, rule=rule.name)
    if entry.amount.kind is not SizingKind.RISK and is_divided_by_nothing(program, rule, entry.amount.node):
        yield DivisorMayVanish(span=entry.span, rule=rule.name)


def may_add_to_a_loss(program: Program, rule: Rule, entry: EnterIntent) -> bool:
    """Whether the rule may fire on a losing position of any size, and the order needs no better price than was paid."""
    scene = losing_much(program, entry.side)
    # The price of the scene is made up: which prices a rule is for says nothing against it.
    together = (node for node in conjuncts(program, rule.condition) if not is_level_of_prices(program, node))
    if not all(scene.may_hold(node) for node in together):
        return False
    stop = entry.order.stop_price
    if stop is None:
        return True
    waits, paid = scene.number(stop), scene.words[BookWord.LAST_ENTRY_PRICE]
    if entry.side is Side.BUY:
        return waits.low is None or paid.low is None or waits.low < paid.low
    return waits.high is None or paid.high is None or waits.high > paid.high


def is_stop_apart(program: Program, rule: Rule, entry: EnterIntent) -> bool:
    """Whether the stop loss keeps some distance from the order's price wherever the rule fires."""
    if nearest_stop(program) > 0 or entry.stop_loss is None:
        return True
    own = entry.order.limit_price if entry.order.limit_price is not None else entry.order.stop_price
    at_close = own is None
    columns = {"low": Interval(Fraction(0), PRICE), "high": Interval(PRICE, None)} if at_close else {}
    scene = Scene(
        program=program,
        columns={**columns, "close": point(PRICE)} if at_close else {},
        nodes={} if own is None else {own: point(PRICE)},
    )
    loss = given(scene, rule.condition).number(entry.stop_loss)
    if entry.side is Side.BUY:
        return loss.high is not None and loss.high < PRICE
    return loss.low is not None and loss.low > PRICE


def is_divided_by_nothing(program: Program, rule: Rule, amount: NodeId) -> bool:
    """Whether a share of equity is divided by what may be nothing where the rule fires, and the size grows with it."""
    scene = given(Scene(program=program, words={BookWord.EQUITY: point(Fraction(1))}), rule.condition)
    for node in reach(program, [amount]):
        operation, arguments = program.nodes[node].operation, program.nodes[node].arguments
        if operation != Arithmetic(ArithmeticOperator.DIVIDE) or not reads(program, amount, EQUITY):
            continue
        # Divided by a count of nought nothing is known, and what is not known sizes no order.
        divisor = program.nodes[arguments[1]].operation
        counts = isinstance(divisor, Book) and divisor.word in COUNTING
        by = scene.number(arguments[1])
        vanishes = not counts and (by.low is None or by.low <= 0)
        if vanishes and replace(scene, nodes={**scene.nodes, node: COUNT}).number(amount).high is None:
            return True
    return False


def _of_growth(program: Program, rule: Rule, entry: EnterIntent) -> Iterator[Problem]:
    """A size that is larger after many losses than after none, in a rule that many losses do not stop."""
    if caps_any(program, SIZES) or is_bounded(program, entry) or not reads(program, entry.amount.node, LOSSES):
        return
    never, often = (_after_losses(program, count) for count in (Fraction(0), HUGE))
    if not often.may_hold(rule.condition):
        return
    before, after = never.number(entry.amount.node), often.number(entry.amount.node)
    grown = after.high is None or (before.high is not None and after.high > before.high)
    if before.high is not None and grown:
        yield GrowsAfterLosses(span=entry.span, rule=rule.name)


def _after_losses(program: Program, count: Fraction) -> Scene:
    words = {BookWord.LOSSES_IN_A_ROW: point(count), BookWord.EQUITY: point(Fraction(1))}
    return Scene(program=program, words=words)


# ── repetitions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_repetition(program: Program, rule: Rule, entry: EnterIntent) -> Iterator[Problem]:
    if rule.limit is not None or rule.schedule is not None or caps_any(program, COUNTS):
        return
    each = conjuncts(program, rule.condition)
    if is_event(program, each) or any(reads(program, node, PAUSES) for node in each):
        return
    if rule.both:
        # Its two legs are opened and closed together, so one of them tells.
        leaving = _exit_at_once(program, rule, entry, each)
        if leaving is not None and entry is next(entries(rule)):
            yield ExitsWhatItEnters(span=entry.span, rule=rule.name, leaving=leaving.name)
        return
    if not asks_flat(program, rule):
        # Of a ladder every level has one order at most.
        if entry.levels is None and not caps_any(program, STACKS) and _piles_up(program, rule, entry):
            yield OrdersPileUp(span=entry.span, rule=rule.name)
        return
    if leaving := _exit_at_once(program, rule, entry, each):
        yield ExitsWhatItEnters(span=entry.span, rule=rule.name, leaving=leaving.name)
        return
    protected = entry.stop_loss is not None or entry.target is not None or entry.trail is not None
    if program.interval_seconds < DAY_SECONDS and protected:
        yield EntersAgainAtOnce(span=entry.span, rule=rule.name)


def _piles_up(program: Program, rule: Rule, entry: EnterIntent) -> bool:
    """Whether the rule still fires, for more than nothing, however much of it waits already."""
    if entry.order.kind not in WAITING or not _lasts(program, entry):
        return False
    scene = waiting(program, entry.side)
    sizes = [scene.number(each.node).high for each in (entry.amount, entry.at_most) if each is not None]
    return scene.may_hold(rule.condition) and all(high is None or high > 0 for high in sizes)


def _lasts(program: Program, entry: EnterIntent) -> bool:
    """Whether an order that has not filled still works at the next decision."""
    life = entry.time_in_force
    match life.life:
        case Life.UNTIL | Life.DATE:
            return True
        case Life.BARS:
            return (life.bars or 0) > 1
        case Life.DAY:
            return program.interval_seconds < DAY_SECONDS
        case Life.IMMEDIATE_OR_CANCEL | Life.FILL_OR_KILL:
            return False
        case _:
            assert_never(life.life)


def _of_what_works(program: Program, rule: Rule, entry: EnterIntent) -> Iterator[Problem]:
    """A size that follows what is held and not what is on order, while an entry may still work beside it."""
    sizes = [each.node for each in (entry.amount, entry.at_most) if each is not None]
    words = {word for word in (HELD, ORDERED) if any(reads(program, node, word) for node in sizes)}
    if words != {HELD} or asks_flat(program, rule):
        return
    ours = places(program, rule, entry)
    beside = [each for other in program.rules for each in entries(other) if ours & places(program, other, each)]
    if any(each.order.kind in RESTING and _lasts(program, each) for each in beside):
        yield ForgetsWhatWorks(span=entry.span, rule=rule.name)


def _exit_at_once(program: Program, rule: Rule, entry: EnterIntent, each: frozenset[NodeId]) -> Rule | None:
    """A rule that exits everything at market and whose conditions are the entry's own, or hold right after a fill."""
    scene, ours = just_entered(program, entry.side), places(program, rule, entry)
    for other in program.rules:
        whole = any(
            isinstance(intent, ExitIntent)
            and intent.portion is PortionKind.ALL
            and intent.order.kind is OrderKind.MARKET
            for intent in other.intents
        )
        if not whole or other.schedule is not None or not ours <= places(program, other):
            continue
        asked = {
            node for node in conjuncts(program, other.condition) if not isinstance(program.nodes[node].operation, Among)
        }
        shared = asked & each
        if (shared or program.interval_seconds < DAY_SECONDS) and all(
            node in shared or scene.truth(node) is True for node in asked
        ):
            return other
    return None
