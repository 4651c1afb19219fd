"""Builds are kept whole or not at all: races, damage, interruption, full disks."""

from __future__ import annotations

import errno
import multiprocessing
import os
import stat
import time
from functools import partial
from pathlib import Path

import pytest

from stratc.compiler.build.artefact import export
from stratc.compiler.build.cache import ABANDONED_SECONDS, BUILDING, Kept, cache_folder, fetch, keep
from stratc.compiler.build.diagnostics import CompilerTimedOut, NoRoom, NotAnArtefact
from stratc.dsl.source import NOWHERE
from tests.build.folders import write_folder

pytestmark = pytest.mark.fast


def make(folder):
    write_folder(folder)


def never(folder):
    pytest.fail("made although it was kept")


def test_a_build_is_kept_and_found(tmp_path):
    cache = tmp_path / "new" / "cache"
    first = keep(cache, "abc", make)
    assert first == Kept(folder=cache / "abc")
    assert keep(cache, "abc", never) == first
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert [path.name for path in cache.iterdir()] == ["abc"]


@pytest.mark.parametrize("damage", ["changed", "missing", "stray", "manifest", "emptied"])
def test_a_damaged_entry_is_made_again(tmp_path, damage):
    keep(tmp_path, "abc", make)
    entry = tmp_path / "abc"
    match damage:
        case "changed":
            (entry / "strategy.pyx").write_bytes(b"other")
        case "missing":
            (entry / "strategy.pyx").unlink()
        case "stray":
            (entry / "more.pyx").touch()
        case "manifest":
            (entry / "manifest.json").write_text("{")
        case "emptied":
            for path in entry.iterdir():
                path.unlink()
    assert fetch(tmp_path, "abc") is None
    assert keep(tmp_path, "abc", make) == Kept(folder=entry)
    assert (entry / "strategy.pyx").read_bytes() == b"code"


def test_an_interrupted_build_leaves_nothing(tmp_path):
    def interrupted(folder):
        write_folder(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path, "abc", interrupted)
    assert fetch(tmp_path, "abc") is None
    assert not list(tmp_path.iterdir())


def test_what_a_killed_build_left_is_swept_up(tmp_path):
    left, running = tmp_path / f"{BUILDING}dead", tmp_path / f"{BUILDING}alive"
    for folder in (left, running):
        folder.mkdir()
    past = time.time() - ABANDONED_SECONDS - 60
    os.utime(left, (past, past))
    keep(tmp_path, "abc", make)
    assert not left.exists()
    assert running.exists()


def test_a_problem_is_handed_on_and_nothing_is_kept(tmp_path):
    problem = CompilerTimedOut(span=NOWHERE, compiler="cc", seconds=1)
    assert keep(tmp_path, "abc", lambda folder: problem) is problem
    assert not list(tmp_path.iterdir())


def slow_make(barrier, folder):
    barrier.wait(timeout=30)
    write_folder(folder)


def race(cache, barrier, results):
    results.put(keep(Path(cache), "abc", partial(slow_make, barrier)).folder)


def test_two_processes_that_make_the_same_both_get_it(tmp_path):
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(2), context.Queue()
    racers = [context.Process(target=race, args=(str(tmp_path), barrier, results)) for _ in range(2)]
    for racer in racers:
        racer.start()
    folders = {results.get(timeout=30) for _ in racers}
    for racer in racers:
        racer.join(timeout=30)
    assert folders == {tmp_path / "abc"}
    assert [path.name for path in tmp_path.iterdir()] == ["abc"]


def test_without_a_cache_a_private_folder_is_used(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    kept = keep(blocked / "cache", "abc", make)
    assert kept.note.diagnostic().code == "B107"
    assert (kept.folder / "strategy.pyx").exists()


def test_a_full_disk_is_no_crash(tmp_path):
    calls = []

    def full_at_first(folder):
        calls.append(folder)
        if len(calls) == 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_folder(folder)

    kept = keep(tmp_path, "abc", full_at_first)
    assert "No space left" in kept.note.diagnostic().message
    assert not list(tmp_path.iterdir())


def test_the_cache_is_where_the_system_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "stratc" / "builds"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "stratc" / "builds"


def artefact(folder, content=b"code"):
    folder.mkdir()
    write_folder(folder, content)
    return folder


def test_export_makes_and_replaces_an_artefact(tmp_path):
    out = tmp_path / "deep" / "out"
    assert export(artefact(tmp_path / "one"), out) is None
    assert export(artefact(tmp_path / "two", b"new"), out) is None
    assert (out / "strategy.pyx").read_bytes() == b"new"
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_an_exported_artefact_can_be_read_by_others(tmp_path):
    kept = keep(tmp_path / "cache", "abc", make)
    assert export(kept.folder, tmp_path / "out") is None
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o755


def test_export_leaves_other_folders_alone(tmp_path):
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.txt").write_text("years of work")
    assert isinstance(export(artefact(tmp_path / "one"), other), NotAnArtefact)
    assert (other / "chapter.txt").read_text() == "years of work"


def test_export_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").touch()
    problem = export(artefact(tmp_path / "one"), tmp_path / "file" / "out")
    assert isinstance(problem, NoRoom)
    assert str(tmp_path) in problem.diagnostic().message
