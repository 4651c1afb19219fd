"""Diagnostics for other programs: keys and places as promised, and no text that breaks out of its format."""

from __future__ import annotations

import json

import pytest

from stratc.dsl.diagnostic import Diagnostic, Severity
from stratc.dsl.formats import to_github, to_json, to_sarif
from stratc.dsl.parser import parse
from stratc.dsl.parsing import diagnostics
from stratc.dsl.source import Source, Span

SOURCE = Source("a b/x.strat", "rule enter\n  whne flat\n  then buy 100 shares\n")
(FOUND,) = parse(SOURCE).problems

pytestmark = pytest.mark.fast


def test_json_has_the_keys_of_the_contract():
    told = to_json(FOUND, SOURCE)
    promised = ["code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "fix"]
    assert list(told)[: len(promised)] == promised
    assert (told["code"], told["severity"], told["file"]) == ("S013", "error", "a b/x.strat")
    assert (told["line"], told["column"], told["end_line"], told["end_column"]) == (2, 3, 2, 7)
    assert told["fix"]["edits"] == [{"text": "when", "line": 2, "column": 3, "end_line": 2, "end_column": 7}]
    assert json.loads(json.dumps(told)) == told


def test_json_without_a_fix_says_null():
    source = Source("x.strat", "let a =\n")
    (found,) = parse(source).problems
    assert to_json(found, source)["fix"] is None


def test_sarif():
    log = to_sarif([(SOURCE, FOUND)], [diagnostics.Misspelt, diagnostics.Sell], "1.2.3")
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("S013", "Misspelt")
    assert rule["help"]["text"].startswith("A word is almost")
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/x.strat"
    assert place["region"] == {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 7}
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "when"}
    assert result["ruleIndex"] == 0


def test_github_is_escaped():
    source = Source("a,b:c.strat", "let a = 1\n")
    found = Diagnostic(code="X001", severity=Severity.WARNING, message="50%\n::error::no", span=Span(4, 5))
    line = to_github(found, source)
    assert "\n" not in line
    assert line.startswith("::warning file=a%2Cb%3Ac.strat,line=1,")
    assert line.endswith("::50%25%0A::error::no")
