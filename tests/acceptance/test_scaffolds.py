"""What `stratc new` and `stratc pack new` write is right as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.stratc_process import stratc


def test_a_strategy(tmp_path: Path) -> None:
    assert stratc("new", "strategy", "my_idea", cwd=tmp_path).code == 0
    strategy = tmp_path / "my_idea" / "strategy.strat"
    checked = stratc("check", strategy, "--json")
    assert checked.code == 0
    assert checked.document["diagnostics"] == []
    assert stratc("fmt", "--check", strategy).code == 0
    again = stratc("new", "strategy", "my_idea", cwd=tmp_path)
    assert again.code == 2
    assert "exists already" in again.stderr


def test_a_pack_and_a_rule(tmp_path: Path) -> None:
    assert stratc("pack", "new", "desk_rules", cwd=tmp_path).code == 0
    assert stratc("new", "rule", "desk_rules/no_crowd", "--into", tmp_path).code == 0
    tested = stratc("pack", "test", "desk_rules", "--packs", tmp_path, "--json")
    assert tested.code == 0
    scenarios = tested.document["packs"][0]["scenarios"]
    assert {each["rule"] for each in scenarios} == {"house.desk_rules.position_limit", "house.no_crowd"}
    listed = stratc("pack", "list", "--packs", tmp_path)
    assert "house.no_crowd" in listed.stdout
    assert "house.no_crowd" in stratc("pack", "explain", "house.no_crowd", "--packs", tmp_path).stdout


def test_a_broken_scenario_fails(tmp_path: Path) -> None:
    stratc("pack", "new", "desk_rules", cwd=tmp_path)
    rule = tmp_path / "desk_rules" / "position_limit.md"
    rule.write_text(rule.read_text().replace("positions_max = 2", "positions_max = 3"))
    outcome = stratc("pack", "test", "desk_rules", "--packs", tmp_path)
    assert outcome.code == 1
    assert "FAILED" in outcome.stdout


@pytest.mark.compiled
def test_an_indicator(tmp_path: Path) -> None:
    from Cython.Build import cythonize

    assert stratc("new", "indicator", "plain_mean", "--into", tmp_path).code == 0
    (tmp_path / "use.pyx").write_text("from plain_mean cimport PlainMeanState, plain_mean_push\n")
    cythonize([str(tmp_path / "use.pyx")], quiet=True, language_level=3, include_path=[str(tmp_path)])
    scope: dict[str, object] = {}
    exec(compile((tmp_path / "plain_mean.py").read_text(), "plain_mean.py", "exec"), scope)
    reference = scope["reference"]
    assert callable(reference)
    assert list(reference(iter([1.0, 2.0, 3.0, 4.0]), 2))[1:] == [1.5, 2.5, 3.5]


@pytest.mark.parametrize("name", ["Upper", "a b", "../up", "x", "9lives"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    outcome = stratc("new", "strategy", name, cwd=tmp_path)
    assert outcome.code == 2
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already() -> None:
    assert stratc("new", "indicator", "sma").code == 2
    assert stratc("new", "rule", "no_such_pack/rule").code == 2
    assert stratc("new", "broker", "mine").code == 2
