"""Ladders: a number of levels that is known, prices that stay apart on the ticks, nothing that levels cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant
from stratc.compiler.check.ladders.diagnostics import (
    LevelsFallTogether,
    LevelsUncounted,
    LevelsWithoutRange,
    NoLevelThere,
    NotWithLevels,
)
from stratc.dsl.syntax import Direction, Entry, Number, OneOf, Rule
from stratc.dsl.syntax.ladders import Levels, Spacing

LEVELS_MAX: Final = 200
_ALONE: Final = "write the ladder in a rule of its own"


def levels_of(entry: Entry) -> Levels | None:
    return None if entry.order is None else entry.order.levels


def level_count(levels: Levels) -> int | None:
    """How many levels there are; None where that is no number of levels."""
    count = levels.count
    if not isinstance(count, Number) or count.unit or count.value != count.value.to_integral_value():
        return None
    return int(count.value) if 2 <= count.value <= LEVELS_MAX else None


def level_prices(levels: Levels, low: Decimal, high: Decimal, count: int) -> Iterator[Decimal]:
    """Every level from the lowest up, not yet on the ticks; as `runtime.engine.ladders` has it."""
    for k in range(count):
        part = Decimal(k) / (count - 1)
        if levels.spacing is Spacing.GEOMETRIC:
            yield low * (high / low) ** part
        else:
            yield low + (high - low) * part


def check_ladder(entry: Entry, typing: Typing) -> None:
    """The levels of one entry; that their ends are prices was checked with the order's."""
    levels = levels_of(entry)
    if levels is None:
        if entry.level_target is not None:
            _tell_no_level(entry, "write `at each of … levels`, or a target such as `target close * 1.02`", typing)
        return
    if level_count(levels) is None:
        typing.tell(LevelsUncounted(span=levels.count.span, text=typing.text(levels.count), most=LEVELS_MAX))
    if entry.level_target is not None and entry.level_target.up != (entry.direction is Direction.BUY):
        way = "up" if entry.direction is Direction.BUY else "down"
        _tell_no_level(entry, f"write `target one level {way}`", typing)
    if entry.target is not None and entry.target.only_if is not None:
        _refuse(entry, "`only if`", "say in `when` which levels are worth their risk", typing)
    _check_range(entry, levels, typing)


def check_ladders_of(rule: Rule, typing: Typing) -> None:
    """What a rule says beside its ladder."""
    for action in rule.actions:
        legs = action.legs if isinstance(action, OneOf) else ()
        for leg in legs:
            if levels_of(leg) is not None:
                _refuse(leg, "`one of`", _ALONE, typing)
        if isinstance(action, Entry) and levels_of(action) is not None and rule.at_most is not None:
            advice = "leave it out: no level is ever entered twice, and `cap entries` bounds all of them"
            _refuse(action, "`at most … per …`", advice, typing)


def _refuse(entry: Entry, what: str, advice: str, typing: Typing) -> None:
    span = entry.order.span if entry.order is not None else entry.span
    typing.tell(NotWithLevels(span=span, what=what, advice=advice))


def _tell_no_level(entry: Entry, advice: str, typing: Typing) -> None:
    assert entry.level_target is not None
    side = "above" if entry.level_target.up else "below"
    typing.tell(NoLevelThere(span=entry.level_target.span, side=side, word=entry.direction.value, advice=advice))


def _check_range(entry: Entry, levels: Levels, typing: Typing) -> None:
    ends = [constant(end, typing.resolved) for end in (levels.first, levels.last)]
    if ends[0] is None or ends[1] is None:
        return
    low, high = min(ends[0], ends[1]), max(ends[0], ends[1])
    geometric = levels.spacing is Spacing.GEOMETRIC
    why = "both are one price" if low == high else _why_no_multiples(low) if geometric else ""
    texts = typing.text(levels.first), typing.text(levels.last)
    if why:
        currency = typing.header_at(entry).price_currency or "USD"
        typing.tell(
            LevelsWithoutRange(
                span=levels.first.span.to(levels.last.span),
                spacing=levels.spacing.value,
                first=texts[0],
                last=texts[1],
                why=why,
                currency=currency,
            )
        )
        return
    count = level_count(levels)
    for instrument in typing.header_at(entry).instruments:
        if count is not None and (met := _meeting(entry, levels, low, high, count, instrument.tick)) is not None:
            typing.tell(
                LevelsFallTogether(
                    span=levels.span,
                    count=count,
                    first=texts[0],
                    last=texts[1],
                    price=f"{met:f}",
                    symbol=instrument.symbol,
                    tick=f"{instrument.tick:f}",
                    most=_fitting(entry, levels, low, high, instrument.tick),
                )
            )
            return


def _why_no_multiples(low: Decimal) -> str:
    """Why no price is reached from the lowest one by multiplying; empty where each is."""
    if low < 0:
        return "a multiple of a price below nought stays below it"
    return "" if low else "a multiple of nought is nought"


def _meeting(entry: Entry, levels: Levels, low: Decimal, high: Decimal, count: int, tick: Decimal) -> Decimal | None:
    """The first tick that two levels are rounded to; None where all stay apart."""
    rounding = ROUND_FLOOR if entry.direction is Direction.BUY else ROUND_CEILING
    before: Decimal | None = None
    for price in level_prices(levels, low, high, count):
        # As `quantize.round_down` has it: within a thousandth of a tick of one counts as that one.
        nearest = (price / tick).to_integral_value()
        exact = abs(price / tick - nearest) <= Decimal("0.001")
        rounded = nearest if exact else (price / tick).to_integral_value(rounding)
        if rounded == before:
            return rounded * tick
        before = rounded
    return None


def _fitting(entry: Entry, levels: Levels, low: Decimal, high: Decimal, tick: Decimal) -> int:
    """The largest number of levels that stay apart; 1 where not even two do."""
    counts = range(LEVELS_MAX, 1, -1)
    return next((n for n in counts if _meeting(entry, levels, low, high, n, tick) is None), 1)
