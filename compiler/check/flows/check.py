"""Flows: an amount of the account's money, known at every moment and above nought; new cash where a band holds."""

from __future__ import annotations

from decimal import Decimal

from stratc.compiler.check.advice import article
from stratc.compiler.check.allocations.check import allocations_of
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, is_constant
from stratc.compiler.check.flows.diagnostics import FlowUnclear, NewCashWithoutBand, NoNewCash
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.sense.extremes import shares_of
from stratc.compiler.resolve.words import BUILT_IN
from stratc.dsl.syntax import (
    Baseline,
    Binary,
    BinaryOperator,
    Call,
    Expression,
    Flow,
    IfElse,
    LastClose,
    Missing,
    Name,
    Number,
    Unary,
)
from stratc.dsl.types import UNKNOWN, Money, fits

ALWAYS_KNOWN = frozenset({"equity", "cash"})


def check_flows(typing: Typing) -> None:
    """Every line that contributes or withdraws, and every allocation that waits for new cash."""
    for flow in typing.resolved.flows:
        _check_amount(flow, typing)
    contributes = any(not flow.withdraw for flow in typing.resolved.flows)
    for action in (action for rule in typing.resolved.rules for action in allocations_of(rule) if action.new_cash):
        if action.band is None:
            typing.tell(NewCashWithoutBand(span=action.span))
        elif not contributes and typing.resolved.whole:
            typing.tell(NoNewCash(span=action.span, sample=_sample(typing)))


def _check_amount(flow: Flow, typing: Typing) -> None:
    kind = type_of(flow.amount, typing)
    if kind == UNKNOWN or isinstance(flow.amount, Missing):
        return
    if not fits(kind, Money(typing.header.currency)):
        _tell(flow, article(kind), typing)
    elif not _is_always_known(flow.amount, typing):
        _tell(flow, "read of the market, which may be unknown", typing)
    elif (least := _least(flow.amount, typing)) is not None and least <= 0:
        _tell(flow, "not above nought", typing)
    elif flow.withdraw and (share := shares_of(flow.amount, typing.resolved)) is not None and share[1] > 1:
        _tell(flow, "more than all there is", typing)


def _tell(flow: Flow, found: str, typing: Typing) -> None:
    verb = "withdraw" if flow.withdraw else "contribute"
    problem = FlowUnclear(span=flow.amount.span, verb=verb, found=found, sample=_sample(typing))
    typing.tell_clash(problem, flow.amount)


def _sample(typing: Typing) -> str:
    return f"1_000 {typing.header.currency}"


def _is_always_known(expression: Expression, typing: Typing) -> bool:
    """Whether nothing but numbers, inputs and the account's own amounts is read; a quotient may have no value."""
    match expression:
        case Number() | Baseline() | LastClose():
            return True
        case Name(text=text) if (value := typing.resolved.binding(text)) is not None:
            return _is_always_known(value, typing)
        case Name(text=text):
            return text in ALWAYS_KNOWN or typing.resolved.input(text) is not None
        case Unary(operand=operand):
            return _is_always_known(operand, typing)
        case Call(function=Name(text=text), arguments=arguments) if text in BUILT_IN:
            return all(_is_always_known(argument.value, typing) for argument in arguments)
        case IfElse(condition=condition, then=then, otherwise=otherwise):
            return all(_is_always_known(part, typing) for part in (condition, then, otherwise))
        case Binary(operator=BinaryOperator.DIVIDE, right=right) if not is_constant(right, typing.resolved):
            return False
        case Binary(left=left, right=right):
            return _is_always_known(left, typing) and _is_always_known(right, typing)
        case _:
            return False


def _least(amount: Expression, typing: Typing) -> Decimal | None:
    """The least that a fixed amount, or the share of what an account owns, may be, the ranges of inputs included;
    None where it is not fixed."""
    share = shares_of(amount, typing.resolved)
    if share is not None:
        return share[0]
    stated = typing.resolved.input(amount.text) if isinstance(amount, Name) else None
    low = stated.range.low if stated is not None and stated.range is not None else amount
    return constant(low, typing.resolved)
