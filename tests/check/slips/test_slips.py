"""Units cannot be slipped: every slip of the tables is one message in its place, whose help says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.programs import compiled
from tests.check.slips.table import ADVICE_ONLY, Row, bases, told, written

SLIPS = Path(__file__).with_name("slips.md")
BASES = tuple(bases(SLIPS.read_text(encoding="utf-8")))
ROWS = tuple(row for base in BASES for row in base.rows)

pytestmark = pytest.mark.fast


def test_every_slip_is_told_as_recorded(accept):
    text = SLIPS.read_text(encoding="utf-8")
    found = text
    for base in reversed(BASES):
        found = found[: base.span[0]] + written(base) + found[base.span[1] :]
    if accept:
        SLIPS.write_text(found, encoding="utf-8")
    assert found == text
