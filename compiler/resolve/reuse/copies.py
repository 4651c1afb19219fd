"""Copies: what is written once and used in many places, with the way back from each use to what was written.

The body of a function and the text of a block are copied behind the text for every use of them, so that a span names
one use, and the words of the text can be cited as ever. `told` says of a problem in a copy where it is for the reader:
in a function's, at the call; in a block's, in the block, with the line that uses it. Copies may lie in copies.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

from stratc.dsl.diagnostic import Diagnostic, Fix, Label
from stratc.dsl.source import Source, Span
from stratc.runtime.model.record import record

Value = TypeVar("Value")


@record
class Copy:
    """`span` lies behind the text, `origin` is what it is a copy of, `at` the call or the line that uses a block."""

    span: Span
    origin: Span
    at: Span
    function: str
    values: str


@record
class Argument:
    """What was passed for a parameter of a function, where it was written."""

    span: Span
    parameter: str
    function: str


@dataclass(slots=True, kw_only=True)
class Copies:
    """The copies of one text, as they are made."""

    written: Source
    made: list[Copy] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _end: int = 0

    def add(self, origin: Span, at: Span, *, function: str = "", values: str = "") -> int:
        """Copy what stands at `origin`; the answer is by how much its spans are moved."""
        start = (self._end or len(self.written.text)) + 1
        span = Span(start, start + origin.end - origin.start)
        self.made.append(Copy(span=span, origin=origin, at=at, function=function, values=values))
        self._texts.append(self.text(origin))
        self._end = span.end
        return start - origin.start

    def text(self, span: Span) -> str:
        """The words at a span, on one line."""
        return self.written.slice(self.back(span))

    @property
    def source(self) -> Source:
        """The text with all copies behind it, which every span of the expanded tree points into."""
        if not self.made:
            return self.written
        return replace(self.written, text="\n".join((self.written.text, *self._texts)))

    def around(self, span: Span) -> Copy | None:
        """The copy that a span begins in."""
        if span.start <= len(self.written.text):
            return None
        index = bisect_right(self.made, span.start, key=lambda copy: copy.span.start) - 1
        return self.made[index]

    def back(self, span: Span) -> Span:
        """Where the words of a span were written."""
        while (copy := self.around(span)) is not None:
            span = Span(span.start, min(span.end, copy.span.end)).shifted(copy.origin.start - copy.span.start)
        return span

    def for_reader(self, span: Span) -> Span:
        """Where a span is for the reader: what a function computes stands at the call."""
        while (copy := self.around(span)) is not None:
            if copy.function:
                span = copy.at
            else:
                span = Span(span.start, min(span.end, copy.span.end)).shifted(copy.origin.start - copy.span.start)
        return span if span.end <= len(self.written.text) else Span(span.start, span.start + 1)

    def told(self, found: Diagnostic) -> Diagnostic:
        """A problem of the expanded text as one of the text that was written."""
        if not self.made:
            return found
        labels = [Label(self.for_reader(label.span), label.text) for label in found.labels]
        notes = [*found.notes, *self._passed(found.span)]
        fix, span = self._kept(found.fix), found.span
        while (copy := self.around(span)) is not None:
            if copy.function:
                labels.append(Label(self.back(span), f"in `{copy.function}`"))
                notes += [f"here {copy.values}"] if copy.values else []
                span = copy.at
            else:
                labels.append(Label(self.for_reader(copy.at), "used here"))
                span = span.shifted(copy.origin.start - copy.span.start)
        return replace(
            found,
            span=self.for_reader(span),
            labels=tuple(dict.fromkeys(labels)),
            notes=tuple(dict.fromkeys(notes)),
            fix=fix,
        )

    def _passed(self, span: Span) -> list[str]:
        inside = (each for each in self.arguments if each.span.start <= span.start and span.end <= each.span.end)
        return [f"this is `{each.parameter}` of `{each.function}`" for each in inside]

    def _kept(self, fix: Fix | None) -> Fix | None:
        """A fix of what stands in a copy would change every other use too; one in a block belongs to another file."""
        own = len(self.written.own)
        return fix if fix is not None and all(edit.span.end <= own for edit in fix.edits) else None


def with_spans(value: Value, place: Callable[[Span], Span]) -> Value:
    """The same value with every span in it changed; what has none is not made again."""
    placed: Value = _placed(value, place)
    return placed


def _placed(value: Any, place: Callable[[Span], Span]) -> Any:
    if isinstance(value, Span):
        return place(value)
    if isinstance(value, tuple):
        found = tuple(_placed(item, place) for item in value)
        return found if any(new is not old for new, old in zip(found, value, strict=True)) else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {each.name: getattr(value, each.name) for each in fields(value) if each.init or hasattr(value, each.name)}
    changed = {name: new for name, old in parts.items() if (new := _placed(old, place)) is not old}
    return replace(value, **changed) if changed else value
