"""A million inputs: none makes the compiler raise, hang or swell. A slice of ten seconds belongs to every run."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

from stratc.dsl.parsing import tables
from tests.long.fuzzing import MEMORY_GROWTH_BYTES_MAX, SECONDS_MAX, hold, make_input, memory_bytes, read
from tests.syntax.test_fuzz import terminals_of

SHARDS, MUTATIONS = 20, 49_000
FROM_GRAMMAR = 20_000
SLICE_SECONDS = 10
# The slice shares its processor's core with other tests of the same run, which doubles and triples what it takes.
SHARED = 3
HEAD = 'strategy "Fuzz"\ntrade SPY on 5 min\naccount margin USD\n'
RULE = "rule made_up\n  when flat\n"
BELOW = {"every": RULE, "at_most": RULE, "then": RULE, "when": "rule made_up\n", "more": f"{RULE}  then buy 1 shares\n"}


def hold_all(seeds: range, until: float = float("inf"), shared: int = 1) -> int:
    """Hold the inputs of the seeds in order until the time is up; how many; `shared` lengthens the time of each."""
    before, held = memory_bytes(), 0
    for seed in seeds:
        if time.monotonic() > until:
            break
        hold(make_input(seed), shared * SECONDS_MAX)
        held += 1
    assert memory_bytes() - before < MEMORY_GROWTH_BYTES_MAX
    return held


def test_a_slice():
    """Every run begins at the same seed, so what one run found the next finds too."""
    assert hold_all(range(10**9, 10**9 + 10**6), time.monotonic() + SLICE_SECONDS, SHARED) > 100


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_mutations(shard):
    assert hold_all(range(shard * MUTATIONS, (shard + 1) * MUTATIONS)) == MUTATIONS


def in_a_program(start: str, clause: str) -> str:
    """A clause where it may stand, in a file that is otherwise whole."""
    if start == "expression":
        return f"{HEAD}let made_up = {clause}\n"
    return HEAD + BELOW.get(start, "") + ("  " if start in BELOW else "") + clause.replace("\n", " ").strip() + "\n"


def texts_of(grammar: Lark, start: str) -> st.SearchStrategy[str]:
    """`from_lark`, which in half of its draws takes one of a symbol's shortest expansions.

    Of a grammar whose expressions nest, 98 of 100 even draws run into the greatest depth that hypothesis allows.
    """
    texts = from_lark(grammar, start=start, explicit=terminals_of(grammar, start))
    expansions_of = texts.wrapped_strategy.nonterminal_strategies
    for symbol, expansions in expansions_of.items():
        every = list(expansions.elements)
        shortest = [each for each in every if len(each) == len(every[0])]
        expansions_of[symbol] = st.sampled_from(every) | st.sampled_from(shortest)
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("start", [name for name in tables.START_SYMBOLS if name != "leg"])
def test_the_grammar_s_own_texts(start):
    grammar = tables.build_parser(tables.grammar_text(), strict=False)

    @settings(max_examples=FROM_GRAMMAR // (len(tables.START_SYMBOLS) - 1) + 1, suppress_health_check=list(HealthCheck))
    @given(texts_of(grammar, start))
    def hold_clause(clause):
        hold(in_a_program(start, clause).encode())

    hold_clause()


@pytest.mark.parametrize("text", ["unknown x\n" * 100_000, "let x = " + "a," * 39_000, "let x = 1\n" * 100_000])
def test_a_file_at_the_limit_ends_within_seconds(text):
    begun = time.thread_time()
    read(text.encode())
    assert time.thread_time() - begun < 4  # two seconds on a quiet machine
