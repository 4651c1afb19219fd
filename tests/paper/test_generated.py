"""Made-up strategies over made-up markets: bar by bar on paper they do, byte for byte, what the backtest does.

The strategies of a round hold every construct of the language (`tests/causality`): sessions, schedules, tables, several
instruments, pairs, currencies, rolls, splits, money that comes and goes. What each row was made of is compared too, so
that knowledge of a later bar is seen where no decision hangs on it.
"""

from __future__ import annotations

import pytest

from tests.causality.running import files_of, prepared
from tests.causality.strategies import ROUND, make
from tests.differential.compiled import compile_programs
from tests.paper.parity import backtest, compiled, difference, interpreted, paper

QUICK = range(1, ROUND, ROUND // 8)
TOGETHER = 6


def made_ready(seed):
    strategy = make(seed)
    return prepared(strategy, files_of(strategy))


def told(ready):
    whole = backtest(ready, interpreted(ready))
    return difference(ready, whole, paper(ready, interpreted(ready)))


def seeds():
    return [pytest.param(seed, marks=() if seed in QUICK else pytest.mark.slow) for seed in range(ROUND)]


@pytest.mark.parametrize("seed", seeds())
def test_paper_is_the_backtest(seed):
    assert told(made_ready(seed)) == ""


@pytest.mark.compiled
@pytest.mark.parametrize(
    "first", [pytest.param(first, marks=pytest.mark.slow if first else ()) for first in range(0, ROUND, TOGETHER)]
)
def test_compiled_paper_is_the_compiled_backtest(first, tmp_path):
    found = [made_ready(seed) for seed in range(first, min(first + TOGETHER, ROUND))]
    module = compile_programs([ready.program for ready in found], tmp_path)
    for number, ready in enumerate(found):
        whole = backtest(ready, compiled(ready, module, number), module)
        bar_by_bar = paper(ready, compiled(ready, module, number), module)
        assert difference(ready, whole, bar_by_bar) == ""
