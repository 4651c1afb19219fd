"""A search that was kept gives the verdicts of the search, replays what it found, and is made again where it cannot."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stratc.compiler.judge import search
from stratc.compiler.judge.search import Outcome
from stratc.compiler.shell import kept, kept_searches
from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.kept_searches import KeptSearches, digest_for
from stratc.compiler.shell.packs import load_all_packs
from stratc.compiler.shell.reading import read_instruments, read_profile
from stratc.compiler.workbench import CheckReport, Law, check, compile_source
from stratc.compiler.workbench.documents import check_document
from stratc.dsl.source import Source
from stratc.runtime.model.account import AccountProfile

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


def asked_of(text: str, profile: AccountProfile, **other: Any) -> str | None:
    """The name of the search that a text asks for."""
    named: list[str | None] = []

    class Naming(KeptSearches):
        def find(self, asked: tuple[object, ...]) -> Outcome | None:
            named.append(digest_for(asked))
            return Outcome(breaches=())

        def keep(self, asked: tuple[object, ...], outcome: Outcome) -> None:
            raise AssertionError("what was found is not kept again")

    law = Law(packs=load_all_packs(()), as_of=other.pop("as_of", BEFORE))
    instruments = read_instruments(profile, None, OPENING_RANGE)
    name = other.pop("name", "strategy.strat")
    check(Source(name, text), law, profile, instruments=instruments, kept=Naming(), **other)
    return named[0]


def test_what_a_search_depends_on_is_in_its_name_and_nothing_else(monkeypatch):
    text, profile = OPENING_RANGE.read_text("utf-8"), read_profile(None, OPENING_RANGE)
    assert profile is not None
    same = [asked_of(text, profile), asked_of(f"# set out otherwise\n\n{text}", profile, name="elsewhere/a.strat")]
    others = [
        asked_of(text.replace("1 per session", "2 per session"), profile),
        asked_of(text, replace(profile, equity=Decimal(12_345))),
        asked_of(text, profile, as_of=date(2026, 3, 2)),
        asked_of(text, profile, budget_seconds=0.3),
    ]
    monkeypatch.setattr(kept_searches, "code_digest", lambda rooms, *, below: "other code")
    others.append(asked_of(text, profile))
    assert None not in same
    assert same[0] == same[1]
    assert len({*same, *others}) == 1 + len(others)


def test_the_code_that_a_search_runs_is_in_its_name():
    """Every module that a search has imported lies in a room whose files are looked at."""
    judged()
    rooms = (*(f"{room}." for room in kept_searches.ROOMS), "stratc.rules.")  # what packs say is in the observers
    assert [name for name in sys.modules if name.startswith("stratc.") and not f"{name}.".startswith(rooms)] == []


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROOT.glob("examples/*/account.toml")))
def test_every_example_has_a_form_as_text(name):
    path = ROOT / "examples" / name / "strategy.strat"
    instruments = read_instruments(read_profile(None, path), None, path)
    program = compile_source(read_strategy(path), instruments, ("A", "B")).program
    assert program is None or digest_for((program,)) is not None


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "null",
        "[]",
        '["tuple", 1]',
        '["record","stratc.compiler.judge.search.Outcome","x"]',
        '["record","stratc.compiler.judge.search.Outcome",["tuple",["tuple",99,["tuple"]]]]',
        '["record","stratc.compiler.judge.search.Outcome",["tuple",["tuple",0,["tuple"]]]]',
    ],
)
def test_a_damaged_entry_is_searched_again(cache, damaged):
    first = judged()
    (entry,) = cache.iterdir()
    whole = entry.read_text("utf-8")
    entry.write_text(f"{kept.seal_of(kept_searches.FOLDER, entry.stem, damaged)}\n{damaged}", "utf-8")
    assert told(judged()) == told(first)
    assert entry.read_text("utf-8") == whole


def test_a_breach_that_does_not_break_its_rule_is_not_believed(cache, monkeypatch):
    """An entry may be of a day on which something else was so: what it says is tried, never taken."""
    first = judged()
    for found in (Outcome(breaches=((0, (search.QUIET,)),)), Outcome(breaches=((99, (search.QUIET,)),))):
        monkeypatch.setattr(KeptSearches, "find", lambda self, asked, found=found: found)
        assert told(judged()) == told(first)
