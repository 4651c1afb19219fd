"""The engine's extension: made once, made again where it is damaged, and each artefact's own."""

from __future__ import annotations

import shutil
import sys
from types import ModuleType

import pytest

from stratc.compiler.build import engine as built
from stratc.compiler.build.cache import Kept
from stratc.compiler.build.engine import ENGINE_MODULE, kept_engine
from stratc.compiler.build.toolchain import SUFFIX, Toolchain
from stratc.compiler.emit.module import EngineCode
from stratc.runtime.artefact.load import ArtefactRefused, Refusal, import_strategy
from stratc.runtime.artefact.manifest import ENGINE
from tests.differential.building import workload_a, workload_b
from tests.differential.compiled import compile_programs

TOOLS = Toolchain(command=("cc",), stamp="one")
CODE = EngineCode(code="code", declared="declared")


@pytest.fixture
def made(monkeypatch):
    """The folders in which an engine was compiled; what is compiled is a few bytes."""
    folders = []

    def compile_extension(toolchain, source, *, optimize):
        folders.append(source.parent)
        module = source.with_name(ENGINE_MODULE)
        module.write_bytes(b"module")
        return module

    monkeypatch.setattr(built, "compile_extension", compile_extension)
    return folders


@pytest.mark.fast
def test_an_engine_is_made_once(made, tmp_path):
    first, second = (kept_engine(CODE, TOOLS, tmp_path, optimize=True) for _ in range(2))
    assert isinstance(first, Kept)
    assert first == second
    assert len(made) == 1


@pytest.mark.fast
def test_what_changes_an_engine_makes_another(made, tmp_path):
    for code, stamp, optimize in (
        ("code", "one", True),
        ("other", "one", True),
        ("code", "two", True),
        ("code", "one", False),
    ):
        tools = Toolchain(command=("cc",), stamp=stamp)
        kept_engine(EngineCode(code=code, declared="declared"), tools, tmp_path, optimize=optimize)
    assert len(made) == 4


@pytest.mark.fast
@pytest.mark.parametrize("damage", ["changed", "missing", "no digest"])
def test_a_damaged_engine_is_made_again(made, tmp_path, damage):
    kept = kept_engine(CODE, TOOLS, tmp_path, optimize=True)
    match damage:
        case "changed":
            (kept.folder / ENGINE_MODULE).write_bytes(b"other")
        case "missing":
            (kept.folder / ENGINE_MODULE).unlink()
        case "no digest":
            (kept.folder / built.DIGEST).unlink()
    assert kept_engine(CODE, TOOLS, tmp_path, optimize=True) == kept
    assert (kept.folder / ENGINE_MODULE).read_bytes() == b"module"
    assert len(made) == 2


@pytest.mark.compiled
def test_strategies_are_linked_to_their_own_engine(tmp_path):
    """Nothing of it stays behind under a name that another could find."""
    one = compile_programs([workload_a()], tmp_path / "one")
    other = compile_programs([workload_b()], tmp_path / "other")
    assert one.engine.__file__ is not None
    assert one.Strategy0.__mro__[1] is one.engine.Strategy
    assert other.Strategy0.__mro__[1] is other.engine.Strategy
    assert sys.modules.get(ENGINE) is None


@pytest.mark.compiled
def test_a_strategy_of_another_engine_is_refused(tmp_path):
    """What it needs of an engine is looked for where it is imported."""
    compile_programs([workload_a()], tmp_path / "one")
    strategy = tmp_path / f"strategy{SUFFIX}"
    shutil.copyfile(tmp_path / "one" / strategy.name, strategy)
    with pytest.raises(ArtefactRefused) as caught:
        import_strategy(strategy, "other", ModuleType("no_engine"))
    assert caught.value.code is Refusal.UNLOADABLE
