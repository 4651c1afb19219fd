"""Ten programs with one mistake each get one diagnostic each: right code, right place, right help."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from stratc.compiler.driver import compile_source
from stratc.dsl.source import Source

MISTAKES = tomllib.loads((Path(__file__).parent / "ten_mistakes.toml").read_text(encoding="utf-8"))["mistake"]

pytestmark = pytest.mark.fast


def test_there_are_ten():
    assert len(MISTAKES) == 10
    assert {mistake["code"][0] for mistake in MISTAKES} == {"T", "C", "N"}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["what"].replace(" ", "_"))
def test_one_mistake_is_one_diagnostic(mistake):
    source = Source("mistake.strat", mistake["text"])
    compilation = compile_source(source)
    assert compilation.program is None
    (problem,) = compilation.diagnostics
    assert (problem.code, problem.message) == (mistake["code"], mistake["message"])
    assert list(source.position(problem.span.start)) == mistake["place"]
    assert problem.helps[0] == mistake["help"]


@pytest.mark.parametrize("mistake", [m for m in MISTAKES if m["code"] in ("T301", "T308", "C401", "N201")], ids=str)
def test_its_fix_mends_it(mistake):
    source = Source("mistake.strat", mistake["text"])
    (problem,) = compile_source(source).diagnostics
    (edit,) = problem.fix.edits
    mended = source.text[: edit.span.start] + edit.text + source.text[edit.span.end :]
    assert compile_source(Source("mended.strat", mended)).program is not None
