"""`stratc check`: parse, type-check, judge against the packs in force."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.cli.dossiers import Dossiers, refuse_other_forms, write_dossiers
from stratc.compiler.shell.cli.fixing import fix_file
from stratc.compiler.shell.cli.options import Account, AsOf, Json, KnownAt, Packs
from stratc.compiler.shell.cli.output import ended, in_color, json_text, print_text, width
from stratc.compiler.shell.exits import DONE, PROBLEMS, Refused
from stratc.compiler.shell.packs import load_locked_packs
from stratc.compiler.shell.reading import STDIN, read_date, read_day, read_instruments, read_profile
from stratc.compiler.shell.together import one_account, read_all, together_or_refuse
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.judge.values.asking import Deep
    from stratc.compiler.workbench import CheckReport, Law
    from stratc.dsl.diagnostic import Diagnostic


# Seconds of CPU that a search may take.
BUDGET: Final = 2.0
BUDGET_DEEP: Final = 20.0


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Strategy files; - reads stdin.")]
As = Annotated[Format, typer.Option("--format", help="How to print what was found.")]
Fast = Annotated[bool, typer.Option("--fast", help="Leave out the search for counterexamples.")]
Fix = Annotated[bool, typer.Option("--fix", help="Apply every safe fix first, and say what was done.")]
Diff = Annotated[
    bool, typer.Option("--diff", help="Show what the safe fixes change; without --fix nothing is written.")
]
Together = Annotated[
    bool, typer.Option("--together", help="Judge the files as one account: what they hold and order adds up.")
]
Budget = Annotated[
    float | None,
    typer.Option(
        "--budget",
        metavar="SECONDS",
        min=0.1,
        max=3600,
        help="CPU time of the search per strategy: 2 if not given, with --deep 20.",
    ),
]
Deeper = Annotated[bool, typer.Option("--deep", help="Also prove rules about money, with z3, and search longer.")]
MovesWithin = Annotated[
    float | None,
    typer.Option(
        "--moves-within",
        metavar="PERCENT",
        min=0.01,
        max=50,
        help="With --deep: take for granted that no price is further from the close of the bar before.",
    ),
]
Horizon = Annotated[
    int | None,
    typer.Option(
        "--horizon", metavar="SESSIONS", min=1, max=250, help="How far the search looks ahead; 20 if not given."
    ),
]


def check_files(
    files: Files,
    account: Account = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: As = Format.TEXT,
    fast: Fast = False,
    budget: Budget = None,
    deep: Deeper = False,
    moves_within: MovesWithin = None,
    horizon: Horizon = None,
    packs: Packs = None,
    fix: Fix = False,
    diff: Diff = False,
    dossier: Dossiers = None,
    together: Together = False,
    json: Json = False,
) -> None:
    """Parse, type-check and judge strategies; exit 1 where there is an error or a violated rule."""
    from stratc.compiler.shell.kept_answers import keep_answer, places_of, question

    format = Format.JSON if json else format
    refuse_other_forms(dossier)
    if dossier and len(files) > 1:
        raise Refused("a dossier is of one strategy", "check the files one by one")
    together = together and len(files) > 1
    if together and (fix or diff):
        raise Refused("`--together` judges files and mends none", "run `--fix` on them without it")
    refuse_apart(fast=fast, deep=deep, moves_within=moves_within, horizon=horizon)
    day, known = read_date(as_of), read_day(known_at)

    # What does more than answer is done each time.
    asked = None if fix or diff or dossier or deep else question(sys.argv[1:], color=in_color(), width=width())
    places = None if asked is None else places_of(files, account, packs or ())
    shown = diff and format is Format.TEXT
    fixes = [fix_file(path, account, write=fix, show=shown) for path in files] if fix or diff else []
    from stratc.compiler.workbench import Law

    law = Law(packs=load_locked_packs(packs or (), files), as_of=day, known_at=known)
    effort = effort_of(fast=fast, budget=budget, deep=deep, moves_within=moves_within, horizon=horizon)
    if together:
        reports = check_together(files, account, law, effort)
    else:
        reports = [check_in_time(path, account, law, effort) for path in files]
    text = told(reports, format, fixes)
    print_text(text)
    if asked is not None and places is not None:
        keep_answer(asked, places, reports, text)
    if dossier:
        write_dossiers(dossier, reports[0], law, read_profile(account, None if files[0] == STDIN else files[0]))
    raise typer.Exit(DONE if all(report.ok for report in reports) else PROBLEMS)


def refuse_apart(*, fast: bool, deep: bool, moves_within: float | None, horizon: int | None) -> None:
    """Raises `Refused` where an option means nothing beside another."""
    if fast and (deep or horizon is not None):
        raise Refused("`--fast` leaves out what `--deep` and `--horizon` are about", "leave one of them out")
    if moves_within is not None and not deep:
        raise Refused("`--moves-within` is what proofs about money take for granted", "add `--deep`")


@record
class Effort:
    """How much is done to decide the rules."""

    fast: bool
    budget_seconds: float
    deep: Deep | None
    horizon: int | None


def effort_of(
    *, fast: bool, budget: float | None, deep: bool, moves_within: float | None, horizon: int | None
) -> Effort:
    """The options together."""
    from stratc.compiler.judge.values.asking import Deep

    within = None if moves_within is None else Fraction(str(moves_within)) / 100
    return Effort(
        fast=fast,
        budget_seconds=budget if budget is not None else BUDGET_DEEP if deep else BUDGET,
        deep=Deep(moves_within=within) if deep else None,
        horizon=horizon,
    )


def check_in_time(path: Path, account: Path | None, law: Law, effort: Effort) -> CheckReport:
    """Checked; on a terminal, what takes minutes says that it is under way, and how long it took."""
    from stratc.compiler.shell.cli.output import say

    shown = effort.deep is not None and sys.stderr.isatty()
    started = time.monotonic()
    if shown:
        say(f"{path}: proving and searching in depth, which takes a minute or more …")
    report = check_file(path, account, law, effort)
    if shown:
        say(f"{path}: {time.monotonic() - started:.0f} seconds")
    return report


def check_file(path: Path, account: Path | None, law: Law, effort: Effort) -> CheckReport:
    from stratc.compiler import workbench
    from stratc.compiler.shell.kept_searches import KeptSearches

    source = read_strategy(path)
    beside = None if path == STDIN else path
    profile = read_profile(account, beside)
    instruments = read_instruments(profile, account, beside)
    return workbench.check(
        source,
        law,
        profile,
        instruments=instruments,
        budget_seconds=effort.budget_seconds,
        fast=effort.fast,
        kept=KeptSearches(),
        deep=effort.deep,
        horizon=effort.horizon,
    )


def check_together(files: list[Path], account: Path | None, law: Law, effort: Effort) -> list[CheckReport]:
    """The one report of all files; where some have errors of their own, those of each of these alone."""
    from stratc.compiler import workbench
    from stratc.compiler.shell.kept_searches import KeptSearches

    profile = read_profile(account, one_account(files, account))
    instruments = read_instruments(profile, account, files[0])
    sources = read_all(files)
    alone = [workbench.check(source, law, None, instruments=instruments, fast=True) for source in sources]
    if wrong := [report for report in alone if report.compilation.program is None]:
        return wrong
    report = workbench.check(
        together_or_refuse(sources),
        law,
        profile,
        instruments=instruments,
        budget_seconds=effort.budget_seconds,
        fast=effort.fast,
        kept=KeptSearches(),
        together=True,
        deep=effort.deep,
        horizon=effort.horizon,
    )
    return [report]


def told(reports: list[CheckReport], format: Format, fixes: list[dict[str, Any]]) -> str:
    """What is printed of reports."""
    match format:
        case Format.TEXT:
            return "".join(told_of(report) for report in reports)
        case Format.JSON:
            from stratc.compiler.workbench.documents import check_document

            return json_text(check_document(reports) | ({"fixes": fixes} if fixes else {}))
        case Format.SARIF:
            return told_in_sarif(reports)
        case Format.GITHUB:
            from stratc.dsl.formats import to_github

            found = [(report.source, each) for report in reports for each in all_found(report)]
            return "".join(ended(to_github(each, source)) for source, each in found)


def told_of(report: CheckReport) -> str:
    from stratc.compiler.reports.verdicts import show_judgement
    from stratc.dsl.render import render

    shown = ""
    if report.diagnostics:
        shown += ended(render(report.diagnostics, report.source, color=in_color(), width=width()))
    if report.judgement is not None:
        shown += ended(f"{report.source.name}\n{show_judgement(report.judgement, color=in_color())}")
    elif not report.diagnostics:
        shown += f"{report.source.name}: no problems\n"
    return shown


def told_in_sarif(reports: list[CheckReport]) -> str:
    from importlib.metadata import version

    from stratc.compiler.reports.pages import problems
    from stratc.dsl.formats import to_sarif

    found = [(report.source, each) for report in reports for each in all_found(report)]
    return json_text(to_sarif(found, tuple(problems().values()), version("stratc")))


def all_found(report: CheckReport) -> list[Diagnostic]:
    """Diagnostics, and each violated rule as a diagnostic of its own."""
    from stratc.compiler.workbench.verdict_diagnostics import as_diagnostics

    return [*report.diagnostics, *as_diagnostics(report)]


def register(app: typer.Typer) -> None:
    app.command("check")(check_files)
