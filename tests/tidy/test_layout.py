"""The top level is fixed, and every room says what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = {
    "README.md", "pyproject.toml", "Makefile", "LICENSE", "NOTICE",
    "dsl", "compiler", "runtime", "rules", "examples", "tests",
}  # fmt: skip
HEADINGS = ("Purpose", "Map", "Invariants", "To add one")
# The four rooms, the tests, and the folders where one new file is one new thing.
WITH_README = (
    "dsl", "dsl/stdlib", "compiler", "rules",
    "runtime", "runtime/brokers", "runtime/feeds", "runtime/journal", "runtime/reports", "tests",
)  # fmt: skip
MODULES_BANNED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "manager",
    "handler",
    "processor",
    "core",
}

pytestmark = pytest.mark.fast


def test_the_top_level_is_fixed(tree):
    top = {file.parts[0] for file in tree.files}
    assert {name for name in top if not name.startswith(".")} == TOP


def test_every_room_says_what_it_is(tree):
    problems = []
    for folder in WITH_README:
        if not any(file.is_relative_to(folder) for file in tree.files):
            continue
        page = Path(tree.root, folder, "README.md")
        lines = page.read_text(encoding="utf-8").splitlines() if page.exists() else []
        missing = [heading for heading in HEADINGS if f"## {heading}" not in lines]
        if missing:
            problems.append(f"{folder}/README.md lacks the section(s) {', '.join(missing)}")
    assert not problems, "\n".join(problems)


def test_no_module_has_a_name_that_says_nothing(tree):
    named = [file for file in tree.files if file.suffix in {".py", ".pyx", ".pxd"}]
    vague = [str(file) for file in named if MODULES_BANNED & {file.stem, *file.parent.parts}]
    assert not vague, f"name these after what they hold: {vague}"


def test_rules_contain_no_python(tree):
    assert [str(file) for file in tree.under("rules")] == ["rules/__init__.py"]


def test_a_package_is_found_by_the_installer(tree):
    """A folder with Python but without __init__.py imports in the checkout and is missing from the wheel."""
    rooms = tree.under("dsl", "compiler", "runtime", "rules", suffixes=(".py", ".pxd", ".lark"))
    lost = {str(file.parent) for file in rooms if file.parent / "__init__.py" not in tree.files}
    assert not lost, f"add __init__.py to {sorted(lost)}"


def test_nothing_of_a_merge_is_left(tree):
    """A line that a merge could not settle, in any file that is text."""
    marks = re.compile(rb"^(?:<{7} |>{7} |={7}$)", re.MULTILINE)
    assert [str(file) for file in tree.files if marks.search(Path(tree.root, file).read_bytes())] == []
