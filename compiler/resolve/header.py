"""The header: from the `strategy`, `trade` and `account` lines to what is traded, on which bars, in which account.

Every line that is missing, doubled or wrong gives one problem and an empty field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final, TypeVar

from stratc.compiler.resolve.diagnostics import (
    BadInterval,
    CurrencyMissing,
    DuplicateHeaderLine,
    DuplicateInstrument,
    MissingHeaderLine,
    UnknownAccountKind,
    UnknownCurrency,
    UnknownInstrument,
)
from stratc.compiler.resolve.symbols import DAY_SECONDS, Header
from stratc.compiler.resolve.words import ACCOUNT_KINDS, CURRENCIES
from stratc.compiler.resolve.zones import iana_zone
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import NOWHERE, Span
from stratc.dsl.suggest import certain, closest
from stratc.dsl.syntax import (
    AccountLine,
    Missing,
    Number,
    ReadLine,
    StrategyLine,
    Text,
    TradeLine,
    Tree,
    Unreadable,
)
from stratc.runtime.model.instrument import Instrument, identify, reason_unknown
from stratc.runtime.model.own_days import on_own_days

SECONDS: Final = {
    "second": 1,
    "seconds": 1,
    "sec": 1,
    "min": 60,
    "minute": 60,
    "minutes": 60,
    "hour": 3_600,
    "hours": 3_600,
    "day": DAY_SECONDS,
    "days": DAY_SECONDS,
}

Line = TypeVar("Line", StrategyLine, TradeLine, AccountLine)


# A universe whose members are not known yet is checked and judged with two shares that do not exist.
STAND_INS: Final = ("UNIV.A", "UNIV.B")

# All pairs of so many members are traded: 276 of 24.
PAIR_MEMBERS_MAX: Final = 24


def read_header(
    tree: Tree,
    own: Mapping[str, Instrument] | None,
    members: tuple[str, ...],
    problems: list[Problem],
    shared: frozenset[str] = frozenset(),
) -> Header:
    """The header of a tree; problems are added to `problems`. What several sleeves share has a place for each,
    and so has what stands in several pairs."""
    anchor = _anchor(tree)
    strategy = _only(tree, StrategyLine, "strategy", 'strategy "My strategy"', problems)
    bars = _only(tree, TradeLine, "trade", "trade SPY on 1 day", problems)
    account = _only(tree, AccountLine, "account", "account cash USD", problems)
    seen: set[str] = set()
    start = _day_start(bars)
    instruments = (
        tuple(on_own_days(found, start) for found in _instruments(bars, own, seen, problems, shared)) if bars else ()
    )
    if bars is not None and bars.universe is not None:
        symbols = members or STAND_INS
        instruments = tuple(found for symbol in symbols if (found := identify(symbol, own)) is not None)
        seen.update(symbols)
    if bars is not None and bars.pairs and len(instruments) > 1:
        instruments = tuple(leg for pair in combinations(instruments[:PAIR_MEMBERS_MAX], 2) for leg in pair)
    reads = [statement for statement in tree.statements if isinstance(statement, ReadLine)]
    title = strategy.title.value if strategy and isinstance(strategy.title, Text) else ""
    return Header(
        title=title,
        instruments=instruments,
        reads=tuple(on_own_days(found, start) for line in reads for found in _instruments(line, own, seen, problems)),
        interval_seconds=_interval(bars.interval, problems) if bars else 0,
        trade_line=bars,
        day_start=start,
        account_kind=_account_kind(account, problems) if account else "",
        currency=_currency(account, problems) if account else "",
        anchor=strategy.span if strategy else anchor,
    )


def _day_start(line: TradeLine | None) -> str:
    """When the header lets days begin, `09:00 Asia/Seoul`; empty where it does not say, or names no zone."""
    written = None if line is None else line.day_start
    zone = None if written is None else iana_zone(written.zone.text)
    if written is None or zone is None:
        return ""
    hours, seconds = divmod(written.clock.second_of_day, 3_600)
    return f"{hours % 24:02d}:{seconds // 60:02d} {zone}"


def _anchor(tree: Tree) -> Span:
    """Where to point when something is missing at the top: the first statement's first character."""
    start = tree.statements[0].span.start if tree.statements else NOWHERE.start
    return Span(start, start + 1) if tree.statements else NOWHERE


def has_unreadable(tree: Tree) -> bool:
    """Whether some statement could not be read at all: it may be the one that is missed."""
    return any(isinstance(statement, Unreadable) for statement in tree.statements)


def _only(tree: Tree, kind: type[Line], word: str, text: str, problems: list[Problem]) -> Line | None:
    found = [statement for statement in tree.statements if isinstance(statement, kind)]
    if not found and has_unreadable(tree):
        return None
    if not found:
        problems.append(MissingHeaderLine(span=_anchor(tree), word=word, text=text))
        return None
    problems.extend(DuplicateHeaderLine(span=again.span, word=word, first=found[0].span) for again in found[1:])
    return found[0]


def _instruments(
    line: TradeLine | ReadLine,
    own: Mapping[str, Instrument] | None,
    seen: set[str],
    problems: list[Problem],
    shared: frozenset[str] = frozenset(),
) -> Iterator[Instrument]:
    """The instruments of a line that no line above has named; `seen` grows."""
    for named in line.instruments:
        if named.symbol in seen and named.symbol not in shared:
            problems.append(DuplicateInstrument(span=named.span, symbol=named.symbol))
            continue
        seen.add(named.symbol)
        found = identify(named.symbol, own)
        if found is not None:
            yield found
        else:
            problems.append(
                UnknownInstrument(span=named.span, symbol=named.symbol, reason=reason_unknown(named.symbol))
            )


def _interval(written: Number | Missing, problems: list[Problem]) -> int:
    """Seconds of a bar; 0 where they cannot be read. Longer than a day is not a bar that this version has."""
    if isinstance(written, Missing):
        return 0
    seconds = written.value * SECONDS.get(written.unit, 0)
    whole = int(seconds)
    if whole == seconds and 0 < whole <= DAY_SECONDS and DAY_SECONDS % whole == 0:
        return whole
    problems.append(BadInterval(span=written.span, text=f"{written.value} {written.unit}".strip()))
    return 0


def _account_kind(line: AccountLine, problems: list[Problem]) -> str:
    if line.kind.text in ACCOUNT_KINDS:
        return line.kind.text
    near = closest(line.kind.text, ACCOUNT_KINDS)
    sure = certain(line.kind.text, ACCOUNT_KINDS) or ""
    problems.append(UnknownAccountKind(span=line.kind.span, name=line.kind.text, near=_did_you_mean(near), sure=sure))
    return ""


def _currency(line: AccountLine, problems: list[Problem]) -> str:
    if line.currency is None:
        problems.append(CurrencyMissing(span=line.span, kind=line.kind.text))
        return ""
    if line.currency.text in CURRENCIES:
        return line.currency.text
    near = closest(line.currency.text, sorted(CURRENCIES))
    problems.append(UnknownCurrency(span=line.currency.span, name=line.currency.text, near=_did_you_mean(near)))
    return ""


def _did_you_mean(near: str | None) -> str:
    return f"; did you mean `{near}`?" if near else ""
