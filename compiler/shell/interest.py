"""Overnight interest of a run: the account's file of rates, and what is said where none is known."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.market_data import MarketData
from stratc.runtime.executor.interest import InterestRates, RateHistory, bears_interest
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.instrument import InstrumentKind


def read_interest(profile: AccountProfile | None, account: Path | None, strategy: Path) -> InterestRates | None:
    """The rates that the profile names, its path beside the profile; None where it names none."""
    policy = None if profile is None else profile.broker.overnight_interest
    if policy is None:
        return None
    path = (account or strategy).parent / policy.rates
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(f"the interest rates {path} cannot be read: {problem}", "see `overnight_interest`") from None
    return InterestRates(
        histories=histories(text, path.name), markup_percent=policy.markup_percent, fresh_days=policy.fresh_days
    )


def histories(text: str, source: str) -> dict[str, RateHistory]:
    """The table `date,USD,JPY,…` with percents a year; an empty cell says nothing. Raises `Refused` with the row."""
    rows = list(csv.reader(text.splitlines()))
    if not rows or rows[0][:1] != ["date"] or len(rows[0]) < 2:
        raise Refused(f"{source}: the first row must be `date` and currencies", "as in `date,USD,JPY`")
    found: dict[str, list[tuple[date, float]]] = {currency.strip(): [] for currency in rows[0][1:]}
    before = date.min
    for number, row in enumerate(rows[1:], start=1):
        try:
            day, cells = date.fromisoformat(row[0]), [float(cell) if cell.strip() else None for cell in row[1:]]
        except (ValueError, IndexError):
            raise Refused(
                f"{source}, row {number}: `{','.join(row)}` is no date with rates", "2026-01-31,4.25"
            ) from None
        if day <= before or len(cells) != len(found):
            raise Refused(f"{source}, row {number}: dates must rise and every currency have its cell", "see the row")
        before = day
        for currency, percent in zip(found, cells, strict=True):
            if percent is not None:
                found[currency].append((day, percent))
    return {
        currency: RateHistory(dates=tuple(day for day, _ in told), percent=tuple(percent for _, percent in told))
        for currency, told in found.items()
    }


def overnight_assumptions(market: MarketData, rates: InterestRates | None) -> list[str]:
    """One sentence where pairs are held without interest, one where they are held with it."""
    pairs = [each for each in market.instruments if each.kind is InstrumentKind.FOREX]
    silent = [each.symbol for each in pairs if not bears_interest(each, rates)]
    bearing = [each for each in pairs if bears_interest(each, rates)]
    told = [f"no overnight interest is known for {', '.join(silent)}: none is booked"] if silent else []
    if bearing:
        told.append(
            "overnight interest is booked with the first bar after 17:00 New York, by value dates; settlement holidays "
            "of US dollar and euro are known, of other currencies weekends, New Year's Day and Christmas"
        )
    return told
