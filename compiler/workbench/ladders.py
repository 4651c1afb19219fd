"""Ladders whose step does not pay for its round trip, as far as the account says what one costs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from stratc.compiler.ir.nodes import EnterIntent, Levels, Program, SizingKind, Spacing
from stratc.compiler.ir.uses import entries
from stratc.compiler.judge.amounts import interval
from stratc.compiler.workbench.diagnostics import StepDoesNotPay
from stratc.runtime.model.account import AccountProfile, CommissionSchedule


def underpaid(program: Program, account: AccountProfile) -> Iterator[StepDoesNotPay]:
    """One problem a ladder: the narrowest step, what buying and selling cost at most, both as shares of the price.

    Levels are limits, which pay no slippage; what is charged by the unit is not counted, as a quantity is not known.
    """
    schedule = account.broker.commissions
    if schedule is None:
        return
    for rule in program.rules:
        for entry in entries(rule):
            step = None if entry.levels is None else _narrowest(program, entry, entry.levels)
            if step is None:
                continue
            cost = 2 * _cost(program, entry, schedule)
            if step <= cost:
                yield StepDoesNotPay(
                    span=entry.span,
                    rule=rule.name,
                    step=_percent(step),
                    cost=_percent(cost),
                    short=_percent(cost - step),
                )


def _narrowest(program: Program, entry: EnterIntent, levels: Levels) -> Fraction | None:
    """The smallest step up over the level that it begins at; None where the ends are not fixed or nothing is sold."""
    assert entry.order.limit_price is not None
    ends = [interval(program, node) for node in (entry.order.limit_price, levels.last)]
    values = [each.low for each in ends if each.low is not None and each.low == each.high]
    if not levels.to_next or len(values) < 2:
        return None
    low, high = min(values), max(values)
    if low <= 0 or low == high:
        return None
    if levels.spacing is Spacing.GEOMETRIC:
        return Fraction(float(high / low) ** (1 / (levels.count - 1)) - 1)
    step = (high - low) / (levels.count - 1)
    return step / (high - step)


def _cost(program: Program, entry: EnterIntent, schedule: CommissionSchedule) -> Fraction:
    """What one order of a level is charged, as a share of its value: by value and, where that is known, by order."""
    share = Fraction(schedule.percent_of_value) / 100
    value = interval(program, entry.amount.node) if entry.amount.kind is SizingKind.NOTIONAL else None
    if value is not None and value.high is not None and value.high > 0:
        fixed = Fraction(schedule.per_order) / value.high
        share = max(share + fixed, Fraction(schedule.minimum) / value.high)
    most = schedule.maximum_percent
    return share if most is None else min(share, Fraction(most) / 100)


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.4g}%"
