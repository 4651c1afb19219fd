"""A text that was built before leads straight to its build; anything that changed leads nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stratc.compiler.build import recall as recalling
from stratc.compiler.build.cache import keep
from stratc.compiler.build.recall import recall, remember, source_key
from stratc.compiler.build.toolchain import Toolchain
from tests.build.folders import write_folder

TOOLS = Toolchain(command=("cc",), stamp="one")
DIGEST = "ab" * 32

pytestmark = pytest.mark.fast


def test_a_key_leads_to_its_build(tmp_path):
    keep(tmp_path, DIGEST, write_folder)
    remember(tmp_path, "key", DIGEST)
    assert recall(tmp_path, "key") == tmp_path / DIGEST
    assert recall(tmp_path, "other") is None


@pytest.mark.parametrize("content", ["", "../../etc", "ab", "é" * 64])
def test_a_broken_key_leads_nowhere(tmp_path, content):
    keep(tmp_path, DIGEST, write_folder)
    remember(tmp_path, "key", DIGEST)
    (tmp_path / recalling.KEYS / "key").write_text(content, encoding="utf-8")
    assert recall(tmp_path, "key") is None


def test_a_key_to_a_damaged_build_leads_nowhere(tmp_path):
    keep(tmp_path, DIGEST, write_folder)
    remember(tmp_path, "key", DIGEST)
    (tmp_path / DIGEST / "strategy.pyx").write_bytes(b"")
    assert recall(tmp_path, "key") is None


def test_without_a_cache_nothing_is_remembered(tmp_path):
    (tmp_path / "file").touch()
    remember(tmp_path / "file", "key", DIGEST)
    assert recall(tmp_path / "file", "key") is None


def test_what_changes_a_build_changes_its_key(monkeypatch):
    keys = [
        source_key("text", ("a",), TOOLS, optimize=False),
        source_key("text", ("a",), TOOLS, optimize=True),
        source_key("text ", ("a",), TOOLS, optimize=False),
        source_key("text", ("a", ""), TOOLS, optimize=False),
        source_key("texta", (), TOOLS, optimize=False),
        source_key("text", ("a",), replace(TOOLS, stamp="two"), optimize=False),
    ]
    monkeypatch.setattr(recalling, "own_stamp", lambda: "edited")
    keys.append(source_key("text", ("a",), TOOLS, optimize=False))
    assert len(set(keys)) == len(keys)
