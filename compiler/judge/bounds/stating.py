"""From a program and its account to the sheet of its bounds, and to the seven figures of `check --json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from stratc.compiler.ir.nodes import Program
from stratc.compiler.judge.bounds import exposure, loss
from stratc.compiler.judge.bounds.counts import orders_per_second
from stratc.compiler.judge.bounds.grounds import grounds_of
from stratc.compiler.judge.bounds.sheet import BoundSheet
from stratc.compiler.judge.prove import Proof
from stratc.compiler.judge.verdict import Bounds
from stratc.runtime.executor.terms import AccountKind
from stratc.runtime.model.instrument import Instrument, identify


def sheet_of(program: Program, pays: AccountKind, own_instruments: Mapping[str, Instrument] | None) -> BoundSheet:
    """Every bound of a program in an account of this kind, or what stands in its way."""
    grounds = grounds_of(program, pays, lambda symbol: identify(symbol, own_instruments))
    of_all = exposure.gross(grounds)
    named = () if program.universe else grounds.instruments
    return BoundSheet(
        position=exposure.position(grounds),
        units=exposure.units(grounds),
        gross=of_all,
        leverage=exposure.leverage(grounds, of_all),
        committed=exposure.committed(grounds, of_all),
        orders=orders_per_second(grounds),
        loss=loss.planned_loss(grounds),
        worst=loss.worst_loss(grounds, of_all),
        instruments=tuple((each.symbol, each.quantity_unit.value) for each in named),
        currency=program.currency,
    )


def bounds_of(sheet: BoundSheet, equity: Fraction | None, proofs: Iterable[Proof]) -> Bounds:
    """The figures of `check --json`; those in money need the account's equity."""
    gaps = [proof.gap for proof in proofs if proof.gap is not None]
    return Bounds(
        leverage_max=_number(sheet.leverage.number),
        gross_exposure_max=_number(sheet.gross.money_at(equity)),
        position_max=_number(sheet.position.money_at(equity)),
        orders_per_second_max=_number(sheet.orders.number),
        committed_capital_max=_number(sheet.committed.money_at(equity)),
        planned_loss_per_session=_number(sheet.loss.money_at(equity)),
        critical_gap=_number(min(gaps, default=None)),
    )


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
