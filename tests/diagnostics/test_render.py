"""Frames as they are shown: goldens, and what no golden says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stratc.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from stratc.dsl.parser import parse
from stratc.dsl.render import cells, render, summarise
from stratc.dsl.source import Source, Span
from tests.syntax.carets import strip

FOLDER = Path(__file__).parent / "frames"
SYNTAX = Path(__file__).parent.parent / "syntax" / "bad"

pytestmark = pytest.mark.fast


def told(span: Span, **more) -> Diagnostic:
    return Diagnostic(code="X001", severity=Severity.ERROR, message="something is wrong", span=span, **more)


def show(text: str, *found: Diagnostic) -> str:
    return render(found, Source("x.strat", text), color=False, width=80)


CASES = {
    "wide_characters": show('let t = "日本語" + 5', told(Span(8, 13), label="a text")),
    "tabs": show("rule x\n\twhen\tflat and", told(Span(13, 17), label="here")),
    "several_lines": show("let a =\n  sma(close,\n  50)\n", told(Span(8, 25), label="all of this")),
    "end_of_file": show("let a =", told(Span(7, 7), label="expected an expression")),
    "after_the_last_line_end": show("let a =\n", told(Span(8, 8))),
    "empty": show("", told(Span(0, 0))),
    "second_place": show(
        "let a = close\nlet b = open\n\nlet a = high\n",
        told(Span(32, 33), label="again", labels=(Label(Span(4, 5), "first here"),), notes=("names are unique",)),
    ),
    "fix": show(
        "let a = close == open\n",
        told(Span(14, 16), helps=("say it in words " * 8,), fix=Fix("write `is`", (Edit(Span(14, 16), "is"),), True)),
    ),
    "fix_over_lines": show(
        "rule a\nwhen flat\nthen exit all\n",
        told(Span(7, 11), fix=Fix("indent", (Edit(Span(7, 7), "  "), Edit(Span(17, 17), "  ")), False)),
    ),
    "control_characters": show("let a = \x1b[31mred\u202e", told(Span(8, 9))),
}


@pytest.mark.parametrize("name", [*CASES, "five_mistakes", "sell"])
def test_frames(name, accept):
    frame = CASES.get(name)
    if frame is None:
        text = strip((SYNTAX / f"{name}.strat").read_text(encoding="utf-8"))
        source = Source(f"{name}.strat", text)
        frame = render(parse(source).problems, source, color=False, width=80)
    golden = FOLDER / f"{name}.txt"
    if accept:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(frame, encoding="utf-8")
    assert frame == golden.read_text(encoding="utf-8")


def test_colour_changes_no_character():
    source = Source("five.strat", (SYNTAX / "five_mistakes.strat").read_text(encoding="utf-8"))
    problems = parse(source).problems
    plain = render(problems, source, color=False, width=80)
    colored = render(problems, source, color=True, width=80)
    assert colored != plain
    assert re.sub(r"\x1b\[\d+m", "", colored) == plain


def test_ascii_is_ascii():
    assert show("let a = ", told(Span(4, 5))).isascii()


def test_nothing_wrong_shows_nothing():
    assert show("let a = 1") == ""


@pytest.mark.parametrize(("text", "count"), [("abc", 3), ("日本", 4), ("a\tb", 5), ("e\u0301", 1), ("", 0)])
def test_cells(text, count):
    assert cells(text) == count


def test_a_wrong_span_stops_nothing():
    assert "something is wrong" in show("abc", told(Span(50, 90)))


def test_summary():
    note = Diagnostic(code="X002", severity=Severity.NOTE, message="by the way", span=Span(0, 0))
    assert summarise((told(Span(0, 0)), told(Span(0, 0)), note)) == "2 errors, 1 note"
    assert summarise(()) == ""
