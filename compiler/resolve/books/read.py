"""A book → the strategy that it is: one header for all sleeves, and the statements of each under its name.

A sleeve's file is put in the place of its line as a block is (`reuse.blocks`); what it says of itself, its title, its
`trade` and its `account` line, comes here. The places of the header are those of the first sleeve, then those of the
second, and so on: an instrument that two sleeves trade has two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from stratc.compiler.resolve.books.diagnostics import NotInSleeve, NotOfBook, SleevesDiffer, WrongPart
from stratc.compiler.resolve.diagnostics import DuplicateHeaderLine, DuplicateInstrument
from stratc.compiler.resolve.symbols import SleeveOf
from stratc.compiler.resolve.words import ACCOUNT_KINDS
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    AccountLine,
    Across,
    Allocate,
    Binary,
    BinaryOperator,
    BothOf,
    Cap,
    Expression,
    Floor,
    Halt,
    HaltWhen,
    Missing,
    Name,
    NoEntries,
    Number,
    Rule,
    Statement,
    StrategyLine,
    TradeLine,
    Tree,
    Unreadable,
    Use,
    walk,
)
from stratc.dsl.syntax import Instrument as Named
from stratc.dsl.syntax.books import BookLine, Sleeve
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.syntax.flows import Flow

SLEEVES_MAX: Final = 16
WHOLE: Final = Decimal(100)

OF_BOOK: Final = (BookLine, AccountLine, Cap, Floor, Halt, Unreadable)
OWN: Final = (StrategyLine, TradeLine, AccountLine)
BEYOND: Final[Mapping[type, tuple[str, str]]] = {
    Cap: ("a cap", "write it in the book: caps are the account's"),
    Floor: ("this limit", "write it in the book: it holds for the account"),
    Halt: ("a halt", "write it in the book, where it halts all sleeves"),
    HaltWhen: ("a halt", "leave it out; `halt at` of the book halts all sleeves"),
    NoEntries: ("`no entries when`", "write it as a condition of the sleeve's rules: `when not (…)`"),
    Flow: ("a flow of money", "leave it out: money comes into the account and not into one sleeve"),
    Roll: ("`roll`", "run it as a strategy of its own: futures are in no book yet"),
    Leave: ("`leave`", "run it as a strategy of its own: futures are in no book yet"),
    Group: ("a group", "leave it out: caps of groups are the account's"),
}
OVER_ALL: Final = "it decides over the instruments of every sleeve: run it as a strategy of its own"


@dataclass(slots=True, kw_only=True)
class Heads:
    """What sleeves say of themselves, in the order of their lines."""

    lines: list[Sleeve] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    own: list[list[Statement]] = field(default_factory=list)


def is_book(tree: Tree) -> bool:
    return any(isinstance(statement, BookLine | Sleeve) for statement in tree.statements)


def as_use(sleeve: Sleeve) -> Use:
    """The line that would put the same file there as a block."""
    return Use(span=sleeve.span, block=None, path=sleeve.path, settings=(), alias=sleeve.alias)


def own_lines(statements: Sequence[Statement]) -> Iterator[Problem]:
    """What stands in a book's own text and cannot."""
    books = [each for each in statements if isinstance(each, BookLine)]
    for statement in statements:
        if not books and isinstance(statement, Sleeve):
            advice = 'begin the text with `book "Title"` in the place of its `strategy` line'
            yield NotOfBook(span=statement.span, what="a sleeve belongs to a book", advice=advice)
            return
        if books and not isinstance(statement, (*OF_BOOK, Sleeve)):
            what = "a book has no rules of its own, and nothing that rules read"
            yield NotOfBook(span=_first_words(statement), what=what, advice="write it in the file of a sleeve")
    for again in books[1:]:
        yield NotOfBook(span=again.span, what="there are two book lines", advice="keep one of them")
    if books and not any(isinstance(each, Sleeve | Unreadable) for each in statements):
        advice = 'write a line for each strategy: `sleeve "golden_cross.strat" with 40% of equity`'
        yield NotOfBook(span=books[0].span, what="a book without sleeves trades nothing", advice=advice)


