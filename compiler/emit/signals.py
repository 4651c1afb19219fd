"""What happens on every bar before any rule: indicators, delays and windows take the bar in.

Maps the remembered nodes of a program to the fields of an instrument's state, the code that makes them ready before a
run, and the body of `signals`.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.emit.layout import Layout, Ring, Step
from stratc.compiler.emit.nodes import Scope, expression, number
from stratc.compiler.emit.truth import is_false, is_true, kleene
from stratc.compiler.ir.nodes import (
    Across,
    Anchor,
    AtEntry,
    Constant,
    Delay,
    Follow,
    Indicate,
    Kind,
    Node,
    NodeId,
    Output,
    Parameter,
    PriceStep,
    Sample,
    Since,
    SinceEntry,
)
from stratc.dsl.stdlib import catalogue


def state_fields(layout: Layout) -> Iterator[str]:
    """The fields that an instrument's state has for what is remembered."""
    for node in remembered(layout):
        name, value = layout.names[node.id], "double" if node.kind is Kind.NUMBER else "int"
        match node.operation:
            case Indicate(stem=stem):
                yield f"{camel(stem)} {name}_state"
            case Anchor() | SinceEntry():
                yield f"WindowState {name}_state"
            case Follow():
                yield f"FollowState {name}_state"
            case Since() | AtEntry():
                yield f"double {name}_state"
            case _:
                pass
        if isinstance(node.operation, Sample):
            yield f"{value} {name}_taken"
        if node.bars is not None or (node.id in layout.kept and not isinstance(node.operation, Output)):
            yield f"{value} {name}"
    for node in (layout.node(shown) for shown in layout.shown):
        if node.bars is None:
            yield f"{'double' if node.kind is Kind.NUMBER else 'int'} {layout.names[node.id]}_shown"
    yield from (f"LongerState {layout.longer_name(bars)}" for bars in layout.longer)
    for ring in layout.rings:
        name = layout.ring_name(ring)
        yield f"double* {name}_ring"
        yield f"long {name}_at"


def camel(stem: str) -> str:
    return "".join(word.capitalize() for word in stem.split("_")) + "State"


def remembered(layout: Layout) -> Iterator[Node]:
    return (layout.node(node) for node in sorted(layout.remembered))


def room_terms(layout: Layout) -> Iterator[str]:
    """The doubles of ring memory that one instrument needs, as terms of a sum."""
    for node in remembered(layout):
        match node.operation:
            case Indicate(stem=stem):
                yield f"{stem}_room({', '.join(whole_params(layout, node))})"
            case _:
                pass
    yield from (str(bars) for bars in layout.rings.values())


def params(layout: Layout, node: Node) -> list[tuple[str, bool]]:
    """An indicator's parameters as C expressions, and whether each is whole."""
    if not isinstance(node.operation, Indicate) or not (declared := catalogue.lookup(node.operation.stem)):
        return []
    given = zip(declared.params, node.operation.params, strict=True)
    return [(_param(layout, value, whole=param.whole), param.whole) for param, value in given]


def whole_params(layout: Layout, node: Node) -> list[str]:
    return [text for text, whole in params(layout, node) if whole]


def _param(layout: Layout, value: float | str, *, whole: bool) -> str:
    if isinstance(value, str):
        return f"<long>self.{layout.input(value)}" if whole else f"self.{layout.input(value)}"
    return str(int(value)) if whole else repr(float(value))


def reset_lines(layout: Layout) -> Iterator[str]:
    """Readies the state `s` of one instrument, whose ring memory begins at `room`."""
    for node in remembered(layout):
        name = layout.names[node.id]
        match node.operation:
            case Indicate(stem=stem):
                given = ", ".join([f"&s.{name}_state", "room", *(text for text, _ in params(layout, node))])
                yield f"{stem}_reset({given})"
                yield f"room += {stem}_room({', '.join(whole_params(layout, node))})"
            case Anchor() | SinceEntry():
                yield f"window_reset(&s.{name}_state)"
            case Follow(steps=steps):
                yield f"follow_reset(&s.{name}_state, {len(steps)})"
                for step, term in enumerate(steps):
                    terms = f"{step}, {term.lasting_bars}, {term.within_bars}, {term.same_bar}"
                    yield f"follow_step(&s.{name}_state, {terms})"
            case Since() | AtEntry():
                yield f"s.{name}_state = NAN"
            case _:
                pass
    yield from unknown_lines(layout)
    for (argument, longer), bars in layout.rings.items():
        name = layout.ring_name((argument, longer))
        unknown = "NAN" if layout.node(argument).kind is Kind.NUMBER else "0.0"
        yield f"s.{name}_ring = room"
        yield f"s.{name}_at = 0"
        yield f"ring_reset(room, {bars}, {unknown})"
        yield f"room += {bars}"


