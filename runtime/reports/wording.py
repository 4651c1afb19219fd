"""The words that every report shares: figures as a trader reads them, times, and what must be said with them.

The legend follows the demand of CFTC Rule 4.41(b)(1) (17 CFR 4.41(b)) on simulated or hypothetical results, in our own
words. Figures that are unknown read `n/a`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from stratc.runtime.reports.performance import Drawdown, Performance
from stratc.runtime.reports.summary import Run

HYPOTHETICAL: Final = (
    "Hypothetical performance. These results come from a simulation on past prices; no order was sent and no money was "
    "at risk. Simulated results have inherent limits: they are prepared with the benefit of hindsight, no simulation "
    "shows in full what financial risk does to decisions, and fills, liquidity, costs, halts and outages in a real "
    "market may have differed to a degree that the simulation over- or understates. No account is represented to have "
    "made, or to be likely to make, profits or losses like these, and past results say nothing certain about later "
    "ones."
)
NOT_ADVICE: Final = (
    "Not legal, tax or investment advice. Verdicts state what the compiler could show of this text, this account "
    "profile and these rule packs under the assumptions listed; the broker's own count governs."
)
UNKNOWN: Final = "n/a"
# Control characters are invalid in HTML and drive terminals, lone surrogates cannot be written, and bidirectional
# overrides make a reader see other text than is there.
UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def readable(text: str) -> str:
    """The text with every character that a reader cannot see or trust replaced by one that says so."""
    return UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.2f} {currency}"


def signed_money(amount: Decimal | None, currency: str) -> str:
    return UNKNOWN if amount is None else f"{amount:+,.2f} {currency}"


def percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share:,.1%}"


def signed_percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share:+,.2%}"


def number(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.2f}"


def quantity(value: Decimal) -> str:
    """Without the exponent and without the zeros that `Decimal` would keep."""
    return f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,f}"


def local(at_utc_ns: int, zone: str) -> datetime:
    """The wall time in that zone, to the microsecond."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_utc_ns // 1_000)
    return moment.astimezone(ZoneInfo(zone))


def day(at_utc_ns: int | None, zone: str) -> str:
    """The date of a close. A bar that ends at midnight belongs to the day that ends there."""
    return UNKNOWN if at_utc_ns is None else f"{local(at_utc_ns - 1, zone):%Y-%m-%d}"


def moment(at_utc_ns: int, zone: str) -> str:
    return f"{local(at_utc_ns, zone):%Y-%m-%d %H:%M %Z}"


def figures(run: Run, performance: Performance) -> tuple[tuple[str, str, str], ...]:
    """The summary table: a trader's name of each figure, the figure, and what it means where that is a choice."""
    zone, currency = (run.prices[0].zone if run.prices else "UTC"), run.currency
    fall = performance.drawdown
    return (
        ("Start equity", money(performance.start_equity, currency), ""),
        ("Final equity", money(performance.final_equity, currency), "open positions at the last close"),
        *paid(run, performance, currency),
        ("Return", signed_percent(performance.total_return), return_in_words(run)),
        ("Buy and hold", signed_percent(performance.buy_and_hold_return), "same instruments, equal parts, no costs"),
        ("Return a year (CAGR)", signed_percent(performance.cagr), "365.25 days a year; n/a under 30 days"),
        *money_return(run, performance),
        ("Largest drawdown", percent(None if fall is None else -fall.depth or 0.0), span(fall, zone)),
        ("Sharpe ratio", number(performance.sharpe), "daily closes, a year, risk-free rate 0"),
        ("Round trips", f"{performance.round_trips:,}", f"{len(run.fills):,} fills of {run.orders:,} orders"),
        ("Won", percent(performance.win_rate), "share of round trips with a profit after fees"),
        ("Profit factor", number(performance.profit_factor), "all profits over all losses; n/a without a loss"),
        ("Best round trip", signed_money(performance.best, currency), ""),
        ("Worst round trip", signed_money(performance.worst, currency), ""),
        ("Costs", money(performance.costs, currency), costs_in_words(performance, currency)),
        *overnight(performance, currency),
        *((name.capitalize(), signed_money(amount, currency), "part of the result") for name, amount in run.carried),
        ("In the market", percent(performance.exposure), "share of bars with a position"),
        ("Denied orders", f"{run.denied:,}", "refused by guards or limits before they were sent"),
    )


def span(fall: Drawdown | None, zone: str) -> str:
    if fall is None:
        return "more was lost than was there"
    if not fall.depth:
        return "never below its high"
    return f"{day(fall.high_utc_ns, zone)} to {day(fall.trough_utc_ns, zone)}"


def return_in_words(run: Run) -> str:
    """What the return is after, and how it is weighted where money came or went."""
    weighted = "time-weighted: contributions and withdrawals aside, " if run.flows else ""
    return f"{weighted}after commissions and slippage"


def paid(run: Run, performance: Performance, currency: str) -> tuple[tuple[str, str, str], ...]:
    """What came and went, where anything did."""
    if not run.flows:
        return ()
    return (
        ("Paid in", money(performance.paid_in, currency), "no profit"),
        ("Taken out", money(performance.taken_out, currency), "no loss"),
        ("Profit", signed_money(performance.profit, currency), "final equity less start equity and what came and went"),
    )


def money_return(run: Run, performance: Performance) -> tuple[tuple[str, str, str], ...]:
    """The return of the money that was there, where money came or went."""
    if not run.flows:
        return ()
    words = "a year: the rate at which start equity and flows grow to the final equity"
    return (("Money-weighted return", signed_percent(performance.money_weighted), words),)


def costs_in_words(performance: Performance, currency: str) -> str:
    commissions, slippage = money(performance.commissions, currency), money(performance.slippage, currency)
    exchanged = f", conversion {money(performance.conversion, currency)}" if performance.conversion else ""
    return f"commissions {commissions}, slippage {slippage}{exchanged}"


def overnight(performance: Performance, currency: str) -> tuple[tuple[str, str, str], ...]:
    """Interest of positions held over 17:00 New York, where there was any."""
    earned = performance.overnight_interest
    return (("Overnight interest", signed_money(earned, currency), "not in the round trips"),) if earned else ()
