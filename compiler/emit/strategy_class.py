"""The generated `Strategy` class: state, constructor, `signals`, `decide`, one method a rule, and the rule guards.

Its Python side is the constructor: `Strategy(columns, clocks, parameters, steps)`, see `write_constructor`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Final

from stratc.compiler.emit.across import write_across
from stratc.compiler.emit.flows import write_flows
from stratc.compiler.emit.guard_code import GuardCode
from stratc.compiler.emit.layout import Layout, Step, plain
from stratc.compiler.emit.longer import joins, write_closes, write_join, write_longer_begins, write_longer_ends
from stratc.compiler.emit.nodes import Scope, rule_scope
from stratc.compiler.emit.orders import variables, write_allocation, write_intent, write_leg, write_offer
from stratc.compiler.emit.signals import (
    bar_variables,
    held,
    reset_lines,
    room_terms,
    sampled_lines,
    signal_lines,
    state_fields,
)
from stratc.compiler.emit.source_lines import SourceLines
from stratc.compiler.emit.truth import is_false, is_true
from stratc.compiler.emit.writer import Writer
from stratc.compiler.ir.nodes import AllocateIntent, NodeId, Period, Rule
from stratc.compiler.ir.uses import SEEN, allocation_of, entries
from stratc.runtime.model.clock import Request as ClockRequest

# What the engine's own `Strategy` is called beside that which is generated.
BASE: Final = "Base"


def write_strategy(writer: Writer, layout: Layout, guards: GuardCode) -> None:
    lines = SourceLines.of(layout.program)
    writer.line()
    with writer.block("cdef struct InstrumentState:"):
        writer.lines(
            ("long row", "double tick", "double pip", "double point", "double point_value", *state_fields(layout))
        )
    writer.lines(("", *guards.before, "", "@cython.final"))
    with writer.block(f"cdef class Strategy({BASE}):"):
        write_fields(writer, layout, guards)
        write_constructor(writer, layout, guards)
        write_prepare(writer, layout)
        write_closes(writer, layout)
        write_signals(writer, layout, lines)
        write_bar(writer, layout, lines)
        write_halts(writer, layout, lines)
        write_across(writer, layout)
        write_join(writer, layout)
        write_flows(writer, layout, lines)
        write_decide(writer, layout)
        for number, rule in enumerate(layout.program.rules):
            intent = allocation_of(rule)
            if rule.both:
                write_pair_rule(writer, layout, lines, number, rule)
            elif intent is None:
                write_rule(writer, layout, lines, number, rule)
            else:
                write_allocating_rule(writer, layout, lines, number, rule, intent)
        for heading, body in guards.bodies():
            writer.line()
            with writer.block(f"cdef {heading} noexcept nogil:"):
                writer.lines(body)


def write_fields(writer: Writer, layout: Layout, guards: GuardCode) -> None:
    writer.line("cdef InstrumentState* state")
    writer.line("cdef double* room")
    writer.line("cdef long room_each")
    writer.line("cdef long instruments")
    writer.lines(f"cdef double* {name}" for name in layout.columns)
    writer.lines(f"cdef {kind}* {name}" for kind, name in request_columns(layout))
    writer.lines(f"cdef double* watch_{node}" for node in layout.watched)
    writer.lines(f"cdef double {layout.input(declared.name)}" for declared in layout.program.inputs)
    writer.lines(f"cdef {field}" for field in guards.fields)


def request_columns(layout: Layout) -> Iterator[tuple[str, str]]:
    """The type and the name of the column of each request."""
    for index in range(len(layout.requests)):
        yield ("long long", f"clock_{index}") if index < layout.times else ("double", f"datum_{index}")


def write_constructor(writer: Writer, layout: Layout, guards: GuardCode) -> None:
    """`clocks`: an address of int64 values a row for each request of time, of doubles for each request of a table, in
    the order of `uses.column_requests`; `parameters`: a double an input.

    `steps`: tick, pip and point of each instrument, in price units, and its point's value; `watches`: an address of
    doubles a watched node.
    Whoever makes a strategy keeps the columns and what the addresses point to alive.
    """
    inputs = layout.program.inputs
    writer.line()
    with writer.block(
        "def __init__(self, Columns columns, list clocks, list parameters, list steps, list watches=[]):"
    ):
        lengths = f"({len(layout.requests)}, {len(inputs)}, {len(layout.watched)})"
        with writer.block(f"if (len(clocks), len(parameters), len(watches)) != {lengths}:"):
            writer.line('raise ValueError("clocks, parameters or watches do not fit this strategy")')
        writer.line("cdef long i")
        writer.line("self.instruments = len(steps) // 4")
        writer.lines(f"self.{name} = columns.{SEEN[name]}" for name in layout.columns)
        writer.lines(
            f"self.{name} = <{kind}*><uintptr_t>clocks[{index}]"
            for index, (kind, name) in enumerate(request_columns(layout))
        )
        writer.lines(
            f"self.watch_{node} = <double*><uintptr_t>watches[{index}]" for index, node in enumerate(layout.watched)
        )
        writer.lines(f"self.{layout.input(given.name)} = parameters[{index}]" for index, given in enumerate(inputs))
        for bounds in input_bounds(layout):
            with writer.block(f"if not {bounds}:"):
                writer.line('raise ValueError("an input is outside its range")')
        writer.line("cdef long room = 0")
        writer.lines(f"room += {term}" for term in room_terms(layout))
        writer.line("self.release()")
        writer.line("self.state = <InstrumentState*>calloc(self.instruments + 1, sizeof(InstrumentState))")
        writer.line("self.room = <double*>calloc(self.instruments * room + 1, sizeof(double))")
        with writer.block("if self.state == NULL or self.room == NULL:"):
            writer.line("raise MemoryError()")
        with writer.block("for i in range(self.instruments):"):
            writer.line("self.state[i].tick = steps[4 * i]")
            writer.line("self.state[i].pip = steps[4 * i + 1]")
            writer.line("self.state[i].point = steps[4 * i + 2]")
            writer.line("self.state[i].point_value = steps[4 * i + 3]")
            writer.line("self.prepare(&self.state[i], self.room + i * room)")
        writer.line("self.room_each = room")
        writer.lines(guards.prepare)
    writer.line()
    with writer.block("def __dealloc__(self):"):
        writer.line("self.release()")
    writer.line()
    with writer.block("cdef void release(self) noexcept nogil:"):
        writer.lines(("free(self.state)", "free(self.room)", "self.state = NULL", "self.room = NULL"))


def input_bounds(layout: Layout) -> Iterator[str]:
    """The declared ranges as conditions: they bound the memory that windows take, and nan is in none."""
    for declared in layout.program.inputs:
        name = f"self.{layout.input(declared.name)}"
        low = "" if declared.low is None else f"{float(declared.low)!r} <= "
        high = "" if declared.high is None else f" <= {float(declared.high)!r}"
        if low or high:
            yield f"({low}{name}{high})"


def write_prepare(writer: Writer, layout: Layout) -> None:
    writer.line()
    with writer.block("cdef void prepare(self, InstrumentState* s, double* room) noexcept nogil:"):
        writer.lines(list(reset_lines(layout)) or ["pass"])
    writer.line()
    with writer.block("cdef void begin_again(self, Book book, long i) noexcept nogil:"):
        # Behind the last instrument stands an empty state.
        writer.line("cdef InstrumentState* s = &self.state[i]")
        steps = ("tick", "pip", "point")
        writer.lines(f"cdef double {step} = s.{step}" for step in steps)
        writer.line("self.state[i] = self.state[self.instruments]")
        writer.lines(f"s.{step} = {step}" for step in steps)
        writer.line("self.prepare(s, self.room + i * self.room_each)")


def write_signals(writer: Writer, layout: Layout, lines: SourceLines) -> None:
    writer.line()
    with writer.block("cdef inline void signals(self, Book book, long r, long i) noexcept nogil:"):
        writer.line("cdef InstrumentState* s = &self.state[i]")
        writer.line("s.row = r")
        write_longer_begins(writer, layout)
        write_cited(writer, layout, lines, sampled_lines(layout))
        write_longer_ends(writer, layout)
        write_cited(writer, layout, lines, signal_lines(layout))
        writer.lines(moment_lines(layout))
        writer.lines(watch_lines(layout))


def write_cited(writer: Writer, layout: Layout, lines: SourceLines, texts: Iterator[tuple[NodeId | None, str]]) -> None:
    """Lines of code, each run of them below the source line that its nodes come from."""
    shown = 0
    for node, text in texts:
        span = None if node is None else layout.node(node).span
        if span and lines.number(span) != shown:
            shown = lines.number(span)
            writer.line(lines.comment(span))
        writer.line(text)


def watch_lines(layout: Layout) -> Iterator[str]:
    """Watched nodes are written out; truth values as -1, 0 and 1."""
    variables = {node: layout.names[node] for node in bar_variables(layout, Step.BAR)}
    scope = Scope(layout=layout, row="r", variables=variables)
    for node in layout.watched:
        if node not in layout.joined:
            yield f"self.watch_{node}[r] = {held(scope, node)}"


def moment_lines(layout: Layout) -> Iterator[str]:
    """What the engine is told of the bar: which orders end with it, and whether it lies outside the entry hours."""
    for bit, request in enumerate(layout.ends):
        joined = "=" if bit == 0 else "|="
        yield f"book.ends[i] {joined} {1 << bit} if {layout.clock(request)}[r] == 1 else 0"
    if layout.program.entry_hours:
        request, start, end = layout.program.entry_hours
        moment = f"{layout.clock(request)}[r]"
        inside = f"{start} <= {moment} < {end}" if start < end else f"{moment} >= {start} or {moment} < {end}"
        yield f"book.outside_hours[i] = 0 if {inside} else 1"


def write_bar(writer: Writer, layout: Layout, lines: SourceLines) -> None:
    """The method that asks, before the first rule, which statement bars entries of an instrument: the first that is not
    known to be false."""
    statements = layout.program.no_entries
    if not statements:
        return
    for k, statement in enumerate(statements):
        writer.lines(("", lines.comment(statement.span)))
        with writer.block(f"cdef inline bint bars_{k}(self, Book book, long i) noexcept nogil:"):
            write_row(writer)
            scope = rule_scope(layout, (statement.condition,))
            writer.lines(variables(scope))
            writer.line(f"return not ({is_false(scope, statement.condition)})")
    with write_part(writer, "void bar"):
        for k in range(len(statements)):
            with writer.block(f"if self.bars_{k}(book, i):"):
                writer.lines((f"bar_entries(book, self, i, {k + 1})", "return"))
        writer.line("bar_entries(book, self, i, 0)")


def write_halts(writer: Writer, layout: Layout, lines: SourceLines) -> None:
    """The methods that ask, before the first rule, which conditions halt trading: those that are true."""
    for k, statement in enumerate(layout.program.halts_when):
        writer.lines(("", lines.comment(statement.span)))
        with writer.block(f"cdef inline bint halts_{k}(self, Book book, long i) noexcept nogil:"):
            write_row(writer)
            scope = rule_scope(layout, (statement.condition,))
            writer.lines(variables(scope))
            writer.line(f"return {is_true(scope, statement.condition)}")
    if not layout.program.halts_when:
        return
    writer.line()
    with writer.block("cdef inline void halt(self, Book book) noexcept nogil:"):
        writer.line("cdef long i")
        for k in range(len(layout.program.halts_when)):
            each = writer.block(f"for i in range({len(layout.program.instruments)}):")
            with each, writer.block(f"if book.fresh[i] and self.halts_{k}(book, i):"):
                writer.lines((f"halt_now(book, self, {len(layout.program.halts) + k})", "break"))


def write_decide(writer: Writer, layout: Layout) -> None:
    writer.line()
    with writer.block("cdef inline void join_bars(self, Book book) noexcept nogil:"):
        if joins(layout):
            writer.line("cdef long i")
            for step in ("join", "compare") if layout.compared else ("join",):
                with writer.block("for i in range(self.instruments):"), writer.block("if book.fresh[i]:"):
                    writer.line(f"self.{step}(book, i)")
        else:
            writer.line("pass")
    writer.line()
    with writer.block("cdef inline void decide(self, Book book, long r) noexcept nogil:"):
        single = len(layout.program.instruments) == 1
        if not single:
            writer.line("cdef long i")
        writer.line("self.join_bars(book)")
        writer.lines(f"self.flow_{n}(book)" for n in range(len(layout.program.flows)))
        writer.lines(["self.halt(book)"] if layout.program.halts_when else [])
        if single:
            with writer.block("if book.fresh[0]:"):
                writer.lines(["self.bar(book, 0)"] if layout.program.no_entries else [])
                tried = [f"self.{rule_name(n, r)}(book{'' if allocation_of(r) else ', 0'})" for n, r in rules(layout)]
                writer.lines(tried or ["pass"])
            return
        count = len(layout.program.instruments)
        if layout.program.no_entries:
            with writer.block(f"for i in range({count}):"), writer.block("if book.fresh[i]:"):
                writer.line("self.bar(book, i)")
        for n, rule in rules(layout):
            if allocation_of(rule) or (rule.both and not layout.program.pairs):
                writer.line(f"self.{rule_name(n, rule)}(book)")
                continue
            if layout.program.pairs:
                write_try_of_pairs(writer, count, rule_name(n, rule), rule)
                continue
            with writer.block(f"for i in range({count}):"), writer.block("if book.fresh[i]:"):
                writer.line(f"self.{rule_name(n, rule)}(book, i)")
        writer.line("pass")


def write_try_of_pairs(writer: Writer, count: int, name: str, rule: Rule) -> None:
    """A pair is entered where both legs have a bar. Whatever else it does, an exit first of all, one bar is enough for:
    it is asked at the first leg, or at the other where that has none."""
    with writer.block(f"for i in range(0, {count}, 2):"):
        if rule.both:
            with writer.block("if book.fresh[i] and book.fresh[i + 1]:"):
                writer.line(f"self.{name}(book, i)")
            return
        with writer.block("if book.fresh[i] or book.fresh[i + 1]:"):
            writer.line(f"self.{name}(book, i if book.fresh[i] else i + 1)")


def rules(layout: Layout) -> Iterator[tuple[int, Rule]]:
    return enumerate(layout.program.rules)


def rule_name(number: int, rule: Rule) -> str:
    return f"rule_{number}_{plain(rule.name)}"


def write_rule(writer: Writer, layout: Layout, lines: SourceLines, number: int, rule: Rule) -> None:
    """The method that tests a rule's condition, and one method for each of its intents."""
    name = rule_name(number, rule)
    writer.lines(("", lines.comment(rule.span)))
    with writer.block(f"cdef inline void {name}(self, Book book, long i) noexcept nogil:"):
        writer.line("cdef InstrumentState* s = &self.state[i]")
        writer.line("cdef long row = s.row")
        if rule.schedule:
            with writer.block(f"if not ({is_due(layout, rule.schedule)}):"):
                writer.line("return")
        if rule.condition is not None:
            scope = rule_scope(layout, (rule.condition,))
            writer.lines(variables(scope))
            with writer.block(f"if not ({is_true(scope, rule.condition)}):"):
                writer.line("return")
        if rule.limit and any(entries(rule)):
            across = rule.limit.across_instruments
            period = f"PERIOD_{Period(rule.limit.period).name}"
            writer.line(f"rule_may_enter(book, i, {number}, {rule.limit.count}, {period}, {across})")
        writer.lines([f"self.{name}_{k}(book, i, s, row)" for k in range(len(rule.intents))] or ["pass"])
    for k, intent in enumerate(rule.intents):
        writer.lines(("", lines.comment(intent.span)))
        heading = f"cdef inline void {name}_{k}(self, Book book, long i, InstrumentState* s, long row) noexcept nogil:"
        with writer.block(heading):
            write_intent(writer, layout, number, intent)


