"""The sleeves of a finished run as the report's plain data."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from stratc.runtime.executor.results import Backtest
from stratc.runtime.executor.sleeves import meetings, reserve_of, sleeve_results
from stratc.runtime.reports.summary import Sleeve


def sleeve_lines(backtest: Backtest) -> tuple[Sleeve, ...]:
    """What each sleeve came to, and the reserve behind them; nothing where the run is no book's."""
    if not backtest.sleeves:
        return ()
    found = [
        Sleeve(
            name=each.name,
            percent=each.percent,
            start=each.start,
            equity=each.equity,
            round_trips=each.round_trips,
            fills=each.fills,
            commission=each.fees,
            slippage=each.slippage,
        )
        for each in sleeve_results(backtest)
    ]
    nothing = Decimal(0)
    left = 100 - sum((each.percent for each in found), nothing)
    reserve = Sleeve(
        name="",
        percent=left,
        start=reserve_of(backtest),
        equity=reserve_of(backtest),
        round_trips=0,
        fills=0,
        commission=nothing,
        slippage=nothing,
    )
    return (*found, reserve)


def meeting_notes(backtest: Backtest) -> list[str]:
    """That sleeves or pairs met is told: what changed hands inside was never sent."""
    owner, whole = ("sleeve", "book") if backtest.sleeves else ("pair", "account")
    met = Counter[str]()
    inside: dict[str, Decimal] = {}
    for meeting in meetings(backtest):
        met[meeting.symbol] += 1
        inside[meeting.symbol] = inside.get(meeting.symbol, Decimal(0)) + meeting.inside
    return [
        f"{symbol}: at {count:,} open{'' if count == 1 else 's'} one {owner} bought what another sold; "
        f"{inside[symbol]:,f} changed hands inside the {whole}, at the price of the account's order, and only the "
        "difference was sent"
        for symbol, count in met.items()
    ]
