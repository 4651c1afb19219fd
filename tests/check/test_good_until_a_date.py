"""An order that is good until a date: checked, printed, explained, and ended after the session of that day."""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.ir.nodes import Life, TimeInForce
from stratc.compiler.ir.uses import entries
from stratc.compiler.reports.explain import explain
from stratc.dsl.printer import format_source
from stratc.dsl.source import Source
from stratc.runtime.model.zone import days_since_epoch
from tests.check.programs import compiled

pytestmark = pytest.mark.fast

PROGRAM = """strategy "Until"
trade   SPY on {interval}
account margin USD

rule enter
  when flat
  then buy 10 shares
       at limit 0.99 * close
       good until 2026-03-31
"""


@pytest.mark.parametrize("interval", ["1 day", "5 min"])
def test_it_is_good_through_that_session(interval):
    text = PROGRAM.format(interval=interval)
    compilation = compiled(text)
    (entry,) = entries(compilation.program.rules[0])
    assert entry.time_in_force == TimeInForce(life=Life.DATE, last=days_since_epoch(date(2026, 3, 31)))
    assert format_source(Source("x.strat", text)) == text
    assert "good through the session of 2026-03-31, after which nothing is entered here" in explain(
        compilation.checked, compilation.program
    )
