"""Lark trees of actions → drafts, and drafts → nodes.

An entry may go on over several lines, each a clause of its own. So an action is first read into a `Draft` with its
parts in the order of the text; `assembly` adds the parts of the following lines; `compose` makes the node and says
what was said twice or in the wrong place.
"""

from __future__ import annotations

from dataclasses import replace

from stratc.dsl.diagnostic import Problem
from stratc.dsl.diagnostics import BelongsToEntry, BelongsToGroup, BelongsToLeg, NoSize, OnlyIfNeedsTarget, SaidTwice
from stratc.dsl.parsing.allocations import AllocateDraft, read_allocation
from stratc.dsl.parsing.expressions import (
    Branch,
    branch,
    items_of,
    leaf,
    read_clock,
    read_day,
    read_expression,
    read_number,
    read_zone,
    span_of,
    token_span,
)
from stratc.dsl.parsing.ladders import read_level_target, read_levels
from stratc.dsl.parsing.orders import read_order
from stratc.dsl.parsing.trees import Token
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Direction,
    Entry,
    Exit,
    Expression,
    Instrument,
    Locate,
    LotPhrase,
    LotWord,
    MoveStop,
    Name,
    Node,
    Note,
    OfInstrument,
    OrderPhrase,
    Sizing,
    StopLoss,
    Target,
    TimeInForce,
    TimeInForceWord,
    TrailingStop,
)
from stratc.dsl.syntax.ladders import LevelTarget
from stratc.runtime.model.record import record


@record
class AtMostSize(Node):
    """`, at most X` after a size."""

    amount: Expression


@record
class OnlyIf(Node):
    """`, only if …` after a target."""

    condition: Expression


@record
class Reverse(Node):
    """`, reverse` after an entry."""


Part = (
    OrderPhrase
    | Sizing
    | AtMostSize
    | StopLoss
    | TrailingStop
    | Target
    | OnlyIf
    | TimeInForce
    | Reverse
    | Locate
    | LotPhrase
    | LevelTarget
)


@record
class EntryDraft(Node):
    direction: Direction
    reverse: bool
    amount: Expression | None
    parts: tuple[Part, ...]


@record
class ExitDraft(Node):
    portion: Expression | None
    parts: tuple[Part, ...]


@record
class MoveDraft(Node):
    """`move stop loss to …`, which has no parts of its own."""

    price: Expression | None
    looser: bool
    parts: tuple[Part, ...] = ()


@record
class NoteDraft(Node):
    """`note`, which has no parts either."""

    parts: tuple[Part, ...] = ()


@record
class OneOfDraft(Node):
    """`one of` and, with `both`, `both of`: its legs and parts stand on the lines that follow."""

    both: bool = False


@record
class Parts(Node):
    """A line that goes on with an entry."""

    parts: tuple[Part, ...]


Draft = EntryDraft | ExitDraft | MoveDraft | NoteDraft | OneOfDraft | AllocateDraft


def read_then(tree: Branch, at: int) -> Draft:
    return read_leg_action(branch(tree, 1), at)


def read_leg(tree: Branch, at: int) -> Draft:
    return read_leg_action(branch(tree, 0), at)


def read_more(tree: Branch, at: int) -> Parts:
    return Parts(span=span_of(tree, at), parts=_read_parts(branch(tree, 0), at))


def read_leg_action(tree: Branch, at: int) -> Draft:
    """The draft of `buy …`, `short …`, `exit …`, `allocate …`, `move stop loss to …`, `note` or `one of`."""
    action = tree.children[0]
    if isinstance(action, Token) and action.type == "NOTE":
        return NoteDraft(span=token_span(action, at))
    if isinstance(action, Token):
        return OneOfDraft(span=token_span(action, at), both=action.type == "BOTH_OF")
    match action.data:
        case "entry":
            return _read_entry(action, at)
        case "allocation":
            return read_allocation(action, at)
        case "exit":
            return _read_exit(action, at)
        case _:
            return _read_move(action, at)


def _read_entry(tree: Branch, at: int) -> EntryDraft:
    word = leaf(branch(tree, 0), 0)
    amount: Expression | None = None
    parts: tuple[Part, ...] = ()
    for child in tree.children[1:]:
        if isinstance(child, Token):
            continue
        if child.data == "parts":
            parts = _read_parts(child, at)
        else:
            amount = read_expression(child, at)
    return EntryDraft(
        span=span_of(tree, at),
        direction=Direction.BUY if word.type.endswith("BUY") else Direction.SHORT,
        reverse=word.type.startswith("REVERSE"),
        amount=amount,
        parts=parts,
    )


def _read_exit(tree: Branch, at: int) -> ExitDraft:
    portion: Expression | None = None
    parts: tuple[Part, ...] = ()
    for child in tree.children[1:]:
        if not isinstance(child, Token) and child.data == "leaving":
            parts = tuple(_read_leaving(item, at) for item in items_of(child))
        elif not isinstance(child, Token):
            portion = _read_portion(child, at)
    return ExitDraft(span=span_of(tree, at), portion=portion, parts=parts)


