"""An answer of `check` is given again where nothing changed that it hangs on, and made again where anything did."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stratc.compiler import workbench
from stratc.compiler.shell import kept, kept_answers
from stratc.compiler.shell.cli.main import main
from stratc.rules import packs_root

ROOT = Path(__file__).parents[2]
EURO = ROOT / "examples" / "euro_trend"
DAY = ("--as-of", "2026-07-01")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "stratc" / "answers"


@pytest.fixture
def strategy(tmp_path: Path, cache: Path) -> Path:
    """A strategy with an account of its own; packs are kept, so that judging is all there is to do."""
    folder = tmp_path / "euro"
    folder.mkdir()
    for name in ("strategy.strat", "account.toml"):
        shutil.copy(EURO / name, folder / name)
    return folder / "strategy.strat"


class Judged:
    """Commands as a shell gives them, and how often a text was judged for one."""

    def __init__(self, patched: pytest.MonkeyPatch, printed: pytest.CaptureFixture[str]) -> None:
        self.times, self.patched, self.printed = 0, patched, printed
        judge = workbench.check

        def counting(*given: Any, **named: Any) -> Any:
            self.times += 1
            return judge(*given, **named)

        patched.setattr(workbench, "check", counting)

    def again(self, *words: str | Path, code: int = 0) -> tuple[str, bool]:
        """What a check prints, and whether anything was judged for it."""
        before = self.times
        self.patched.setattr(sys, "argv", ["stratc", "check", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = self.printed.readouterr()
        assert ended.value.code == code, told
        return told.out, self.times > before


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Judged]:
    thresholds = gc.get_threshold()
    yield Judged(monkeypatch, capsys)
    gc.set_threshold(*thresholds)


@pytest.mark.parametrize("form", [(), ("--json",), ("--format", "sarif"), ("--format", "github")])
def test_the_same_question_gets_the_same_answer_without_judging(
    strategy: Path, judged: Judged, form: tuple[str, ...]
) -> None:
    first = judged.again("--fast", strategy, *DAY, *form)
    assert first == (first[0], True)
    assert judged.again("--fast", strategy, *DAY, *form) == (first[0], False)


def test_whatever_an_answer_hangs_on_makes_it_anew(strategy: Path, judged: Judged) -> None:
    judged.again("--fast", strategy, *DAY)
    for other in (
        ["--as-of", "2026-07-02"],
        [*DAY, "--json"],
        [*DAY, "--known-at", "2026-06-01"],
        [*DAY, "--budget", "1"],
    ):
        assert judged.again(strategy, *other)[1], other
    account = strategy.parent / "account.toml"
    changes = (
        (strategy, strategy.read_text("utf-8") + "\n# a word more\n"),
        (account, account.read_text("utf-8") + "\n# a word more\n"),
        (strategy.parent / "instruments.toml", ""),
    )
    for path, text in changes:
        path.write_text(text, "utf-8")
        assert judged.again("--fast", strategy, *DAY)[1], path
        assert not judged.again("--fast", strategy, *DAY)[1], path


def test_packs_and_locks_are_looked_at(strategy: Path, tmp_path: Path, judged: Judged) -> None:
    """Any file of any pack, those of stratc and those that a user names."""
    ours = tmp_path / "packs" / "ours"
    shutil.copytree(packs_root() / "house_template", ours)
    for file in ours.iterdir():
        file.write_text(file.read_text("utf-8").replace("house.", "ours.").replace('id = "', 'id = "our_'), "utf-8")
    words = ("--fast", strategy, *DAY, "--packs", ours.parent)
    told = judged.again(*words)[0]
    assert judged.again(*words) == (told, False)
    changes = ((ours / "README.md", "other"), (ours / "more.txt", "new"), (strategy.parent / "packs.lock", ""))
    for path, text in changes[:2]:
        path.write_text(text, "utf-8")
        assert judged.again(*words)[1], path
        assert not judged.again(*words)[1], path
    # A lock that pins nothing is refused, whatever was answered before there was one.
    changes[2][0].write_text("no lock", "utf-8")
    assert judged.again(*words, code=2) == ("", False)


@pytest.mark.parametrize("part", ["code_digest", "_machine"])
def test_stratc_and_what_it_stands_on_are_part_of_the_question(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    def asked(*words: str, color: bool = False, width: int = 100) -> str | None:
        return kept_answers.question(words, color=color, width=width)

    before = asked("check", "a.strat")
    assert before is not None
    assert before == asked("check", "a.strat")
    assert len({before, asked("check", "b.strat"), asked("check", "a.strat", color=True)}) == 3
    assert before != asked("check", "a.strat", width=80)
    assert asked("run", "a.strat") is asked() is None
    other = {"code_digest": lambda *_, below: "x", "_machine": lambda: ["x"]}
    monkeypatch.setattr(kept_answers, part, other[part])
    assert before != asked("check", "a.strat")


def test_another_folder_is_another_question(strategy: Path, judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(strategy.parent)
    told = judged.again("--fast", "strategy.strat", *DAY)[0]
    assert judged.again("--fast", "strategy.strat", *DAY) == (told, False)
    other = strategy.parent / "other"
    other.mkdir()
    shutil.copy(EURO / "strategy.strat", other)
    monkeypatch.chdir(other)
    assert judged.again("--fast", "strategy.strat", *DAY)[1]


def test_an_account_that_appears_is_seen(strategy: Path, judged: Judged) -> None:
    account = strategy.parent / "account.toml"
    text = account.read_text("utf-8")
    account.unlink()
    assert "R001" in judged.again("--fast", strategy, *DAY)[0]
    assert not judged.again("--fast", strategy, *DAY)[1]
    account.write_text(text, "utf-8")
    assert "R001" not in judged.again("--fast", strategy, *DAY)[0]


@pytest.mark.parametrize("words", [("--fix",), ("--diff",), ("--deep", "--budget", "0.1")])
def test_what_does_more_than_answer_is_done_each_time(strategy: Path, judged: Judged, words: tuple[str, ...]) -> None:
    fast = () if "--deep" in words else ("--fast",)
    for _ in range(2):
        assert judged.again(strategy, *DAY, *words, *fast)[1]


def test_a_byte_that_was_altered_is_seen(strategy: Path, cache: Path, judged: Judged) -> None:
    told = judged.again("--fast", strategy, *DAY, "--json")[0]
    (entry,) = cache.iterdir()
    whole = entry.read_text("utf-8")
    assert "not_applicable" in whole
    for forged in (whole.replace("not_applicable", "proved", 1), whole[:-1], "", f"{whole} ", whole.split("\n")[1]):
        entry.write_text(forged, "utf-8")
        assert judged.again("--fast", strategy, *DAY, "--json") == (told, True)
        assert entry.read_text("utf-8") == whole


@pytest.mark.parametrize("value", [None, [], {"ok": True}, "text"])
def test_what_is_no_answer_is_not_given(strategy: Path, cache: Path, judged: Judged, value: object) -> None:
    told = judged.again("--fast", strategy, *DAY)[0]
    (entry,) = cache.iterdir()
    kept.keep(kept_answers.FOLDER, entry.stem, tuple(value) if isinstance(value, list) else value)
    assert judged.again("--fast", strategy, *DAY) == (told, True)


def test_a_folder_that_others_can_write_is_not_read(strategy: Path, cache: Path, judged: Judged) -> None:
    told = judged.again("--fast", strategy, *DAY)[0]
    cache.chmod(0o777)
    assert judged.again("--fast", strategy, *DAY) == (told, True)


def test_a_counterexample_is_replayed_each_time(cache: Path, judged: Judged) -> None:
    path = ROOT / "examples" / "opening_range" / "strategy.strat"
    for _ in range(2):
        assert judged.again(path, "--as-of", "2026-03-01", "--budget", "0.2", code=1)[1]
    assert not cache.exists()


def test_errors_are_found_again(strategy: Path, cache: Path, judged: Judged) -> None:
    strategy.write_text(strategy.read_text("utf-8") + "\nrule late\n  when nothing > 1\n  then exit\n", "utf-8")
    assert judged.again("--fast", strategy, *DAY, code=1)[1]
    assert not cache.exists()


def test_what_a_text_uses_is_looked_at_again(tmp_path: Path, cache: Path, judged: Judged) -> None:
    folder = tmp_path / "book"
    shutil.copytree(
        ROOT / "examples" / "core_book", folder, ignore=shutil.ignore_patterns("*.csv", "*.parquet", "*.html")
    )
    path = folder / "strategy.strat"
    told, first = judged.again("--fast", path, *DAY)
    assert first
    assert judged.again("--fast", path, *DAY) == (told, False)
    used = next(each for each in sorted(folder.rglob("*.strat")) if each != path)
    text = used.read_text("utf-8")
    used.write_text(text + "\n# a word more\n", "utf-8")
    assert judged.again("--fast", path, *DAY)[1]
    used.unlink()
    assert judged.again("--fast", path, *DAY, code=1)[1]
    used.write_text(text, "utf-8")
    assert judged.again("--fast", path, *DAY)[0] == told


def test_what_changes_while_it_is_judged_is_not_kept(
    strategy: Path, cache: Path, judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = workbench.check

    def meddling(*given: Any, **named: Any) -> Any:
        strategy.write_text(strategy.read_text("utf-8") + "\n", "utf-8")
        return judge(*given, **named)

    monkeypatch.setattr(workbench, "check", meddling)
    judged.again("--fast", strategy, *DAY)
    assert not cache.exists()
