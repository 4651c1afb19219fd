"""Longer bars and the bars of other instruments: what is computed when one closes, and when a moment's bars are in.

Maps the nodes on longer bars to a method a length of bars, and the nodes that read another instrument to `join`, which
runs before the rules, and what compares these to `compare`, which runs after it. `signals` joins each bar to the longer
ones first.
"""

from __future__ import annotations

from stratc.compiler.emit.layout import COLUMNS, Layout, Step
from stratc.compiler.emit.nodes import Scope
from stratc.compiler.emit.signals import (
    bar_variables,
    computed_lines,
    held,
    ring_lines,
    sampled_variables,
    shown_lines,
    value,
)
from stratc.compiler.emit.writer import Writer
from stratc.compiler.ir.nodes import Output, Sample
from stratc.runtime.model.clock import HigherBar, Window


def write_longer_begins(writer: Writer, layout: Layout) -> None:
    """In `signals`, first: a longer bar whose last part is missing closes with the first bar after it."""
    for bars in layout.longer:
        name = layout.longer_name(bars)
        with writer.block(f"if {_phase(layout, bars)} & 1:"):
            with writer.block(f"if s.{name}.taken > 0:"):
                writer.line(f"self.close_{name}(s)")
            writer.line(f"longer_begin(&s.{name})")


def write_longer_ends(writer: Writer, layout: Layout) -> None:
    """In `signals`, after what is sampled: the bar is joined to each longer one, which closes with its last bar."""
    prices = ", ".join(f"self.{name}[r]" for name in COLUMNS)
    scope = Scope(layout=layout, row="r", variables=sampled_variables(layout))
    for bars in layout.longer:
        name = layout.longer_name(bars)
        with writer.block(f"if {_phase(layout, bars)} & 2 and s.{name}.begun:"):
            writer.line(f"longer_take(&s.{name}, {prices})")
            for node in (node for node in layout.program.nodes if node.bars == bars):
                if isinstance(node.operation, Sample):
                    writer.line(f"s.{layout.names[node.id]}_taken = {held(scope, node.arguments[0])}")
        with writer.block(f"if {_phase(layout, bars)} & 4 and s.{name}.taken > 0:"):
            writer.lines((f"self.close_{name}(s)", f"longer_end(&s.{name})"))


def _phase(layout: Layout, bars: HigherBar) -> str:
    return f"{layout.clock(Window(kind=bars))}[r]"


def write_closes(writer: Writer, layout: Layout) -> None:
    """The methods that compute what stands on longer bars, one a length of bars."""
    for bars in layout.longer:
        writer.line()
        with writer.block(
            f"cdef inline void close_{layout.longer_name(bars)}(self, InstrumentState* s) noexcept nogil:"
        ):
            _write_close(writer, layout, bars)


def _write_close(writer: Writer, layout: Layout, bars: HigherBar) -> None:
    scope = Scope(layout=layout, row="s.row", variables={})
    for node in layout.program.nodes:
        if node.bars == bars and node.id in layout.remembered:
            writer.line(f"s.{layout.names[node.id]} = {value(scope, node)}")
    for ring in layout.rings:
        if ring[1] == bars:
            writer.lines(ring_lines(scope, ring))


def joins(layout: Layout) -> bool:
    """Whether something is to be computed when all bars of a moment are in."""
    return bool(layout.joined & (layout.remembered | frozenset(layout.watched)))


def write_join(writer: Writer, layout: Layout) -> None:
    """The methods that compute what is remembered of other instruments; what each needs from before was kept."""
    if joins(layout):
        _write_step(writer, layout, "join", Step.JOINED)
    if layout.compared:
        _write_step(writer, layout, "compare", Step.COMPARED)


def _write_step(writer: Writer, layout: Layout, name: str, step: Step) -> None:
    kept = (node for node in sorted(layout.kept) if layout.node(node).bars is None and layout.step(node) < step)
    names = {node: f"s.{layout.names[node]}" for node in kept if not isinstance(layout.node(node).operation, Output)}
    writer.line()
    with writer.block(f"cdef inline void {name}(self, Book book, long i) noexcept nogil:"):
        writer.line("cdef InstrumentState* s = &self.state[i]")
        scope = Scope(layout=layout, row="s.row", variables=names)
        writer.lines(text for _, text in computed_lines(layout, scope, step))
        names |= {node: layout.names[node] for node in bar_variables(layout, step)}
        after = Scope(layout=layout, row="s.row", variables=names)
        writer.lines(shown_lines(after, step))
        watched = (node for node in layout.watched if layout.step(node) is step)
        writer.lines(f"self.watch_{node}[s.row] = {held(after, node)}" for node in watched)
