"""Five mistakes of different kinds in five clauses of a program give exactly five errors, each in its own clause."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from stratc.compiler.driver import compile_source
from stratc.dsl.diagnostic import Severity
from stratc.dsl.source import Source

pytestmark = pytest.mark.fast

# The clauses of a program, each on a line of its own, and by kind of mistake what stands there instead.
CLAUSES = (
    (
        "let fast_line = {average}({price}, {length})",
        {
            "misspelt keyword": "lte fast_line = {average}({price}, {length})",
            "bracket left open": "let fast_line = {average}({price}, {length}",
            "unknown indicator": "let fast_line = gann_angle({price}, {length})",
            "wrong argument count": "let fast_line = {average}({price})",
            "misspelt name": "let fast_line = {average}(x{price}q, {length})",
        },
    ),
    (
        "let slow_line = sma({column}, {other})",
        {
            "bracket left open": "let slow_line = sma({column}, {other}",
            "unknown indicator": "let slow_line = hull({column}, {other})",
            "length out of range": "let slow_line = sma({column}, 0)",
            "number": "let slow_line = sma(close, 1e5)",
            "look ahead": "let slow_line = sma({column}, {other})[-1]",
        },
    ),
    (
        "let range_top = highest(high, 20) + 2 USD",
        {
            "mixed units": "let range_top = highest(high, 20) + volume",
            "foreign sign": "let range_top = highest(high, 20) ** 2",
            "ends early": "let range_top = highest(high, 20) +",
            "product of prices": "let range_top = highest(high, 20) * close",
        },
    ),
    (
        "  when flat and fast_line {above} slow_line",
        {
            "misspelt keyword": "  whne flat and fast_line {above} slow_line",
            "misspelt name": "  when flat and fast_lin {above} slow_line",
            "half a phrase": "  when flat and fast_line crosses slow_line",
            "chained": "  when flat and 10 USD < fast_line < slow_line",
            "two words": "  when flat and fast_line slow_line",
        },
    ),
    (
        "  then buy {size} shares at next open",
        {
            "misspelt keyword": "  then byu {size} shares at next open",
            "missing unit": "  then buy {size} at next open",
            "sell": "  then sell {size} shares at next open",
            "unknown unit": "  then buy {size} sahres at next open",
            "missing size": "  then buy at next open",
            "wrong unit": "  then buy {size} contracts at next open",
        },
    ),
    (
        "       stop loss at low - 1 USD",
        {
            "missing unit": "       stop loss at 2",
            "half a phrase": "       stop loss low - 1 USD",
            "ends early": "       stop loss at",
            "misspelt name": "       stop loss at lwo - 1 USD",
        },
    ),
    (
        "  when long and close > range_top",
        {
            "misspelt name": "  when long and close > rang_top",
            "not a condition": "  when long and volume and close > range_top",
            "units": "  when long and close > range_top and volume > 3 USD",
            "foreign sign": "  when long && close > range_top",
        },
    ),
    (
        "  then exit all at next open",
        {
            "no then": "  exit all at next open",
            "misspelt keyword": "  then exit all at next opne",
            "sell": "  then sell all at next open",
        },
    ),
    (
        "cap  position {share}% of equity",
        {
            "unknown cap": "cap  weight {share}% of equity",
            "wrong bound": "cap  position 3",
            "misspelt keyword": "cpa  position {share}% of equity",
        },
    ),
    (
        "halt at drawdown 10% of peak equity, flatten, until released",
        {
            "misspelt keyword": "halt at drawdwon 10% of peak equity, flatten, until released",
            "baseline": "halt at drawdown 10% of start equity, flatten, until released",
            "missing part": "halt at drawdown 10% of peak equity, flatten",
        },
    ),
)
HOLES = st.fixed_dictionaries(
    {
        "length": st.integers(5, 90),
        "other": st.integers(100, 300),
        "price": st.sampled_from(("close", "high", "low", "open")),
        "column": st.sampled_from(("close", "high", "low", "open")),
        "average": st.sampled_from(("sma", "ema", "wma")),
        "above": st.sampled_from(("crosses above", "crosses below")),
        "size": st.integers(1, 500),
        "share": st.integers(10, 95),
    }
)


def clauses() -> st.SearchStrategy[list[tuple[str, dict[str, str]]]]:
    """The clauses of a valid program, and each with one mistake, by kind."""
    return HOLES.map(
        lambda holes: [
            (right.format(**holes), {kind: text.format(**holes) for kind, text in wrong.items()})
            for right, wrong in CLAUSES
        ]
    )


HEAD = ('strategy "Seeded"', "trade   SPY on 1 day", "account margin USD", "")
BEFORE = {3: "rule enter", 6: "rule leave"}


def written(lines: list[str]) -> tuple[str, dict[int, int]]:
    """The text of a program, and on which line each clause stands."""
    text, places = list(HEAD), {}
    for index, line in enumerate(lines):
        text += [BEFORE[index]] if index in BEFORE else []
        text.append(line)
        places[index] = len(text)
    return "\n".join(text) + "\n", places


def errors(text: str) -> list[tuple[int, str]]:
    """Line and message of every error."""
    source = Source("seeded.strat", text)
    found = compile_source(source).diagnostics
    assert all(problem.severity is Severity.ERROR for problem in found), found
    return [(source.position(problem.span.start)[0], f"{problem.code} {problem.message}") for problem in found]


@settings(max_examples=30)
@given(clauses())
def test_the_programs_are_right(made):
    assert errors(written([line for line, _ in made])[0]) == []


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(clauses(), st.data())
def test_five_mistakes_give_five_messages(made, data):
    where = data.draw(st.lists(st.integers(0, len(made) - 1), min_size=5, max_size=5, unique=True))
    kinds = {index: data.draw(st.sampled_from(sorted(made[index][1]))) for index in where}
    assume(len(set(kinds.values())) >= 3)
    lines = [made[index][1][kinds[index]] if index in kinds else line for index, (line, _) in enumerate(made)]
    text, places = written(lines)
    found = errors(text)
    assert sorted(line for line, _ in found) == sorted(places[index] for index in where), (kinds, found, text)


@pytest.mark.parametrize("index", range(10))
def test_each_mistake_alone_gives_one_message(index):
    """Every kind of the catalogue in turn, in one program."""

    @settings(max_examples=3)
    @given(clauses())
    def try_kinds(made):
        for kind, wrong in made[index][1].items():
            lines = [wrong if at == index else line for at, (line, _) in enumerate(made)]
            text, places = written(lines)
            assert [line for line, _ in errors(text)] == [places[index]], (kind, errors(text), text)

    try_kinds()
