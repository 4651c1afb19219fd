"""Good programs have no problems, are formatted as they should be, and mean what they say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from stratc.dsl.parser import parse
from stratc.dsl.printer import format_source
from stratc.dsl.source import Source
from stratc.dsl.syntax import Entry, OneOf, OrderWord, Rule, Zone, walk
from tests.syntax.generate import without_spans

FOLDER = Path(__file__).parent / "good"
FILES = sorted(FOLDER.glob("*.strat"))

pytestmark = pytest.mark.fast


def read(name: str):
    return parse(Source(name, (FOLDER / f"{name}.strat").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_good_programs_have_no_problems(path):
    assert parse(Source(path.name, path.read_text(encoding="utf-8"))).problems == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_good_programs_are_formatted(path, accept):
    """A file whose name ends in `_unformatted` stands beside the file that it becomes."""
    text = path.read_text(encoding="utf-8")
    formatted = format_source(Source(path.name, text))
    golden = path.with_stem(path.stem.removesuffix("_unformatted"))
    if accept:
        golden.write_text(formatted, encoding="utf-8")
    assert formatted == golden.read_text(encoding="utf-8")
    again = parse(Source(golden.name, formatted))
    before = parse(Source(path.name, text))
    assert without_spans(again.tree).statements == without_spans(before.tree).statements


def test_the_legs_of_a_group():
    rule = next(node for node in read("london_breakout").tree.statements if isinstance(node, Rule))
    (group,) = rule.actions
    assert isinstance(group, OneOf)
    assert [leg.order.word for leg in group.legs if leg.order] == [OrderWord.STOP, OrderWord.STOP]
    assert group.sizing is not None
    assert group.sizing.risking
    assert [node.text for node in walk(group) if isinstance(node, Zone)] == ["London"]


def test_an_entry_over_several_lines():
    rule = next(node for node in read("opening_range_breakout").tree.statements if isinstance(node, Rule))
    (entry,) = rule.actions
    assert isinstance(entry, Entry)
    assert entry.sizing is not None
    assert entry.sizing.at_most is not None
    assert entry.stop_loss is not None
    assert entry.target is not None
    assert rule.at_most is not None
    assert rule.at_most.count.value == Decimal(1)
