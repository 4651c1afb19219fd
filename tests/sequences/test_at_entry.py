"""`X at entry`: which bar's value it is, over entries that rest, exits, and positions that take another's place."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from random import Random
from struct import unpack

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.ir.verify import verify
from stratc.compiler.reports.phrases import say
from stratc.dsl.parser import parse
from stratc.dsl.source import Source
from stratc.dsl.syntax import AtEntry, Let
from stratc.runtime.engine import codes as K
from stratc.runtime.engine import words
from tests.differential.bars import make_bars
from tests.differential.running import bits, run_interpreted
from tests.runtime.engine.scripted import Ask, Enter, Exit, run

pytestmark = pytest.mark.fast

HEAD = """\
strategy "Held"
trade SPY on 1 day
account margin USD
"""
IN = "rule up\n  when flat and close is 101 USD\n  then buy 10 shares at next open\n"
RESTS = (
    "rule up\n  when flat and close is 101 USD\n  then buy 10 shares\n       at limit 95 USD\n       good for 5 bars\n"
)
OUT = "rule out\n  when long and close is 99 USD\n  then exit all at next open\n"
TURN = "rule down\n  when long and close is 103 USD\n  then reverse and short 10 shares at next open\n"


def shown(rules, closes, lows=()):
    """What `volume at entry` is on every bar; the volume of bar n is n, opens stand at 100."""
    text = f"{HEAD}let held = volume at entry\n{rules}rule shown\n  when held > 10_000 shares\n  then exit all\n"
    compilation = compile_source(Source("held.strat", text))
    assert compilation.program is not None, [problem.message for problem in compilation.diagnostics]
    program, count = verify(compilation.program), len(closes)
    columns = {
        "open": (100.0,) * count,
        "high": (105.0,) * count,
        "low": tuple(float(x) for x in lows) or (98.0,) * count,
        "close": tuple(float(x) for x in closes),
        "volume": tuple(float(n) for n in range(count)),
    }
    bars = make_bars(Random(1), instruments=1, moments=count)
    bars = replace(bars, instrument=(0,) * count, day=tuple(range(10, 10 + count)), flags=(7,) * count, columns=columns)
    node = next(binding.node for binding in program.bindings if binding.name == "held")
    return [
        None if x == bits(nan) else unpack("<d", x)[0] for x in run_interpreted(program, bars, events=[]).values[node]
    ]


def test_it_is_the_value_of_the_bar_of_the_decision_until_flat():
    """Decided at the close of bar 1, bought at the open of 2; sold at the open of 5; the next decision is that of 6."""
    closes = [100, 101, 100, 100, 99, 100, 101, 100]
    assert shown(IN + OUT, closes) == [None, None, 1, 1, 1, None, None, 6]


def test_an_order_that_rests_was_decided_when_it_was_sent():
    """Sent at the close of bar 1, and filled three bars later, when the low comes to its limit."""
    closes, lows = [100, 101, 100, 100, 100, 100], [98, 98, 98, 98, 94, 98]
    assert shown(RESTS, closes, lows) == [None, None, None, None, 1, 1]


def test_a_position_that_takes_the_place_of_another_has_its_own():
    """Long from the decision of bar 1; turned around by the decision of bar 3, at the open of 4."""
    assert shown(IN + TURN, [100, 101, 100, 103, 100, 100]) == [None, None, 1, 1, 3, 3]


def test_the_phases_of_the_engine():
    still, phase = (100, 100, 100, 100), Ask(words.phase_at_entry)
    script = {row: [phase] for row in range(5)}
    script[0] = [phase, Enter()]
    script[2] = [phase, Exit()]
    assert run([still] * 7, script).strategy.answers == [1, 0, 4, 4, 0, 1, 1]
    script = {row: [phase] for row in range(4)}
    script[0] = [phase, Enter(kind=K.KIND_LIMIT, limit=90)]
    assert run([still] * 3 + [(90, 90, 90, 90)] * 2, script).strategy.answers == [1, 0, 0, 0, 4]
    script = {row: [phase] for row in range(4)}
    script[0] = [phase, Enter()]
    script[1] = [phase, Enter(side=-1, reverse=True)]
    assert run([still] * 6, script).strategy.answers == [1, 0, 4, 1, 6, 4]


def test_it_is_said_in_words_and_printed_as_written():
    source = Source("held.strat", HEAD + "let held = atr(14) at entry\n" + IN)
    binding = next(item for item in parse(source).tree.statements if isinstance(item, Let))
    assert isinstance(binding.value, AtEntry)
    assert say(binding.value).endswith("at the decision that opened the position")


@pytest.mark.parametrize("reading", ["(close at entry) of QQQ", "(close at entry) on 1 week"])
def test_no_other_instrument_and_no_longer_bar_has_an_entry(reading):
    text = HEAD + "read QQQ\n" + f"let held = {reading}\n" + IN.replace("close is", "held >= 0 USD and close is")
    compilation = compile_source(Source("held.strat", text))
    assert compilation.program is None
    assert any("is no value of" in problem.message for problem in compilation.diagnostics)
