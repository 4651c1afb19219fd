"""`stratc compile`: one self-contained artefact."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.cli.diagnostics import show_diagnostics
from stratc.compiler.shell.cli.dossiers import Dossiers, refuse_other_forms, write_dossiers
from stratc.compiler.shell.cli.options import Account, AsOf, Json, KnownAt, Packs, StrategyFile
from stratc.compiler.shell.cli.output import in_color, print_json, print_text, say
from stratc.compiler.shell.exits import DONE, PROBLEMS, Refused
from stratc.compiler.shell.packs import load_locked_packs
from stratc.compiler.shell.reading import STDIN, read_date, read_day, read_instruments, read_profile

if TYPE_CHECKING:
    from stratc.compiler.ir.nodes import Program
    from stratc.compiler.workbench import CheckReport, Law

Out = Annotated[
    Path | None, typer.Option("-o", "--out", metavar="OUT", help="The artefact's folder; FILE's name if not given.")
]
BacktestOnly = Annotated[
    bool, typer.Option("--backtest-only", help="Compile in spite of a violation, labelled so on every page.")
]
Live = Annotated[
    bool,
    typer.Option("--live", help="Refuse what leaves a risk open that nobody wrote down or accepted by name."),
]
Accept = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="NAME", help="Accept an open risk by its name, as A-no-stop-loss; repeatable."),
]
Optimize = Annotated[bool, typer.Option("--optimize", help="Compile with -O3 instead of -O1.")]


def compile_file(
    file: StrategyFile,
    out: Out = None,
    account: Account = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    backtest_only: BacktestOnly = False,
    live: Live = False,
    accept: Accept = None,
    packs: Packs = None,
    optimize: Optimize = False,
    dossier: Dossiers = None,
    json: Json = False,
) -> None:
    """Compile a strategy to an artefact: source, verdicts, generated Cython, machine code, digests."""
    from stratc.compiler.workbench import Law

    refuse_other_forms(dossier)
    law = Law(packs=load_locked_packs(packs or (), [file]), as_of=read_date(as_of), known_at=read_day(known_at))
    report = check_for_compiling(file, account, law)
    show_diagnostics(report.diagnostics, report.source)
    if report.compilation.program is None:
        raise typer.Exit(PROBLEMS)
    refuse_violation(report, backtest_only=backtest_only)
    accepted = tuple(accept or ())
    refuse_risks(report.compilation.program, accepted, live=live, backtest_only=backtest_only)
    folder = out or Path("strategy" if file == STDIN else file.with_suffix(".artefact").name)
    digest = write(report, law, folder, optimize=optimize, backtest_only=backtest_only, accepted=accepted)
    write_dossiers(dossier, report, law, read_profile(account, None if file == STDIN else file), digest)
    if json:
        print_json({"ok": True, "artefact": str(folder), "artefact_digest": digest})
    else:
        say(f"artefact: {folder}")
        print_text(digest)
    raise typer.Exit(DONE)


def check_for_compiling(file: Path, account: Path | None, law: Law) -> CheckReport:
    from stratc.compiler import workbench
    from stratc.compiler.shell.kept_searches import KeptSearches

    source = read_strategy(file)
    beside = None if file == STDIN else file
    profile = read_profile(account, beside)
    return workbench.check(
        source, law, profile, instruments=read_instruments(profile, account, beside), kept=KeptSearches()
    )


def refuse_violation(report: CheckReport, *, backtest_only: bool) -> None:
    """Nothing that breaks a rule, or was never judged, becomes more than a backtest."""
    from stratc.compiler.reports.verdicts import show_judgement

    if backtest_only:
        return
    if report.judgement is None:
        raise Refused(
            "no account is given, so no rule was judged", "name one with --account, or add --backtest-only", PROBLEMS
        )
    if report.judgement.violated:
        say(show_judgement(report.judgement, color=in_color()))
        rules = ", ".join(verdict.rule for verdict in report.judgement.violated)
        raise Refused(f"{rules} is violated: no artefact was made", "mend it, or add --backtest-only", PROBLEMS)
    if report.unlocated:
        rules = ", ".join(f"`{problem.rule}`" for problem in report.unlocated)
        raise Refused(
            f"{rules} sells short without a locate: no artefact was made (17 CFR 242.203(b)(1))",
            "write `after locate`, or add --backtest-only",
            PROBLEMS,
        )


def refuse_risks(program: Program, accepted: tuple[str, ...], *, live: bool, backtest_only: bool) -> None:
    """Nothing goes live with a risk that is neither written in its text nor accepted by name."""
    strange = [name for name in accepted if name not in program.risks]
    if strange:
        said = f"this text leaves open {', '.join(program.risks)}" if program.risks else "this text leaves none open"
        raise Refused(f"--accept {', '.join(strange)}: no such risk is open", said)
    if live and backtest_only:
        raise Refused("--live and --backtest-only exclude each other", "leave one out")
    left = [each for each in program.assumptions if each.risk_bearing and each.id not in accepted]
    if live and left:
        for each in left:
            say(f"{each.id}: {each.text}")
        names = " ".join(f"--accept {name}" for name in dict.fromkeys(each.id for each in left))
        raise Refused(
            f"{len(left)} of what the text leaves open a live run must not: no artefact was made",
            f"write it down in the text, or accept it by name: {names}",
            PROBLEMS,
        )


def write(
    report: CheckReport,
    law: Law,
    folder: Path,
    *,
    optimize: bool,
    backtest_only: bool,
    accepted: tuple[str, ...],
) -> str:
    """Build, copy to its place, and give the artefact's digest; a refusal where a tool or the disk is in the way."""
    from stratc.compiler import workbench

    built = workbench.compile_artefact(
        report, law, folder, optimize=optimize, backtest_only=backtest_only, accepted=accepted
    )
    if isinstance(built, str):
        return built
    told = built.diagnostic()
    reasons = ": ".join((told.message, *told.notes))
    raise Refused(f"{reasons} [{told.code}]", " ".join(told.helps))


def register(app: typer.Typer) -> None:
    app.command("compile")(compile_file)
