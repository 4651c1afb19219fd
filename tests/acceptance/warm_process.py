"""Commands from a process that has imported stratc already: it forks for each, so a command starts in milliseconds.

`python warm_process.py` reads one command a line, as JSON, and answers each with two lines: the child's process id when
it has started, and its exit code when it has ended, below zero where a signal ended it. A child has arguments, folder,
environment and files of its own, and nothing that another child did. It shares with the others only the imports, the
grammar's tables, the seed of hashes and rule packs that no file of which has changed; who asks about these asks for a
cold process. Everything that starts threads is left to the children: a thread does not survive a fork.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "golden_cross" / "strategy.strat"
NOT_RUN = 70
STREAMS = (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY))


def warm_up() -> None:
    """Import all of stratc, read a text and the packs, and put what is alive out of the garbage collector's way."""
    import stratc.compiler
    import stratc.runtime
    from stratc.compiler.shell import kept_packs
    from stratc.compiler.shell.packs import load_all_packs
    from stratc.compiler.workbench import compile_source
    from stratc.dsl.source import Source

    for room in (stratc.compiler, stratc.runtime):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    compile_source(Source(EXAMPLE.name, EXAMPLE.read_text(encoding="utf-8")))
    kept_packs.find = remembering(kept_packs.find)
    load_all_packs(())
    load_all_packs(())
    assert threading.active_count() == 1
    assert "polars" not in sys.modules
    gc.collect()
    gc.freeze()


def remembering(find: Any) -> Any:
    """Packs that were found once: they are named after all that they came from, and nothing changes a record."""
    found: dict[tuple[str, str], Any] = {}

    def remembered(folder: str, digest: str, kinds: Any) -> Any:
        if (folder, digest) not in found and (value := find(folder, digest, kinds)) is not None:
            found[folder, digest] = value
        return found.get((folder, digest))

    return remembered


def become(command: dict[str, Any]) -> NoReturn:
    """In the child: the command line as a process of its own would run it."""
    for number, (name, flags) in enumerate(STREAMS):
        os.dup2(os.open(command[name], flags), number)
        setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8"))
    os.chdir(command["cwd"])
    os.environ.clear()
    os.environ.update(command["env"])
    sys.argv = ["stratc", *command["arguments"]]
    code = 0
    try:
        if command["watched"]:
            from tests.bounds.watched_cli import main
        else:
            from stratc.compiler.shell.cli.main import main
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def serve() -> None:
    """Until there are no more commands: whoever asked has ended."""
    for line in sys.stdin:
        command = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                become(command)
            finally:  # it never returns: this is a bug of the tests
                traceback.print_exc()
                os._exit(NOT_RUN)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    warm_up()
    serve()
