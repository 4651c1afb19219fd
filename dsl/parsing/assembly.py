"""Blocks → statements: every clause read, and the clauses of a rule put together.

Guarantees one statement per block, holes included, and that a clause which could not be read adds exactly one problem
and takes nothing else with it: what its first words gave away (the name of a binding, that there is a stop loss)
is kept, so that later stages do not complain about its absence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from stratc.dsl.diagnostic import Problem
from stratc.dsl.diagnostics import (
    LegIsNoEntry,
    NeedsThen,
    NoAction,
    NoEntryToContinue,
    NoSize,
    OutsideRule,
    SaidTwice,
    TooFewLegs,
    UnknownStatement,
)
from stratc.dsl.parsing.actions import (
    AtMostSize,
    Draft,
    EntryDraft,
    ExitDraft,
    MoveDraft,
    NoteDraft,
    OneOfDraft,
    OnlyIf,
    Part,
    Parts,
    check_group_parts,
    compose_entry,
    compose_exit,
    compose_move,
    compose_note,
    compose_pair_leg,
    sort_parts,
)
from stratc.dsl.parsing.allocations import AllocateDraft, compose_allocation
from stratc.dsl.parsing.blocks import STATEMENTS, Block, Kind, Piece
from stratc.dsl.parsing.diagnostics import HalfPhrase, NotSupported, Sell, Unexpected
from stratc.dsl.parsing.expectations import either
from stratc.dsl.parsing.failures import LATER_WORDS
from stratc.dsl.parsing.findings import Findings, name_in, read_clause, word_span
from stratc.dsl.parsing.sequences import read_sequence
from stratc.dsl.parsing.statements import RuleHead
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    AccountLine,
    Action,
    Advice,
    AtMost,
    BlockLine,
    BothOf,
    Cap,
    Data,
    Direction,
    Entry,
    Events,
    Every,
    Expression,
    Floor,
    Function,
    Halt,
    HaltWhen,
    Input,
    Instrument,
    Let,
    Locate,
    Missing,
    Name,
    NoEntries,
    OneOf,
    OrderPhrase,
    OrderWord,
    ReadLine,
    Rule,
    Sizing,
    Statement,
    StopLoss,
    StrategyLine,
    Target,
    TimeInForce,
    TimeInForceWord,
    TradeLine,
    TrailingStop,
    Unreadable,
    Use,
    When,
)
from stratc.dsl.syntax.books import BookLine, Sleeve
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.syntax.flows import Flow

_START_OF: Final = {
    "strategy": "strategy_line",
    "trade": "trade_line",
    "read": "read_line",
    "account": "account_line",
    "roll": "roll",
    "leave": "leave",
    "group": "group",
    "contribute": "flow",
    "withdraw": "flow",
    "input": "input",
    "let": "let",
    "use": "use",
    "block": "block_line",
    "book": "book_line",
    "sleeve": "sleeve",
    "events": "events",
    "data": "data",
    "advice": "advice",
    "no entries": "no_entries",
    "cap": "cap",
    "halt": "halt",
    "keep at least": "floor",
    "stop distance at least": "floor",
}

_NAMED = re.compile(r"\w+\s+([a-z_]\w*)\s*=")
_FUNCTION = re.compile(r"let\s+([a-z_]\w*)\s*\(")
_LEAVES = re.compile(r"(?:then\s+)?(?:exit|one of|both of)\b")
_RULE_NAME = re.compile(r"rule\s+(\w+)")
_SYMBOL = re.compile(r"(?<![\w./])[A-Z][A-Z0-9]*(?:[./][A-Z0-9]+)*(?![\w./])")


def read_block(block: Block, findings: Findings) -> Statement:
    """The statement of a block."""
    head = block.head
    word = head.word
    if head.kind is not Kind.STATEMENT:
        return _read_stray(block, findings)
    if word == "rule":
        return _read_rule(block, findings)
    if word == "sequence":
        return read_sequence(block, findings)
    if word in LATER_WORDS:
        findings.tell(NotSupported(span=word_span(head), what=LATER_WORDS[word]))
        return Unreadable(span=block.span, word=word)
    node = read_clause(head, _START_OF[word], findings)
    match node:
        case StrategyLine() | TradeLine() | ReadLine() | AccountLine() | Input() | Let() | Cap() | Floor() | Halt():
            return replace(node, span=head.span)
        case Function() | Use() | BlockLine() | BookLine() | Sleeve():
            return replace(node, span=head.span)
        case Events() | Data() | Advice() | NoEntries() | HaltWhen() | Roll() | Leave() | Group() | Flow():
            return replace(node, span=head.span)
        case _:
            return _unread_statement(head)


def _read_stray(block: Block, findings: Findings) -> Unreadable:
    head = block.head
    match head.kind:
        case Kind.CLAUSE | Kind.MORE:
            findings.tell(OutsideRule(span=word_span(head), word=head.word))
        case _ if head.word == "sell":
            findings.tell(Sell(span=word_span(head)))
        case _ if begun := [phrase for phrase in STATEMENTS if phrase.startswith(f"{head.word} ")]:
            expected = either(f"`{phrase}`" for phrase in begun)
            findings.tell(HalfPhrase(span=word_span(head), found=head.word, expected=expected))
        case _:
            findings.tell(UnknownStatement(span=word_span(head), found=f"`{head.word}`"))
    return Unreadable(span=block.span, word=head.word)


def _unread_statement(head: Piece) -> Statement:
    """What the first words of a broken statement give away."""
    hole = Missing(span=head.span)
    match head.word:
        case "strategy":
            return StrategyLine(span=head.span, title=hole)
        case "trade":
            return TradeLine(span=head.span, instruments=_symbols(head), interval=hole)
        case "let" if name := name_in(head, _NAMED):
            return Let(span=head.span, name=name, value=hole)
        case "let" if name := name_in(head, _FUNCTION):
            return Function(span=head.span, name=name, parameters=(), value=hole)
        case "input" if name := name_in(head, _NAMED):
            return Input(span=head.span, name=name, default=hole, range=None)
        case _:
            return Unreadable(span=head.span, word=head.word)


def _symbols(head: Piece) -> tuple[Instrument, ...]:
    before = re.split(r"\bon\b", head.text, maxsplit=1)[0]
    return tuple(
        Instrument(span=Span(head.at + found.start(), head.at + found.end()), symbol=found[0])
        for found in _SYMBOL.finditer(before)
    )


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Action:
    """An action and the lines that go on with it; `draft` is None where it could not be read, and `guessed` where only
    those lines could."""

    piece: Piece
    draft: Draft | None
    legs: list[tuple[Piece, Draft | None]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    guessed: bool = False


@dataclass(slots=True)
class _Clauses:
    """The clauses of one rule as they are found."""

    on: Name | None = None
    every: Every | None = None
    at_most: AtMost | None = None
    when: list[When] = field(default_factory=list)
    actions: list[_Action] = field(default_factory=list)
    unread: bool = False


def _read_rule(block: Block, findings: Findings) -> Rule:
    head = block.head
    named = read_clause(head, "rule_head", findings)
    name = named.name if isinstance(named, RuleHead) else name_in(head, _RULE_NAME)
    if name is None:
        name = Name(span=Span(head.end, head.end), text="")
    clauses = _Clauses()
    for piece in block.clauses:
        if findings.full:
            clauses.unread = True
            break
        _take_clause(piece, clauses, findings)
    if not clauses.actions and not clauses.unread:
        findings.tell(NoAction(span=head.span, name=name.text))
    return Rule(
        span=block.span,
        name=name,
        on=clauses.on,
        every=clauses.every,
        when=tuple(clauses.when),
        actions=tuple(_finish_action(action, findings) for action in clauses.actions),
        at_most=clauses.at_most,
        instruments=named.instruments if isinstance(named, RuleHead) else (),
    )


def _take_clause(piece: Piece, clauses: _Clauses, findings: Findings) -> None:
    match piece.kind, piece.word:
        case Kind.CLAUSE, "when":
            node = read_clause(piece, "when", findings)
            clauses.unread |= isinstance(node, Missing)
            clauses.when.append(
                replace(node, span=piece.span)
                if isinstance(node, When)
                else When(span=piece.span, condition=Missing(span=piece.span))
            )
        case Kind.CLAUSE, "every":
            _take_every(piece, clauses, findings)
        case Kind.CLAUSE, "at most":
            _take_at_most(piece, clauses, findings)
        case Kind.CLAUSE, "then":
            clauses.actions.append(_Action(piece=piece, draft=_read_draft(piece, "then", findings)))
        case Kind.CLAUSE, "on":
            _take_on(piece, clauses, findings)
        case Kind.LEG, _:
            _take_leg(piece, clauses, findings)
        case Kind.MORE, _:
            _take_more(piece, clauses, findings)
        case _:
            clauses.unread = True
            findings.tell(_unknown_clause(piece))


def _unknown_clause(piece: Piece) -> Problem:
    return Unexpected(
        span=word_span(piece),
        found=f"`{piece.word}`",
        clause="this rule",
        expected="`on`, `when`, `then`, `every` or `at most`",
    )


def _take_on(piece: Piece, clauses: _Clauses, findings: Findings) -> None:
    node = read_clause(piece, "on", findings)
    if clauses.on is not None:
        findings.tell(SaidTwice(span=word_span(piece), what="`on`"))
    elif isinstance(node, Name):
        clauses.on = node
    else:
        clauses.unread = True


def _take_every(piece: Piece, clauses: _Clauses, findings: Findings) -> None:
    node = read_clause(piece, "every", findings)
    if clauses.every is not None:
        findings.tell(SaidTwice(span=word_span(piece), what="`every`"))
    elif isinstance(node, Every):
        clauses.every = replace(node, span=piece.span)
    else:
        clauses.every = Every(span=piece.span, period="session", before_end=node if isinstance(node, Missing) else None)


def _take_at_most(piece: Piece, clauses: _Clauses, findings: Findings) -> None:
    node = read_clause(piece, "at_most", findings)
    if clauses.at_most is not None:
        findings.tell(SaidTwice(span=word_span(piece), what="`at most`"))
    elif isinstance(node, AtMost):
        clauses.at_most = replace(node, span=piece.span)
    else:
        clauses.at_most = AtMost(span=piece.span, count=Missing(span=piece.span), period="session")


def _read_draft(piece: Piece, start: str, findings: Findings) -> Draft | None:
    node = read_clause(piece, start, findings)
    return node if isinstance(node, Draft) else None


def _take_leg(piece: Piece, clauses: _Clauses, findings: Findings) -> None:
    action = clauses.actions[-1] if clauses.actions else None
    if action is not None and isinstance(action.draft, OneOfDraft):
        action.legs.append((piece, _read_draft(piece, "leg", findings)))
        return
    draft = _read_draft(piece, "leg", findings)
    if draft is not None:
        findings.tell(NeedsThen(span=word_span(piece), word=piece.word))
    clauses.actions.append(_Action(piece=piece, draft=draft))


def _take_more(piece: Piece, clauses: _Clauses, findings: Findings) -> None:
    node = read_clause(piece, "more", findings)
    parts = node.parts if isinstance(node, Parts) else (_hole(piece),)
    if not clauses.actions:
        if isinstance(node, Parts):
            findings.tell(NoEntryToContinue(span=piece.span))
        return
    action = clauses.actions[-1]
    last_leg = action.legs[-1] if action.legs else None
    pair = isinstance(action.draft, OneOfDraft) and action.draft.both
    if last_leg is not None and (pair or piece.indent > last_leg[0].indent):
        action.legs[-1] = (last_leg[0], _longer(last_leg[1], parts, piece))
    elif isinstance(action.draft, OneOfDraft):
        action.parts.extend(parts)
    else:
        if action.draft is None and not _LEAVES.match(action.piece.text):
            action.draft, action.guessed = _guess_entry(action.piece), True
        action.draft = _longer(action.draft, parts, piece)


def _guess_entry(piece: Piece) -> EntryDraft:
    """An action that could not be read and goes on over further lines is an entry: only those have such parts."""
    direction = Direction.SHORT if re.search(r"\bshort\b", piece.text) else Direction.BUY
    return EntryDraft(span=piece.span, direction=direction, reverse=False, amount=None, parts=())


def _longer(draft: Draft | None, parts: tuple[Part, ...], piece: Piece) -> Draft | None:
    match draft:
        case EntryDraft() | ExitDraft() | MoveDraft() | NoteDraft():
            return replace(draft, span=draft.span.to(piece.span), parts=draft.parts + parts)
        case AllocateDraft():
            return replace(draft, span=draft.span.to(piece.span), parts=draft.parts + parts)
        case _:
            return draft


def _hole(piece: Piece) -> Part:
    """The part that a broken line was meant to be, with a hole for its value."""
    hole: Expression = Missing(span=piece.span)
    match piece.word.split()[0]:
        case "stop":
            return StopLoss(span=piece.span, price=hole)
        case "after":
            return Locate(span=piece.span)
        case "trailing":
            return TrailingStop(span=piece.span, distance=hole)
        case "target":
            return Target(span=piece.span, value=hole)
        case "risking":
            return Sizing(span=piece.span, amount=hole, risking=True)
        case "good" | "immediate" | "fill":
            return TimeInForce(span=piece.span, word=TimeInForceWord.GOOD_FOR, value=hole)
        case "only":
            return OnlyIf(span=piece.span, condition=hole)
        case "at" if piece.word == "at most":
            return AtMostSize(span=piece.span, amount=hole)
        case _:
            return OrderPhrase(span=piece.span, word=OrderWord.LIMIT, limit_price=hole)


def _finish_action(action: _Action, findings: Findings) -> Action:
    match action.draft:
        case None:
            return Missing(span=action.piece.span)
        case EntryDraft() as draft:
            entry, problems = compose_entry(draft, in_group=False)
            if action.guessed:
                return _with_holes(entry, action.piece)
            findings.tell(*problems)
            return entry
        case ExitDraft() as draft:
            leaving, problems = compose_exit(draft)
            findings.tell(*problems)
            return leaving
        case AllocateDraft() as draft:
            allocation, problems = compose_allocation(draft)
            findings.tell(*problems)
            return allocation
        case MoveDraft() as draft:
            moving, problems = compose_move(draft)
            findings.tell(*problems)
            return moving
        case NoteDraft() as draft:
            noting, problems = compose_note(draft)
            findings.tell(*problems)
            return noting
        case OneOfDraft(both=True):
            return _finish_pair(action, findings)
        case OneOfDraft():
            return _finish_group(action, findings)


def _with_holes(entry: Entry, piece: Piece) -> Entry:
    """An entry whose first line could not be read: what it does not say stood there."""
    hole = Missing(span=piece.span)
    sizing = entry.sizing or Sizing(span=piece.span, amount=hole, risking=False)
    return replace(entry, sizing=sizing, stop_loss=entry.stop_loss or StopLoss(span=piece.span, price=hole))


def _finish_pair(action: _Action, findings: Findings) -> BothOf:
    """Two whole entries; a line behind a leg goes on with it."""
    legs: list[Entry] = []
    for piece, draft in action.legs:
        if isinstance(draft, EntryDraft):
            entry, problems = compose_pair_leg(draft)
            findings.tell(*problems)
            legs.append(entry)
        elif draft is not None:
            findings.tell(LegIsNoEntry(span=piece.span))
    ends = [action.piece.span, *(piece.span for piece, _ in action.legs), *(leg.span for leg in legs)]
    return BothOf(span=Span(min(end.start for end in ends), max(end.end for end in ends)), legs=tuple(legs))


def _finish_group(action: _Action, findings: Findings) -> OneOf:
    legs: list[Entry] = []
    for piece, draft in action.legs:
        if isinstance(draft, EntryDraft):
            entry, problems = compose_entry(draft, in_group=True)
            findings.tell(*problems)
            legs.append(entry)
        elif draft is not None:
            findings.tell(LegIsNoEntry(span=piece.span))
    found = sort_parts(tuple(action.parts), None)
    findings.tell(*check_group_parts(found))
    if len(action.legs) < 2:
        findings.tell(TooFewLegs(span=action.piece.span))
    elif found.sizing is None:
        findings.tell(NoSize(span=action.piece.span, action="one of"))
    ends = [action.piece.span, *(piece.span for piece, _ in action.legs), *(part.span for part in action.parts)]
    span = Span(min(end.start for end in ends), max(end.end for end in ends))
    return OneOf(span=span, legs=tuple(legs), sizing=found.sizing, time_in_force=found.time_in_force)
