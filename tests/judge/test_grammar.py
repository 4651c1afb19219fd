"""The grammar of rules has no conflict, and its stored tables are those of the grammar."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from stratc.compiler.judge.ruleparse import (
    TABLES_FILE,
    build_parser,
    grammar_digest,
    grammar_text,
    parse_block,
    serialise_tables,
)


def test_the_grammar_builds_strictly():
    build_parser(grammar_text(), strict=True)


def test_the_stored_tables_are_fresh():
    stored = (files("stratc.compiler.judge") / TABLES_FILE).read_text("utf-8")
    assert json.loads(stored)["grammar"] == grammar_digest(grammar_text()), "run `python tests/make_grammar_tables.py`"
    assert stored == serialise_tables(grammar_text())


@pytest.mark.fast
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("at opening order demand equity >= 0", "demand"),
        ("define x equity", "equity"),
        ("param a = 4 from 2020-01-01", ""),
        ("never", ""),
        ("at fill require (equity > 0", ""),
        ("\x00", "\x00"),
    ],
)
def test_what_cannot_be_read_is_one_problem_at_its_place(text, at):
    statements, (problem,) = parse_block(text, 0)
    assert statements == ()
    assert problem.code == "R015"
    assert text[problem.span.start :].startswith(at)
