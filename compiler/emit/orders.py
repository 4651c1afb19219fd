"""Intents as calls of the engine: `enter` and `exit_position`, every argument in the engine's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from stratc.compiler.bug import StratcBug
from stratc.compiler.emit.layout import Layout
from stratc.compiler.emit.nodes import Scope, kind_declaration, leg_place, number, rule_scope
from stratc.compiler.emit.signals import value
from stratc.compiler.emit.truth import is_true
from stratc.compiler.emit.writer import Writer
from stratc.compiler.ir.nodes import (
    AllocateIntent,
    EnterIntent,
    ExitIntent,
    Intent,
    Levels,
    Life,
    LotChoice,
    MoveStopIntent,
    NodeId,
    NoteIntent,
    OneOfIntent,
    OrderShape,
    Side,
    TimeInForce,
)
from stratc.compiler.ir.uses import intent_nodes, intent_truths, offered_nodes, shared_nodes

# What the intent has not, and says so by its kind; nan would be an unknown.
ABSENT = "0.0"


def variables(scope: Scope) -> Iterator[str]:
    """The declarations of a scope's shared nodes, each from those before it."""
    for node in scope.variables:
        outer = Scope(
            layout=scope.layout, row=scope.row, variables={n: name for n, name in scope.variables.items() if n < node}
        )
        declared = kind_declaration(scope.node(node), scope.variables[node])
        yield f"{declared} = {value(outer, scope.node(node))}"


def write_call(writer: Writer, function: str, arguments: Iterable[str]) -> None:
    """A call with its arguments in groups, a group a line, as the engine's functions document them."""
    with writer.block(f"{function}("):
        writer.lines(f"{argument}," for argument in arguments)
    writer.line(")")


def write_intent(writer: Writer, layout: Layout, rule: int, intent: Intent) -> None:
    """The calls of one intent; a Cython block declares nothing inside `if`, so this stands in a function of its own."""
    scope = rule_scope(layout, intent_nodes(intent))
    writer.lines(variables(scope))
    match intent:
        case EnterIntent():
            write_enter(writer, scope, rule, intent, "0")
        case ExitIntent():
            for place in map(leg_place, (0, 1) if layout.program.pairs else (None,)):
                if intent.lots is not LotChoice.OLDEST:
                    writer.line(f"choose_lots(book, LOTS_{intent.lots.name})")
                write_call(writer, "exit_position", exit_arguments(scope, rule, intent, place))
        case OneOfIntent():
            writer.line("cdef long long group = next_group(book)")
            for leg in intent.legs:
                write_enter(writer, scope, rule, leg, "group")
        case MoveStopIntent(node=node, looser=looser):
            kind = "MOVE_BREAK_EVEN" if node is None else "MOVE_PRICE"
            write_call(writer, "move_stop", (f"book, i, {rule}", f"{kind}, {optional(scope, node)}, {looser}"))
        case NoteIntent():
            writer.line(f"write_note(book, i, {rule})")
        case AllocateIntent():
            raise StratcBug("an allocation is no intent of one instrument")
        case _:
            assert_never(intent)


def write_offer(writer: Writer, layout: Layout, intent: AllocateIntent) -> None:
    """What one instrument `i` brings to an allocation."""
    scope = rule_scope(layout, (*intent_truths(intent), *offered_nodes(intent)))
    writer.lines(variables(scope))
    where = "True" if intent.where is None else is_true(scope, intent.where)
    score = ABSENT if intent.ranking is None else number(scope, intent.ranking.score)
    weight = "1.0" if intent.weight is None else number(scope, intent.weight)
    write_call(writer, "offer", ("book, i", where, score, weight))


def write_allocation(writer: Writer, layout: Layout, rule: int, intent: AllocateIntent) -> None:
    """The call that turns the offers into orders; amount and band are read of instrument `i`."""
    scope = rule_scope(layout, shared_nodes(intent))
    writer.lines(variables(scope))
    ranking, band = intent.ranking, intent.band
    places = (
        f"{ranking.places}, {ranking.shorts}, {ranking.part!r}, {ranking.short_part!r}, RANK_{ranking.rank.name}"
        if ranking
        else f"{len(layout.program.instruments)}, 0, 0.0, 0.0, RANK_HIGHEST"
    )
    arguments = (
        f"book, self, {rule}",
        f"{number(scope, intent.amount)}, SHARE_{intent.share.name}",
        places,
        f"BAND_{band.kind.name}, {number(scope, band.node)}" if band else f"BAND_NONE, {ABSENT}",
        f"{intent.new_cash}, {intent.locate}, KIND_{intent.order.kind.name}",
    )
    write_call(writer, "allocate", arguments)


