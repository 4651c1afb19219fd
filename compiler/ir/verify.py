"""Whether a program is well formed: what every later stage may rely on, one invariant a function.

`violations` names each broken invariant with the place; `verify` raises where there is one, because a program that
breaks an invariant was made by a mistake of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite
from typing import assert_never

from stratc.compiler.bug import StratcBug
from stratc.compiler.ir.nodes import (
    TRUTH_WORDS,
    Across,
    Among,
    Anchor,
    Arithmetic,
    ArithmeticOperator,
    AtEntry,
    Beside,
    Book,
    Column,
    Compare,
    ComparisonOperator,
    Constant,
    Datum,
    Delay,
    EnterIntent,
    ExitIntent,
    Follow,
    FollowStep,
    Gathered,
    Indicate,
    IsKnown,
    Kind,
    Life,
    Logic,
    LogicOperator,
    Node,
    NoteIntent,
    Of,
    OfLeg,
    OneOfIntent,
    OrderKind,
    OrderShape,
    Output,
    Parameter,
    PortionKind,
    PriceStep,
    Program,
    Reached,
    Sample,
    Select,
    Share,
    Since,
    SinceEntry,
    SizingKind,
    Time,
    TrailKind,
)
from stratc.compiler.ir.uses import allocation_of, entries, intent_nodes, intent_truths, reach, roots, shorts_of
from stratc.dsl.stdlib import catalogue

COLUMNS = frozenset({"open", "high", "low", "close", "volume"})
UNARY = frozenset({ArithmeticOperator.NEGATE, ArithmeticOperator.ABSOLUTE})
FOLLOW_STEPS_MAX = 8
PLAIN = Constant | Parameter | PriceStep
OF_ACCOUNT = Book | Among | Across | SinceEntry | AtEntry
OF_NO_BAR = OF_ACCOUNT | Of | OfLeg
EQUALITIES = frozenset({ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL})


def ids_are_dense(program: Program) -> Iterator[str]:
    """A node's id is its index."""
    for index, node in enumerate(program.nodes):
        if node.id != index:
            yield f"node {index} calls itself {node.id}"


def arguments_come_first(program: Program) -> Iterator[str]:
    """A node's arguments have smaller ids, so there is no cycle."""
    for node in program.nodes:
        if any(not 0 <= argument < node.id for argument in node.arguments):
            yield f"node {node.id} has arguments {node.arguments}"


def roots_exist(program: Program) -> Iterator[str]:
    """Rules, limits and bindings name nodes that there are."""
    named = (*roots(program), *(binding.node for binding in program.bindings))
    yield from (f"node {node} is named and does not exist" for node in named if not 0 <= node < len(program.nodes))


def _kinds(program: Program, node: Node) -> tuple[Kind, ...]:
    return tuple(program.nodes[argument].kind for argument in node.arguments)


def _signature(program: Program, node: Node) -> tuple[Kind, bool]:
    """The kind that the node's operation gives, and whether its arguments suit it."""
    kinds = _kinds(program, node)
    numbers = all(kind is Kind.NUMBER for kind in kinds)
    match node.operation:
        case Constant(value=value):
            return Kind.TRUTH if isinstance(value, bool) else Kind.NUMBER, not kinds and isfinite(value)
        case Parameter():
            return node.kind, not kinds
        case PriceStep() | Time() | Datum():
            return Kind.NUMBER, not kinds
        case Column(name=name):
            return Kind.NUMBER, not kinds and name in COLUMNS
        case Book(word=word, leg=leg):
            said = Kind.TRUTH if word in TRUTH_WORDS else Kind.NUMBER
            return said, not kinds and (leg is None or (program.pairs and leg in (0, 1)))
        case Arithmetic(operator=operator):
            return Kind.NUMBER, numbers and len(kinds) == (1 if operator in UNARY else 2)
        case Compare(operator=operator):
            alike = len(kinds) == 2 and kinds[0] is kinds[1]
            return Kind.TRUTH, alike and (numbers or operator in EQUALITIES)
        case Logic(operator=operator):
            count = len(kinds) == 1 if operator is LogicOperator.NOT else len(kinds) >= 1
            return Kind.TRUTH, count and all(kind is Kind.TRUTH for kind in kinds)
        case IsKnown():
            return Kind.TRUTH, len(kinds) == 1
        case Among(instruments=those):
            return Kind.TRUTH, not kinds and bool(those) and set(those) <= set(range(len(program.named)))
        case Indicate(stem=stem, params=params):
            known = catalogue.lookup(stem)
            fits = known is not None and (len(kinds), len(params)) == (len(known.inputs), len(known.params))
            return Kind.NUMBER, numbers and fits
        case Output():
            return Kind.NUMBER, len(kinds) == 1 and _is_output(program, node)
        case Sample():
            return kinds[0] if kinds else node.kind, len(kinds) == 1
        case Delay(bars=bars):
            return kinds[0] if kinds else node.kind, len(kinds) == 1 and bars >= 1
        case AtEntry():
            return Kind.NUMBER, kinds == (Kind.NUMBER, Kind.NUMBER)
        case Anchor() | SinceEntry():
            return Kind.NUMBER, len(kinds) == 1
        case Follow(steps=steps, cancel=cancel):
            truths = len(kinds) == len(steps) + cancel and all(kind is Kind.TRUTH for kind in kinds)
            return Kind.NUMBER, truths and _steps_are_whole(steps)
        case Reached(step=step):
            follows = [program.nodes[argument].operation for argument in node.arguments]
            return Kind.TRUTH, all(isinstance(f, Follow) and 0 <= step < len(f.steps) for f in follows) and bool(
                follows
            )
        case Since(gathered=gathered):
            wanted = (Kind.TRUTH,) if gathered is Gathered.COUNT else (Kind.TRUTH, Kind.NUMBER)
            return Kind.NUMBER, kinds == wanted
        case Select():
            return node.kind, kinds == (Kind.TRUTH, node.kind, node.kind)
        case Across(beside=beside):
            return Kind.NUMBER, kinds == ((Kind.TRUTH if beside is Beside.COUNT else Kind.NUMBER),)
        case OfLeg(leg=leg):
            return node.kind, kinds == (node.kind,) and program.pairs and leg in (0, 1)
        case Of(instrument=number):
            return node.kind, kinds == (node.kind,) and 0 <= number < len(program.named)
        case _:
            assert_never(node.operation)


