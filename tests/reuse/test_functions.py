"""A function means what its body means with the arguments in place: no more, no less, and told at the call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stratc.compiler.check.checked import Checked, type_at
from stratc.compiler.driver import Compilation, compile_source
from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.verify import verify
from stratc.compiler.resolve.reuse.copies import with_spans
from stratc.compiler.workbench import explain_strategy
from stratc.dsl.diagnostic import Severity
from stratc.dsl.source import NOWHERE, Source
from stratc.dsl.types import RATIO

pytestmark = pytest.mark.fast

HEAD = 'strategy "Functions"\ntrade SPY on 1 day\naccount cash USD\n'
RULES = """
rule enter
  when flat and {entry}
  then buy 10 shares at next open
       stop loss at {stop}
"""


def program_text(declarations: str, entry: str, stop: str = "low") -> str:
    return HEAD + declarations + RULES.format(entry=entry, stop=stop)


def compiled(text: str) -> Compilation:
    return compile_source(Source("test.strat", text))


def meaning(text: str) -> Program:
    """The program of a text without what tells two texts apart: their characters and where things stand in them."""
    found = compiled(text)
    assert found.program is not None, [problem.message for problem in found.diagnostics]
    verify(found.program)
    return replace(with_spans(found.program, lambda _: NOWHERE), source_text="", source_files=())


# Functions, a call, and the same written out by hand.
SAME = [
    ("let spread(a, b) = (a - b) / b", "spread(close, open) > 1%", "(close - open) / open > 1%"),
    ("let spread(a, b) = (a - b) / b", "spread(b: close, a: open) > 1%", "(open - close) / close > 1%"),
    ("let near(a, b) = abs(a - b) <= 10 ticks", "near(close, sma(close, 5))", "abs(close - sma(close, 5)) <= 10 ticks"),
    ("let mean(a, n) = sma(a, n)", "close > mean(high, 7)", "close > sma(high, 7)"),
    ("let ago(a, n) = a[n]", "ago(close - open, 3) > 0 USD", "(close - open)[3] > 0 USD"),
    ("let signal(a) = macd(a, 12, 26, 9).signal", "signal(close) > 0 USD", "macd(close, 12, 26, 9).signal > 0 USD"),
    ("let trend(a) = macd(a, 3, 6, 2)", "trend(close).signal > 0 USD", "macd(close, 3, 6, 2).signal > 0 USD"),
    ("let up(a) = a > a[1]\nlet all(a, b) = up(a) and up(b)", "all(close, low)", "(close > close[1] and low > low[1])"),
    ("let half(a) = a / 2", "half(half(close)) > 5 USD", "close / 2 / 2 > 5 USD"),
    ("let top(a) = if a > open then a else open", "top(close) > high", "(if close > open then close else open) > high"),
    ("let rich(a) = a * close > 10% of equity", "rich(100 shares)", "100 shares * close > 10% of equity"),
    ("let wait(a) = bars since a", "wait(close > open) < 5", "bars since (close > open) < 5"),
]  # fmt: skip


@pytest.mark.parametrize(("functions", "call", "by_hand"), SAME, ids=[row[1] for row in SAME])
def test_a_call_is_its_body_written_out(functions: str, call: str, by_hand: str) -> None:
    assert meaning(program_text(functions, call)) == meaning(program_text("", by_hand))


def test_a_function_works_wherever_an_expression_does() -> None:
    functions = "input n = 5 in 2..20\nlet under(a, d) = lowest(a, n) - d\nlet top = under(high, 1 USD)\n"
    by_hand = "input n = 5 in 2..20\nlet top = lowest(high, n) - 1 USD\n"
    assert meaning(program_text(functions, "close > top", "under(low, 5 ticks)")) == meaning(
        program_text(by_hand, "close > top", "lowest(low, n) - 5 ticks")
    )


# A text, and what is said of it: code, the words that are pointed at, and words of a note.
WRONG = [
    ("let spread(a, b) = (a - b) / b", "spread(low, volume) > 1%", "T302", "spread(low, volume)", "`b` is `volume`"),
    ("let mean(a, n) = sma(a, n)", "mean(close, 2.5) > 1 USD", "T312", "2.5", "this is `n` of `mean`"),
    ("let f(a) = a - volume\nlet g(b) = f(b) + b", "g(close) > 1 USD", "T302", "g(close)", "here `b` is `close`"),
    ("let f(a) = a", "f(close, open) > 1 USD", "N275", "open", ""),
    ("let f(a, b) = a - b", "f(close, c: open) > 1 USD", "N275", "c: open", ""),
    ("let f(a, b) = a - b", "f(close, a: open) > 1 USD", "N275", "a: open", ""),
    ("let f(a) = f(a[1])", "f(close) > 1 USD", "N276", "f(a[1])", ""),
    ("let f(a) = g(a)\nlet g(a) = f(a)", "f(close) > 1 USD", "N204", "g", ""),
    ("let f(a) = a", "f > 1 USD", "N277", "f", ""),
    ("let sma(a) = a", "sma(close, 3) > 1 USD", "N205", "sma", ""),
    ("let x = close\nlet f(x) = x", "f(close) > x", "N279", "x", ""),
    ("let f(a) = a + b", "f(close) > 1 USD", "N201", "b", ""),
    ("let f(a) = a", "g(close) > 1 USD", "N202", "g", ""),
    ("let f(a, b) = a", "f(close, open) > 1 USD", "N280", "b", ""),
    ("let f(a) = a", "close > open", "N221", "f", ""),
]  # fmt: skip


@pytest.mark.parametrize(("functions", "call", "code", "words", "note"), WRONG, ids=[row[1] for row in WRONG])
def test_what_is_wrong_is_told_once_and_where_it_is(
    functions: str, call: str, code: str, words: str, note: str
) -> None:
    text = program_text(functions, call)
    found = [problem for problem in compiled(text).diagnostics if problem.code not in ("T330",)]
    assert [problem.code for problem in found] == [code]
    assert text[found[0].span.start : found[0].span.end] == words
    assert any(note in told for told in (*found[0].notes, ""))


def test_calls_that_grow_without_end_are_refused() -> None:
    doubling = "let f0(a) = a + a[1]\n" + "".join(f"let f{n}(a) = f{n - 1}(a) + f{n - 1}(a[1])\n" for n in range(1, 60))
    found = compiled(program_text(doubling, "f59(close) > 1 USD"))
    assert [problem.code for problem in found.diagnostics] == ["N282"]
    nested = "close"
    for _ in range(20):
        nested = f"twice({nested})"
    found = compiled(program_text("let twice(a) = a + a\n", f"{nested} > 1 USD"))
    assert "N282" in [problem.code for problem in found.diagnostics]


def test_a_fix_in_a_function_is_only_offered_where_it_stands() -> None:
    """A body's unit slip is one of this call; the machine must not change the body for all other calls."""
    found = compiled(program_text("let f(a) = a == open", "f(close)"))
    assert [problem.fix is not None for problem in found.diagnostics if problem.code == "S023"] in ([True], [])
    text = program_text("let f(a) = a > 2", "f(close)")
    assert all(problem.fix is None for problem in compiled(text).diagnostics if problem.span.start > text.index("rule"))