def is_due(layout: Layout, schedule: ClockRequest) -> str:
    """Whether the instrument of this row is due; of a pair, whether a leg is that has a bar now."""
    clock = layout.clock(schedule)
    other = f" or (book.fresh[i ^ 1] and {clock}[self.state[i ^ 1].row] == 1)" if layout.program.pairs else ""
    return f"{clock}[row] == 1{other}"


def write_allocating_rule(
    writer: Writer, layout: Layout, lines: SourceLines, number: int, rule: Rule, intent: AllocateIntent
) -> None:
    """The method that tries the rule once for all instruments, and one for each thing that is read of one of them."""
    name = rule_name(number, rule)
    writer.lines(("", lines.comment(rule.span)))
    with writer.block(f"cdef inline void {name}(self, Book book) noexcept nogil:"):
        writer.lines(("cdef long i", "cdef long first = -1"))
        count = len(layout.program.instruments)
        each = writer.block(f"for i in range({count}):")
        with each, writer.block(f"if first < 0 and self.{name}_due(book, i):"):
            writer.line("first = i")
        with writer.block(f"if first < 0 or not self.{name}_holds(book, first):"):
            writer.line("return")
        writer.line("begin_offers(book)")
        others = writer.block(f"for i in range(first, {count}):")
        with others, writer.block(f"if self.{name}_due(book, i):"):
            writer.line(f"self.{name}_offer(book, i)")
        writer.line(f"self.{name}_allocate(book, first)")
    with write_part(writer, f"bint {name}_due"):
        due = f"{layout.clock(rule.schedule)}[self.state[i].row] == 1" if rule.schedule else "True"
        writer.line(f"return book.fresh[i] != 0 and {due}")
    with write_part(writer, f"bint {name}_holds"):
        write_row(writer)
        scope = rule_scope(layout, () if rule.condition is None else (rule.condition,))
        writer.lines(variables(scope))
        writer.line(f"return {'True' if rule.condition is None else is_true(scope, rule.condition)}")
    writer.lines(("", lines.comment(intent.span)))
    with write_part(writer, f"void {name}_offer"):
        write_row(writer)
        write_offer(writer, layout, intent)
    with write_part(writer, f"void {name}_allocate"):
        write_row(writer)
        write_allocation(writer, layout, number, intent)