def _steps_are_whole(steps: tuple[FollowStep, ...]) -> bool:
    """At least two steps, few enough for their bits, each with room for what it waits for."""
    whole = all(step.lasting_bars >= 1 and step.within_bars >= 0 for step in steps)
    return whole and 2 <= len(steps) <= FOLLOW_STEPS_MAX


def _is_output(program: Program, node: Node) -> bool:
    source = program.nodes[node.arguments[0]].operation
    known = catalogue.lookup(source.stem) if isinstance(source, Indicate) else None
    return (
        known is not None
        and isinstance(node.operation, Output)
        and node.operation.name in [output.name for output in known.outputs]
    )


def operations_suit_arguments(program: Program) -> Iterator[str]:
    """Every operation has arguments of the right number and kind, and its node the kind that it gives."""
    for node in program.nodes:
        kind, suits = _signature(program, node)
        if not suits or kind is not node.kind:
            yield f"node {node.id}, {node.operation}, does not fit its arguments or its kind {node.kind}"


def others_are_read_of_bars(program: Program) -> Iterator[str]:
    """What is read of another instrument depends on its bars alone: on no account and on no third instrument. Pairs are
    compared by what their legs' bars say."""
    for node in program.nodes:
        if isinstance(node.operation, Of | OfLeg | Across):
            below = reach(program, node.arguments)
            of_pairs = program.pairs and isinstance(node.operation, Across)
            barred = OF_ACCOUNT if of_pairs else OF_NO_BAR
            if any(isinstance(program.nodes[each].operation, barred) for each in below):
                yield f"node {node.id} reads more of another instrument than its bars"
        if isinstance(node.operation, Of | OfLeg) and isinstance(program.nodes[node.arguments[0]].operation, PLAIN):
            yield f"node {node.id} reads a constant of another instrument"


def longer_bars_stand_alone(program: Program) -> Iterator[str]:
    """A node on longer bars is made of their columns, of constants, of samples and of other nodes on the same bars."""
    for node in program.nodes:
        if node.bars is None or isinstance(node.operation, Sample):
            continue
        if isinstance(node.operation, PLAIN | Time | Book | Anchor | Of | OfLeg | Among | Across | SinceEntry):
            yield f"node {node.id}, {node.operation}, cannot stand on longer bars"
        for argument in (program.nodes[argument] for argument in node.arguments):
            if argument.bars != node.bars and not isinstance(argument.operation, PLAIN):
                yield f"node {node.id} on longer bars reads node {argument.id}, which is not"


def samples_are_of_own_bars(program: Program) -> Iterator[str]:
    """A sample stands on longer bars and is taken of the bars of its own instrument: of no account, of no other
    instrument and of nothing that stands on longer bars itself."""
    for node in program.nodes:
        if not isinstance(node.operation, Sample):
            continue
        below = [program.nodes[each] for each in reach(program, node.arguments)]
        if node.bars is None or any(each.bars is not None or isinstance(each.operation, OF_NO_BAR) for each in below):
            yield f"sample {node.id} is not taken of the program's own bars"


def outputs_stand_with_their_indicator(program: Program) -> Iterator[str]:
    """A further output is read on the bars of its indicator."""
    for node in program.nodes:
        if isinstance(node.operation, Output) and program.nodes[node.arguments[0]].bars != node.bars:
            yield f"output {node.id} stands on other bars than its indicator"


