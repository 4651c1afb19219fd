"""Futures contracts: from a symbol such as `ESH24` to its root and month, and to the days on which it ends.

A root's contracts end by the rules of the dated table `contracts.toml` beside this file. Days are the dates of sessions
of the root's calendar; what lies outside of the calendar's table is None, never a guess.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from stratc.runtime.model.instrument import CONTRACT, MONTH_CODES, Instrument, futures
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, Session, calendar

CENTURY: Final = 2000
FRIDAY: Final = 4
WEDNESDAY: Final = 2


class Settlement(StrEnum):
    """What is left of a position when its contract ends."""

    CASH = "cash"
    PHYSICAL = "physical"


@record
class ContractTerms:
    """A root's contracts: listed months and, in the words of the table, when each of them ends."""

    months: str
    last_trade: str
    first_notice: str
    settlement: Settlement


@record
class Contract:
    """One contract. `first_notice` is None where delivery begins no earlier than the last trade."""

    symbol: str
    root: str
    last_trade: date
    first_notice: date | None
    settlement: Settlement

    @property
    def ends(self) -> date:
        """By when a position must have been left: the first notice, else the last trade."""
        return self.last_trade if self.first_notice is None else min(self.first_notice, self.last_trade)


class RollBy(StrEnum):
    """What tells that it is time to roll."""

    DAYS = "days"
    VOLUME = "volume"
    OPEN_INTEREST = "open interest"


class Before(StrEnum):
    """What a number of sessions is counted back from."""

    EXPIRY = "expiry"
    FIRST_NOTICE = "first notice"


class Adjustment(StrEnum):
    """How the prices of one contract go on in those of the next: a distance is kept, or a ratio."""

    DIFFERENCE = "difference"
    RATIO = "ratio"


@record
class RollRule:
    """When a root goes from contract to contract: at the latest `sessions` before the day named."""

    by: RollBy
    sessions: int
    before: Before
    adjusted: Adjustment


@record
class LeaveRule:
    """When a single contract is left for good: at the close of the session that is so many before the day named."""

    sessions: int
    before: Before


def last_session(contract: Contract, sessions: int, before: Before) -> date | None:
    """The last session in which the contract is held: so many before the day, which counts where it is a session."""
    calendar_of = calendar(futures()[contract.root].calendar)
    day = contract.last_trade if before is Before.EXPIRY else contract.first_notice or contract.last_trade
    anchor = _on_or_before(day, calendar_of)
    return None if anchor is None else _dated(calendar_of.at(anchor.index - sessions))


@cache
def terms() -> Mapping[str, ContractTerms]:
    """The contracts of the built-in roots, in the order of the table."""
    table = tomllib.loads(files("stratc.runtime.model").joinpath("contracts.toml").read_text("utf-8"))
    return {
        root: ContractTerms(
            months=said["months"],
            last_trade=said["last_trade"],
            first_notice=said.get("first_notice", ""),
            settlement=Settlement(said["settlement"]),
        )
        for root, said in table["roots"].items()
    }


def split(symbol: str) -> tuple[str, int, int] | None:
    """Root, year and month of a contract's symbol; None where it is none of a known root."""
    found = CONTRACT.fullmatch(symbol)
    if found is None or found[1] not in futures():
        return None
    return found[1], CENTURY + int(found[3]), MONTH_CODES.index(found[2]) + 1


def is_root(instrument: Instrument) -> bool:
    """Whether a symbol stands for contracts that follow one another, and for none of them."""
    return instrument.symbol in futures() and instrument.symbol in terms()


def contract(symbol: str) -> Contract | None:
    """The contract of that symbol; None where it is none, or where its calendar does not reach so far."""
    parts = split(symbol)
    if parts is None or parts[0] not in terms():
        return None
    root, year, month = parts
    listed, sessions = terms()[root], calendar(futures()[root].calendar)
    last_trade = day_of(listed.last_trade, year, month, sessions)
    if MONTH_CODES[month - 1] not in listed.months or last_trade is None:
        return None
    return Contract(
        symbol=symbol,
        root=root,
        last_trade=last_trade,
        first_notice=day_of(listed.first_notice, year, month, sessions) if listed.first_notice else None,
        settlement=listed.settlement,
    )


# ── the words of the table ───────────────────────────────────────────────────────────────────────────────────────────

RULE: Final = re.compile(
    r"(?:(\d+) business days? before )?(?:the )?"
    r"(?:(third friday|third wednesday)|(25th|end) of the month( before)?)"
)


def day_of(rule: str, year: int, month: int, sessions: Calendar) -> date | None:
    """The date that a rule of the table means for a contract's month; on or before it where that is no session."""
    found = RULE.fullmatch(rule)
    if found is None:
        raise ValueError(f"`{rule}` is no rule that contracts end by")
    if found[4] is not None:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    anchor = _on_or_before(_anchor(found[2] or found[3], year, month), sessions)
    return None if anchor is None else _dated(sessions.at(anchor.index - int(found[1] or 0)))


def _anchor(words: str, year: int, month: int) -> date:
    match words:
        case "third friday":
            return _third(FRIDAY, year, month)
        case "third wednesday":
            return _third(WEDNESDAY, year, month)
        case "25th":
            return date(year, month, 25)
        case _:
            return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _third(weekday: int, year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 14)


def _on_or_before(day: date, sessions: Calendar) -> Session | None:
    if not sessions.covers(day):
        return None
    return sessions.session(day) or sessions.previous_session(day)


def _dated(session: Session | None) -> date | None:
    return None if session is None else session.date
