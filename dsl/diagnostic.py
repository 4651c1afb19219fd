"""What is said about a text: problems as small classes, diagnostics as plain data.

A `Problem` is one kind of mistake: a frozen dataclass next to the check that finds it, with its code, its message
templates and its own page (the docstring, an `example` that shows it and what to write `instead`). `Problem.diagnostic`
fills the templates from the fields; everything that shows diagnostics (terminal, JSON, SARIF, GitHub, editors) reads
only `Diagnostic`. Messages are lower case, have no full stop and quote the user's text in backticks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import ClassVar

from stratc.dsl.source import Span
from stratc.runtime.model.record import record


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that a machine may apply; `safe` means that it cannot change what a correct program does."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A second place worth pointing at, with a few words."""

    span: Span
    text: str


@record
class Diagnostic:
    """One problem of one text, ready to be shown."""

    code: str
    severity: Severity
    message: str
    span: Span
    label: str = ""
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    fix: Fix | None = None


@record
class Problem:
    """Base of every kind of problem. Class-level templates are filled from the instance's fields."""

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    label: ClassVar[str] = ""
    note: ClassVar[str] = ""
    help: ClassVar[str] = ""
    example: ClassVar[str] = ""
    instead: ClassVar[str] = ""

    span: Span

    def helps(self) -> tuple[str, ...]:
        """Lines of advice; the `help` template unless a class has more to say."""
        return (self.help,) if self.help else ()

    def labels(self) -> tuple[Label, ...]:
        return ()

    def fix(self) -> Fix | None:
        return None

    def diagnostic(self) -> Diagnostic:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return Diagnostic(
            code=self.code,
            severity=self.severity,
            message=self.title.format(**values),
            span=self.span,
            label=self.label.format(**values),
            labels=self.labels(),
            notes=(self.note.format(**values),) if self.note else (),
            helps=tuple(line.format(**values) for line in self.helps()),
            fix=self.fix(),
        )


def has_errors(problems: Iterable[Diagnostic]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)
