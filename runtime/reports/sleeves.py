"""The table of a book's sleeves, in words, for the page and for the terminal."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.runtime.reports.summary import Run, Sleeve
from stratc.runtime.reports.wording import money, signed_percent

HEADS: Final = ("Sleeve", "Part", "Start", "End", "Return", "Round trips", "Fills", "Commissions", "Slippage")
RESERVE: Final = "in no sleeve"
ALL: Final = "account"


def sleeve_rows(run: Run) -> tuple[tuple[str, ...], ...]:
    """A row for each sleeve, one for the reserve, and last their sums, which are the account's figures."""
    if not run.sleeves:
        return ()
    return tuple(_row(each, run.currency) for each in (*run.sleeves, _sum(run.sleeves)))


def _row(sleeve: Sleeve, currency: str) -> tuple[str, ...]:
    gained = float(sleeve.equity / sleeve.start - 1) if sleeve.start > 0 else None
    return (
        sleeve.name or RESERVE,
        f"{sleeve.percent.normalize():f}%",
        money(sleeve.start, currency),
        money(sleeve.equity, currency),
        signed_percent(gained),
        f"{sleeve.round_trips:,}",
        f"{sleeve.fills:,}",
        money(sleeve.commission, currency),
        money(sleeve.slippage, currency),
    )


def _sum(sleeves: tuple[Sleeve, ...]) -> Sleeve:
    nothing = Decimal(0)
    return Sleeve(
        name=ALL,
        percent=sum((each.percent for each in sleeves), nothing),
        start=sum((each.start for each in sleeves), nothing),
        equity=sum((each.equity for each in sleeves), nothing),
        round_trips=sum(each.round_trips for each in sleeves),
        fills=sum(each.fills for each in sleeves),
        commission=sum((each.commission for each in sleeves), nothing),
        slippage=sum((each.slippage for each in sleeves), nothing),
    )