def parameters_are_declared(program: Program) -> Iterator[str]:
    """Every parameter that a node names is an input; a whole one where an indicator asks for a count."""
    inputs = {declared.name: declared for declared in program.inputs}
    for node in program.nodes:
        match node.operation:
            case Parameter(name=name):
                names: tuple[str, ...] = (name,)
            case Indicate(params=params):
                names = tuple(value for value in params if isinstance(value, str))
            case _:
                names = ()
        yield from (f"node {node.id} reads `{name}`, which is no input" for name in names if name not in inputs)


def conditions_are_truths(program: Program) -> Iterator[str]:
    """A rule's condition is a truth node."""
    for rule in program.rules:
        if rule.condition is not None and program.nodes[rule.condition].kind is not Kind.TRUTH:
            yield f"the condition of `{rule.name}` is a number"
        for node in (node for intent in rule.intents for node in intent_truths(intent)):
            if program.nodes[node].kind is not Kind.TRUTH:
                yield f"`{rule.name}` allocates where a number holds"


def bars_to_entries_are_truths(program: Program) -> Iterator[str]:
    """What holds entries back is a truth node."""
    for statement in program.no_entries:
        if program.nodes[statement.condition].kind is not Kind.TRUTH:
            yield f"`{statement.text}` bars entries and is a number"


def halts_are_truths(program: Program) -> Iterator[str]:
    """What halts trading is a truth node."""
    for statement in program.halts_when:
        if program.nodes[statement.condition].kind is not Kind.TRUTH:
            yield f"`{statement.text}` halts and is a number"


def levels_are_apart(program: Program) -> Iterator[str]:
    """Levels rest at limits, two or more; no number is given out twice, none goes with what is for one entry."""
    taken: set[int] = set()
    for rule in program.rules:
        grouped = any(isinstance(intent, OneOfIntent) for intent in rule.intents)
        for entry in entries(rule):
            levels = entry.levels
            if levels is None:
                continue
            numbers = set(range(levels.number, levels.number + levels.count))
            if entry.order.kind is not OrderKind.LIMIT or levels.count < 2 or min(numbers) < 1 or numbers & taken:
                yield f"the levels of `{rule.name}` are none, or another ladder's"
            if entry.reverse or grouped or rule.limit or (levels.to_next and entry.target):
                yield f"the levels of `{rule.name}` go with what is for one entry"
            taken |= numbers


def amounts_are_numbers(program: Program) -> Iterator[str]:
    """Every amount, price, bound and threshold is a number node."""
    intents = [node for rule in program.rules for intent in rule.intents for node in intent_nodes(intent)]
    limits = [*(cap.bound for cap in program.caps), *(halt.threshold for halt in program.halts)]
    for node in (*intents, *limits, *(flow.amount for flow in program.flows)):
        if program.nodes[node].kind is not Kind.NUMBER:
            yield f"node {node} is used as a price or an amount and is a truth value"


def bounds_are_constant(program: Program) -> Iterator[str]:
    """A cap's bound and a halt's threshold are made of constants and parameters only."""
    for start in (*(cap.bound for cap in program.caps), *(halt.threshold for halt in program.halts)):
        for node in sorted(reach(program, [start])):
            if not isinstance(program.nodes[node].operation, Constant | Parameter | Arithmetic):
                yield f"bound {start} depends on {program.nodes[node].operation}"


def _shape_is_whole(order: OrderShape) -> bool:
    limit = order.kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT)
    stop = order.kind in (OrderKind.STOP, OrderKind.STOP_LIMIT)
    return (order.limit_price is not None) == limit and (order.stop_price is not None) == stop


def orders_are_whole(program: Program) -> Iterator[str]:
    """Limit orders have a limit, stops a stop; a risked amount has a stop loss; lives have what they need."""
    for rule in program.rules:
        for entry in entries(rule):
            life = entry.time_in_force
            if not _shape_is_whole(entry.order):
                yield f"an entry of `{rule.name}` lacks a price or has one too many"
            if entry.stop_loss is None and SizingKind.RISK in {a.kind for a in (entry.amount, entry.at_most) if a}:
                yield f"an entry of `{rule.name}` is sized by risk and has no stop loss"
            if entry.stop_loss is None and entry.trail and entry.trail.kind is TrailKind.R_MULTIPLE:
                yield f"an entry of `{rule.name}` trails by its risk and has no stop loss"
            terms = {Life.BARS: life.bars, Life.UNTIL: life.clock, Life.DATE: life.last}
            if [each for each, term in terms.items() if term is not None] != [life.life] * (life.life in terms):
                yield f"an entry of `{rule.name}` has a life without its term"
        for intent in rule.intents:
            if isinstance(intent, ExitIntent) and (
                not _shape_is_whole(intent.order) or (intent.node is None) != (intent.portion is PortionKind.ALL)
            ):
                yield f"an exit of `{rule.name}` lacks a price or a portion"


