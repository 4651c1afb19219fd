"""Nothing in the tree knows the machine it was written on, and every text file is plain UTF-8 with Unix line ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BINARY = {".parquet", ".png", ".gz", ".zip", ".ico"}
VENDORED = "vendor"
# Folders of people and of build machines; in pieces, so that this file does not find itself.
HOMES = "|".join(("home", "root", "Users", "work", "workspace", "builds"))
MACHINE_PATH = re.compile(rf"(?<![\w.~/*-])/(?:{HOMES})/[\w.-]+|\b[A-Z]:\\\\?Users\b")

pytestmark = pytest.mark.fast


def test_no_text_names_a_path_of_one_machine(tree):
    found = []
    for file in tree.files:
        if file.suffix in BINARY or VENDORED in file.parts:
            continue
        for number, line in enumerate(tree.text(file).splitlines(), 1):
            found += [f"{file}:{number} {match.group()}" for match in MACHINE_PATH.finditer(line)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", ["/home/" + "ann/x.csv", "open('/root/" + "data')", "C:" + "\\Users\\ann"])
def test_a_machine_path_is_found(text):
    assert MACHINE_PATH.search(text)


def test_text_files_have_unix_line_ends(tree):
    crlf = [
        str(file)
        for file in tree.files
        if file.suffix not in BINARY and b"\r\n" in Path(tree.root, file).read_bytes() and "bad" not in file.parts
    ]
    assert not crlf
