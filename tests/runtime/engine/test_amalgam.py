"""The engine's modules become one translation unit, so a name is defined in one of them only."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from stratc.runtime.artefact.engine_text import engine_text

pytestmark = pytest.mark.fast


def defined_twice(texts):
    names = Counter(name for text in texts for name in set(re.findall(r"^(?:def|class) (\w+)", text, re.MULTILINE)))
    return sorted(name for name, times in names.items() if times > 1)


def test_a_name_is_defined_once():
    engine = engine_text()
    assert not defined_twice(text for name, text in (*engine.modules, *engine.beside) if name != "quantize")


def test_a_second_definition_is_found():
    assert defined_twice(["def close(i):\n    pass\n", "def close(i):\n    pass\n"]) == ["close"]