def unknown_lines(layout: Layout) -> Iterator[str]:
    """What is kept from one close to the next, or read of another instrument, is unknown until it is first computed."""
    for node in remembered(layout):
        if node.bars is not None and node.kind is Kind.NUMBER:
            yield f"s.{layout.names[node.id]} = NAN"
    for node in (layout.node(shown) for shown in layout.shown):
        if node.bars is None and node.kind is Kind.NUMBER:
            yield f"s.{layout.names[node.id]}_shown = NAN"
    yield from (f"longer_end(&s.{layout.longer_name(bars)})" for bars in layout.longer)


def bar_variables(layout: Layout, step: Step) -> frozenset[NodeId]:
    """The remembered nodes that are variables of `signals`, `join` or `compare`: all but what is read where it
    stands."""
    plain = Constant | Parameter | PriceStep | Output
    return frozenset(
        node.id
        for node in remembered(layout)
        if node.bars is None and layout.step(node.id) is step and not isinstance(node.operation, plain)
    )


def sampled_variables(layout: Layout) -> dict[NodeId, str]:
    """The variables of `signals` that longer bars take samples of: they are computed before one closes."""
    return {node: layout.names[node] for node in sorted(bar_variables(layout, Step.BAR) & layout.sampled)}


def sampled_lines(layout: Layout) -> Iterator[tuple[NodeId | None, str]]:
    """The lines of `signals` before a longer bar closes, with the node that each line belongs to."""
    scope = Scope(layout=layout, row="r", variables={})
    yield from node_lines(layout, scope, frozenset(sampled_variables(layout)))


def signal_lines(layout: Layout) -> Iterator[tuple[NodeId | None, str]]:
    """The lines after it, and what the bar shows to other instruments."""
    scope = Scope(layout=layout, row="r", variables=sampled_variables(layout))
    yield from computed_lines(layout, scope, Step.BAR)
    inside = Scope(
        layout=layout, row="r", variables={node: layout.names[node] for node in bar_variables(layout, Step.BAR)}
    )
    yield from ((None, line) for line in shown_lines(inside, Step.BAR))


def shown_lines(scope: Scope, step: Step) -> Iterator[str]:
    """What is shown to other instruments of what was computed at this step."""
    for node in scope.layout.shown:
        if scope.node(node).bars is None and scope.layout.step(node) is step:
            yield f"s.{scope.layout.names[node]}_shown = {held(scope, node)}"


def computed_lines(layout: Layout, before: Scope, step: Step) -> Iterator[tuple[NodeId | None, str]]:
    """Every remembered node in order, then the rings; `before` knows what was computed before."""
    names = bar_variables(layout, step) - frozenset(before.variables)
    variables = dict(before.variables)
    scope = Scope(layout=layout, row=before.row, variables=variables)
    yield from node_lines(layout, scope, names)
    variables |= {node: layout.names[node] for node in names}
    for ring in layout.rings:
        argument, longer = ring
        if longer is None and layout.step(argument) is step:
            yield from ((None, line) for line in ring_lines(scope, ring))


def node_lines(layout: Layout, before: Scope, names: frozenset[NodeId]) -> Iterator[tuple[NodeId | None, str]]:
    """The nodes of `names`, each a variable behind those that it reads."""
    variables = dict(before.variables)
    scope = Scope(layout=layout, row=before.row, variables=variables)
    for node in remembered(layout):
        if node.id not in names:
            continue
        name = layout.names[node.id]
        yield node.id, f"{'cdef double' if node.kind is Kind.NUMBER else 'cdef int'} {name} = {value(scope, node)}"
        variables[node.id] = name
        if node.id in layout.kept:
            yield node.id, f"s.{name} = {name}"