def write_leg(writer: Writer, layout: Layout, rule: int, entry: EnterIntent, place: str) -> None:
    """One entry of a pair, of the instrument at `place`: gives what the engine answers."""
    scope = rule_scope(layout, intent_nodes(entry))
    writer.lines(variables(scope))
    write_enter(writer, scope, rule, entry, "0", call="return enter", place=place)


def write_enter(
    writer: Writer, scope: Scope, rule: int, entry: EnterIntent, group: str, *, call: str = "enter", place: str = "i"
) -> None:
    """The call that enters, after those that say how its stop trails and that shares are located."""
    if entry.locate:
        writer.line("after_locate(book)")
    if entry.trail:
        trail = f"TRAIL_{entry.trail.kind.name}, {number(scope, entry.trail.node)}"
        writer.line(f"trail_next_entry(book, {trail})")
    if entry.levels:
        levels = entry.levels
        ends = f"{optional(scope, entry.order.limit_price)}, {number(scope, levels.last)}"
        writer.line(f"lay_levels(book, {levels.number}, {levels.count}, SPACING_{levels.spacing.name}, {ends})")
        write_call(writer, "enter_levels", level_arguments(scope, rule, entry, levels))
    else:
        write_call(writer, call, enter_arguments(scope, rule, entry, group, place))


def enter_arguments(scope: Scope, rule: int, entry: EnterIntent, group: str, place: str) -> tuple[str, ...]:
    at_most, target = entry.at_most, entry.target
    return (
        f"book, self, {place}, {rule}, {side(entry.side)}",
        f"SIZE_{entry.amount.kind.name}, {number(scope, entry.amount.node)}",
        f"SIZE_{at_most.kind.name}, {number(scope, at_most.node)}" if at_most else f"SIZE_NONE, {ABSENT}",
        shape(scope, entry.order),
        f"STOP_NONE, {ABSENT}" if entry.stop_loss is None else f"STOP_PRICE, {number(scope, entry.stop_loss)}",
        f"TARGET_{target.kind.name}, {number(scope, target.node)}" if target else f"TARGET_NONE, {ABSENT}",
        life(scope.layout, entry.time_in_force),
        f"{group}, {entry.reverse}",
    )


def level_arguments(scope: Scope, rule: int, entry: EnterIntent, levels: Levels) -> tuple[str, ...]:
    at_most, target = entry.at_most, entry.target
    kind = "NEXT_LEVEL" if levels.to_next else target.kind.name if target else "NONE"
    return (
        f"book, self, i, {rule}, {side(entry.side)}",
        f"SIZE_{entry.amount.kind.name}, {number(scope, entry.amount.node)}",
        f"SIZE_{at_most.kind.name}, {number(scope, at_most.node)}" if at_most else f"SIZE_NONE, {ABSENT}",
        f"STOP_NONE, {ABSENT}" if entry.stop_loss is None else f"STOP_PRICE, {number(scope, entry.stop_loss)}",
        f"TARGET_{kind}, {optional(scope, target.node if target else None)}",
        life(scope.layout, entry.time_in_force),
    )


def exit_arguments(scope: Scope, rule: int, intent: ExitIntent, place: str) -> tuple[str, ...]:
    portion = f"PORTION_{intent.portion.name}, {optional(scope, intent.node)}"
    return f"book, self, {place}, {rule}", portion, shape(scope, intent.order)


def side(wanted: Side) -> str:
    return "BUY" if wanted is Side.BUY else "SELL"


def shape(scope: Scope, order: OrderShape) -> str:
    """Kind, limit price, stop price."""
    return f"KIND_{order.kind.name}, {optional(scope, order.limit_price)}, {optional(scope, order.stop_price)}"


def optional(scope: Scope, node: NodeId | None) -> str:
    return ABSENT if node is None else number(scope, node)


def life(layout: Layout, wanted: TimeInForce) -> str:
    """How long the order lives, and its bars, the bit of `book.ends` that ends it, or its last day."""
    match wanted.life:
        case Life.BARS:
            term = str(wanted.bars)
        case Life.UNTIL:
            assert wanted.clock is not None
            term = str(layout.ends.index(wanted.clock))
        case Life.DATE:
            term = str(wanted.last)
        case _:
            term = "0"
    return f"LIFE_{wanted.life.name}, {term}"
