"""Literate suites: programs in the Markdown files of this folder, each problem expected under the line that it is in.

A block marked `strat` holds fragments of a program; what it lacks is added below it. An expectation is a comment with
carets, a code and the message; `--accept` writes them. A block marked `strat known` holds bindings, each with the unit
and the warm-up of its value behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stratc.compiler.check.checked import KnownWhen
from stratc.compiler.driver import compile_source
from stratc.dsl.source import Source
from tests.check.programs import complete_below
from tests.syntax.carets import annotate, strip

SUITES = sorted(Path(__file__).parent.glob("*.md"))
FENCE = re.compile(r"```strat( known)?\n(.*?)```", re.S)
LEFTOVER = "N221"  # the bindings of a fragment are rarely used

pytestmark = pytest.mark.fast


def blocks(path: Path) -> Iterator[re.Match[str]]:
    return FENCE.finditer(path.read_text(encoding="utf-8"))


def told(fragment: str, *, leftovers: bool) -> str:
    """The fragment with every problem under its line; a problem outside of it would show at the end."""
    source = Source("suite", fragment)
    found = compile_source(Source("suite", complete_below(fragment))).diagnostics
    kept = [problem for problem in found if leftovers or problem.code != LEFTOVER]
    inside = [problem for problem in kept if problem.span.start < len(fragment)]
    outside = [f"# {problem.code} {problem.message}\n" for problem in kept if problem not in inside]
    return annotate(source, inside) + "".join(outside)


def measured(fragment: str) -> str:
    """The fragment with the unit and the knowledge of each binding behind it."""
    compilation = compile_source(Source("suite", complete_below(fragment)))
    lines = fragment.split("\n")
    for binding in compilation.checked.resolved.bindings:
        known = compilation.checked.known[binding.value]
        line, _ = compilation.source.position(binding.span.start)
        windows = f", {known.sessions} window" if known.sessions else ""
        lag = f", {known.lag_bars} old" if known.lag_bars else ""
        when = " (constant)" if known.when is KnownWhen.ALWAYS else ""
        kind = compilation.checked.types[binding.value]
        plain = lines[line - 1].partition("#")[0].rstrip()
        lines[line - 1] = f"{plain:<60}# {kind}: {known.bars} bars{windows}{lag}{when}"
    assert not [problem for problem in compilation.diagnostics if problem.code != LEFTOVER]
    return "\n".join(lines)


def rewritten(path: Path) -> str:
    def again(block: re.Match[str]) -> str:
        if block[1]:
            return f"```strat known\n{measured(block[2])}```"
        return f"```strat\n{told(strip(block[2]), leftovers=path.stem == 'names')}```"

    return FENCE.sub(again, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_everything_is_told_in_its_place(path, accept):
    found = rewritten(path)
    if accept:
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_the_suites_are_not_empty():
    assert len(SUITES) >= 4
    assert all(len(list(blocks(path))) >= 3 for path in SUITES)


def test_a_missing_expectation_is_found():
    assert told("let x = close + volume\n", leftovers=False) != "let x = close + volume\n"
