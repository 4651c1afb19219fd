"""`trade pairs of …`: what pairs are made of, what their rules may do, and that every series says of which leg it is.

A member stands in many pairs, and what these order in it for one open is one order of the account. So all of it has to
fill whole at that open, as in a book, and nothing may close, hold back or count one leg of a pair alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stratc.compiler.check.books.check import AT_OPEN, COUNTED
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.grounds import below, columns_of
from stratc.compiler.check.pairs.diagnostics import NoPairsOfThese, NotWithPairs, WhichLeg
from stratc.compiler.resolve.header import PAIR_MEMBERS_MAX
from stratc.compiler.resolve.words import ACCOUNT_WORDS, COLUMNS
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    AccountLine,
    Action,
    Advice,
    Allocate,
    AtEntry,
    Binary,
    BinaryOperator,
    BothOf,
    Call,
    Cap,
    Data,
    Entry,
    Events,
    Exit,
    Floor,
    Function,
    Input,
    Let,
    MoveStop,
    Name,
    Node,
    Number,
    OfInstrument,
    OneOf,
    Over,
    Rule,
    Sequence,
    SequenceStep,
    SinceEntry,
    TradeLine,
)
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.runtime.model.instrument import InstrumentKind

# What is said of a pair as a whole, or of the account.
OF_A_PAIR: Final = frozenset({"flat", "open_profit", "bars_held", "sessions_held", "equity", "cash", "bar"})
OF_A_LEG: Final = frozenset(ACCOUNT_WORDS) - OF_A_PAIR
STEP_UNITS: Final = ("tick", "pip", "point")
# What is declared is looked at where it is read; a header and a group read nothing.
DECLARING: Final = (Let, Input, Function, Events, Data, Advice, TradeLine, AccountLine, Group)
AS_A_WHOLE: Final = "of a pair as a whole are `flat`, `open_profit`, `bars_held` and `sessions_held`"
BOTH: Final = "write `both of` with two legs, `buy 1_000 USD of one` and `short 1_000 USD of other`"


def check_chosen(typing: Typing) -> None:
    """Every problem of a text that trades pairs of what its header names."""
    line = typing.header.trade_line
    if line is None or not line.pairs:
        return
    for span, what, advice in _of_header(line, typing):
        typing.tell(NoPairsOfThese(span=span, what=what, advice=advice))
    for span, what, advice in _of_statements(typing):
        typing.tell(NotWithPairs(span=span, what=what, advice=advice))
    for part in _of_no_leg(typing):
        if isinstance(part, AtEntry | Over):
            what = "since its entry is said of one leg's position, and a pair has two"
            typing.tell(NotWithPairs(span=part.span, what=what, advice=AS_A_WHOLE))
        else:
            typing.tell(WhichLeg(span=part.span, text=typing.text(part), advice=_advice(part)))


def _of_header(line: TradeLine, typing: Typing) -> Iterator[tuple[Span, str, str]]:
    """Why no pairs can be made of the members on this account; what is wrong first."""
    header, members = typing.header, line.instruments
    if line.universe is not None:
        advice = f"name the members, at most {PAIR_MEMBERS_MAX}: `trade pairs of KO, PEP, MCD on 1 day`"
        yield line.universe.span, "pairs of a universe are not built", advice
        return
    if len(members) < 2:
        yield line.span, "one member is no pair", "name two or more: `trade pairs of KO, PEP, MCD on 1 day`"
    if len(members) > PAIR_MEMBERS_MAX:
        many = len(members) * (len(members) - 1) // 2
        what = f"{len(members)} members are {many:,} pairs, and at most {PAIR_MEMBERS_MAX} members are traded"
        yield members[PAIR_MEMBERS_MAX].span, what, "leave some out, or trade the others in a strategy of their own"
    if header.account_kind and header.account_kind != "margin":
        advice = "one leg of a pair is sold short: write `account margin USD`"
        account = next(each.span for each in typing.resolved.tree.statements if isinstance(each, AccountLine))
        yield account, f"pairs are not traded in a `{header.account_kind}` account", advice
    if header.interval_seconds and not header.daily:
        what = "pairs are traded on daily bars: within a day one pair may buy what another sells an hour later"
        yield line.interval.span, what, "write `on 1 day`; the account's day trades would not be counted otherwise"
    found = {each.symbol: each for each in header.instruments}
    for named in members:
        member = found.get(named.symbol)
        if member is not None and member.kind is not InstrumentKind.EQUITY:
            what = f"`{named.symbol}` is no share, and pairs are made of shares and funds"
            yield named.span, what, "write it as two legs by name: `trade` both, and `both of` in a rule"
        elif member is not None and header.currency and member.currency != header.currency:
            if typing.doubted_account:
                return
            typing.doubted_account = True
            what = f"`{named.symbol}` is quoted in {member.currency}, the account is in {header.currency}"
            yield named.span, what, "pair what is quoted in the account's currency"


def _of_statements(typing: Typing) -> Iterator[tuple[Span, str, str]]:
    """What stands in the text and would act on one leg, or could not be netted."""
    for statement in typing.resolved.tree.statements:
        match statement:
            case Rule():
                yield from _of_rule(statement)
            case Cap(kind=kind, reduce=reduces) if kind.text not in COUNTED or reduces:
                what = "a cap that reduces" if reduces else f"`cap {kind.text}`"
                yield statement.span, f"{what} may hold back or close one leg", "leave it out; `cap gross` counts both"
            case Cap(per=Name(text="group" | "side")):
                yield statement.span, "a cap of a group or a side splits pairs", "write it for the account"
            case Floor():
                yield statement.span, "this limit may hold back one leg", "leave it out"
            case Roll() | Leave():
                yield statement.span, "pairs are made of shares, which do not expire", "leave it out"
            case Group():
                yield statement.span, "a group counts the legs of many pairs", "leave it out; caps count every pair"
            case _:
                pass


def _of_rule(rule: Rule) -> Iterator[tuple[Span, str, str]]:
    if rule.instruments:
        yield rule.instruments[0].span, "a rule is tried for every pair", "leave `for` out"
    if rule.at_most is not None and not any(isinstance(each, BothOf) for each in rule.actions):
        yield rule.at_most.span, "`at most` counts the entries of one instrument", "ask for `flat`"
    for action in rule.actions:
        yield from _of_action(action)


def _of_action(action: Action) -> Iterator[tuple[Span, str, str]]:
    match action:
        case Entry():
            yield action.span, "this entry opens one leg", BOTH
        case OneOf():
            yield action.span, "`one of` opens one leg", BOTH
        case Allocate():
            yield action.span, "`allocate` shares out money over instruments and not over pairs", BOTH
        case MoveStop():
            yield action.span, "a stop loss would close one leg", "write a rule that exits all of both"
        case Exit(portion=portion, order=order):
            if order is not None and order.word not in AT_OPEN:
                what = "an exit at a price may close one leg"
                yield order.span, what, "leave at market: `exit all at next open`"
            if portion is not None and not _is_share(portion):
                what = "a number of shares is one leg's"
                yield portion.span, what, "write `exit all`, `exit half`, or a share such as `exit 25% of position`"
        case _:
            pass


def _is_share(portion: Node) -> bool:
    """`half`, or a share of the position: the same part of each leg."""
    match portion:
        case Name(text="half") | Binary(operator=BinaryOperator.OF, right=Name(text="position")):
            return True
        case _:
            return False


def _of_no_leg(typing: Typing) -> Iterator[Node]:
    """The words and calls that read one instrument and do not say which leg; each place once.

    Bindings are followed: one that reads `close` may be read of a leg, `momentum of one`.
    """
    resolved, told = typing.resolved, set[Span]()
    roots = [each for each in resolved.tree.statements if not isinstance(each, DECLARING)]
    waiting: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    seen: set[tuple[int, bool]] = set()
    while waiting:
        node, of_leg = waiting.pop()
        if (id(node), of_leg) in seen:
            continue
        seen.add((id(node), of_leg))
        if not of_leg and node.span not in told and _reads_one(node, typing) and not _is_told_about(node, typing):
            told.add(node.span)
            yield node
        inside = of_leg or isinstance(node, OfInstrument)
        waiting.extend((child, inside) for child in _below(node, typing))


def _is_told_about(node: Node, typing: Typing) -> bool:
    """Whether the binding that it stands in has an error already: one slip is one message."""
    lets = (each for each in typing.resolved.bindings if each.span.start <= node.span.start < each.span.end)
    return any(typing.is_told_in(let) for let in lets)


def _advice(part: Node) -> str:
    if isinstance(part, Name) and part.text in OF_A_LEG:
        return AS_A_WHOLE
    return "write for example `close of one`, or `atr(14) of other`"


def _below(node: Node, typing: Typing) -> Iterator[Node]:
    """What a node reads; names that it declares, and words of its own, are none."""
    match node:
        case Exit(portion=portion, order=order) if portion is not None and _is_share(portion):
            yield from () if order is None else (order,)
        case Cap(bound=bound):
            yield bound
        case Rule(name=name) | Sequence(name=name) | SequenceStep(name=name):
            yield from (each for each in below(node, typing.resolved) if each is not name)
        case _:
            yield from below(node, typing.resolved)


def _reads_one(node: Node, typing: Typing) -> bool:
    resolved = typing.resolved
    match node:
        case Name(text=text) if text in resolved.declared:
            table = resolved.table(text)
            return table is not None and table.each
        case Name(text=text):
            return text in COLUMNS or text in OF_A_LEG
        case Call():
            return bool(columns_of(node))
        case Number(unit=unit):
            return unit.removesuffix("s") in STEP_UNITS
        case AtEntry() | Over(window=SinceEntry()):
            return True
        case _:
            return False
