"""`stratc pack test`: scenarios, clause coverage, mutation score, findings."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stratc.compiler.shell.cli.commands.pack import Names, chosen, pack_group
from stratc.compiler.shell.cli.options import Json, Packs
from stratc.compiler.shell.cli.output import in_color, print_json, print_text, width
from stratc.compiler.shell.cli.progress import progress_bar
from stratc.compiler.shell.exits import DONE, PROBLEMS
from stratc.compiler.shell.packs import load_all_packs

if TYPE_CHECKING:
    from stratc.compiler.judge.kit.mutation import Tried
    from stratc.compiler.judge.kit.testing import PackReport, RuleReport
    from stratc.compiler.judge.pack import ScenarioResult

THRESHOLD: Final = 95.0
Threshold = Annotated[
    float,
    typer.Option("--threshold", metavar="PERCENT", min=0, max=100, help="Mutants that scenarios must notice."),
]
Mutate = Annotated[
    bool, typer.Option("--mutate/--no-mutate", help="Change each rule in every small way and see who notices.")
]
All = Annotated[bool, typer.Option("--all", help="List what passed, and mutants that cannot be told from the rule.")]


def try_packs(
    names: Names = None,
    packs: Packs = None,
    threshold: Threshold = THRESHOLD,
    mutate: Mutate = True,
    everything: All = False,
    json: Json = False,
) -> None:
    """Run the scenarios of packs, and say what they leave open; exit 1 where a pack does not pass."""
    from stratc.compiler.judge.kit.testing import report_on

    least = Fraction(str(threshold)) / 100
    reports = []
    for pack in chosen(load_all_packs(packs or ()), names):
        with progress_bar(f"{pack.name}: mutants", unit="mutants") as advance:
            reports.append(report_on(pack, advance, mutating=mutate))
    passed = all(report.passes(least) for report in reports)
    if json:
        print_json({"ok": passed, "threshold": threshold, "packs": [document(each, least) for each in reports]})
    for report in () if json else reports:
        print_report(report, least, everything=everything)
    raise typer.Exit(DONE if passed else PROBLEMS)


# ── as text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def print_report(report: PackReport, least: Fraction, *, everything: bool) -> None:
    pack = report.pack
    count = sum(len(rule.scenarios) for rule in report.rules)
    print_text(f"{pack.name} {pack.version}: {count} scenarios")
    for rule in report.rules:
        print_rule(rule, everything=everything)
    if report.score is not None:
        print_text(f"  mutation score {percent(report.score)}, {percent(least)} wanted")
    print_text(f"  {'passed' if report.passes(least) else 'NOT PASSED'}")


def print_rule(report: RuleReport, *, everything: bool) -> None:
    from stratc.compiler.judge.kit.mutation import Fate
    from stratc.compiler.judge.kit.testing import bounds_said, question
    from stratc.dsl.render import render

    rule = report.rule
    failed = [each for each in report.scenarios if not each.passed]
    needed = len(report.covered) - len(report.uncovered)
    print_text(
        f"  {rule.id}: {len(report.scenarios) - len(failed)} of {len(report.scenarios)} scenarios, "
        f"{needed} of {len(report.covered)} clauses decisive, {counted(report.tried)}"
    )
    for outcome in report.scenarios:
        if everything or not outcome.passed:
            mark = "ok    " if outcome.passed else "FAILED"
            print_text(f"    {mark} {outcome.scenario}{': ' * bool(outcome.problem)}{outcome.problem}")
    for covered in report.uncovered:
        line, _ = rule.source.position(covered.clause.span.start)
        print_text(f"    line {line}: no scenario needs the {covered.clause.kind} clause `{covered.clause.name}`")
    for tried in report.of(Fate.SURVIVED):
        print_text(indented(question(rule, tried), "    "))
    for tried in report.of(Fate.EQUIVALENT) if everything else ():
        line, _ = rule.source.position(tried.mutant.span.start)
        print_text(f"    line {line}: {tried.mutant.old} for {tried.mutant.new} is not counted: {bounds_said(tried)}")
    if report.findings:
        found = [each.diagnostic() for each in report.findings]
        print_text(render(found, rule.source, color=in_color(), width=width()))


def counted(tried: tuple[Tried, ...]) -> str:
    from stratc.compiler.judge.kit.mutation import Fate

    if not tried:
        return "no mutants"
    number = {fate: sum(each.fate is fate for each in tried) for fate in Fate}
    told = f"{number[Fate.KILLED]} of {number[Fate.KILLED] + number[Fate.SURVIVED]} mutants noticed"
    return told + f" ({number[Fate.EQUIVALENT]} not told from the rule)" * bool(number[Fate.EQUIVALENT])


def percent(part: Fraction) -> str:
    return f"{float(part) * 100:.1f}%"


def indented(text: str, by: str) -> str:
    return "\n".join(f"{by}{line}" if line else "" for line in text.splitlines())


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def document(report: PackReport, least: Fraction) -> dict[str, object]:
    return {
        "pack": report.pack.name,
        "passed": report.passes(least),
        "mutation_score": None if report.score is None else round(float(report.score), 4),
        "scenarios": [scenario_document(each) for rule in report.rules for each in rule.scenarios],
        "rules": [rule_document(rule) for rule in report.rules],
    }


def scenario_document(result: ScenarioResult) -> dict[str, object]:
    return {key: getattr(result, key) for key in ("rule", "scenario", "line", "passed", "problem")}


def rule_document(report: RuleReport) -> dict[str, object]:
    source = report.rule.source
    clauses = [
        {
            "clause": each.clause.kind,
            "name": each.clause.name,
            "line": source.position(each.clause.span.start)[0],
            "decisive_in": each.scenario or None,
        }
        for each in report.covered
    ]
    findings = [each.diagnostic() for each in report.findings]
    return {
        "rule": report.rule.id,
        "clauses": clauses,
        "mutants": [mutant_document(report, each) for each in report.tried],
        "findings": [
            {
                "code": each.code,
                "severity": each.severity.value,
                "message": each.message,
                "line": source.position(each.span.start)[0],
            }
            for each in findings
        ],
    }


def mutant_document(report: RuleReport, tried: Tried) -> dict[str, object]:
    from stratc.compiler.judge.kit.mutation import Fate
    from stratc.compiler.judge.kit.testing import bounds_said, question

    asked = question(report.rule, tried) if tried.fate is Fate.SURVIVED else None
    return {
        "change": tried.mutant.change.value,
        "old": tried.mutant.old,
        "new": tried.mutant.new,
        "line": report.rule.source.position(tried.mutant.span.start)[0],
        "fate": tried.fate.value,
        "noticed_by": tried.scenario or None,
        "question": asked,
        "bounds": bounds_said(tried) if tried.fate is Fate.EQUIVALENT else None,
    }


def register(app: typer.Typer) -> None:
    pack_group(app).command("test")(try_packs)
