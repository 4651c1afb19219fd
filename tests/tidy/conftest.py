"""The tree as git sees it: what is committed or would be, nothing that is ignored."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import pytest

ROOMS = ("dsl", "compiler", "runtime", "rules")


@dataclass(frozen=True)
class Tree:
    """The files of a checkout, by paths relative to `root`."""

    root: Path
    files: tuple[PurePosixPath, ...]

    def under(self, *folders: str, suffixes: tuple[str, ...] = (".py",)) -> tuple[PurePosixPath, ...]:
        return tuple(file for file in self.files if file.parts[0] in folders and file.suffix in suffixes)

    def text(self, file: PurePosixPath) -> str:
        return Path(self.root, file).read_text(encoding="utf-8")

    @cached_property
    def parsed(self) -> dict[PurePosixPath, ast.Module]:
        """The Python of the rooms and of the tests."""
        return {file: ast.parse(self.text(file), str(file)) for file in self.under(*ROOMS, "examples", "tests")}


@pytest.fixture(scope="session")
def tree() -> Tree:
    root = Path(__file__).parents[2]
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: git ls-files says what belongs to the tree")
    files = sorted(PurePosixPath(name) for name in listed.split("\0") if name)
    return Tree(root, tuple(file for file in files if Path(root, file).is_file()))
