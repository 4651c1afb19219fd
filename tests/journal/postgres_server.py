"""A PostgreSQL server of the test's own: made, started and stopped here, reached through a socket in its own folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# As root the server refuses to run; one of these has no rights worth having.
USERS = ("postgres", "nobody")
START_SECONDS = 120


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).parent if named else None


def user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in USERS if name in known)


@contextmanager
def server(folder_of: Path) -> Iterator[str]:
    """How to connect to a new server, which is gone at the end."""
    runner = user()
    folder = Path(tempfile.mkdtemp(prefix="stratc-pg-"))
    try:
        if runner is not None:
            shutil.chown(folder, runner)
        data = folder / "data"
        initialize = [str(folder_of / "initdb"), "-D", str(data), "-U", "stratc", "--auth=trust", "--encoding=UTF8"]
        subprocess.run([*initialize, "--no-locale"], check=True, capture_output=True, user=runner, cwd=folder)
        command = [str(folder_of / "postgres"), "-D", str(data), "-k", str(folder), "-h", ""]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, user=runner, cwd=folder)
        try:
            wait_for(folder, process)
            yield f"host={folder} user=stratc dbname=postgres"
        finally:
            process.terminate()
            process.wait(60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(folder: Path, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    end = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"host={folder} user=stratc dbname=postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return
