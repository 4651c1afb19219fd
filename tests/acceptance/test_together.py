"""`check --together`: several files as one account, as the command line tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.stratc_process import Outcome, stratc

MOVED = Path(__file__).parent / "accounts" / "small_margin_moved.toml"
REG_T, MAINTENANCE = "us.reg_t.initial_margin", "us.finra.maintenance_margin"
TEXT = """strategy "{title}"
trade   {symbols} on {bars}
account {account}

rule enter
  when flat and close > open
  then {entry}

rule leave
  when long and close < open
  then exit all at next open
"""
ENTRY = "buy 150% of equity at next open"
CAP = "\ncap leverage 1.8x\n"


def text(title: str, symbols: str, bars: str = "1 day", account: str = "margin USD", entry: str = ENTRY) -> str:
    return TEXT.format(title=title, symbols=symbols, bars=bars, account=account, entry=entry)


@pytest.fixture
def write(tmp_path: Path):
    def made(**files: str) -> list[Path]:
        for name, content in files.items():
            (tmp_path / f"{name}.strat").write_text(content, "utf-8")
        return [tmp_path / f"{name}.strat" for name in files]

    return made


def check(*arguments: str | Path) -> Outcome:
    return stratc("check", *arguments, "--as-of", "2026-07-01", "--json")


def verdicts(outcome: Outcome) -> dict[str, dict[str, Any]]:
    found = {each["rule"]: each for each in outcome.document["verdicts"]}
    assert len(found) == len(outcome.document["verdicts"])
    return found


def test_what_each_may_do_alone_both_may_not(write) -> None:
    one, two = write(one=text("One", "SPY"), two=text("Two", "QQQ"))
    for alone in (one, two):
        told = check(alone, "--account", MOVED)
        assert told.code == 0
        assert verdicts(told)[REG_T]["status"] == "guarded"
        assert verdicts(told)[MAINTENANCE]["status"] == "proved"
    both = check("--together", one, two, "--account", MOVED)
    assert both.code == 1
    violated = verdicts(both)[REG_T]
    assert (violated["status"], violated["file"]) == ("violated", f"{one} + {two}")
    events = violated["counterexample"]["events"]
    assert {each.get("instrument") for each in events if each["kind"] == "fill"} == {"SPY", "QQQ"}
    # Each order is told of its own file, and of the line there.
    notes = " ".join(each.get("note", "") for each in events)
    assert f"line 5 of {one}" in notes
    assert f"line 5 of {two}" in notes
    # Each reads the whole account's equity: 150% of 8,000 USD, twice.
    spent = [float(each["quantity"]) * float(each["price"]) for each in events if each["kind"] == "fill"]
    assert all(11_500 < each < 12_500 for each in spent)
    assert verdicts(both)[MAINTENANCE]["status"] == "guarded"


def test_a_limit_that_all_files_say_is_the_accounts(write) -> None:
    one, two = write(one=text("One", "SPY") + CAP, two=text("Two", "QQQ") + CAP)
    both = check("--together", one, two, "--account", MOVED)
    assert both.code == 0
    proved = verdicts(both)[MAINTENANCE]
    assert proved["status"] == "proved"
    assert "`cap leverage` allows 1.8x of equity (line 13)" in proved["because"]
    assert any("limited for the account" in line for line in both.document["assumptions"])


def test_a_limit_of_one_file_is_refused_by_its_code(write) -> None:
    one, two = write(one=text("One", "SPY"), two=text("Two", "QQQ") + CAP)
    refused = check("--together", one, two, "--account", MOVED)
    assert refused.code == 1
    assert f"{two}:13:1" in refused.stderr
    assert "[R060]" in refused.stderr
    assert "cap leverage 1.8x" in refused.stderr


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (text("Two", "QQQ", bars="1 hour").replace(" at next open", ""), "N244"),
        (text("Two", "QQQ", account="cash USD"), "N244"),
        (text("Two", "SPY", entry="buy 90% of equity at limit close * 0.99"), "N246"),
        (text("Two", "QQQ") + "\nhalt when close < 10 USD, flatten, until released\n", "N245"),
        (text("Two", "QQQ").replace("close < open", "clse < open"), "N201"),
    ],
    ids=["bars", "account", "shared instrument", "halt", "slip"],
)
def test_what_cannot_be_put_together_is_told_in_its_file(write, other: str, code: str) -> None:
    one, two = write(one=text("One", "SPY"), two=other)
    told = check("--together", one, two, "--account", MOVED)
    assert told.code == 1
    errors = [each for each in told.document["diagnostics"] if each["severity"] == "error"]
    assert code in {each["code"] for each in errors}
    assert {each["file"] for each in errors if each["code"] == code} <= {str(one), str(two)}
    assert not told.document["verdicts"]


def test_a_book_is_refused_by_its_code(write) -> None:
    book = 'book "Core"\naccount margin USD\n\nsleeve "two.strat" with 40% of equity\n'
    one, _, core = write(one=text("One", "SPY"), two=text("Two", "QQQ"), core=book)
    refused = check("--together", one, core, "--account", MOVED)
    assert refused.code == 1
    assert f"{core}:1:1" in refused.stderr
    assert "[R062]" in refused.stderr


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    places = []
    for folder, symbol in (("spy", "SPY"), ("qqq", "QQQ")):
        (tmp_path / folder).mkdir()
        places.append(tmp_path / folder / "strategy.strat")
        places[-1].write_text(text(folder, symbol), "utf-8")
    events = verdicts(check("--together", *places, "--account", MOVED))[REG_T]["counterexample"]["events"]
    notes = " ".join(each.get("note", "") for each in events)
    assert "rule spy.enter" in notes
    assert "rule qqq.enter" in notes


def test_one_account_is_beside_all_files(tmp_path: Path) -> None:
    places = []
    for folder, symbol in (("spy", "SPY"), ("qqq", "QQQ")):
        (tmp_path / folder).mkdir()
        places.append(tmp_path / folder / "s.strat")
        places[-1].write_text(text(folder, symbol), "utf-8")
        (tmp_path / folder / "account.toml").write_text(MOVED.read_text("utf-8"), "utf-8")
    assert check("--together", "--fast", *places).code == 0
    other = MOVED.read_text("utf-8").replace("8_000", "9_000")
    (tmp_path / "qqq" / "account.toml").write_text(other, "utf-8")
    refused = check("--together", "--fast", *places)
    assert refused.code == 1
    assert "[R061]" in refused.stderr
    assert check("--together", "--fast", *places, "--account", MOVED).code == 0


def test_files_that_strategies_use_come_with_them(write, tmp_path: Path) -> None:
    up = "let rising = close > open\n"
    one, two = write(one=text("One", "SPY"), two=text("Two", "QQQ"))
    (tmp_path / "up.strat").write_text(up, "utf-8")
    with_use = text("One", "SPY").replace("rule enter", 'use "up.strat"\n\nrule enter', 1)
    one.write_text(with_use.replace("flat and close > open", "flat and up.rising"), "utf-8")
    alone = check(one, "--account", MOVED, "--fast")
    both = check("--together", one, two, "--account", MOVED, "--fast")
    assert [each["code"] for each in both.document["diagnostics"]] == [
        each["code"] for each in alone.document["diagnostics"]
    ]
    assert both.code == 0


def test_other_accounts_are_named_and_not_read(write, tmp_path: Path) -> None:
    (one,) = write(one=text("One", "SPY"))
    account = tmp_path / "linked.toml"
    linked = MOVED.read_text("utf-8") + '\n[other_accounts]\nsame_owner = ["U-77"]\nshared_with = ["a bot"]\n'
    account.write_text(linked, "utf-8")
    told = check(one, "--account", account, "--fast").document["assumptions"]
    assert any(line.startswith("U-77: ") and "not read" in line for line in told)
    assert any(line.startswith("a bot: ") and "--together" in line for line in told)
