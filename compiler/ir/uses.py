"""Which nodes a program's rules and limits read, and what they read in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stratc.compiler.ir.nodes import (
    Across,
    AllocateIntent,
    Among,
    Anchor,
    AtEntry,
    Book,
    BookWord,
    Datum,
    Delay,
    EnterIntent,
    ExitIntent,
    Follow,
    Indicate,
    Intent,
    Life,
    Logic,
    LogicOperator,
    MoveStopIntent,
    Node,
    NodeId,
    NoteIntent,
    Of,
    OfLeg,
    OneOfIntent,
    Output,
    Program,
    Rule,
    Sample,
    Since,
    SinceEntry,
    Time,
)
from stratc.runtime.model.clock import HigherBar, Window
from stratc.runtime.model.clock import Request as ClockRequest
from stratc.runtime.model.known import Request as KnownRequest

# The engine's column that each column of the text reads: what a strategy sees of a price, see `engine.columns`.
SEEN: Final = {name: f"signal_{name}" for name in ("open", "high", "low", "close", "volume")}
OTHERS: Final = (Of, OfLeg, Across)
MEMORY: Final = (Indicate, Output, Delay, Anchor, Follow, Since, SinceEntry, Across, AtEntry)


def intent_nodes(intent: Intent) -> tuple[NodeId, ...]:
    """The number nodes of an intent, in the order of its fields."""
    match intent:
        case EnterIntent():
            amounts = [amount.node for amount in (intent.amount, intent.at_most) if amount]
            levels = intent.levels.last if intent.levels else None
            prices = [intent.order.limit_price, levels, intent.order.stop_price, intent.stop_loss]
            target = intent.target.node if intent.target else None
            trail = intent.trail.node if intent.trail else None
            return tuple(node for node in (*amounts, *prices, target, trail) if node is not None)
        case ExitIntent():
            parts = (intent.node, intent.order.limit_price, intent.order.stop_price)
            return tuple(node for node in parts if node is not None)
        case MoveStopIntent(node=node):
            return () if node is None else (node,)
        case NoteIntent():
            return ()
        case OneOfIntent():
            return tuple(node for leg in intent.legs for node in intent_nodes(leg))
        case AllocateIntent():
            return (*shared_nodes(intent), *offered_nodes(intent))


def shared_nodes(intent: AllocateIntent) -> tuple[NodeId, ...]:
    """The number nodes of an allocation that are read once for all instruments."""
    return (intent.amount, *((intent.band.node,) if intent.band else ()))


def offered_nodes(intent: AllocateIntent) -> tuple[NodeId, ...]:
    """The number nodes of an allocation that are read of each instrument."""
    parts = (intent.ranking.score if intent.ranking else None, intent.weight)
    return tuple(node for node in parts if node is not None)


def intent_truths(intent: Intent) -> tuple[NodeId, ...]:
    """The truth nodes of an intent."""
    return (intent.where,) if isinstance(intent, AllocateIntent) and intent.where is not None else ()


def allocation_of(rule: Rule) -> AllocateIntent | None:
    """What a rule allocates, where it does; such a rule is tried once for all instruments and has no other intent."""
    return next((intent for intent in rule.intents if isinstance(intent, AllocateIntent)), None)


def shorts_of(intent: AllocateIntent) -> int:
    """How many short places an allocation has."""
    return intent.ranking.shorts if intent.ranking else 0


def rule_nodes(rule: Rule) -> tuple[NodeId, ...]:
    condition = () if rule.condition is None else (rule.condition,)
    intents = (node for intent in rule.intents for node in (*intent_nodes(intent), *intent_truths(intent)))
    return (*condition, *intents)


def roots(program: Program) -> tuple[NodeId, ...]:
    """Everything that rules, caps and halts read, in the order of the text."""
    rules = [node for rule in program.rules for node in rule_nodes(rule)]
    limits = [cap.bound for cap in program.caps] + [halt.threshold for halt in program.halts]
    barring = [statement.condition for statement in program.no_entries]
    halting = [statement.condition for statement in program.halts_when]
    flows = (flow.amount for flow in program.flows)
    return (*rules, *barring, *halting, *limits, *flows)


def reach(program: Program, starts: Iterable[NodeId]) -> frozenset[NodeId]:
    """The nodes of `starts` and all that they are computed from."""
    found: set[NodeId] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(program.nodes[node].arguments)
    return frozenset(found)


def remembering(program: Program) -> frozenset[NodeId]:
    """Nodes with memory, what others read of an instrument, and what they need: evaluated before any rule."""
    return reach(program, (node.id for node in program.nodes if is_remembered(node))) | shown(program)


def is_remembered(node: Node) -> bool:
    return isinstance(node.operation, MEMORY) or node.bars is not None


def shown(program: Program) -> frozenset[NodeId]:
    """The nodes whose value is read of an instrument by its number, and what they need."""
    return reach(program, (node.arguments[0] for node in program.nodes if isinstance(node.operation, OTHERS)))


def joining(program: Program) -> frozenset[NodeId]:
    """The nodes that read another instrument: of the moment's bars, so evaluated when all of them are in."""
    found: set[NodeId] = set()
    for node in program.nodes:
        if isinstance(node.operation, OTHERS) or any(argument in found for argument in node.arguments):
            found.add(node.id)
    return frozenset(found)


