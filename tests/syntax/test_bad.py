"""Bad programs: every problem is told where it is, in the words that stand in the file, and nothing else is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratc.dsl.diagnostic import Severity
from stratc.dsl.parser import parse
from stratc.dsl.printer import format_source
from stratc.dsl.render import apply_edits
from stratc.dsl.source import Source
from tests.syntax.carets import annotate, strip

FOLDERS = ("bad", "later")
FILES = sorted(path for folder in FOLDERS for path in (Path(__file__).parent / folder).glob("*.strat"))

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_problems_are_told_in_place(path, accept):
    text = path.read_text(encoding="utf-8")
    source = Source(path.name, strip(text))
    problems = parse(source).problems
    told = annotate(source, problems)
    if accept:
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")
    assert problems
    assert all(problem.severity is Severity.ERROR for problem in problems)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_text_with_problems_is_not_formatted(path):
    assert format_source(Source(path.name, path.read_text(encoding="utf-8"))) is None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_safe_fix_takes_its_problem_away(path):
    source = Source(path.name, strip(path.read_text(encoding="utf-8")))
    problems = parse(source).problems
    for problem in problems:
        if problem.fix is not None and problem.fix.safe:
            after = parse(Source(path.name, apply_edits(source.text, problem.fix))).problems
            same = [(found.code, found.message) for found in after].count((problem.code, problem.message))
            assert same < [(found.code, found.message) for found in problems].count((problem.code, problem.message))


def test_five_mistakes_are_five_messages():
    text = (Path(__file__).parent / "bad" / "five_mistakes.strat").read_text(encoding="utf-8")
    assert len(parse(Source("five", strip(text))).problems) == 5


def test_a_missing_message_is_found():
    source = Source("x", "let fast =\n")
    assert annotate(source, ()) != annotate(source, parse(source).problems)
