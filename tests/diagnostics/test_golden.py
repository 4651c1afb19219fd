"""Every code has one full rendering: what a reader sees of the problem that its page shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.hazards import hazards_of
from stratc.compiler.judge.rulefile import read_rule_file
from stratc.compiler.reports.pages import problems
from stratc.dsl.diagnostic import Diagnostic
from stratc.dsl.diagnostics import EXAMPLE_HEADER
from stratc.dsl.parser import decode
from stratc.dsl.parsing.size import CLAUSES_MAX, PROBLEMS_MAX
from stratc.dsl.render import render
from stratc.dsl.source import NOWHERE, SOURCE_CHARACTERS_MAX, Source, Span
from stratc.runtime.executor.terms import AccountKind
from stratc.runtime.model.instrument import identify
from tests.check.programs import compiled, complete
from tests.judge.test_diagnostics import completed

FOLDER = Path(__file__).parent / "golden"
KINDS = problems()

# Files that are no text, and texts too long for a page: made here.
TEXTS = {
    "S001": "x" * (SOURCE_CHARACTERS_MAX + 1),
    "S006": EXAMPLE_HEADER + "let x = close\n" * (CLAUSES_MAX + 1),
    "S007": "buy 100 shares\n" * (PROBLEMS_MAX + 2),
    "S008": EXAMPLE_HEADER
    + "".join(f"let x_{n} = close\n" for n in range(PROBLEMS_MAX + 2))
    + "rule a\n  then exit all",
}
BYTES = {"S002": b'strategy "Caf\xe9"\n', "S003": b"PK\x03\x04\x00"}

OF_RULES = {code for code, kind in KINDS.items() if kind.__module__ == "stratc.compiler.judge.diagnostics"}
OF_HAZARDS = {code for code, kind in KINDS.items() if kind.__module__ == "stratc.compiler.judge.hazards.diagnostics"}
# Problems of the toolchain and of an account need more than a text to be found: their classes are filled with words.
FILLED = {code for code in KINDS if code[0] in "RB"} - OF_RULES - OF_HAZARDS

pytestmark = pytest.mark.fast


def found_in_text(code: str, text: str) -> tuple[Diagnostic, Source]:
    source = Source("strategy.strat", text)
    found = [problem for problem in compiled(text).diagnostics if problem.code == code]
    return found[0], source


def found_in_rule(code: str) -> tuple[Diagnostic, Source]:
    rule = read_rule_file("rule.md", completed(KINDS[code].example))
    setting = Setting(facts={}, day=date(2026, 7, 1), instruments=(identify("ABC"),), applies=(0,))
    _, problems_of_use = compile_rule("made_up", rule.statements, setting)
    found = [problem for problem in (*rule.problems, *problems_of_use) if problem.code == code]
    told = found[0] if isinstance(found[0], Diagnostic) else found[0].diagnostic()
    return told, rule.source


def found_hazard(code: str) -> tuple[Diagnostic, Source]:
    compilation = compiled(complete(KINDS[code].example))
    assert compilation.program is not None
    found = hazards_of(compilation.program, AccountKind.MARGINED)
    return next(each.diagnostic() for each in found if each.code == code), compilation.source


def filled(code: str) -> tuple[Diagnostic, Source]:
    """A problem whose fields are words for what stands there, said of its own example."""
    kind = KINDS[code]
    source = Source("strategy.strat", kind.example)
    samples = {
        "int": 3,
        "str": "something",
        "tuple": ("one", "two"),
        "bool": True,
        "float": 1.5,
        "date": date(2026, 6, 4),
    }
    values = {
        name: samples.get(str(annotation).partition("[")[0].partition(" ")[0])
        for name, annotation in kind.__annotations__.items()
        if not str(annotation).startswith("ClassVar")
    }
    line_end = kind.example.find("\n")
    span = Span(0, len(kind.example) if line_end < 0 else line_end)
    return kind(span=span, **values).diagnostic(), source


def shown(code: str) -> str:
    if code in BYTES:
        problem = decode("strategy.strat", BYTES[code])
        assert isinstance(problem, Diagnostic)
        source = Source("strategy.strat", "")
        assert problem.span == NOWHERE
    elif code in OF_RULES:
        problem, source = found_in_rule(code)
    elif code in OF_HAZARDS:
        problem, source = found_hazard(code)
    elif code in FILLED:
        problem, source = filled(code)
    else:
        text = TEXTS.get(code) or complete(KINDS[code].example)
        problem, source = found_in_text(code, text)
    return render([problem], source, color=False, width=100)


@pytest.mark.parametrize("code", KINDS)
def test_the_rendering_of_a_code(code, accept):
    frame = shown(code)
    assert f"[{code}]" in frame.splitlines()[0]
    golden = FOLDER / f"{code}.txt"
    if accept:
        golden.write_text(frame, encoding="utf-8")
    assert frame == golden.read_text(encoding="utf-8")


def test_there_is_a_rendering_for_each_code_and_a_code_for_each_rendering():
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(KINDS)