def value(scope: Scope, node: Node) -> str:
    """A remembered node's value on this bar, computed from its arguments' values on it."""
    name = scope.layout.names[node.id]
    match node.operation:
        case Indicate(stem=stem):
            given = ", ".join([f"&s.{name}_state", *(number(scope, argument) for argument in node.arguments)])
            return f"{stem}_push({given})"
        case Delay(bars=bars):
            return delayed(scope, node, bars)
        case Sample():
            return f"s.{name}_taken"
        case Anchor(aggregate=aggregate, window=window):
            phase = f"{scope.layout.clock(window)}[{scope.row}]"
            return f"window_{aggregate}(&s.{name}_state, {windowed(scope, node.arguments[0])}, {phase})"
        case Follow(steps=steps, cancel=cancel):
            return followed(scope, node, len(steps), cancel=cancel)
        case Since(gathered=gathered):
            given = ", ".join(
                [is_true(scope, node.arguments[0]), *(number(scope, argument) for argument in node.arguments[1:])]
            )
            return f"since_{gathered}(&s.{name}_state, {given})"
        case Across():
            return f"self.{name}_beside(book, i)"
        case AtEntry():
            given = ", ".join(number(scope, argument) for argument in node.arguments)
            return f"at_entry(&s.{name}_state, {given}, phase_at_entry(book, i))"
        case SinceEntry(aggregate=aggregate):
            taken = windowed(scope, node.arguments[0])
            return f"window_{aggregate}(&s.{name}_state, {taken}, phase_since_entry(book, i))"
        case _:
            return expression(scope, node) if node.kind is Kind.NUMBER else kleene(scope, node)


def followed(scope: Scope, node: Node, steps: int, *, cancel: bool) -> str:
    """A sequence takes in the steps that hold, as bits, and whether it is canceled, and whether it surely is not."""
    asked = enumerate(node.arguments[:steps])
    holds = [f"({1 << k} if {is_true(scope, argument)} else 0)" for k, argument in asked]
    ends = [is_true(scope, node.arguments[-1]), is_false(scope, node.arguments[-1])] if cancel else ["False", "True"]
    return f"follow_push(&s.{scope.layout.names[node.id]}_state, {', '.join([' | '.join(holds), *ends])})"


def windowed(scope: Scope, argument: NodeId) -> str:
    """What a window takes in: a number, or 1 where a truth value holds."""
    if scope.node(argument).kind is Kind.NUMBER:
        return number(scope, argument)
    return f"(1.0 if {is_true(scope, argument)} else NAN)"


def delayed(scope: Scope, node: Node, bars: int) -> str:
    """The ring's slot `at` holds its oldest value, the one before it its newest."""
    ring = node.arguments[0], node.bars
    name, size = scope.layout.ring_name(ring), scope.layout.rings[ring]
    place = f"s.{name}_at" if bars == size else f"ring_place(s.{name}_at, {bars}, {size})"
    text = f"s.{name}_ring[{place}]" if size > 1 else f"s.{name}_ring[0]"
    return text if node.kind is Kind.NUMBER else f"<int>{text}"


def held(scope: Scope, node: NodeId) -> str:
    """A node's value as it is kept: a number, or -1, 0 and 1."""
    found = scope.node(node)
    if found.kind is Kind.NUMBER:
        return number(scope, node)
    if node in scope.variables:
        return scope.variables[node]
    return f"s.{scope.layout.names[node]}" if found.bars is not None else f"({kleene(scope, found)})"


def ring_lines(scope: Scope, ring: Ring) -> Iterator[str]:
    name, bars, text = scope.layout.ring_name(ring), scope.layout.rings[ring], held(scope, ring[0])
    if bars == 1:
        yield f"s.{name}_ring[0] = {text}"
        return
    yield f"s.{name}_ring[s.{name}_at] = {text}"
    yield f"s.{name}_at = s.{name}_at + 1 if s.{name}_at + 1 < {bars} else 0"