def _first_words(statement: Statement) -> Span:
    return statement.name.span if isinstance(statement, Rule) else statement.span


def beyond_sleeve(statement: Statement) -> Iterator[Problem]:
    """What a sleeve's statement does beyond its sleeve."""
    if type(statement) in BEYOND:
        what, advice = BEYOND[type(statement)]
        yield NotInSleeve(span=statement.span, what=what, advice=advice)
    for node in walk(statement):
        match node:
            case Allocate():
                yield NotInSleeve(span=node.span, what="`allocate`", advice=OVER_ALL)
            case BothOf():
                yield NotInSleeve(span=node.span, what="`both of`", advice=OVER_ALL)
            case Across():
                yield NotInSleeve(span=node.span, what="`across instruments`", advice=OVER_ALL)
            case _:
                pass


def put_heads_together(
    statements: Sequence[Statement], heads: Heads, problems: list[Problem]
) -> tuple[tuple[Statement, ...], tuple[SleeveOf, ...]]:
    """The statements below one header, and the sleeves with their places in it."""
    title = next((each for each in statements if isinstance(each, BookLine)), None)
    account = next((each for each in statements if isinstance(each, AccountLine)), None)
    rest = tuple(each for each in statements if not isinstance(each, BookLine | Sleeve))
    parts = _parts(heads.lines, problems)
    problems.extend(_accounts_differ(heads, account))
    found: list[SleeveOf] = []
    traded: list[TradeLine] = []
    for line, name, own, part in zip(heads.lines, heads.names, heads.own, parts, strict=True):
        problems.extend(_said_twice(own))
        said = next((each for each in own if isinstance(each, TradeLine)), None)
        if said is None:
            advice = "name the file of a whole strategy; what has no `trade` line is a block"
            problems.append(SleevesDiffer(span=line.path.span, what=f"`{name}` trades nothing", advice=advice))
            continue
        problems.extend(_bars_differ(said, traded))
        if not any(isinstance(each, Rule) and each.name.text.startswith(f"{name}.") for each in rest):
            advice = "name the file of a whole strategy, with rules that enter and exit"
            problems.append(SleevesDiffer(span=line.path.span, what=f"`{name}` has no rule", advice=advice))
        said = replace(said, instruments=tuple(_named_once(said, problems)))
        first = sum(len(each.instruments) for each in traded)
        traded.append(said)
        titles = [each.title for each in own if isinstance(each, StrategyLine)]
        found.append(
            SleeveOf(
                name=name,
                title="" if not titles or isinstance(titles[0], Missing) else titles[0].value,
                part=part,
                symbols=tuple(each.symbol for each in said.instruments),
                places=tuple(range(first, first + len(said.instruments))),
                currency=next((_account(each)[1] for each in own if isinstance(each, AccountLine)), ""),
                line=line,
            )
        )
    header: list[Statement] = [] if title is None else [StrategyLine(span=title.span, title=title.title)]
    if traded:
        together = tuple(each for line in traded for each in line.instruments)
        header.append(replace(traded[0], instruments=together))
    return (*header, *(_addressed(each, found) for each in rest)), tuple(found)


def _said_twice(own: Sequence[Statement]) -> Iterator[Problem]:
    """A second line of a kind that each file has once."""
    for kind, word in ((StrategyLine, "strategy"), (TradeLine, "trade"), (AccountLine, "account")):
        found = [each for each in own if isinstance(each, kind)]
        for again in found[1:]:
            yield DuplicateHeaderLine(span=again.span, word=word, first=found[0].span)


def _named_once(line: TradeLine, problems: list[Problem]) -> Iterator[Named]:
    """The instruments of a line, each once; another time is told."""
    seen: set[str] = set()
    for named in line.instruments:
        if named.symbol in seen:
            problems.append(DuplicateInstrument(span=named.span, symbol=named.symbol))
        else:
            yield named
        seen.add(named.symbol)


