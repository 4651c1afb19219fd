"""Laws of `check --fix`: what it changes was wrong, what it fixed is gone, and nothing is worse than before."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.compiler.driver import compile_source
from stratc.compiler.workbench import fix_source, with_blocks
from stratc.dsl.diagnostic import Severity
from stratc.dsl.source import Source
from stratc.dsl.suggest import certain
from tests.long.fuzzing import mutate_bytes, mutate_words

ROOT = Path(__file__).parents[2]
CAST = 'strategy "Fixes"\ntrade   SPY on 5 min\naccount margin USD\n'
RULES = "rule enter\n  when flat and close > open\n  then buy 10 shares\n       stop loss at low\n"


def whole(path: Path) -> str:
    """A strategy's text with the blocks that it uses."""
    own = Source(path.name, path.read_text(encoding="utf-8"))
    return with_blocks(own, lambda block: (path.parent / block).read_text(encoding="utf-8")).text


RIGHT = [whole(path) for path in sorted(ROOT.glob("examples/*/strategy.strat"))]

pytestmark = pytest.mark.fast


def source_of(text: str) -> Source:
    return Source("fixes.strat", text)


def errors(text: str) -> list[str]:
    found = compile_source(source_of(text)).diagnostics
    return [problem.code for problem in found if problem.severity is Severity.ERROR]


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_program_stays_as_it_is(text):
    assert errors(text) == []
    fixing = fix_source(source_of(text))
    assert (fixing.after.text, fixing.applied, fixing.diff) == (text, (), "")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("whne flat", "when flat"),
        ("stop loss low", "stop loss at low"),
        ("close > opne", "close > open"),
        ("then buy 10 shaers", "then buy 10 shares"),
        ("account margn USD", "account margin USD"),
        ("  buy 10 shares", "  then buy 10 shares"),
        ("close == open", "close is open"),
    ],
)
def test_what_is_certain_is_fixed(wrong, right):
    whole = CAST + RULES.replace("close > open", right) if "close is" in right else CAST + RULES
    assert right in whole
    fixing = fix_source(source_of(whole.replace(right, wrong)))
    assert fixing.after.text == whole
    assert len(fixing.applied) == 1
    assert f"+{right.strip()}"[1:] in fixing.diff


def test_many_fixes_take_several_rounds():
    text = CAST.replace("margin", "margn") + RULES.replace("when", "whne").replace("open", "opne")
    fixing = fix_source(source_of(text.replace("then buy", "buy")))
    assert fixing.after.text == CAST + RULES
    assert {each.code for each in fixing.applied} == {"N209", "S013", "N201", "S019"}


def test_what_is_not_certain_is_listed_and_left():
    text = CAST + RULES.replace("close > open", "rsi(close, 14) < 30%")
    fixing = fix_source(source_of(text))
    assert fixing.after.text == text
    assert [problem.code for problem in fixing.unsafe] == ["T301"]


def test_a_fix_that_shows_more_errors_than_it_mends_is_not_made():
    text = CAST + RULES.replace("when flat and close > open", "whne flat and clsoe > opeen and vlume and close")
    fixing = fix_source(source_of(text))
    assert len(errors(fixing.after.text)) <= len(errors(text))


@settings(max_examples=150)
@given(st.integers(0, 10**9))
def test_no_text_is_worse_after_fixing(seed):
    random = Random(seed)
    mutate = random.choice((mutate_bytes, mutate_words))
    text = mutate(random, random.choice(RIGHT).encode()).decode("utf-8", "replace")
    fixing = fix_source(source_of(text))
    before, after = errors(text), errors(fixing.after.text)
    assert len(after) <= len(before)
    assert (fixing.after.text == text) or fixing.applied
    assert fix_source(fixing.after).applied == () or len(fixing.applied) > 9


@pytest.mark.parametrize(
    ("word", "meant"),
    [("clsoe", "close"), ("fast_1", None), ("hig", None), ("lo", None), ("volum", "volume"), ("slow_lin", None)],
)
def test_certain(word, meant):
    assert certain(word, ("close", "high", "low", "volume", "fast_2", "slow_line", "slow_link")) == meant
