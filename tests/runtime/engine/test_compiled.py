"""One source, two ways: the engine compiled with a strategy gives the logs that the engine in plain Python gives."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings

from stratc.compiler.emit.module import DIRECTIVES, with_loop
from stratc.compiler.emit.strategy_class import BASE
from stratc.runtime.artefact.engine_text import engine_text
from stratc.runtime.engine import codes as K
from tests.differential.compiled import compile_strategies
from tests.runtime.engine.random_runs import eventful_mixed_worlds, eventful_worlds, mixed_worlds, set_events, worlds
from tests.runtime.engine.scripted import set_up
from tests.runtime.engine.test_laws import announce, columns_of, ran, rolls_of

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    return compile_by_hand("random_strategy", tmp_path_factory.mktemp("by_hand"))


def compile_by_hand(name, folder):
    """A strategy class that is written here, beside the engine and its loop."""
    text = (HERE / f"{name}.pyx").read_text("utf-8")
    beside = with_loop(engine_text(), f"Strategy as {BASE}", text)
    return compile_strategies("\n".join([*DIRECTIVES, "import cython", beside]), (), folder)


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
        table = compiled.engine.Columns(*given_columns, [column.buffer_info()[0] for column in seen])
        twin = set_up(compiled.engine.Book(2, 8, 8), world.settings, world.halts, 2)
        kept = []
        if world.abroad is not None:
            world.abroad.lay(twin, lambda column: handed(column, kept))
        set_events(twin, world, compiled.engine)
        announce(twin, rolls, compiled.engine)
        strategy = compiled.Strategy(prices[3].buffer_info()[0], seen[3].buffer_info()[0], world.seed)
        compiled.run_rows(twin, strategy, table, 0, len(rows))
        assert [twin.log(k) for k in range(K.LOGS)] == [book.log(k) for k in range(K.LOGS)]
        assert (twin.totals(), list(equity)) == (book.totals(), columns.equity)

    agree()


def handed(column, kept):
    """The address of a column of doubles that lives as long as `kept`."""
    kept.append(array("d", column))
    return kept[-1].buffer_info()[0]
