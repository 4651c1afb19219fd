"""Every slip that the mutator offers is rejected with one error, or is listed as another good program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from stratc.compiler.workbench import with_blocks
from stratc.dsl.diagnostic import Severity, has_errors
from stratc.dsl.source import Source
from tests.check.programs import compiled
from tests.check.slips.legal import LEGAL, why_legal
from tests.check.slips.mutator import Slip, slips
from tests.check.slips.programs import program
from tests.check.slips.table import bases

ROOT = Path(__file__).parents[3]
SURVIVORS = Path(__file__).with_name("survivors.md")
SEEDS = (1, 2, 14)
FOLDERS = ("examples/*/strategy.strat", "tests/check/strategies/*.strat")


def read_whole(path: Path) -> str:
    """The text of a strategy with the blocks that it uses behind it."""

    def block(name: str) -> str:
        return (path.parent / name).read_text(encoding="utf-8")

    return with_blocks(Source(path.name, path.read_text(encoding="utf-8")), block).text


FILES = {str(path.relative_to(ROOT)): read_whole(path) for form in FOLDERS for path in ROOT.glob(form)}
TABLES = {
    f"{name} {at}": base.text
    for name in ("slips.md", "constructs.md")
    for at, base in enumerate(bases(Path(__file__).with_name(name).read_text(encoding="utf-8")))
}
PROGRAMS = FILES | TABLES | {f"seed {number}": program(number) for number in SEEDS}
DISTINCT = {text: name for name, text in sorted(PROGRAMS.items())}
WELL_TYPED = {name: text for text, name in DISTINCT.items() if not has_errors(compiled(text).diagnostics)}
SLIPS_MIN = 2_000
# Told at every rule that it concerns: two that face each other may each meet the position of the other.
AT_EVERY_RULE = "T324"


@cache
def outcomes(name: str) -> tuple[tuple[Slip, tuple[str, ...]], ...]:
    """Every slip that a program offers, with the errors that it gives."""
    offered = slips(compiled(WELL_TYPED[name]))
    return tuple((slip, errors_of(slip.applied(WELL_TYPED[name]))) for slip in offered)


def errors_of(text: str) -> tuple[str, ...]:
    found = compiled(text).diagnostics
    return tuple(f"{one.code} {one.message}" for one in found if one.severity is Severity.ERROR)


def survivors() -> str:
    """The page of survivors: how many slips were offered and rejected, and each that was not, under its reason."""
    found = [each for name in WELL_TYPED for each in outcomes(name)]
    legal = [slip for slip, told in found if not told]
    page = (
        "# Slips that make another good program\n\n"
        f"The mutator offers {len(found):_} slips of {len(WELL_TYPED)} programs. {len(found) - len(legal):_} are "
        f"rejected with one error each;\n{len(legal):_} make another good program, and this is why. Written by "
        "`pytest tests/check/slips --accept`; what no entry of `legal.py`\ncovers fails the suite.\n"
    )
    for entry in LEGAL:
        lines = sorted({_line(slip) for slip in legal if why_legal(slip) is entry})
        page += f"\n## {entry.name}\n\n{entry.reason}.\n\n" + "".join(f"- {line}\n" for line in lines)
    return page


def _line(slip: Slip) -> str:
    beside = slip.beside if len(slip.beside) <= 80 else f"{slip.beside[:79]}…"
    after = " ".join(slip.after.split())
    return f"`{' '.join(slip.before.split())}` → {f'`{after}`' if after else 'nothing'} in `{beside}`"


def is_one_error(slip: Slip, told: tuple[str, ...]) -> bool:
    """A binding of another unit is told wherever it is read of another instrument, since only there it is wrong."""
    codes = {each[:4] for each in told}
    return len(set(told)) == 1 or codes == {AT_EVERY_RULE} or (slip.place == "let" and codes == {"T301", "T363"})


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_made_is_well_typed(seed):
    assert not [f"{one.code} {one.message}" for one in compiled(program(seed)).diagnostics]


def test_every_example_is_slipped_on():
    assert {DISTINCT[text] for text in FILES.values()} <= set(WELL_TYPED)


@pytest.mark.parametrize("name", WELL_TYPED)
def test_every_slip_is_one_error_or_another_program(name):
    wrong = [
        (slip.kind, slip.place, slip.beside, f"{slip.before} → {slip.after}", told)
        for slip, told in outcomes(name)
        if not (is_one_error(slip, told) or (not told and why_legal(slip) is not None))
    ]
    assert wrong == []


def test_every_exception_is_needed():
    found = (slip for name in WELL_TYPED for slip, told in outcomes(name) if not told)
    used = {entry.name for slip in found if (entry := why_legal(slip)) is not None}
    assert used == {entry.name for entry in LEGAL}


def test_there_is_much_to_slip_on():
    assert sum(len(outcomes(name)) for name in WELL_TYPED) >= SLIPS_MIN


def test_the_survivors_are_listed(accept):
    found = survivors()
    if accept:
        SURVIVORS.write_text(found, encoding="utf-8")
    assert found == SURVIVORS.read_text(encoding="utf-8")
