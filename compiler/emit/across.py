"""Values across instruments: for each such node a method that looks at what every traded instrument shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from stratc.compiler.emit.layout import Layout
from stratc.compiler.emit.nodes import leg_place, shown_field
from stratc.compiler.emit.writer import Writer
from stratc.compiler.ir.nodes import Across, Beside, Kind, NodeId


def write_across(writer: Writer, layout: Layout) -> None:
    for node in layout.program.nodes:
        if isinstance(node.operation, Across):
            writer.line()
            heading = f"cdef inline double {layout.names[node.id]}_beside(self, Book book, long i) noexcept nogil:"
            with writer.block(heading):
                writer.lines(_body(layout, node.operation.beside, node.arguments[0]))


def _body(layout: Layout, beside: Beside, argument: NodeId) -> Iterator[str]:
    """One pass over the traded instruments, or pairs, in their order; those without a bar at this moment are passed
    over."""
    field = shown_field(layout, argument)
    knows = f"self.state[j].{field} > 0" if layout.node(argument).kind is Kind.TRUTH else "not isnan(x)"
    yield from ("cdef long j", "cdef long counted = 0", "cdef double x")
    if beside is Beside.RANK:
        place = leg_place(0) if layout.program.pairs else "i"
        # What is only read has no place among what is traded.
        traded = len(layout.program.instruments)
        alone = " or not book.fresh[i & -2] or not book.fresh[i | 1]" if layout.program.pairs else ""
        yield from (
            f"cdef double own = self.state[{place}].{field}",
            f"if isnan(own) or i >= {traded}{alone}:",
            "    return NAN",
        )
    yield f"cdef double found = {'0.0' if beside in (Beside.SUM, Beside.AVERAGE) else 'NAN'}"
    step, legs = (", 2", " and book.fresh[j + 1]") if layout.program.pairs else ("", "")
    yield f"for j in range(0, {len(layout.program.instruments)}{step}):"
    yield f"    x = self.state[j].{field}"
    yield f"    if book.fresh[j]{legs} and {knows}:"
    match beside:
        case Beside.RANK:
            yield f"        counted += 1 if x > own or (x == own and j < {place}) else 0"
            yield "return 1.0 + counted"
        case Beside.COUNT:
            yield "        counted += 1"
            yield "return <double>counted"
        case Beside.HIGHEST:
            yield "        found = x if isnan(found) or x > found else found"
            yield "return found"
        case Beside.LOWEST:
            yield "        found = x if isnan(found) or x < found else found"
            yield "return found"
        case Beside.SUM:
            yield "        found += x"
            yield "return known(found)"
        case Beside.AVERAGE:
            yield from ("        found += x", "        counted += 1")
            yield "return known(known(found) / counted) if counted > 0 else NAN"
        case _:
            assert_never(beside)
