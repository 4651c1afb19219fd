"""Laws: no tree and no text makes the checker raise, and whatever it lets pass can be lowered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratc.compiler.check.program import check
from stratc.compiler.driver import compile_source
from stratc.compiler.ir.from_checked import lower
from stratc.compiler.ir.verify import verify
from stratc.compiler.resolve.from_tree import resolve
from stratc.compiler.resolve.reuse.blocks import splice
from stratc.compiler.resolve.reuse.copies import Copies
from stratc.dsl.diagnostic import has_errors
from stratc.dsl.source import Source
from tests.syntax.generate import trees

STRATEGIES = [
    path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "strategies").glob("*.strat"))
]
WORDS = sorted({word for text in STRATEGIES for word in re.findall(r"[A-Za-z_]+|\d[\d:.]*|[^\w\s]", text)})
WORDS += [
    "-1",
    "5 pips",
    "volume",
    "position",
    "time",
    "abs(",
    "sma(close, risk)",
    "[1]",
    "2%",
    "reverse",
    "3 bars",
    "EUR",
]

pytestmark = pytest.mark.fast


def checked(tree, text):
    """Everything up to the program; the program only where nothing was wrong."""
    source = Source("test", text)
    copies = Copies(written=source)
    spliced, blocks, misused = splice(tree, copies)
    resolved, names = resolve(spliced, copies, None, (), blocks)
    found, problems = check(resolved, copies.source)
    if not has_errors((*misused, *names, *problems)):
        return verify(lower(found))
    return None


def assert_same_warmup(found):
    """Beside the tree and in the program the warm-up of a binding is the same."""
    program = lower(found)
    for binding in program.bindings:
        value = found.resolved.binding(binding.name)
        assert program.nodes[binding.node].warmup == found.known[value].bars


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(trees())
def test_any_tree_can_be_checked(tree):
    checked(tree, "")


@st.composite
def mutations(draw):
    """A strategy with some of its words dropped, doubled or replaced."""
    pieces = re.findall(r"\s+|\w+|[^\w\s]", draw(st.sampled_from(STRATEGIES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(pieces) - 1))
        pieces[at : at + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from(WORDS), max_size=2))
    return "".join(pieces)


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(mutations())
def test_any_text_can_be_checked_and_what_passes_can_be_lowered(text):
    compilation = compile_source(Source("test", text))
    assert (compilation.program is None) == has_errors(compilation.diagnostics)
    if compilation.program is not None:
        verify(compilation.program)
        assert_same_warmup(compilation.checked)
    for problem in compilation.diagnostics:
        assert 0 <= problem.span.start <= problem.span.end <= len(text) + 1


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(mutations())
def test_checking_is_deterministic(text):
    assert compile_source(Source("test", text)).diagnostics == compile_source(Source("test", text)).diagnostics
