"""What checking found: types and knowledge of every expression, kept beside the tree.

`Checked` is what lowering, explanations and editors read. `Typing` is the notebook of one check: it grows while the
program is read from top to bottom and is thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stratc.compiler.check.addressed.whom import Addressed
from stratc.compiler.resolve.symbols import Header, Resolved
from stratc.dsl.diagnostic import Problem, Severity
from stratc.dsl.parsing.lines import scan_lines
from stratc.dsl.source import Source, Span
from stratc.dsl.syntax import Expression, Name, Node, Number, walk
from stratc.dsl.types import UNKNOWN, Stated, Type
from stratc.runtime.model.record import record


class KnownWhen(StrEnum):
    """When a value of a bar is known. The moments are in order: a value is known when its latest part is."""

    ALWAYS = "before the run"
    BAR_CLOSE = "at the bar's close"
    WINDOW_END = "when the window has ended"
    PUBLISHED = "at the bar's close, from what had been published by then"
    FORMED = "once it has formed, with the bar on which it does"
    LONGER_CLOSE = "when the longer bar has closed"


@record
class Known:
    """Since when a value is known.

    `bars` is the number of bars up to and including the first on which it is known, exact where there is no window;
    `sessions` the number of whole windows or longer bars that must have passed besides; `lag_bars` how many bars old
    the youngest bar is that it reads, never negative.
    """

    when: KnownWhen
    bars: int = 1
    sessions: int = 0
    lag_bars: int = 0


@record
class Checked:
    """A program whose units, times and limits have been checked; without errors it can be lowered."""

    source: Source
    resolved: Resolved
    types: Mapping[Node, Type]
    known: Mapping[Node, Known]
    addressed: Addressed
    exchange_zone: str


@dataclass(slots=True, kw_only=True)
class Typing:
    """The notebook of one check: types found so far and problems told so far.

    `blamed` are the declared names that took part in a clash of units: the slip may stand in their declaration, so they
    clash no second time, and one slip in a binding is one message however often it is read.
    """

    source: Source
    resolved: Resolved
    addressed: Addressed
    types: dict[Node, Type] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    blamed: set[str] = field(default_factory=set)
    doubted_account: bool = False

    @property
    def header(self) -> Header:
        return self.resolved.header

    def header_at(self, node: Node) -> Header:
        """The header with the instruments that a node is computed for: those of the rules that it stands in."""
        return self.addressed.at(node)

    def tell(self, problem: Problem) -> Type:
        """Add a problem; what it concerns has no type that could cause another one."""
        self.problems.append(problem)
        return UNKNOWN

    def tell_clash(self, problem: Problem, *sides: Expression) -> Type:
        """Add a problem with the units of some formulas; a bare number that is written beside one is itself at fault.

        Amounts in the currency of the prices, where the account is in another, are one slip: that of the account.
        """
        if any(self._is_foreign(side) for side in sides):
            if self.doubted_account:
                return UNKNOWN
            self.doubted_account = True
        if not any(isinstance(side, Number) and not side.unit for side in sides):
            names = {node.text for side in sides for node in walk(side) if isinstance(node, Name)}
            self.blamed.update(names & self.resolved.declared.keys())
        return self.tell(problem)

    def _is_foreign(self, side: Expression) -> bool:
        kind = self.types.get(side)
        return isinstance(kind, Stated) and kind.currency != self.header.currency

    def is_blamed(self, node: Node) -> bool:
        """Whether a formula reads a name whose declaration may be what is wrong."""
        return any(isinstance(part, Name) and part.text in self.blamed for part in walk(node))

    def is_told_in(self, node: Node) -> bool:
        """Whether an error was told of a part of a node, so that what follows from it need not be."""
        errors = (problem.span for problem in self.problems if problem.severity is Severity.ERROR)
        return any(node.span.start <= span.start and span.end <= node.span.end for span in errors)

    def text(self, node: Node) -> str:
        """The words of the text, on one line and without its comments."""
        lines, _ = scan_lines(self.source.slice(node.span))
        return " ".join(word for line in lines for word in line.code.split())


def type_at(checked: Checked, offset: int) -> tuple[Span, Type, Known | None] | None:
    """The innermost expression around an offset of the text: where it stands, its type and when it is known. A call of
    a function is one expression, whatever it was written out to."""
    written = ((node, node.span) for node in walk(checked.resolved.tree))
    called = ((node, call.span) for node, call in checked.resolved.calls.items())
    around = [
        (span.end - span.start, span, node)
        for node, span in (*written, *called)
        if span.start <= offset < span.end and node in checked.types
    ]
    if not around:
        return None
    _, span, inner = min(around, key=lambda found: found[0])
    return span, checked.types[inner], checked.known.get(inner)


def expression_type(checked: Checked, expression: Expression) -> Type:
    return checked.types.get(expression, UNKNOWN)
