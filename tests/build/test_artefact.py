"""From a program to an artefact that runs: built once, found again, exported, loaded, refused when touched."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from stratc.compiler.build.artefact import Contents, Judged, build, build_digest, export
from stratc.compiler.build.cache import Kept
from stratc.compiler.build.diagnostics import NoCompiler
from stratc.compiler.build.toolchain import SUFFIX, Toolchain
from stratc.compiler.emit.module import emit
from stratc.compiler.passes import apply_passes
from stratc.runtime.artefact.engine_text import engine_text
from stratc.runtime.artefact.load import ArtefactRefused, Refusal, load
from stratc.runtime.artefact.manifest import PackDigest
from tests.differential.bars import make_bars
from tests.differential.building import Builder, workload_a
from tests.differential.running import run_compiled, run_interpreted

TOOLS = Toolchain(command=("cc",), stamp="one")


def contents(program=None, judged=None):
    program = apply_passes(program or workload_a())
    return Contents(program=program, emitted=emit(program, engine_text()), judged=judged or Judged())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    kept = build(contents(), optimize=False, cache=cache)
    assert isinstance(kept, Kept)
    return cache, kept.folder


@pytest.mark.compiled
def test_an_artefact_is_self_contained(built):
    _, folder = built
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    modules = [f"{stem}{SUFFIX}" for stem in ("strategy", "stratc_engine")]
    sources = ["source.strat", "strategy.pyx", "stratc_engine.pxd", "stratc_engine.pyx"]
    assert names == sorted(["kernels/cross.pxd", "kernels/sma.pxd", "manifest.json", "report.json", *modules, *sources])


@pytest.mark.compiled
def test_the_same_is_not_built_twice(built, monkeypatch):
    cache, folder = built
    monkeypatch.setattr("stratc.compiler.build.artefact.write_artefact", None)
    assert build(contents(), optimize=False, cache=cache) == Kept(folder=folder)


@pytest.mark.compiled
def test_a_loaded_artefact_runs_like_the_interpreter(built, tmp_path):
    """Export, load, run; without watched nodes only what the account shows is compared."""
    _, folder = built
    out = tmp_path / "out"
    assert export(folder, out) is None
    artefact = load(out)
    assert artefact.manifest.needs.rules == ("enter", "leave")
    assert artefact.manifest.needs.columns == ("close",)
    program = workload_a()
    bars = make_bars(Random(1), instruments=1, moments=200)
    interpreted = run_interpreted(program, bars)
    compiled = run_compiled(artefact.module, "Strategy", program, bars, watched=())
    assert (interpreted.totals, interpreted.logs, interpreted.equity) == (
        compiled.totals,
        compiled.logs,
        compiled.equity,
    )
    assert interpreted.logs[0], "the run had no fill to compare"


@pytest.mark.compiled
def test_a_touched_artefact_is_refused(built, tmp_path):
    _, folder = built
    out = tmp_path / "out"
    export(folder, out)
    with (out / "strategy.pyx").open("a") as code:
        code.write("# more\n")
    with pytest.raises(ArtefactRefused) as caught:
        load(out)
    assert caught.value.code is Refusal.DAMAGED


@pytest.mark.fast
def test_what_changes_a_build_changes_its_digest():
    base = contents()
    digests = [
        build_digest(base, TOOLS, optimize=False),
        build_digest(base, TOOLS, optimize=True),
        build_digest(base, replace(TOOLS, stamp="two"), optimize=False),
        build_digest(contents(replace(workload_a(), title="other")), TOOLS, optimize=False),
        build_digest(contents(replace(workload_a(), warmup=7)), TOOLS, optimize=False),
        build_digest(contents(judged=Judged(backtest_only=True)), TOOLS, optimize=False),
        build_digest(contents(judged=Judged(packs=(PackDigest(name="p", sha256="1"),))), TOOLS, optimize=False),
    ]
    assert len(set(digests)) == len(digests)
    assert build_digest(contents(), TOOLS, optimize=False) == digests[0]


@pytest.mark.fast
def test_without_a_compiler_a_problem_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("CC", "/nowhere/cc")
    assert isinstance(build(contents(), optimize=False, cache=tmp_path), NoCompiler)
    assert not list(tmp_path.iterdir())


@pytest.mark.compiled
def test_inputs_outside_their_range_are_refused(tmp_path):
    """The ranges bound the memory of windows, so the code itself insists on them."""
    b = Builder()
    b.line("input length = 5 in 2..8")
    b.input("length", 5.0, 2.0, 8.0, whole=True)
    close = b.column("close")
    b.rule("out", b.compare(close, ">", b.indicate("sma", ["length"], close)), b.leave())
    kept = build(contents(b.program()), optimize=False, cache=tmp_path)
    module = load(kept.folder).module
    columns = module.engine.Columns(0, 0, 0, 0, 0, 0, 0)
    assert module.Strategy(columns, [], [8.0], [0.01, 0.01, 1.0, 1.0])
    for wrong in (1.0, 9.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="outside its range"):
            module.Strategy(columns, [], [wrong], [0.01, 0.01, 1.0, 1.0])
    with pytest.raises(ValueError, match="do not fit"):
        module.Strategy(columns, [], [], [0.01, 0.01, 1.0, 1.0])
