"""Every kind of problem is triggered by its own example, and not by what its page says to write instead."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from stratc.compiler.reports.pages import page, problems

sys.path.insert(0, str(Path(__file__).parents[1] / "check"))

from programs import codes, compiled, complete, errors

OF_BYTES = {"S001", "S002", "S003", "S006", "S007", "S008"}  # no text, or too long to be an example
OF_ACCOUNTS = {"C430"}  # shown with an account beside the text, see tests/acceptance/test_ladders.py
CHECKED = {code: kind for code, kind in problems().items() if code[0] in "NTC"}
TOLD_OF_TEXTS = problems().keys() - OF_BYTES - OF_ACCOUNTS
SHOWN = {code: kind for code, kind in problems().items() if code[0] in "SNTC" and code in TOLD_OF_TEXTS}

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("code", SHOWN)
def test_the_example_shows_the_problem(code):
    assert code in codes(complete(SHOWN[code].example))


@pytest.mark.parametrize("code", SHOWN)
def test_what_to_write_instead_does_not_show_it(code):
    assert code not in codes(complete(SHOWN[code].instead))


@pytest.mark.parametrize("code", CHECKED)
def test_what_to_write_instead_has_no_error(code):
    assert not errors(complete(CHECKED[code].instead))


@pytest.mark.parametrize("code", CHECKED)
def test_messages_keep_to_the_style(code):
    """Lower case, no full stop, no hole left in a template, and every error says what to do."""
    for problem in compiled(complete(CHECKED[code].example)).diagnostics:
        if problem.code != code:
            continue
        assert problem.message[0] in "`0123456789" or problem.message[0].islower()
        assert not problem.message.endswith(".")
        assert problem.helps
        for text in (problem.message, problem.label, *problem.helps, *problem.notes):
            assert not re.search(r"\{[a-z_]+\}", text), text


@pytest.mark.parametrize("code", CHECKED)
def test_the_page_shows_both(code):
    text = page(code)
    assert text.startswith(code)
    assert CHECKED[code].example.splitlines()[0] in text
    assert CHECKED[code].instead.splitlines()[-1] in text


def test_an_unknown_code_has_no_page():
    assert page("T999") is None