def test_every_place_of_the_program_lies_in_the_text() -> None:
    text = program_text("let f(a) = a - open\nlet x = f(close)\n", "f(high) > x")
    program = compiled(text).program
    assert program is not None
    assert program.source_text == text
    spans = [node.span for node in program.nodes] + [binding.span for binding in program.bindings]
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


def test_explain_says_a_function_once_and_its_calls_as_written() -> None:
    compilation = compiled(program_text("let spread(a, b) = (a - b) / b\n", "spread(close, open) > 1%"))
    assert isinstance(compilation.checked, Checked)
    said = explain_strategy(compilation)
    assert said.count("(`a` - `b`) / `b`") == 1
    assert "spread(the close, the open) is above 1%" in said


def test_an_editor_sees_the_type_of_a_call() -> None:
    text = program_text("let spread(a, b) = (a - b) / b\n", "spread(close, open) > 1%")
    found = type_at(compiled(text).checked, text.index("spread(close"))
    assert found is not None
    span, kind, _ = found
    assert text[span.start : span.end] == "spread(close, open)"
    assert kind == RATIO
    inner = type_at(compiled(text).checked, text.index("close, open"))
    assert inner is not None
    assert inner[0].end - inner[0].start == len("close")


BODIES = [
    "a", "close[a]", "sma(close, a)", "a.signal", "abs(a)", "-a", "not a", "a of QQQ", "a on 1 day", "a at entry",
    "pivot_high(high, a, a)", "a when (close > open)", "bars since a", "highest(a) since entry", "time in a..16:00",
    "highest(high) over a..16:00", "highest(high) over first a of session", "if a then close else open", "a in 1..3",
    "sessions until a < 3", "days since a", "a is known", "rank(a) across instruments", "a crosses above open",
]  # fmt: skip
ARGUMENTS = [
    "close", "3", "3 + 4", "09:30", "earnings", "open > close", "macd(close, 12, 26, 9)", '"x"', "2026-01-01", "2%",
    "15 min", "nothing", "dip", "flat", "close of QQQ", "d", "f(close)", "highest(high) over session so far",
]  # fmt: skip
AROUND = """strategy "Anything"
trade   SPY, IWM on 5 min, regular session
read    QQQ
account margin USD
events earnings of each instrument
data d of each instrument: ratio, fresh for 3 days
sequence dip
  first low < low[1]
  then  close > open within 6 bars
let f(a) = {body}
rule enter
  when flat and f({argument})
  then buy 10 shares at market
       stop loss at low
"""


@pytest.mark.parametrize("body", BODIES)
def test_anything_may_be_passed_to_anything_and_is_told_or_runs(body: str) -> None:
    for argument in ARGUMENTS:
        found = compiled(AROUND.format(body=body, argument=argument))
        assert (found.program is None) == any(each.severity is Severity.ERROR for each in found.diagnostics)
