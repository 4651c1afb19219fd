"""What can be done with a text alone: format it, say it back, show what the stages make of it, look up a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from stratc.compiler.driver import Compilation, compile_source
from stratc.dsl.diagnostic import Diagnostic, has_errors
from stratc.dsl.parser import parse
from stratc.dsl.source import Source
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.judge.pack import Pack
    from stratc.runtime.model.account import AccountProfile
    from stratc.runtime.model.instrument import Instrument


@record
class Formatted:
    """A text in canonical form, or None and the problems in its way."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...]


class Stage(StrEnum):
    """What `show` can show."""

    TREE = "tree"
    IR = "ir"
    CYTHON = "cython"
    BOUNDS = "bounds"


def format_source(source: Source) -> Formatted:
    """Canonical form; a text with mistakes is left alone, so that nothing is lost."""
    from stratc.dsl.printer import print_tree

    parsed = parse(source)
    if has_errors(parsed.problems):
        return Formatted(text=None, diagnostics=parsed.problems)
    return Formatted(text=print_tree(parsed.tree, source), diagnostics=parsed.problems)


def explain_strategy(compilation: Compilation) -> str:
    """The strategy in plain English with every assumption; the compilation must have a program."""
    from stratc.compiler.reports.explain import explain

    if compilation.program is None:
        raise ValueError("a text with errors cannot be explained: show its diagnostics")
    return explain(compilation.checked, compilation.program)


def diagnostic_page(code: str) -> str | None:
    """The page of a diagnostic such as T301; None where there is no such code."""
    from stratc.compiler.reports.pages import page

    return page(code)


def indicator_page(name: str) -> str | None:
    """The page of an indicator of the standard library; None where there is none of that name."""
    from stratc.dsl.stdlib import catalogue

    return None if catalogue.lookup(name) is None else catalogue.page(name)


def rule_page(rule_id: str, packs: Sequence[Pack]) -> str | None:
    """A rule in words: title, citation, spans in force, and the prose of its file; None where no pack has it."""
    for pack in packs:
        for rule in pack.rules:
            if rule.id == rule_id:
                spans = [f"in force from {each.since} until {each.until or 'further notice'}" for each in rule.in_force]
                head = [f"{rule.id}: {rule.title}", f"pack {pack.name} {pack.version}", rule.front.get("citation", "")]
                prose = [f"{title}\n{text}" for title, text in rule.sections if text and title in SHOWN]
                decided = [f"{each.text} ({each.by})" for each in rule.interpretations]
                parts = [
                    "\n".join([*head, *spans]),
                    *prose,
                    *(["Decided by\n" + "\n".join(decided)] if decided else []),
                ]
                return "\n\n".join(parts)
    return None


SHOWN = ("Requirement", "In plain words", "At run time", "Remedy", "Interpretation", "History")


def show_stage(source: Source, stage: Stage, instruments: Mapping[str, Instrument] | None = None) -> str | Compilation:
    """A stage of the compiler as text; the compilation itself where the text has errors that stop before it."""
    compilation = compile_source(source, instruments)
    if stage is Stage.TREE:
        return _tree(compilation)
    if compilation.program is None:
        return compilation
    match stage:
        case Stage.IR:
            from stratc.compiler.ir.print import print_program

            return print_program(compilation.program)
        case Stage.CYTHON:
            from stratc.compiler.emit.module import emit
            from stratc.runtime.artefact.engine_text import engine_text

            return emit(compilation.program, engine_text()).code
        case Stage.BOUNDS:
            shown = show_bounds(source, None, instruments)
            return shown.text if isinstance(shown, ShownBounds) else shown


def _tree(compilation: Compilation) -> str:
    from stratc.compiler.reports.trees import show_tree

    return show_tree(compilation.tree, compilation.source)


@record
class ShownBounds:
    """A program's bounds as text and as the document of `--json`."""

    text: str
    document: Mapping[str, object]


def show_bounds(
    source: Source, account: AccountProfile | None, instruments: Mapping[str, Instrument] | None = None
) -> ShownBounds | Compilation:
    """Every static bound of a program for this account; the compilation where the text has errors."""
    from stratc.compiler.judge.bounds import kind_of, sheet_of
    from stratc.compiler.reports.bounds import show_bounds as told

    compilation = compile_source(source, instruments)
    program = compilation.program
    if program is None:
        return compilation
    sheet = sheet_of(program, kind_of(program, account), instruments)
    equity = None if account is None or account.equity is None else Fraction(account.equity)
    return ShownBounds(text=told(sheet, program.title, equity), document=sheet.as_json(equity))
