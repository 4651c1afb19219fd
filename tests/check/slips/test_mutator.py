"""Every slip that the mutator offers is rejected with one error, or is listed as another good program."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratc.dsl.diagnostic import Severity, has_errors
from tests.check.programs import compiled
from tests.check.slips.legal import LEGAL, why_legal
from tests.check.slips.mutator import Slip, slips
from tests.check.slips.programs import program
from tests.check.slips.table import bases

ROOT = Path(__file__).parents[3]
SEEDS = (0, 1, 2, 3, 14)
FOLDERS = ("examples/*/strategy.strat", "tests/syntax/good/*.strat")
FILES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for form in FOLDERS for path in ROOT.glob(form)}
TABLES = bases(Path(__file__).with_name("slips.md").read_text(encoding="utf-8"))
PROGRAMS = (
    FILES | {f"base {at}": base.text for at, base in enumerate(TABLES)} | {f"seed {n}": program(n) for n in SEEDS}
)
DISTINCT = {text: name for name, text in sorted(PROGRAMS.items())}
WELL_TYPED = {name: text for text, name in DISTINCT.items() if not has_errors(compiled(text).diagnostics)}
SLIPS_MIN = 150

pytestmark = pytest.mark.fast


def offered(name: str) -> tuple[Slip, ...]:
    return tuple(slips(compiled(WELL_TYPED[name])))


def errors_of(name: str, slip: Slip) -> list[str]:
    found = compiled(slip.applied(WELL_TYPED[name])).diagnostics
    return [f"{one.code} {one.message}" for one in found if one.severity is Severity.ERROR]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_made_is_well_typed(seed):
    assert not [f"{one.code} {one.message}" for one in compiled(program(seed)).diagnostics]


@pytest.mark.parametrize("name", WELL_TYPED)
def test_every_slip_is_one_error_or_another_program(name):
    wrong = []
    for slip in offered(name):
        told = errors_of(name, slip)
        if len(told) != 1 and why_legal(slip) is None:
            wrong.append((slip.kind, slip.place, slip.beside, f"{slip.before} → {slip.after}", told))
    assert wrong == []


def test_every_exception_is_needed():
    used = {
        entry.name
        for name in WELL_TYPED
        for slip in offered(name)
        if (entry := why_legal(slip)) is not None and not errors_of(name, slip)
    }
    assert used == {entry.name for entry in LEGAL}


def test_there_is_much_to_slip_on():
    assert sum(len(offered(name)) for name in WELL_TYPED) >= SLIPS_MIN
