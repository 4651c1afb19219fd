"""What can keep a strategy from being compiled to native code: all of it lies outside the strategy's text."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record


@record
class NoCompiler(Problem):
    """Native speed needs a C compiler: the one that `CC` names, or cc, gcc, clang or ziglang.

    Without one, strategies are checked, explained and run all the same, interpreted.
    """

    code: ClassVar[str] = "B101"
    title: ClassVar[str] = "no C compiler was found, tried {tried}"
    help: ClassVar[str] = "install gcc or clang, or run `pip install 'stratc[cc]'`, or name a compiler in `CC`"
    example: ClassVar[str] = "CC=/nowhere/cc stratc compile strategy.strat"
    instead: ClassVar[str] = "CC=gcc stratc compile strategy.strat"

    tried: str


@record
class NoPythonHeader(Problem):
    """A compiled strategy is an extension module of Python, whose header `Python.h` must be installed."""

    code: ClassVar[str] = "B102"
    title: ClassVar[str] = "the C compiler `{compiler}` cannot compile `#include <Python.h>`"
    note: ClassVar[str] = "looked in {folder}: {reason}"
    help: ClassVar[str] = "install the header: `apt install python3-dev`, `dnf install python3-devel`"
    example: ClassVar[str] = "stratc compile strategy.strat    # on a machine without python3-dev"
    instead: ClassVar[str] = "apt install python3-dev && stratc compile strategy.strat"

    compiler: str
    folder: str
    reason: str


@record
class CompilerFailed(Problem):
    """The C compiler refused code that it should take; the reason is its own, often memory or an old version."""

    code: ClassVar[str] = "B103"
    title: ClassVar[str] = "the C compiler `{compiler}` failed"
    note: ClassVar[str] = "{reason}"
    help: ClassVar[str] = "try another compiler in `CC`; if none works, report this with the artefact's strategy.pyx"
    example: ClassVar[str] = "CC=tcc stratc compile strategy.strat"
    instead: ClassVar[str] = "CC=gcc stratc compile strategy.strat"

    compiler: str
    reason: str


@record
class CompilerTimedOut(Problem):
    """A C compiler that does not come to an end is stopped, so that no command hangs."""

    code: ClassVar[str] = "B104"
    title: ClassVar[str] = "the C compiler `{compiler}` did not finish within {seconds} s"
    help: ClassVar[str] = "the machine may be overloaded: try again, or compile without `--optimize`"
    example: ClassVar[str] = "stratc compile --optimize strategy.strat    # on an overloaded machine"
    instead: ClassVar[str] = "stratc compile strategy.strat"

    compiler: str
    seconds: int


@record
class NoRoom(Problem):
    """The artefact could not be written: the disk is full or the folder may not be written to."""

    code: ClassVar[str] = "B105"
    title: ClassVar[str] = "the artefact cannot be written to `{folder}`: {reason}"
    help: ClassVar[str] = "make room, or name another folder with `-o`"
    example: ClassVar[str] = "stratc compile strategy.strat -o /"
    instead: ClassVar[str] = "stratc compile strategy.strat -o build/strategy"

    folder: str
    reason: str


@record
class NotAnArtefact(Problem):
    """`-o` replaces an artefact that is there, and nothing else: a folder of other files is left alone."""

    code: ClassVar[str] = "B106"
    title: ClassVar[str] = "`{folder}` exists and is no artefact"
    help: ClassVar[str] = "name a folder that does not exist yet, or one that holds an artefact"
    example: ClassVar[str] = "stratc compile strategy.strat -o ~"
    instead: ClassVar[str] = "stratc compile strategy.strat -o build/strategy"

    folder: str


@record
class CacheUnusable(Problem):
    """Builds are kept in the user's cache folder; where that cannot be written, each build is made anew."""

    code: ClassVar[str] = "B107"
    severity: ClassVar[Severity] = Severity.NOTE
    title: ClassVar[str] = "the build is not kept: `{folder}` cannot be used, {reason}"
    help: ClassVar[str] = "set `XDG_CACHE_HOME` to a folder that you own and can write to"
    example: ClassVar[str] = "XDG_CACHE_HOME=/proc stratc compile strategy.strat"
    instead: ClassVar[str] = "XDG_CACHE_HOME=~/.cache stratc compile strategy.strat"

    folder: str
    reason: str