def comparing(program: Program) -> frozenset[NodeId]:
    """The nodes that compare what itself joins bars, as a distance of two legs does, and what is made of them: computed
    when all else of the moment is."""
    joined, found = joining(program), set[NodeId]()
    for node in program.nodes:
        compares = isinstance(node.operation, Across) and node.arguments[0] in joined
        if compares or any(argument in found for argument in node.arguments):
            found.add(node.id)
    return frozenset(found)


def tried(program: Program) -> range:
    """What rules are tried for, by number: the traded instruments, or the first legs of the pairs."""
    return range(0, len(program.instruments), 2 if program.pairs else 1)


def legs_of(program: Program, i: int) -> range:
    """The places of what a rule is tried for: an instrument's own, or those of both legs of the pair that it is in."""
    return range(i & -2, (i & -2) + 2) if program.pairs else range(i, i + 1)


def longer_bars(program: Program) -> tuple[HigherBar, ...]:
    """The longer bars that a program reads, each once, in the order of the text."""
    return tuple(dict.fromkeys(node.bars for node in program.nodes if node.bars is not None))


def sampling(program: Program) -> frozenset[NodeId]:
    """The nodes on the program's own bars of which longer bars keep a sample: computed before a longer bar closes."""
    return reach(program, (node.arguments[0] for node in program.nodes if isinstance(node.operation, Sample)))


def reading_book(program: Program) -> frozenset[NodeId]:
    """Nodes whose value depends on the account at the moment of asking; what is remembered of it does not change."""
    found: set[NodeId] = set()
    for node in program.nodes:
        reads = isinstance(node.operation, Book) or any(argument in found for argument in node.arguments)
        if reads and not isinstance(node.operation, MEMORY):
            found.add(node.id)
    return frozenset(found)


def remembers_account(program: Program) -> bool:
    """Whether what is remembered from bar to bar depends on what the account was then."""
    books = reading_book(program)
    return any(
        isinstance(node.operation, SinceEntry | AtEntry)
        or (isinstance(node.operation, MEMORY) and any(argument in books for argument in node.arguments))
        for node in program.nodes
    )


def entries(rule: Rule) -> Iterator[EnterIntent]:
    """The entries that a rule may make, those of its one-of groups included; what it allocates is none of them."""
    for intent in rule.intents:
        match intent:
            case EnterIntent():
                yield intent
            case OneOfIntent():
                yield from intent.legs
            case ExitIntent() | AllocateIntent() | MoveStopIntent() | NoteIntent():
                pass


def recomputed(program: Program, start: NodeId, books: frozenset[NodeId]) -> tuple[NodeId, ...]:
    """What must be computed anew to know `start` at this moment, each after what it needs."""
    found: set[NodeId] = set()
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node in books and node not in found:
            found.add(node)
            waiting.extend(program.nodes[node].arguments)
    return tuple(sorted(found))


def ending_requests(program: Program) -> tuple[ClockRequest, ...]:
    """The schedules that end orders which are good until them, each once, in the order of the text."""
    lives = (entry.time_in_force for rule in program.rules for entry in entries(rule))
    return tuple(dict.fromkeys(life.clock for life in lives if life.life is Life.UNTIL and life.clock))


def known_requests(program: Program) -> tuple[KnownRequest, ...]:
    """What the program asks of tables beside prices, each once, in a stable order: the order of its data columns."""
    asked = (node.operation.request for node in program.nodes if isinstance(node.operation, Datum))
    return tuple(dict.fromkeys(asked))


def column_requests(program: Program) -> tuple[ClockRequest | KnownRequest, ...]:
    """A strategy's columns beside prices: int64 ones of time, then float64 ones of tables."""
    return (*clock_requests(program), *known_requests(program))


def clock_requests(program: Program) -> tuple[ClockRequest, ...]:
    """What the program asks of time, each once, in a stable order: the order of its clock columns."""
    asked: list[ClockRequest] = []
    for node in program.nodes:
        match node.operation:
            case Time(request=request) | Anchor(window=request):
                asked.append(request)
            case _:
                pass
    asked.extend(Window(kind=bars) for bars in longer_bars(program))
    for rule in program.rules:
        asked.extend([rule.schedule] if rule.schedule else [])
    asked.extend(flow.schedule for flow in program.flows)
    asked.extend(ending_requests(program))
    asked.extend([program.entry_hours[0]] if program.entry_hours else [])
    return tuple(dict.fromkeys(asked))


def conjuncts(program: Program, node: NodeId | None) -> frozenset[NodeId]:
    """The conditions that must all hold."""
    if node is None:
        return frozenset()
    if program.nodes[node].operation == Logic(LogicOperator.AND):
        return frozenset(each for argument in program.nodes[node].arguments for each in conjuncts(program, argument))
    return frozenset({node})


def reads(program: Program, node: NodeId, words: frozenset[BookWord]) -> bool:
    """Whether a value reads one of these words of the account."""
    operations = (program.nodes[each].operation for each in reach(program, [node]))
    return any(isinstance(each, Book) and each.word in words for each in operations)


def places(program: Program, rule: Rule, entry: EnterIntent | None = None) -> frozenset[int]:
    """The instruments that a rule may fire for, or that one of its entries is of, by their numbers."""
    if entry is not None and entry.instrument is not None:
        step = 2 if program.pairs else len(program.instruments)
        return frozenset(range(entry.instrument, len(program.instruments), step))
    among = (program.nodes[node].operation for node in conjuncts(program, rule.condition))
    every = frozenset(range(len(program.instruments)))
    return every.intersection(*(frozenset(each.instruments) for each in among if isinstance(each, Among)))
