"""What lasts is said, printed and fixed so that it is plain how much of a sentence it is said of."""

from __future__ import annotations

import pytest

from stratc.compiler.reports.phrases import say
from stratc.dsl.diagnostic import Severity
from stratc.dsl.printer import format_source
from stratc.dsl.render import apply_edits
from stratc.dsl.source import Source
from stratc.dsl.syntax import Binary, walk
from tests.check.programs import compiled

pytestmark = pytest.mark.fast

PROGRAM = """strategy "Lasting"
trade   SPY on 5 min
account margin USD

rule enter
  when flat and {condition}
  then buy 10 shares
       stop loss at low
"""
BARE = "close > open and volume > 5 shares for at least 3 bars"
SAID = "close > open and (volume > 5 shares for at least 3 bars)"
ALL = "((close > open and volume > 5 shares) for at least 3 bars)"


def told(condition):
    return [each for each in compiled(PROGRAM.format(condition=condition)).diagnostics if each.code == "T431"]


def computed(condition):
    program = compiled(PROGRAM.format(condition=condition)).program
    return [(node.operation, node.arguments) for node in program.nodes]


def said(condition):
    compilation = compiled(PROGRAM.format(condition=condition))
    whole = next(node for node in walk(compilation.checked.resolved.tree) if isinstance(node, Binary))
    return say(whole)


def test_explaining_says_how_far_it_reaches():
    assert said(BARE).endswith("and (the volume is above 5 shares on each of the last 3 bars)")
    assert said(ALL).endswith(
        "and ((the close is above the open and the volume is above 5 shares) on each of the last 3 bars)"
    )


def test_the_canonical_form_writes_the_parentheses():
    def formatted(condition):
        return format_source(Source("lasting.strat", PROGRAM.format(condition=condition)))

    assert formatted(BARE) == formatted(SAID) == PROGRAM.format(condition=SAID)
    assert formatted(ALL) == PROGRAM.format(condition=ALL)


def test_parentheses_stay_where_the_line_is_broken():
    condition = f"{SAID} and close > sma(close, 200) and rsi(close, 14) < 50 and volume > sma(volume, 50)"
    printed = format_source(Source("x.strat", PROGRAM.format(condition=condition)))
    assert "       and (volume > 5 shares for at least 3 bars)\n" in printed
    assert format_source(Source("x.strat", printed)) == printed


def test_the_fix_keeps_the_meaning_and_both_proposals_are_silent():
    (problem,) = told(BARE)
    assert problem.severity is Severity.WARNING
    text = PROGRAM.format(condition=BARE)
    assert apply_edits(text, problem.fix) == PROGRAM.format(condition=SAID)
    assert computed(BARE) == computed(SAID) != computed(ALL)
    assert not told(SAID)
    assert not told(ALL)
    assert "flat and ((close > open and volume > 5 shares) for at least 3 bars)" in problem.helps[1]


LINES = """close > open  # the candle
       and volume > 5 shares  # and what was traded
         for at least 3 bars  # of the day"""


def test_comments_and_lines_stay_where_they_are():
    (problem,) = told(LINES)
    text = PROGRAM.format(condition=LINES)
    mended = apply_edits(text, problem.fix)
    assert mended == text.replace("volume >", "(volume >").replace("3 bars  #", "3 bars)  #")
    assert not [each for each in compiled(mended).diagnostics if each.code == "T431" or each.severity is Severity.ERROR]
    assert problem.message == "`for at least 3 bars` is said of `volume > 5 shares` only"
    assert problem.helps[0] == "as it is read: write `(volume > 5 shares for at least 3 bars)`"
    assert problem.helps[1].endswith(f"write `flat and {ALL}`")


def test_comments_inside_parentheses_change_nothing():
    assert not told(
        "close > open and (  # why\n       volume > 5 shares  # )\n       for at least 3 bars  # (\n       )"
    )


def test_calls_of_functions_are_said_as_they_are_written():
    text = PROGRAM.format(condition="up(close, 5) and up(open, 9) for at least 3 bars")
    (problem,) = compiled(text.replace("rule", "let up(x, bars) = x > sma(x, bars)\nrule", 1)).diagnostics
    assert problem.message == "`for at least 3 bars` is said of `up(open, 9)` only"
    assert problem.helps == (
        "as it is read: write `(up(open, 9) for at least 3 bars)`",
        "for all of it: write `flat and ((up(close, 5) and up(open, 9)) for at least 3 bars)`",
    )


@pytest.mark.parametrize("condition", ["close > open for at least 3 bars", "not (long and short) for at least 2 bars"])
def test_nothing_is_told_beside_the_state_of_the_position(condition):
    assert not told(condition)
