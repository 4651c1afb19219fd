"""Units cannot be slipped: every slip of the tables is one message in its place, whose help says what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.check.programs import compiled
from tests.check.slips.table import ADVICE_ONLY, Row, bases, told, written

TABLES = tuple(Path(__file__).with_name(name) for name in ("slips.md", "constructs.md"))
BASES = tuple(base for path in TABLES for base in bases(path.read_text(encoding="utf-8")))
ROWS = tuple(row for base in BASES for row in base.rows)
SLIPS_MIN = 600

# Where no proposal of the help mends the program in the place of the message, and why.
ADVISED = {
    "T301": "the slip is in the binding that is compared, and the message is where it clashes",
    "T302": "the same for a sum, or the sum is right for another unit that the rest of the program does not ask for",
    "T303": "a product of two units has no nearest formula: what was to be measured is the author's to say",
    "T307": "the same beside a number that has no unit at all: the help says what a step of the instrument is",
    "T308": "the unit of the instrument is proposed, and a quantity has no place in a price at all",
    "T312": "two arguments have changed places, and the help speaks of the first that is wrong",
    "T345": "an amount in ticks belongs to what is traded: another instrument gives a series and no amount",
    "T361": "a condition of each instrument stands in another clause, and the help says in which",
}

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_slip_is_told_as_recorded(path, accept):
    text = path.read_text(encoding="utf-8")
    found = text
    for base in reversed(tuple(bases(text))):
        found = found[: base.span[0]] + written(base) + found[base.span[1] :]
    if accept:
        path.write_text(found, encoding="utf-8")
    assert found == text


def test_the_bases_are_well_typed():
    assert [compiled(base.text).diagnostics for base in BASES] == [()] * len(BASES)


def test_there_are_enough_and_each_is_one_slip():
    assert len({row.text() for row in ROWS}) == len(ROWS) >= SLIPS_MIN
    assert [row.meant for row in ROWS if row.base.count(row.meant) != 1] == []


def test_every_slip_is_one_error_that_says_what_to_write():
    for row in ROWS:
        code, at, advice, _ = row.recorded
        assert re.fullmatch(r"[TCNS]\d{3}", code), row
        assert at.strip("`")
        assert "`" in advice, row


def test_what_the_help_proposes_mends_the_program():
    advised = [row for row in ROWS if row.recorded[3] == ADVICE_ONLY]
    assert {row.recorded[0] for row in advised} == set(ADVISED)
    assert len(advised) <= len(ROWS) // 20


def test_a_slip_that_compiles_is_found():
    row = Row(base=BASES[0].text, meant="let fast = sma(close, 20)", slipped="let fast = sma(close, 21)", recorded=())
    assert told(row)[0].startswith("0 messages")
