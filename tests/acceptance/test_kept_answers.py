"""An answer of `check` is given again where nothing changed that it hangs on, and made again where anything did."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stratc.compiler import workbench
from stratc.compiler.shell import kept, kept_answers
from stratc.compiler.shell.cli.main import build_app
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
    """How often a text was judged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        judge = workbench.check

        def counting(*given: Any, **named: Any) -> Any:
            self.times += 1
            return judge(*given, **named)

        monkeypatch.setattr(workbench, "check", counting)

    def again(self, *words: str | Path, code: int = 0) -> tuple[str, bool]:
        """What a check prints, and whether anything was judged for it."""
        before = self.times
        done = CliRunner().invoke(build_app(), ["check", "--fast", *map(str, words)], prog_name="stratc")
        assert done.exit_code == code, done.output
        return done.output, self.times > before


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    return Judged(monkeypatch)


@pytest.mark.parametrize("form", [(), ("--json",), ("--format", "sarif"), ("--format", "github")])
def test_the_same_question_gets_the_same_answer_without_judging(
    strategy: Path, judged: Judged, form: tuple[str]
) -> None:
    first = judged.again(strategy, *DAY, *form)
    assert first == (first[0], True)
    assert judged.again(strategy, *DAY, *form) == (first[0], False)


def test_whatever_an_answer_hangs_on_makes_it_anew(strategy: Path, judged: Judged, tmp_path: Path) -> None:
    judged.again(strategy, *DAY)
    for other in (
        ["--as-of", "2026-07-02"],
        [*DAY, "--json"],
        [*DAY, "--known-at", "2026-06-01"],
        [*DAY, "--budget", "1"],
    ):
        assert judged.again(strategy, *other)[1], other
    account, house = strategy.parent / "account.toml", tmp_path / "house"
    shutil.copytree(packs_root() / "house_template", house / "ours")
    pack = house / "ours" / "pack.toml"
    pack.write_text(pack.read_text().replace('id = "', 'id = "our_'), "utf-8")
    changes = (
        (strategy, strategy.read_text("utf-8") + "\n# a word more\n"),
        (account, account.read_text("utf-8") + "\n# a word more\n"),
        (strategy.parent / "instruments.toml", ""),
    )
    for path, text in changes:
        path.write_text(text, "utf-8")
        assert judged.again(strategy, *DAY)[1], path
        assert not judged.again(strategy, *DAY)[1], path


def test_packs_are_part_of_the_name(strategy: Path, tmp_path: Path) -> None:
    """Any file of any pack, those of stratc and those that a user names."""
    folder = tmp_path / "packs" / "ours"
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text("a", "utf-8")

    def name(*packs: Path) -> str | None:
        return kept_answers.answer_name([strategy], None, packs, ())

    names = [name(), name(folder.parent)]
    (folder / "pack.toml").write_text("b", "utf-8")
    names.append(name(folder.parent))
    (folder / "waivers").mkdir()
    (folder / "waivers" / "w.toml").write_text("", "utf-8")
    names.append(name(folder.parent))
    assert None not in names
    assert len(set(names)) == len(names)
    assert name(folder.parent) == names[-1]
    assert name(tmp_path / "nowhere") is None


@pytest.mark.parametrize("part", ["packs_root", "code_digest", "_machine"])
def test_stratc_and_what_it_stands_on_are_part_of_the_name(
    strategy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str
) -> None:
    before = kept_answers.answer_name([strategy], None, (), ())
    assert before == kept_answers.answer_name([strategy], None, (), ())
    other = {"packs_root": lambda: tmp_path / "euro", "code_digest": lambda *_, below: "x", "_machine": lambda: ["x"]}
    monkeypatch.setattr(kept_answers, part, other[part])
    assert before != kept_answers.answer_name([strategy], None, (), ())


def test_a_byte_that_was_altered_is_seen(strategy: Path, cache: Path, judged: Judged) -> None:
    told = judged.again(strategy, *DAY, "--json")[0]
    (entry,) = cache.iterdir()
    whole = entry.read_text("utf-8")
    assert "not_applicable" in whole
    for forged in (whole.replace("not_applicable", "proved", 1), whole[:-1], "", f"{whole} ", whole.split("\n")[1]):
        entry.write_text(forged, "utf-8")
        assert judged.again(strategy, *DAY, "--json") == (told, True)
        assert entry.read_text("utf-8") == whole


@pytest.mark.parametrize("value", [None, [], {"ok": True}, "text"])
def test_what_is_no_answer_is_not_given(strategy: Path, cache: Path, judged: Judged, value: object) -> None:
    told = judged.again(strategy, *DAY)[0]
    (entry,) = cache.iterdir()
    kept.keep(kept_answers.FOLDER, entry.stem, tuple(value) if isinstance(value, list) else value)
    assert judged.again(strategy, *DAY) == (told, True)


def test_a_folder_that_others_can_write_is_not_read(strategy: Path, cache: Path, judged: Judged) -> None:
    told = judged.again(strategy, *DAY)[0]
    cache.chmod(0o777)
    assert judged.again(strategy, *DAY) == (told, True)


def test_a_counterexample_is_replayed_each_time(cache: Path, judged: Judged) -> None:
    path = ROOT / "examples" / "opening_range" / "strategy.strat"
    words = ("check", str(path), "--as-of", "2026-03-01", "--budget", "0.2")
    for times in (1, 2):
        done = CliRunner().invoke(build_app(), list(words), prog_name="stratc")
        assert done.exit_code == 1, done.output
        assert judged.times == times
    assert not cache.exists()


def test_errors_are_found_again(strategy: Path, cache: Path, judged: Judged) -> None:
    strategy.write_text(strategy.read_text("utf-8") + "\nrule late\n  when nothing > 1\n  then exit\n", "utf-8")
    assert judged.again(strategy, *DAY, code=1)[1]
    assert not cache.exists()


def test_what_a_text_uses_is_looked_at_again(tmp_path: Path, cache: Path, judged: Judged) -> None:
    folder = tmp_path / "book"
    shutil.copytree(
        ROOT / "examples" / "core_book", folder, ignore=shutil.ignore_patterns("*.csv", "*.parquet", "*.html")
    )
    path = folder / "strategy.strat"
    told, first = judged.again(path, *DAY)
    assert first
    assert judged.again(path, *DAY) == (told, False)
    used = next(each for each in sorted(folder.rglob("*.strat")) if each != path)
    text = used.read_text("utf-8")
    used.write_text(text + "\n# a word more\n", "utf-8")
    assert judged.again(path, *DAY)[1]
    used.unlink()
    assert judged.again(path, *DAY, code=1)[1]
    used.write_text(text, "utf-8")
    assert judged.again(path, *DAY)[0] == told


def test_what_changes_while_it_is_judged_is_not_kept(
    strategy: Path, cache: Path, judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = workbench.check

    def meddling(*given: Any, **named: Any) -> Any:
        strategy.write_text(strategy.read_text("utf-8") + "\n", "utf-8")
        return judge(*given, **named)

    monkeypatch.setattr(workbench, "check", meddling)
    judged.again(strategy, *DAY)
    assert not cache.exists()
