"""Brokers' published policies: dated data of a pack, taken where a profile names the broker and is silent itself.

Policy is never law. What is taken is told as an assumption with source and confidence; what the profile says of its
broker always goes before it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from typing import Final

from stratc.runtime.model.account import AccountProfile, DayTradingRegime, RegimeSpan
from stratc.runtime.model.record import record

POLICIES_FILE: Final = "brokers.toml"


@record
class BrokerPolicy:
    """What a broker has published. It counted day trades until `moved_on`; None: it is not known whether it has moved.

    `names` are what profiles may call it, in small letters; `says` is the rest of its policy in words.
    """

    broker: str
    names: tuple[str, ...]
    says: str
    source: str
    confidence: str
    retrieved: date
    moved_on: date | None = None


def read_policies(text: str) -> tuple[BrokerPolicy, ...]:
    """The policies in the text of a file; raises `ValueError` with what is wrong with it."""
    known = {field.name for field in fields(BrokerPolicy)}
    rows = tomllib.loads(text).get("policies", [])
    for row in rows:
        wrong = sorted(set(row) - known) or sorted(known - {"moved_on"} - set(row))
        if wrong:
            raise ValueError(f"the policy of {row.get('broker', 'a broker')} has or lacks {', '.join(wrong)}")
    return tuple(BrokerPolicy(**{**row, "names": tuple(row["names"])}) for row in rows)


def with_published(account: AccountProfile, policies: Iterable[BrokerPolicy]) -> AccountProfile:
    """The account with its broker's published day-trading policy, where it names the broker and says nothing of it."""
    called = (account.broker.name or "").lower()
    policy = next((each for each in policies if called in each.names), None)
    if policy is None or policy.moved_on is None or account.broker.day_trading_regime:
        return account
    spans = (
        RegimeSpan(since=None, regime=DayTradingRegime.PATTERN_DAY_TRADER),
        RegimeSpan(since=policy.moved_on, regime=DayTradingRegime.INTRADAY_MARGIN),
    )
    told = (
        f"{policy.broker} is taken to have moved to intraday margin on {policy.moved_on}, as published "
        f"({policy.source}; confidence {policy.confidence}, retrieved {policy.retrieved}); what it says of this "
        "account goes before it: state `day_trading_regime`"
    )
    silence = tuple(each for each in account.assumptions if not each.startswith("no day-trading regime is stated"))
    return replace(account, broker=replace(account.broker, day_trading_regime=spans), assumptions=(*silence, told))
