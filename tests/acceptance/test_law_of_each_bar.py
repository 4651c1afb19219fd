"""`run --law each-bar`: a run over days on which the law changes, as the command line tells it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.stratc_process import Outcome, stratc

MOVED = Path(__file__).parent / "accounts" / "small_margin_moved.toml"
DAY_TRADER, INTRADAY = "us.finra.pattern_day_trader", "us.finra.intraday_margin"
CHANGE = {"on": "2026-06-04", "begins": [INTRADAY], "ends": [DAY_TRADER], "changes": []}
HOLIDAYS = (date(2026, 5, 25), date(2026, 6, 19))
EVERY_DAY = """strategy "Every day"
trade   SPY on 30 min, regular session
account margin USD

rule enter
  when flat and time in 10:00..11:00
  then buy 50% of equity
  at most 1 per session

rule leave
  when long and time in 13:00..14:00
  then exit all
"""
PACK = """id = "house.few"
title = "Few orders"
jurisdiction = "US"
authority = "house"
owner = "the desk"
version = "1"
requires = "stratc >= 0.1"
follows = "house"
"""
FEW = """---
id: house.few_entries
severity: house
authority: house
kind: limit
binds: this desk
citation: Desk manual 1
---
# Few entries a week
## Requirement
Few.
## In plain words
Few.
## Rule
```rule
param entries_max = 3 from 2026-06-04 cite "Desk manual 1" confidence V retrieved 2026-11-20
param entries_max = 2 from 2026-06-11 cite "Desk manual 1" confidence V retrieved 2026-11-20
rule few_entries "Few entries a week"
  in force from 2026-06-04
  applies where instrument is a security
  at opening fill require count of opening fill in last 5 business days <= entries_max
  guard at opening order: deny when
    count of opening fill in last 5 business days + count of opening order not yet done >= entries_max
  on breach deny
```
## Scenarios
## At run time
## Remedy
## Interpretation
## History
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A strategy that trades once a day, prices of a month around the change, and a house's pack."""
    made = tmp_path_factory.mktemp("each_bar")
    rows, day = ["time,open,high,low,close,volume"], date(2026, 5, 20)
    while day <= date(2026, 6, 18):
        if day.isoweekday() < 6 and day not in HOLIDAYS:
            for number in range(13):
                minute, price = 570 + 30 * number, 100 + 0.2 * (number % 2)
                bar = f"{price},{price + 0.5},{price - 0.5},{price + 0.1},1000"
                rows.append(f"{day}T{minute // 60:02}:{minute % 60:02}:00-04:00,{bar}")
        day += timedelta(1)
    (made / "SPY.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (made / "every_day.strat").write_text(EVERY_DAY, "utf-8")
    (made / "packs" / "few").mkdir(parents=True)
    (made / "packs" / "few" / "pack.toml").write_text(PACK, "utf-8")
    (made / "packs" / "few" / "few_entries.md").write_text(FEW, "utf-8")
    house = MOVED.read_text("utf-8").replace("[broker]", 'house_packs = ["few"]\n\n[broker]').replace("8_000", "80_000")
    (made / "house.toml").write_text(house, "utf-8")
    return made


def run(folder: Path, *options: str | Path, account: Path = MOVED) -> Outcome:
    data = f"SPY={folder / 'SPY.csv'}"
    return stratc("run", folder / "every_day.strat", "--account", account, "--data", data, "--json", *options)


def guard(document: dict[str, Any], rule: str) -> tuple[int, int]:
    found = [(each["checked"], each["denied"]) for each in document["guards"] if each["rule"] == rule]
    assert len(found) == 1, document["guards"]
    return found[0]


def entries(trips: Path) -> list[str]:
    """The days on which positions were opened."""
    header, *rows = trips.read_text("utf-8").splitlines()
    place = header.split(",").index("opened_at")
    return [row.split(",")[place][:10] for row in rows]


@pytest.mark.compiled
def test_the_old_rule_guards_until_its_last_day_and_no_longer(folder: Path) -> None:
    compiled, plain = folder / "compiled.csv", folder / "plain.csv"
    outcome = run(folder, "--law", "each-bar", "--trades", compiled)
    document = outcome.document
    assert outcome.code == 0
    assert document["law_changes"] == [CHANGE]
    assert document["law"] == (f"the law of each bar's own day: on 2026-06-04 {INTRADAY} begins; {DAY_TRADER} ends")
    days = entries(compiled)
    # Three day trades in the first five days and none after them while they count; from the change on one a day.
    assert [day for day in days if day < "2026-05-28"] == ["2026-05-20", "2026-05-21", "2026-05-22"]
    assert [day for day in days if day >= "2026-06-04"] == [
        f"2026-06-{day:02}" for day in (4, 5, 8, 9, 10, 11, 12, 15, 16, 17, 18)
    ]
    assert guard(document, DAY_TRADER)[1] > 0
    interpreted = run(folder, "--law", "each-bar", "--interpret", "--trades", plain)
    assert plain.read_bytes() == compiled.read_bytes()
    same = {key: value for key, value in document.items() if key not in ("artefact_digest", "compiled", "notes")}
    assert {key: interpreted.document[key] for key in same} == same


def test_one_law_over_the_whole_run_is_another_run(folder: Path) -> None:
    before = run(folder, "--law", "2026-06-03", "--interpret").document
    after = run(folder, "--law", "as-of", "--as-of", "2026-06-04", "--interpret").document
    assert before["law_changes"] == after["law_changes"] == []
    assert before["law"] == "the law of 2026-06-03 over the whole run"
    assert before["round_trips"] < after["round_trips"] == 21


@pytest.mark.compiled
def test_a_rule_that_begins_counts_what_was_done_before_it(folder: Path) -> None:
    trips = folder / "few.csv"
    options = ("--law", "each-bar", "--packs", folder / "packs", "--trades", trips)
    document = run(folder, *options, account=folder / "house.toml").document
    changes = {each["on"]: each for each in document["law_changes"]}
    assert "house.few_entries" in changes["2026-06-04"]["begins"]
    assert changes["2026-06-11"]["changes"] == ["house.few_entries"]
    days = entries(trips)
    # Four entries in the four days before it: on its first three days nothing is bought, nor until fewer than 3 count.
    assert [day for day in days if "2026-05-28" <= day < "2026-06-11"] == [
        "2026-05-28", "2026-05-29", "2026-06-01", "2026-06-02", "2026-06-03", "2026-06-08", "2026-06-09", "2026-06-10",
    ]  # fmt: skip
    # Two count from the 11th on, and with three in the window nothing is bought until two of them have left it.
    assert [day for day in days if day >= "2026-06-11"] == ["2026-06-16", "2026-06-17"]
    plain = run(folder, *options, "--interpret", account=folder / "house.toml").document
    assert plain["guards"] == document["guards"]
    assert entries(trips) == days


@pytest.mark.compiled
def test_an_artefact_has_the_guards_of_one_law(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "every_day.artefact"
    options = ("--account", MOVED, "--as-of", "2026-06-04", "-o", made)
    assert stratc("compile", folder / "every_day.strat", *options, "--backtest-only").code == 0
    data = f"SPY={folder / 'SPY.csv'}"
    ran = stratc("run", made, "--account", MOVED, "--data", data, "--json")
    assert ran.code == 0
    assert ran.document["law"] == "the law of 2026-06-04 over the whole run"
    same = stratc("run", made, "--account", MOVED, "--data", data, "--json", "--as-of", "2026-06-04")
    assert same.document == ran.document
    for other in (("--as-of", "2026-06-03"), ("--law", "2026-06-05"), ("--known-at", "2026-06-04")):
        refused = stratc("run", made, "--account", MOVED, "--data", data, "--json", *other)
        assert refused.code == 2
        assert "the guards of one law" in refused.stderr
    refused = stratc("run", made, "--account", MOVED, "--data", data, "--json", "--law", "each-bar")
    assert refused.code == 2
    assert "the guards of the law it was compiled under" in refused.stderr


def test_what_is_no_law_is_refused(folder: Path) -> None:
    refused = run(folder, "--law", "every-bar")
    assert refused.code == 2
    assert "every-bar" in refused.stderr