def _read_move(tree: Branch, at: int) -> MoveDraft:
    place, last = branch(tree, 1).children[0], tree.children[-1]
    return MoveDraft(
        span=span_of(tree, at),
        price=None if isinstance(place, Token) else read_expression(place, at),
        looser=isinstance(last, Token) and last.type == "EVEN_IF_LOOSER",
    )


def _read_leaving(tree: Branch, at: int) -> Part:
    if tree.data == "order":
        return read_order(tree, at)
    word = leaf(tree, 0)
    return LotPhrase(span=span_of(tree, at), word=LotWord(" ".join(word.split())))


def _read_portion(tree: Branch, at: int) -> Expression | None:
    first = tree.children[0]
    if isinstance(first, Token):
        return None if first.type == "ALL" else Name(span=token_span(first, at), text="half")
    return read_expression(first, at)


def _read_parts(tree: Branch, at: int) -> tuple[Part, ...]:
    return tuple(_read_part(item, at) for item in items_of(tree))


def _read_part(tree: Branch, at: int) -> Part:
    span = span_of(tree, at)
    match tree.data:
        case "order":
            return read_order(tree, at)
        case "risking":
            return Sizing(span=span, amount=read_expression(branch(tree, 1), at), risking=True)
        case "at_most_size":
            return AtMostSize(span=span, amount=read_expression(branch(tree, 1), at))
        case "stop_loss":
            return StopLoss(span=span, price=read_expression(branch(tree, 1), at))
        case "after_locate":
            return Locate(span=span)
        case "trailing":
            return TrailingStop(span=span, distance=read_expression(branch(tree, 1), at))
        case "levels":
            return read_levels(tree, at)
        case "level_target":
            return read_level_target(tree, at)
        case "target":
            return Target(span=span, value=read_expression(branch(tree, 1), at))
        case "only_if":
            return OnlyIf(span=span, condition=read_expression(branch(tree, 1), at))
        case "reverse":
            return Reverse(span=span)
        case _:
            return _read_time_in_force(tree, at, span)


def _read_time_in_force(tree: Branch, at: int, span: Span) -> TimeInForce:
    match tree.data:
        case "good_until":
            token = leaf(tree, 1)
            value: Expression = read_clock(token, at) if token.type == "CLOCK" else read_day(token, at)
            zone = read_zone(leaf(tree, 2), at) if len(tree.children) == 3 else None
            return TimeInForce(span=span, word=TimeInForceWord.GOOD_UNTIL, value=value, zone=zone)
        case "until_before_end":
            value = read_number(leaf(tree, 1), at)
            return TimeInForce(span=span, word=TimeInForceWord.BEFORE_END, value=value)
        case "good_for":
            value = read_expression(branch(tree, 1), at)
            return TimeInForce(span=span, word=TimeInForceWord.GOOD_FOR, value=value)
        case "immediate_or_cancel":
            return TimeInForce(span=span, word=TimeInForceWord.IMMEDIATE_OR_CANCEL)
        case _:
            return TimeInForce(span=span, word=TimeInForceWord.FILL_OR_KILL)


# ── drafts → nodes ───────────────────────────────────────────────────────────────────────────────────────────────────


@record
class Sorted:
    """The parts of an entry by kind, and what was wrong with them."""

    sizing: Sizing | None = None
    order: OrderPhrase | None = None
    stop_loss: StopLoss | None = None
    trailing: TrailingStop | None = None
    locate: Locate | None = None
    target: Target | None = None
    level_target: LevelTarget | None = None
    time_in_force: TimeInForce | None = None
    reverse: bool = False
    problems: tuple[Problem, ...] = ()


def sort_parts(parts: tuple[Part, ...], sizing: Sizing | None) -> Sorted:
    """Each part in its place; a part that is said twice is told, and the first one stands."""
    found = Sorted(sizing=sizing)
    for part in parts:
        found = _placed(part, found)
    return found


def _placed(part: Part, found: Sorted) -> Sorted:
    match part:
        case AtMostSize():
            return _clipped(part, found)
        case OnlyIf():
            return _conditioned(part, found)
        case Sizing():
            return _told(found, part, "the size") if found.sizing else replace(found, sizing=part)
        case OrderPhrase():
            return _told(found, part, "the order type") if found.order else replace(found, order=part)
        case StopLoss():
            return _told(found, part, "the stop loss") if found.stop_loss else replace(found, stop_loss=part)
        case Locate():
            return _told(found, part, "`after locate`") if found.locate else replace(found, locate=part)
        case LotPhrase():
            return found
        case TrailingStop():
            return _told(found, part, "the trailing stop") if found.trailing else replace(found, trailing=part)
        case Target():
            twice = found.target or found.level_target
            return _told(found, part, "the target") if twice else replace(found, target=part)
        case LevelTarget():
            twice = found.target or found.level_target
            return _told(found, part, "the target") if twice else replace(found, level_target=part)
        case TimeInForce():
            return (
                _told(found, part, "the time in force") if found.time_in_force else replace(found, time_in_force=part)
            )
        case Reverse():
            return _told(found, part, "`reverse`") if found.reverse else replace(found, reverse=True)


