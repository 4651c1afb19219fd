"""The grammar has no conflicts, and the stored tables are those of the grammar."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from stratc.dsl.parsing import expectations, tables
from stratc.dsl.parsing.pieces import _READERS, read_piece

GOOD = Path(__file__).parent / "good"

pytestmark = pytest.mark.fast


def test_the_grammar_is_strict():
    tables.build_parser(tables.grammar_text(), strict=True)


def test_a_conflict_is_found():
    ambiguous = tables.grammar_text().replace("?sum: product", "?sum: product\n    | sum sum -> arithmetic", 1)
    with pytest.raises(Exception, match=r"[Cc]onflict"):
        tables.build_parser(ambiguous, strict=True)


def test_the_stored_tables_are_those_of_the_grammar():
    """If this fails, run `python tests/make_grammar_tables.py`; users would wait for the grammar at every start."""
    stored = (files("stratc.dsl.parsing") / tables.TABLES_FILE).read_text(encoding="utf-8")
    # Compared by what is in them first, so that a stale file is told in one line.
    assert json.loads(stored)["grammar"] == tables._digest(tables.grammar_text())
    assert stored == tables.serialise_tables(tables.grammar_text())


@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_grammar_gives_the_same_tables_in_every_process(seed):
    """Lark's own order is that of sets, which each process has its own of."""
    script = "from stratc.dsl.parsing import tables; print(tables.serialise_tables(tables.grammar_text()), end='')"
    made = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
    )
    assert made.stdout.decode() == (files("stratc.dsl.parsing") / tables.TABLES_FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("let", "let box = highest(high) over 00:00..07:00 London - 3 pips"),
        ("then", "then buy risking 0.5% of equity, at most 90% of equity, at stop high limit high + 1 tick"),
        ("halt", "halt at daily loss 3% of equity at last close, flatten, until next session"),
    ],
)
def test_stored_and_built_parsers_agree(start, text):
    built = tables.build_parser(tables.grammar_text(), strict=False)
    assert tables.clause_parser().parse(text, start=start) == built.parse(text, start=start)


def test_every_start_symbol_has_a_reader():
    assert set(_READERS) == set(tables.START_SYMBOLS)


@pytest.mark.parametrize(
    "text",
    ["at\n   next   open", "at next open", "at next\topen"],
)
def test_phrases_are_flexible_inside(text):
    assert not read_piece("leg", f"exit all {text}", 0).problems


def test_every_reserved_word_is_refused_as_a_name():
    words = "and or not is in of over at on per crosses when then every rule let input strategy trade account cap halt"
    for word in f"{words} buy exit sell risking".split():
        assert read_piece("let", f"let {word} = 1", 0).problems, word


def test_every_clause_has_a_name_in_messages():
    assert set(expectations.CLAUSES) == set(tables.START_SYMBOLS)
