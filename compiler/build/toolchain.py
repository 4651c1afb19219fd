"""From generated Cython to an extension module: the only place that runs a compiler.

Cython is called in this process (a process of its own costs its start and gains nothing), the C compiler as a child
with a time-out. The C compiler is not probed before it is used: a failure is explained by a probe afterwards, so that a
machine that can compile never pays for one that cannot. Floating-point code keeps its meaning: products and sums are
not contracted, and nothing that -ffast-math does is done.
"""

from __future__ import annotations

import gc
import io
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from stratc.compiler.bug import StratcBug
from stratc.compiler.build.diagnostics import CompilerFailed, CompilerTimedOut, NoCompiler, NoPythonHeader
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import NOWHERE
from stratc.runtime.artefact.load import own_abi, own_platform
from stratc.runtime.artefact.manifest import Toolset
from stratc.runtime.model.record import record

COMPILE_SECONDS_MAX: Final = 300
PROBE_SECONDS_MAX: Final = 60
REASON_CHARACTERS_MAX: Final = 600
SUFFIX: Final = str(sysconfig.get_config_var("EXT_SUFFIX"))
CANDIDATES: Final = ("cc", "gcc", "clang")
FLAGS: Final = (
    *("-fPIC", "-shared", "-pipe", "-g0", "-w"),
    *("-ffp-contract=off", "-fno-math-errno", "-fno-strict-aliasing", "-fno-asynchronous-unwind-tables"),
    # Of a constant the compiler would work these out itself, rounded otherwise than the library that Python calls too.
    *("-fno-builtin-exp", "-fno-builtin-log", "-fno-builtin-log10", "-fno-builtin-pow"),
    # Few of the module's functions are Python's: short wrappers compile sooner, and none is called in a loop.
    *("-DCYTHON_METH_FASTCALL=0", "-DCYTHON_VECTORCALL=0"),
)


@record
class Toolchain:
    """A C compiler's command, and what tells it from another: its file, size and time."""

    command: tuple[str, ...]
    stamp: str

    @property
    def name(self) -> str:
        return " ".join(self.command)


def find_toolchain() -> Toolchain | NoCompiler:
    """The compiler that `CC` names, if it is set; else the first of cc, gcc, clang and ziglang that there is."""
    named = shlex.split(os.environ.get("CC", ""))
    tried = [named] if named else [[name] for name in CANDIDATES]
    for command in tried:
        if file := shutil.which(command[0]):
            return _toolchain(tuple(command), Path(file))
    if not named and (found := find_spec("ziglang")) and found.origin:
        return _toolchain((sys.executable, "-m", "ziglang", "cc"), Path(found.origin))
    names = ", ".join(f"`{' '.join(command)}`" for command in tried)
    return NoCompiler(span=NOWHERE, tried=names if named else f"{names} and ziglang")


def _toolchain(command: tuple[str, ...], file: Path) -> Toolchain:
    facts = file.stat()
    return Toolchain(command=command, stamp=f"{file.resolve()} {facts.st_size} {facts.st_mtime_ns}")


def c_flags(*, optimize: bool) -> tuple[str, ...]:
    return ("-O3" if optimize else "-O1", *FLAGS)


def toolset(toolchain: Toolchain, compiler: str, *, optimize: bool) -> Toolset:
    """What a build is made with; `compiler` says which C compiler that is."""
    return Toolset(
        compiler_version=version("stratc"),
        cython_version=version("cython"),
        abi=own_abi(),
        platform=own_platform(),
        c_compiler=f"{toolchain.name}: {compiler}",
        c_flags=c_flags(optimize=optimize),
    )


def describe(toolchain: Toolchain) -> str:
    """The first line that the compiler says of itself, for manifests."""
    done = _run([*toolchain.command, "--version"], PROBE_SECONDS_MAX)
    return done.stdout.splitlines()[0] if done and done.returncode == 0 and done.stdout else toolchain.name


def probe(toolchain: Toolchain) -> NoPythonHeader | None:
    """Why an extension module cannot be compiled, found by compiling the smallest one."""
    folder = sysconfig.get_path("include")
    with tempfile.TemporaryDirectory(prefix="stratc-") as room:
        source = Path(room, "probe.c")
        source.write_text("#include <Python.h>\n", encoding="utf-8")
        command = [*toolchain.command, "-I", folder, "-c", str(source), "-o", str(source.with_suffix(".o"))]
        done = _run(command, PROBE_SECONDS_MAX)
    if done is not None and done.returncode == 0:
        return None
    reason = _excerpt(done.stderr if done else "it did not finish")
    return NoPythonHeader(span=NOWHERE, compiler=toolchain.name, folder=folder, reason=reason)


def explain_absence() -> str:
    """One line that says why strategies run interpreted here; empty where they can be compiled."""
    found = find_toolchain()
    problem = probe(found) if isinstance(found, Toolchain) else found
    if problem is None:
        return ""
    said = problem.diagnostic()
    return f"running interpreted: {said.message}; {said.helps[0]}"


def compile_extension(toolchain: Toolchain, source: Path, *, optimize: bool) -> Path | Problem:
    """Compiles `source` (.pyx, the engine's declarations beside it, kernels in `kernels/`) to a module beside it."""
    code = translate(source)
    target = source.with_suffix(SUFFIX)
    include = sysconfig.get_path("include")
    command = [*toolchain.command, *c_flags(optimize=optimize), "-I", include, str(code), "-o", str(target)]
    if sys.platform == "darwin":
        command += ["-undefined", "dynamic_lookup"]
    done = _run(command, COMPILE_SECONDS_MAX)
    code.unlink()
    if done is None:
        return CompilerTimedOut(span=NOWHERE, compiler=toolchain.name, seconds=COMPILE_SECONDS_MAX)
    if done.returncode == 0:
        return target
    failed = CompilerFailed(span=NOWHERE, compiler=toolchain.name, reason=_excerpt(done.stderr))
    return probe(toolchain) or failed


def translate(source: Path) -> Path:
    """Runs Cython; generated text that it does not take is a mistake of ours."""
    # By name, and only now: it is large, untyped and wanted by builds alone.
    cython = import_module("Cython.Compiler.Main")
    options = cython.CompilationOptions(
        cython.default_options, include_path=[str(source.parent), str(source.parent / "kernels")]
    )
    said = io.StringIO()
    with redirect_stderr(said), _no_collection():
        result = cython.compile(str(source), options, full_module_name=source.stem)
    if result.num_errors or result.c_file is None:
        raise StratcBug(f"Cython refused generated code:\n{said.getvalue()}")
    return Path(result.c_file)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Cython makes millions of objects that all live until it ends: collecting them is time for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _run(command: list[str], seconds_max: int) -> subprocess.CompletedProcess[str] | None:
    """None where the time ran out; a program that cannot be started says so as one that failed."""
    try:
        return subprocess.run(  # noqa: S603 - the command is the user's own compiler
            command, capture_output=True, text=True, errors="replace", timeout=seconds_max, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    except OSError as problem:
        return subprocess.CompletedProcess(command, 127, "", str(problem))


def _excerpt(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if "error" in line.lower()] or text.strip().splitlines()
    return " / ".join(lines)[:REASON_CHARACTERS_MAX]
