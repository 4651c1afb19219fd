"""Does every store do what the port promises? The shipped conformance kit over SQLite."""

from __future__ import annotations

import pytest

from stratc.runtime.testing.check_journal import CHECKS
from tests.journal.making import open_in


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_sqlite(check, tmp_path):
    check(lambda day: open_in(tmp_path / "journal", day=day))
