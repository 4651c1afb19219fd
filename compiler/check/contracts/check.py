"""Contracts and groups: what is rolled when, who must be out by when, and who shares limits with whom."""

from __future__ import annotations

from collections.abc import Iterable

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant
from stratc.compiler.check.contracts.diagnostics import (
    DeliveryAtTheEnd,
    HeldIntoExpiry,
    NothingToRoll,
    NoticeComesFirst,
    NotOfGroup,
    SaidAgain,
    SessionsUnclear,
    WhichContract,
)
from stratc.compiler.check.kinds import type_of
from stratc.compiler.resolve.symbols import Resolved
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.types import SESSIONS, UNKNOWN
from stratc.runtime.model.contracts import Contract, Settlement, contract, is_root, terms
from stratc.runtime.model.instrument import Instrument

SESSIONS_MAX = 250
# By volume or open interest, a position rolls at the latest so many sessions before its contract's end.
LATEST_SESSIONS = 1


def check_contracts(typing: Typing) -> None:
    resolved = typing.resolved
    _check_said_once(resolved, typing)
    _check_rolls(resolved, typing)
    _check_leaving(resolved, typing)
    _check_groups(resolved.groups, typing)


def rolled_roots(resolved: Resolved) -> tuple[Instrument, ...]:
    """The roots that the strategy trades under a roll rule; nothing where there is none."""
    if resolved.roll is None:
        return ()
    return tuple(each for each in resolved.header.instruments if is_root(each))


def joined_by_difference(resolved: Resolved) -> bool:
    """Whether prices of contracts are joined, and not by ratio."""
    return resolved.roll is not None and resolved.roll.adjusted != "ratio" and bool(rolled_roots(resolved))


def sessions_before(line: Roll | Leave, resolved: Resolved) -> int:
    """How many sessions before the day that it names."""
    value = None if line.sessions is None else constant(line.sessions, resolved)
    return LATEST_SESSIONS if value is None else int(value)


def counts_to(line: Roll | Leave, roots: Iterable[str]) -> str:
    """The day that sessions are counted back from; where none is named, the one that comes first."""
    return line.before or ("first notice" if any(terms()[root].first_notice for root in roots) else "expiry")


def _check_said_once(resolved: Resolved, typing: Typing) -> None:
    for kind, word in ((Roll, "roll"), (Leave, "leave")):
        found = [each for each in resolved.tree.statements if isinstance(each, kind)]
        for again in found[1:]:
            typing.tell(SaidAgain(span=again.span, what=f"`{word}`"))


def _check_rolls(resolved: Resolved, typing: Typing) -> None:
    header, roll = resolved.header, resolved.roll
    roots = [each for each in header.instruments if is_root(each)]
    if roll is None:
        for named in header.trade_line.instruments if header.trade_line is not None else ():
            root = next((each for each in roots if each.symbol == named.symbol), None)
            if root is not None:
                before = "first notice" if terms()[root.symbol].first_notice else "expiry"
                typing.tell(WhichContract(span=named.span, symbol=root.symbol, before=before))
        return
    if not roots:
        if header.instruments:
            traded = ", ".join(f"`{each.symbol}`" for each in header.instruments)
            what = "roots of futures"
            typing.tell(
                NothingToRoll(span=roll.span, word="roll", what=what, traded=traded, example_of="a root such as `ES`")
            )
        return
    if _are_sessions(roll, "roll", typing):
        _check_notice(roll, "roll", [each.symbol for each in roots], typing)


def _check_leaving(resolved: Resolved, typing: Typing) -> None:
    leave = resolved.leave
    single = [found for each in resolved.header.instruments if (found := contract(each.symbol)) is not None]
    if leave is None:
        for found in single:
            typing.tell(_held(found, typing))
        return
    if not single:
        traded = ", ".join(f"`{each.symbol}`" for each in resolved.header.instruments) or "nothing"
        what = "single contracts"
        typing.tell(
            NothingToRoll(
                span=leave.span, word="leave", what=what, traded=traded, example_of="a contract such as `ESZ26`"
            )
        )
        return
    if _are_sessions(leave, "leave", typing):
        _check_notice(leave, "leave", [found.root for found in single], typing)
        for found in single:
            if found.settlement is Settlement.PHYSICAL and sessions_before(leave, resolved) == 0:
                typing.tell(DeliveryAtTheEnd(span=leave.span, symbol=found.symbol, word="leave", before=leave.before))


def _held(found: Contract, typing: Typing) -> HeldIntoExpiry:
    line = typing.header.trade_line
    place = next((each.span for each in line.instruments if each.symbol == found.symbol), line.span) if line else None
    notice = f", after a first notice day on {found.first_notice}" if found.first_notice else ""
    cash = found.settlement is Settlement.CASH
    return HeldIntoExpiry(
        span=place or typing.header.anchor,
        symbol=found.symbol,
        ends=f"ends on {found.last_trade}{notice}, settled {'in cash' if cash else 'by delivery'}",
        before="first notice" if found.first_notice else "expiry",
        or_cash=", or `leave 0 sessions before expiry` to be settled in cash at its last close" if cash else "",
    )


def _are_sessions(line: Roll | Leave, word: str, typing: Typing) -> bool:
    if line.sessions is None:
        return True
    found = type_of(line.sessions, typing)
    value = constant(line.sessions, typing.resolved)
    if found == UNKNOWN:
        return False
    if found == SESSIONS and value is not None and value == int(value) and 0 <= value <= SESSIONS_MAX:
        return True
    why = (
        f", and at most {SESSIONS_MAX} of them"
        if found == SESSIONS
        else f", and `{typing.text(line.sessions)}` does not"
    )
    typing.tell(SessionsUnclear(span=line.sessions.span, word=word, found=why))
    return False


def _check_notice(line: Roll | Leave, word: str, roots: Iterable[str], typing: Typing) -> None:
    """Delivery may begin long before the last trade: then that is the day to count from."""
    early = [root for root in dict.fromkeys(roots) if terms()[root].first_notice]
    if early and counts_to(line, early) == "expiry":
        symbols = ", ".join(f"`{root}`" for root in early)
        sessions = sessions_before(line, typing.resolved)
        typing.tell(NoticeComesFirst(span=line.span, symbols=symbols, word=word, sessions=sessions))


def _check_groups(groups: Iterable[Group], typing: Typing) -> None:
    traded = {each.symbol for each in typing.header.instruments}
    names: set[str] = set()
    placed: dict[str, str] = {}
    for group in groups:
        if group.name.text in names:
            typing.tell(SaidAgain(span=group.name.span, what=f"the group `{group.name.text}`"))
        names.add(group.name.text)
        for member in group.instruments:
            symbol = member.symbol
            if symbol not in traded:
                why, advice = "is not traded by this strategy", f"trade it, or take it out of `{group.name.text}`"
                typing.tell(NotOfGroup(span=member.span, symbol=symbol, why=why, advice=advice))
            elif symbol in placed:
                why, advice = f"is in the group `{placed[symbol]}` already", "keep it in one of them"
                typing.tell(NotOfGroup(span=member.span, symbol=symbol, why=why, advice=advice))
            placed.setdefault(symbol, group.name.text)
