"""The methods that book the flows of the text, one each, before everything else of a moment."""

from __future__ import annotations

from stratc.compiler.emit.layout import Layout
from stratc.compiler.emit.nodes import number, rule_scope
from stratc.compiler.emit.orders import variables
from stratc.compiler.emit.source_lines import SourceLines
from stratc.compiler.emit.writer import Writer


def write_flows(writer: Writer, layout: Layout, lines: SourceLines) -> None:
    """A flow is due with the first instrument that is, and its amount is read of that one."""
    traded, rules = len(layout.program.instruments), len(layout.program.rules)
    for k, flow in enumerate(layout.program.flows):
        writer.lines(("", lines.comment(flow.span)))
        with writer.block(f"cdef inline void flow_{k}(self, Book book) noexcept nogil:"):
            writer.line("cdef long i")
            with writer.block(f"for i in range({traded}):"):
                due = f"book.fresh[i] and {layout.clock(flow.schedule)}[self.state[i].row] == 1"
                with writer.block(f"if {due}:"):
                    writer.lines((f"self.flow_{k}_move(book, i)", "return"))
        writer.line()
        with writer.block(f"cdef inline void flow_{k}_move(self, Book book, long i) noexcept nogil:"):
            writer.lines(("cdef InstrumentState* s = &self.state[i]", "cdef long row = s.row"))
            scope = rule_scope(layout, (flow.amount,))
            writer.lines(variables(scope))
            amount = number(scope, flow.amount)
            writer.line(f"plan_flow(book, self, {rules + k}, PERIOD_{flow.period.name}, {amount}, {flow.withdraw})")
