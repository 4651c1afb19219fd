"""Generated code is the interpreter on whole strategies, bit for bit; those of a round hold all but what is exempt.

Strategies are compiled several to a module, engine included, and run on what they were read with. Because each of them
equals the interpreter on whatever it is given, what `test_prefix` says of the interpreter holds for generated code.
"""

from __future__ import annotations

from random import Random

import pytest

from tests.causality import census
from tests.causality.exempt import EXEMPT
from tests.causality.measuring import interpreted, measured
from tests.causality.running import difference, interpret, prepared, run_compiled
from tests.causality.strategies import ROUND
from tests.differential.compiled import compile_programs

pytestmark = pytest.mark.compiled
TOGETHER = 6


def module_of(found, tmp_path_factory):
    folder = tmp_path_factory.mktemp("strategies")
    return compile_programs([one.ready.program for one in found], folder)


def disagreements(found, module):
    """Of the whole run and of one that is cut, for each strategy."""
    for number, one in enumerate(found):
        yield one.seed, difference(one.whole, run_compiled(one.ready, module, number))
        if not one.ready.program.universe:
            files = one.files.until(Random(one.seed).choice(one.moments()))
            part = prepared(one.ready.compiled.strategy, files, one.ready.compiled)
            yield one.seed, difference(interpret(part), run_compiled(part, module, number))


def test_compiled_is_interpreted(tmp_path_factory):
    """A few strategies of several kinds of market; the long suite compiles all of the round."""
    found = [interpreted(seed) for seed in range(2, ROUND, ROUND // TOGETHER)]
    assert not [told for told in disagreements(found, module_of(found, tmp_path_factory)) if told[1]]


@pytest.mark.slow
def test_every_construct_compiled_is_interpreted(tmp_path_factory):
    used = set()
    for first in range(0, ROUND, TOGETHER):
        found = [measured(seed) for seed in range(first, min(first + TOGETHER, ROUND))]
        used.update(*(one.used for one in found))
        assert not [told for told in disagreements(found, module_of(found, tmp_path_factory)) if told[1]]
    assert sorted(census.members() - used - EXEMPT.keys()) == []
