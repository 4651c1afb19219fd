"""A search that was kept gives the verdicts of the search, replays what it found, and is made again where it cannot."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from stratc.compiler.judge import search
from stratc.compiler.judge.search import Outcome
from stratc.compiler.shell.kept_searches import KeptSearches
from stratc.compiler.shell.packs import load_all_packs
from stratc.compiler.shell.reading import read_instruments, read_profile
from stratc.compiler.workbench import CheckReport, Law, check
from stratc.compiler.workbench.documents import check_document
from stratc.dsl.source import Source

ROOT = Path(__file__).parents[2]
OPENING_RANGE = ROOT / "examples" / "opening_range" / "strategy.strat"
BEFORE = date(2026, 3, 1)  # four day trades in five days are a violation then


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "stratc" / "searches"


def judged(path: Path = OPENING_RANGE, as_of: date = BEFORE, budget: float = 0.2) -> CheckReport:
    profile, instruments = read_profile(None, path), read_instruments(read_profile(None, path), None, path)
    law = Law(packs=load_all_packs(()), as_of=as_of)
    source = Source("strategy.strat", path.read_text("utf-8"))
    return check(source, law, profile, instruments=instruments, budget_seconds=budget, kept=KeptSearches())


def told(report: CheckReport) -> str:
    return json.dumps(check_document([report]), sort_keys=True)


def refuse_searching(self):
    raise AssertionError("searched again")


def test_what_was_found_is_replayed_and_not_searched_again(cache, monkeypatch):
    first = judged()
    assert first.judgement is not None
    assert first.judgement.violated
    assert len(list(cache.iterdir())) == 1
    monkeypatch.setattr(search._Search, "search", refuse_searching)
    again = judged()
    assert told(again) == told(first)
    shown = [verdict.counterexample for verdict in again.judgement.verdicts if verdict.counterexample]
    assert shown == [verdict.counterexample for verdict in first.judgement.verdicts if verdict.counterexample]


@pytest.mark.parametrize("other", [{"as_of": date(2026, 3, 2)}, {"budget": 0.3}])
def test_what_a_search_depends_on_is_in_its_name(cache, other):
    judged()
    judged(**other)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("damaged", ["", "null", "[]", '["tuple", 1]'])
def test_a_damaged_entry_is_searched_again(cache, damaged):
    first = judged()
    (entry,) = cache.iterdir()
    whole = entry.read_text("utf-8")
    entry.write_text(damaged, "utf-8")
    assert told(judged()) == told(first)
    assert entry.read_text("utf-8") == whole


def test_a_breach_that_does_not_break_its_rule_is_not_believed(cache, monkeypatch):
    """An entry may be of a day on which something else was so: what it says is tried, never taken."""
    first = judged()
    quiet = Outcome(breaches=((0, (search.QUIET,)),))
    monkeypatch.setattr(KeptSearches, "find", lambda self, asked: quiet)
    assert told(judged()) == told(first)