def _told(found: Sorted, part: Part, what: str) -> Sorted:
    return replace(found, problems=(*found.problems, SaidTwice(span=part.span, what=what)))


def _clipped(part: AtMostSize, found: Sorted) -> Sorted:
    if found.sizing is None:
        return replace(found, problems=(*found.problems, NoSize(span=part.span, action="at most")))
    if found.sizing.at_most is not None:
        return _told(found, part, "`at most`")
    span = found.sizing.span.to(part.span)
    return replace(found, sizing=replace(found.sizing, span=span, at_most=part.amount))


def _conditioned(part: OnlyIf, found: Sorted) -> Sorted:
    if found.target is None:
        return replace(found, problems=(*found.problems, OnlyIfNeedsTarget(span=part.span)))
    if found.target.only_if is not None:
        return _told(found, part, "`only if`")
    span = found.target.span.to(part.span)
    return replace(found, target=replace(found.target, span=span, only_if=part.condition))


def compose_entry(draft: EntryDraft, *, in_group: bool) -> tuple[Entry, tuple[Problem, ...]]:
    """The entry of a draft; as a leg of `one of` it must leave size and time to the group."""
    amount = draft.amount
    sizing = None if amount is None else Sizing(span=amount.span, amount=amount, risking=False)
    found = sort_parts(draft.parts, sizing)
    problems = list(found.problems)
    if in_group:
        problems += [BelongsToGroup(span=part.span) for part in (found.sizing, found.time_in_force) if part is not None]
    elif found.sizing is None:
        problems += [NoSize(span=draft.span, action=draft.direction.value)] if not problems else []
    entry = Entry(
        span=draft.span,
        direction=draft.direction,
        sizing=found.sizing,
        order=found.order,
        reverse=draft.reverse or found.reverse,
        stop_loss=found.stop_loss,
        target=found.target,
        time_in_force=found.time_in_force,
        trailing=found.trailing,
        locate=found.locate,
        level_target=found.level_target,
    )
    return entry, tuple(problems)


def compose_pair_leg(draft: EntryDraft) -> tuple[Entry, tuple[Problem, ...]]:
    """The entry of a leg of `both of`, whose amount names its instrument: `1_000 USD of KO`, `5% of equity of KO`."""
    entry, problems = compose_entry(draft, in_group=False)
    sizing = entry.sizing
    if sizing is None:
        return entry, problems
    amount, instrument = _named(sizing.amount)
    return replace(entry, sizing=replace(sizing, amount=amount), instrument=instrument), problems


def _named(amount: Expression) -> tuple[Expression, Instrument | None]:
    """An amount without the instrument that it names last, and that instrument."""
    match amount:
        case OfInstrument(series=series, instrument=instrument):
            return series, instrument
        case Binary(operator=BinaryOperator.OF, right=OfInstrument(series=series, instrument=instrument)):
            return replace(amount, right=series), instrument
        case _:
            return amount, None


def compose_exit(draft: ExitDraft) -> tuple[Exit, tuple[Problem, ...]]:
    """The exit of a draft; its only parts are an order type and the lots that it closes first."""
    orders = tuple(part for part in draft.parts if isinstance(part, OrderPhrase))
    problems: list[Problem] = [
        BelongsToEntry(span=part.span) for part in draft.parts if not isinstance(part, OrderPhrase | LotPhrase)
    ]
    problems += [SaidTwice(span=order.span, what="the order type") for order in orders[1:]]
    lots = tuple(part for part in draft.parts if isinstance(part, LotPhrase))
    problems += [SaidTwice(span=each.span, what="the lots") for each in lots[1:]]
    order = orders[0] if orders else None
    leaving = Exit(span=draft.span, portion=draft.portion, order=order, lots=lots[0] if lots else None)
    return leaving, tuple(problems)


def compose_move(draft: MoveDraft) -> tuple[MoveStop, tuple[Problem, ...]]:
    """The move of a draft; it has no part."""
    problems = tuple(BelongsToEntry(span=part.span) for part in draft.parts)
    return MoveStop(span=draft.span, price=draft.price, looser=draft.looser), problems


def compose_note(draft: NoteDraft) -> tuple[Note, tuple[Problem, ...]]:
    """The note of a draft; it has no part."""
    return Note(span=draft.span), tuple(BelongsToEntry(span=part.span) for part in draft.parts)


def check_group_parts(found: Sorted) -> tuple[Problem, ...]:
    """What stands beside the legs of `one of` and belongs to each of them."""
    misplaced = (found.order, found.stop_loss, found.trailing, found.target, found.level_target, found.locate)
    return found.problems + tuple(BelongsToLeg(span=part.span) for part in misplaced if part is not None)