def write_pair_rule(writer: Writer, layout: Layout, lines: SourceLines, number: int, rule: Rule) -> None:
    """The method that tries the rule once for both its instruments, or for the pair `i`, and one for each entry."""
    name, pairs = rule_name(number, rule), layout.program.pairs
    one, other = entries(rule)
    places = [f"i + {leg.instrument}" if pairs else f"{leg.instrument}" for leg in (one, other)]
    asked = ["i", "i"] if pairs else places
    writer.lines(("", lines.comment(rule.span)))
    with writer.block(f"cdef inline void {name}(self, Book book{', long i' if pairs else ''}) noexcept nogil:"):
        writer.line("cdef long first")
        holds = " and ".join(f"self.{name}_holds(book, {place})" for place in dict.fromkeys(asked))
        with writer.block(f"if {holds}:"):
            writer.line(f"first = self.{name}_0(book, {asked[0]})")
            with writer.block(f"if first >= 0 and self.{name}_1(book, {asked[1]}) < 0:"):
                writer.line(f"take_back(book, self, {places[0]}, first)")
    with write_part(writer, f"bint {name}_holds"):
        write_row(writer)
        scope = rule_scope(layout, () if rule.condition is None else (rule.condition,))
        writer.lines(variables(scope))
        due = f"({is_due(layout, rule.schedule)})" if rule.schedule else "True"
        holds = "True" if rule.condition is None else is_true(scope, rule.condition)
        writer.line(f"return book.fresh[i] != 0 and {due} and ({holds})")
    for k, leg in enumerate((one, other)):
        writer.lines(("", lines.comment(leg.span)))
        with write_part(writer, f"long {name}_{k}"):
            write_row(writer)
            write_leg(writer, layout, number, leg, places[k] if pairs else "i")


def write_part(writer: Writer, name: str) -> AbstractContextManager[None]:
    """A method that reads one instrument `i`."""
    writer.line()
    return writer.block(f"cdef inline {name}(self, Book book, long i) noexcept nogil:")


def write_row(writer: Writer) -> None:
    writer.lines(("cdef InstrumentState* s = &self.state[i]", "cdef long row = s.row"))
