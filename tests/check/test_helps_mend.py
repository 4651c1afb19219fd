"""What a help tells to write is not the same mistake again, wherever it can be written in the place of the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stratc.compiler.reports.pages import problems
from stratc.dsl.diagnostic import Diagnostic
from tests.check.programs import compiled, complete
from tests.check.slips.table import bases, placements

WRITTEN = re.compile(r"\bwrite (?:for example )?(`[^`]*`(?:(?:, | or |, or )`[^`]*`)*)")
QUOTED = re.compile(r"`([^`]*)`")
# What is proposed there is written in another place than that of the message.
ELSEWHERE = {
    "N230": "the instrument is written after `trade`",
    "N232": "a rule is written, or the instrument after `read`",
}
MISTAKES = {code: complete(kind.example) for code, kind in problems().items() if code[0] in "NTC"}
SLIPS = [
    row.text()
    for name in ("slips", "constructs")
    for base in bases((Path(__file__).parent / "slips" / f"{name}.md").read_text(encoding="utf-8"))
    for row in base.rows
]
ONE = 'strategy "One"\ntrade SPY on {bars}\naccount margin USD\n'
TWO = 'strategy "Two"\ntrade SPY, IBM on 5 min\naccount margin USD\n'
OWN = ("close", "(high - low)", "volume", "equity", "5%", "0.05", "5", "5 ticks", "5 USD", "50 shares", "2R")
OWN += ("3 bars", "2 sessions", "10:00", "10 min", "close > open", "position", "bars_held", "2026-06-04")
OWN += ("rsi(close, 14)", "roc(close, 5)")
OTHERS = ("open of IBM", "volume of IBM", "atr(14) of IBM", "rsi(close, 14) of IBM", "(close of IBM / close of SPY)")
CLAUSES = (
    "when flat and close > open for at least {}",
    "when flat and highest(high, {}) > close",
    "when flat and close[{}] > open",
    "when flat and sma(close, 5)[{}] > open",
    "when bars_held > {}",
    "when {} < sessions_held",
    "when flat\n  then buy 10 shares at limit low\n       good for {}",
    "when flat\n  then exit all\nkeep at least {}",
)


def again(text: str) -> Iterator[tuple[str, str, str]]:
    """The code, the help and the proposal of each that is the mistake again wherever it can be written."""
    for problem in compiled(text).diagnostics:
        for line in () if problem.code in ELSEWHERE else problem.helps:
            for said in WRITTEN.findall(line):
                for proposal in QUOTED.findall(said):
                    if is_again(text, problem, proposal):
                        yield problem.code, line, proposal


def is_again(text: str, problem: Diagnostic, proposal: str) -> bool:
    """Whether every text with the proposal in place that can be read has the same problem in that place."""
    seen = False
    for begin, mend in placements(text, problem, proposal):
        found = compiled(mend).diagnostics
        if any(each.code[0] == "S" for each in found):
            continue
        end = begin + len(proposal)
        if not any(each.code == problem.code and each.span.start <= end and begin <= each.span.end for each in found):
            return False
        seen = True
    return seen


def rule(header: str, condition: str) -> str:
    return f"{header}rule a\n  when flat and {condition}\n  then buy 10 shares\n"


@pytest.mark.fast
@pytest.mark.parametrize("code", MISTAKES)
def test_the_mistake_of_a_page(code):
    assert list(again(MISTAKES[code])) == []


@pytest.mark.fast
@pytest.mark.parametrize("bars", ["1 day", "5 min"])
@pytest.mark.parametrize("length", ["1 day", "3 days", "2 weeks", "1 month"])
@pytest.mark.parametrize("clause", CLAUSES)
def test_days_weeks_and_months(clause, length, bars):
    rest = "" if "then" in clause else "\n  then exit all"
    text = f"{ONE.format(bars=bars)}rule a\n  {clause.format(length)}{rest}\n"
    assert [problem.code for problem in compiled(text).diagnostics if problem.code in ("T326", "T328")] == ["T326"]
    assert list(again(text)) == []


@pytest.mark.fast
@pytest.mark.parametrize("one", OTHERS)
def test_values_of_another_instrument(one):
    pairs = [f"{left} {sign} {right}" for own in OWN[::3] for left, right in ((one, own), (own, one)) for sign in "+>"]
    assert [found for pair in pairs for found in again(rule(TWO, pair if ">" in pair else f"{pair} > 1"))] == []


@pytest.mark.slow
@pytest.mark.parametrize("one", [*OWN, *OTHERS])
def test_every_pair_of_units(one):
    forms = ("{} + {} > 1", "{} - {} > 1", "{} * {} > 1", "{} / {} > 1", "{} > {}", "{} crosses above {}")
    pairs = [form.format(one, other) for other in (*OWN, *OTHERS) for form in forms]
    assert [found for pair in pairs for found in again(rule(TWO, pair))] == []


@pytest.mark.slow
def test_every_slip():
    assert [found for text in SLIPS for found in again(text)] == []


def test_a_help_that_is_the_mistake_again_is_found():
    text = rule(TWO, "open of IBM + 5 ticks > open of IBM")
    (problem,) = (each for each in compiled(text).diagnostics if each.code == "T302")
    assert is_again(text, problem, "open of IBM + 10 ticks")
    assert not is_again(text, problem, "open of IBM + atr(14) of IBM")
