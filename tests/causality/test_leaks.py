"""The harness proves itself: every planted leak is caught within a few examples, which pass without it."""

from __future__ import annotations

from random import Random

import pytest

from tests.causality.leaks import LEAKS
from tests.causality.measuring import interpreted
from tests.causality.strategies import ROUND, make

EXAMPLES, CUTS, OWN_BARS = 6, 24, 3


def caught(one, random, cuts):
    """What is wrong with a run, at one of a few moments, and the moment; nothing where all is well."""
    if told := one.too_early():
        return told, None
    for _ in range(OWN_BARS):
        if told := one.knows_its_own_bar(random):
            return told, None
    for moment in sorted(random.sample(one.moments(), min(cuts, len(one.moments()))), reverse=True):
        if told := one.cut_at(moment):
            return told, moment
    return "", None


PLANTED = [pytest.param(leak, id=leak.name, marks=() if leak.quick else pytest.mark.slow) for leak in LEAKS]


@pytest.mark.parametrize("leak", PLANTED)
def test_a_planted_leak_is_caught(leak, monkeypatch):
    fitting = [seed for seed in range(ROUND) if any(part in make(seed).text for part in leak.fits)]
    cuts = CUTS // min(len(fitting), EXAMPLES)
    for seed in fitting[:EXAMPLES]:
        with monkeypatch.context() as patch:
            leak.plant(patch)
            told, moment = caught(interpreted(seed), Random(seed), cuts)
        if told:
            right = interpreted(seed)
            assert not right.too_early()
            assert not right.knows_its_own_bar(Random(seed))
            assert moment is None or not right.cut_at(moment)
            return
    raise AssertionError(f"not caught by {len(fitting[:EXAMPLES])} of {len(fitting)} strategies: {leak.name}")
