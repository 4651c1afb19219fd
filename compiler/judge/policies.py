"""Brokers' published policies: dated data of a pack, taken where a profile names the broker and is silent itself.

Policy is never law. What is taken is told as an assumption with source and confidence; what the profile says of its
broker always goes before it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final

from stratc.compiler.judge.written import out_of_bounds
from stratc.runtime.model.account import AccountProfile, DayTradingRegime, RegimeSpan
from stratc.runtime.model.record import record

POLICIES_FILE: Final = "brokers.toml"
TEXT_KEYS: Final = ("broker", "says", "source", "confidence")
DAY_KEYS: Final = ("retrieved", "moved_on")


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
    table = tomllib.loads(text)
    rows = table.get("policies", [])
    if other := sorted(table.keys() - {"policies"}):
        raise ValueError(f"it has `{other[0]}`; policies are tables `[[policies]]`")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("`policies` is no list of tables `[[policies]]`")
    return tuple(_policy(row) for row in rows)


def _policy(row: Mapping[str, Any]) -> BrokerPolicy:
    known = {field.name for field in fields(BrokerPolicy)}
    whose = f"the policy of {row.get('broker', 'a broker')}"
    if wrong := sorted(row.keys() - known) or sorted(known - {"moved_on"} - row.keys()):
        raise ValueError(f"{whose} has or lacks {', '.join(wrong)}")
    for key in TEXT_KEYS:
        if not isinstance(row[key], str) or not row[key].strip():
            raise ValueError(f"{whose}: `{key}` is no text")
    for key in DAY_KEYS:
        # A moment is a day to Python and none to a policy.
        if key in row and (type(row[key]) is not date or out_of_bounds(row[key])):
            raise ValueError(f"{whose}: `{key}` is no day such as 2026-11-28")
    names = row["names"]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f"{whose}: `names` is no list of texts")
    return BrokerPolicy(
        broker=row["broker"],
        names=tuple(name.casefold() for name in names),
        says=row["says"],
        source=row["source"],
        confidence=row["confidence"],
        retrieved=row["retrieved"],
        moved_on=row.get("moved_on"),
    )


def with_published(account: AccountProfile, policies: Iterable[BrokerPolicy]) -> AccountProfile:
    """The account with its broker's published day-trading policy, where it names the broker and says nothing of it."""
    called = (account.broker.name or "").casefold()
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
