"""Without a compiler, or with a broken one, there is a message with a remedy and no traceback."""

from __future__ import annotations

import sys

import pytest

from stratc.compiler.build import toolchain
from stratc.compiler.build.diagnostics import CompilerFailed, CompilerTimedOut, NoCompiler, NoPythonHeader
from stratc.compiler.build.toolchain import Toolchain, c_flags, compile_extension, explain_absence, find_toolchain

TINY = "def answer():\n    return 42\n"


def fake(tmp_path, script):
    path = tmp_path / "fakecc"
    path.write_text(f"#!{sys.executable}\n{script}\n")
    path.chmod(0o755)
    return path


def compiled(tmp_path, command):
    source = tmp_path / "strategy.pyx"
    source.write_text(TINY)
    return compile_extension(Toolchain(command=(str(command),), stamp=""), source, optimize=False)


@pytest.mark.fast
def test_a_named_compiler_that_is_not_there(monkeypatch):
    monkeypatch.setenv("CC", "/nowhere/cc -m64")
    found = find_toolchain()
    assert isinstance(found, NoCompiler)
    assert "`/nowhere/cc -m64`" in found.diagnostic().message
    assert explain_absence().startswith("running interpreted: no C compiler was found")


@pytest.mark.fast
def test_no_compiler_at_all(monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(toolchain, "find_spec", lambda name: None)
    assert isinstance(find_toolchain(), NoCompiler)


@pytest.mark.fast
def test_floating_point_keeps_its_meaning():
    for optimize in (False, True):
        flags = c_flags(optimize=optimize)
        assert "-ffp-contract=off" in flags
        assert not {"-ffast-math", "-funsafe-math-optimizations", "-Ofast"} & set(flags)
    assert c_flags(optimize=False)[0] == "-O1"
    assert c_flags(optimize=True)[0] == "-O3"


def test_a_missing_header_is_named(tmp_path):
    command = fake(tmp_path, "import sys; sys.exit('strategy.c:1: fatal error: Python.h: No such file or directory')")
    problem = compiled(tmp_path, command)
    assert isinstance(problem, NoPythonHeader)
    assert "Python.h: No such file" in problem.diagnostic().notes[0]


def test_a_compiler_that_fails_on_the_code_alone(tmp_path):
    command = fake(tmp_path, "import sys; sys.exit(0 if '-c' in sys.argv else 'error: out of memory')")
    problem = compiled(tmp_path, command)
    assert isinstance(problem, CompilerFailed)
    assert "out of memory" in problem.diagnostic().notes[0]


def test_a_compiler_that_hangs_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(toolchain, "COMPILE_SECONDS_MAX", 1)
    problem = compiled(tmp_path, fake(tmp_path, "import time; time.sleep(60)"))
    assert isinstance(problem, CompilerTimedOut)


@pytest.mark.compiled
def test_nothing_but_the_module_is_left(tmp_path):
    found = find_toolchain()
    assert isinstance(found, Toolchain)
    module = compiled(tmp_path, found.command[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([module.name, "strategy.pyx"])
    assert explain_absence() == ""
