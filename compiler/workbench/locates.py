"""Short sales of US shares that go without a locate: such a text is for backtests only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stratc.compiler.ir.nodes import Program, Side
from stratc.compiler.ir.uses import entries
from stratc.compiler.workbench.diagnostics import ShortWithoutLocate
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.instrument import Instrument, identify


def unlocated(
    program: Program, account: AccountProfile, instruments: Mapping[str, Instrument] | None
) -> Iterator[ShortWithoutLocate]:
    """One problem an entry, for the first of its instruments that is a share of a US exchange."""
    found = (identify(symbol, instruments) for symbol in program.instruments)
    shares = [each.symbol for each in found if each is not None and each.us_listed_share]
    if account.broker.locates or not shares:
        return
    for rule in program.rules:
        for entry in entries(rule):
            if entry.side is Side.SELL_SHORT and not entry.locate:
                yield ShortWithoutLocate(span=entry.span, rule=rule.name, symbol=shares[0])