def allocations_stand_alone(program: Program) -> Iterator[str]:
    """A rule that allocates has no other intent and no limit; it fills at least one place, at no named price."""
    for rule in program.rules:
        intent = allocation_of(rule)
        if intent is None:
            continue
        if len(rule.intents) > 1 or rule.limit is not None:
            yield f"`{rule.name}` allocates and does something else, or is limited"
        if intent.order.kind in (OrderKind.LIMIT, OrderKind.STOP, OrderKind.STOP_LIMIT):
            yield f"`{rule.name}` allocates at a price"
        if intent.share is Share.STATED and (intent.weight is None or intent.ranking):
            yield f"`{rule.name}` states parts and shares in another way as well"
        if intent.ranking and intent.ranking.places < 1:
            yield f"`{rule.name}` allocates to no place"
        if intent.share is Share.OWN and (intent.weight != intent.amount or intent.ranking):
            yield f"`{rule.name}` gives each its own and shares in another way as well"
        if shorts_of(intent) and (shorts_of(intent) < 0 or intent.share is not Share.PLACES or intent.new_cash):
            yield f"`{rule.name}` sells short what is no half of its amount"


def pairs_are_two_entries(program: Program) -> Iterator[str]:
    """A rule of `both` has two entries of two traded instruments, at market, without stops or a limit; only such a
    rule's entries name an instrument."""
    for rule in program.rules:
        named = [entry for entry in entries(rule) if entry.instrument is not None]
        numbers = {entry.instrument for entry in named}
        if not rule.both and named:
            yield f"`{rule.name}` names the instrument of an entry"
        if not rule.both:
            continue
        whole = len(rule.intents) == len(named) == len(numbers) == 2 and rule.limit is None
        traded = all(number in range(2 if program.pairs else len(program.instruments)) for number in numbers)
        if not whole or not traded or any(_may_stand_alone(entry) for entry in named):
            yield f"`{rule.name}` is no pair of entries"


def _may_stand_alone(entry: EnterIntent) -> bool:
    """Whether a leg can be filled or closed without the other by its own words."""
    return (
        not _at_once(entry.order) or entry.reverse or bool(entry.stop_loss is not None or entry.trail or entry.target)
    )


def _at_once(order: OrderShape) -> bool:
    return order.kind in (OrderKind.MARKET, OrderKind.NEXT_OPEN)


def pairs_stand_two_and_two(program: Program) -> Iterator[str]:
    """Where pairs are traded each has two instruments, rules enter both legs, and nothing is for one of them alone."""
    if not program.pairs:
        return
    pairs = list(zip(program.instruments[::2], program.instruments[1::2], strict=False))
    if len(program.instruments) % 2 or len(set(pairs)) < len(pairs) or any(one == other for one, other in pairs):
        yield "the instruments are no pairs"
    if program.sleeves or program.universe or program.groups or program.roll or program.leave:
        yield "pairs stand beside what is for single instruments"
    for rule in program.rules:
        whole = rule.both or all(isinstance(intent, ExitIntent | NoteIntent) for intent in rule.intents)
        if not whole or rule.limit is not None:
            yield f"`{rule.name}` orders one leg of a pair"
        exits = (intent for intent in rule.intents if isinstance(intent, ExitIntent))
        if any(not _at_once(intent.order) or intent.portion is PortionKind.QUANTITY for intent in exits):
            yield f"`{rule.name}` may close one leg of a pair alone"


FIRST: tuple[Callable[[Program], Iterator[str]], ...] = (ids_are_dense, arguments_come_first, roots_exist)
THEN: tuple[Callable[[Program], Iterator[str]], ...] = (
    operations_suit_arguments,
    others_are_read_of_bars,
    longer_bars_stand_alone,
    samples_are_of_own_bars,
    outputs_stand_with_their_indicator,
    parameters_are_declared,
    conditions_are_truths,
    bars_to_entries_are_truths,
    halts_are_truths,
    levels_are_apart,
    amounts_are_numbers,
    bounds_are_constant,
    orders_are_whole,
    allocations_stand_alone,
    pairs_are_two_entries,
    pairs_stand_two_and_two,
)


def violations(program: Program) -> tuple[str, ...]:
    """Every broken invariant, in words; the later ones are only meaningful where the first hold."""
    shape = tuple(found for invariant in FIRST for found in invariant(program))
    return shape or tuple(found for invariant in THEN for found in invariant(program))


def verify(program: Program) -> Program:
    """The program itself; raises `StratcBug` where an invariant is broken."""
    if found := violations(program):
        raise StratcBug("; ".join(found))
    return program