def _addressed(statement: Statement, sleeves: Iterable[SleeveOf]) -> Statement:
    """A rule of a sleeve is for the sleeve's instruments, where it does not say for which of them."""
    if not isinstance(statement, Rule) or statement.instruments:
        return statement
    sleeve = next((each for each in sleeves if each.owns(statement.name.text)), None)
    if sleeve is None:
        return statement
    return replace(statement, instruments=sleeve.named(statement.name.span))


def _parts(lines: Sequence[Sleeve], problems: list[Problem]) -> list[Decimal]:
    """The part of each, in percent of the equity at the start."""
    found: list[Decimal] = []
    for number, line in enumerate(lines):
        part = _percent(line.part)
        if part is None or not 0 < part <= WHOLE:
            what = "a part is a share of equity, more than 0% and at most 100%"
            if not isinstance(line.part, Missing):
                problems.append(WrongPart(span=line.part.span, what=what, advice="write for example `40% of equity`"))
            part = Decimal(0)
        elif sum(found) <= WHOLE < sum(found) + part:
            what = f"the parts come to {sum(found) + part:f}% of the equity"
            advice = f"what is left for it is {WHOLE - sum(found):f}%: all parts are parts of one equity"
            problems.append(WrongPart(span=line.part.span, what=what, advice=advice))
        if number == SLEEVES_MAX:
            advice = "put some of them together, or keep another book on another account"
            problems.append(NotOfBook(span=line.span, what=f"a book has at most {SLEEVES_MAX} sleeves", advice=advice))
        found.append(part)
    return found


def _percent(part: Expression) -> Decimal | None:
    match part:
        case Binary(operator=BinaryOperator.OF, left=Number(value=value, unit="%"), right=Name(text="equity")):
            return value
        case _:
            return None


def _accounts_differ(heads: Heads, account: AccountLine | None) -> Iterator[Problem]:
    """Sleeves for another account than the book's; where all of them are, it is the book's line that is off."""
    lines = [each for own in heads.own for each in own if isinstance(each, AccountLine)]
    if account is None or account.kind.text not in ACCOUNT_KINDS:  # what is no account is told as that
        return
    ours = _account(account)
    others = [line for line in lines if _account(line) != ours]
    advice = "a sleeve runs on the account of its book: change one of the two lines"
    if len({_account(line) for line in others}) == 1 and len(others) == len(lines):
        what = f"the book is for a `{' '.join(ours)}` account, its sleeves for `{' '.join(_account(others[0]))}`"
        yield SleevesDiffer(span=account.span, what=what, advice=advice)
        return
    for line in others:
        what = f"this sleeve is for a `{' '.join(_account(line))}` account, the book for `{' '.join(ours)}`"
        yield SleevesDiffer(span=line.span, what=what, advice=advice)


def _account(line: AccountLine) -> tuple[str, str]:
    return line.kind.text, line.currency.text if line.currency else "no currency"


def _bars_differ(line: TradeLine, before: Sequence[TradeLine]) -> Iterator[Problem]:
    if line.universe is not None:
        advice = "name the instruments after `trade`"
        yield SleevesDiffer(span=line.span, what="a universe cannot be traded by a sleeve", advice=advice)
    if line.pairs:
        advice = "run it as a strategy of its own"
        yield SleevesDiffer(span=line.span, what="pairs cannot be traded by a sleeve", advice=advice)
    if line.hours is not None:
        advice = "write them as a condition of the sleeve's rules: `when time in 09:45..15:00`"
        yield SleevesDiffer(span=line.span, what="hours of a `trade` line would hold for every sleeve", advice=advice)
    first = before[0] if before else line
    if _bars(line) != _bars(first):
        what = "the bars of this sleeve are others than those of the first"
        advice = "give all `trade` lines of a book the same interval, the same session and the same beginning of a day"
        yield SleevesDiffer(span=line.span, what=what, advice=advice)


def _bars(line: TradeLine) -> tuple[object, ...]:
    unit = "" if isinstance(line.interval, Missing) else line.interval.unit.removesuffix("s")
    length = None if isinstance(line.interval, Missing) else line.interval.value
    start = None if line.day_start is None else (line.day_start.clock.second_of_day, line.day_start.zone.text)
    return length, unit, line.regular_session, start
