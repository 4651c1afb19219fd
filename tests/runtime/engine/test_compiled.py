"""One source, two ways: the engine compiled with a strategy gives the logs that the engine in plain Python gives."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings

from stratc.runtime.engine import codes as K
from tests.runtime.engine.amalgam import amalgamate, compile_strategy
from tests.runtime.engine.random_runs import eventful_mixed_worlds, eventful_worlds, mixed_worlds, set_events, worlds
from tests.runtime.engine.scripted import set_up
from tests.runtime.engine.test_laws import announce, columns_of, ran, rolls_of

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    text = (HERE / "random_strategy.pyx").read_text("utf-8")
    return compile_strategy(text, tmp_path_factory.mktemp("amalgam"), "compiled_random")


@pytest.mark.compiled
def test_compiled_and_interpreted_runs_are_equal(compiled):
    @given(worlds() | mixed_worlds() | eventful_worlds() | eventful_mixed_worlds())
    @settings(max_examples=400, derandomize=True, database=None)
    def agree(world):
        rolls = rolls_of(world) if world.seed % 2 else ()
        book, columns = ran(world, rolls=rolls)
        plain = columns_of(world)
        prices = [array("d", column) for column in (plain.open, plain.high, plain.low, plain.close, plain.volume)]
        rows, equity = array("q", plain.rows), array("q", plain.equity)
        seen = [array("d", column) for column in prices]
        given_columns = [column.buffer_info()[0] for column in (*prices, rows, equity)]
        table = compiled.Columns(*given_columns, [column.buffer_info()[0] for column in seen])
        twin = set_up(compiled.Book(2, 8, 8), world.settings, world.halts, 2)
        kept = []
        if world.abroad is not None:
            world.abroad.lay(twin, lambda column: handed(column, kept))
        set_events(twin, world, compiled)
        announce(twin, rolls, compiled)
        strategy = compiled.Strategy(prices[3].buffer_info()[0], seen[3].buffer_info()[0], world.seed)
        compiled.run_rows(twin, strategy, table, 0, len(rows))
        assert [twin.log(k) for k in range(K.LOGS)] == [book.log(k) for k in range(K.LOGS)]
        assert (twin.totals(), list(equity)) == (book.totals(), columns.equity)

    agree()


def handed(column, kept):
    """The address of a column of doubles that lives as long as `kept`."""
    kept.append(array("d", column))
    return kept[-1].buffer_info()[0]


@pytest.mark.fast
def test_no_name_is_defined_twice():
    """The modules share one translation unit."""
    names = [line.split("(")[0] for line in amalgamate("").splitlines() if line.startswith(("def ", "class "))]
    assert len(names) == len(set(names))
