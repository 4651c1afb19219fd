"""Violated rules as diagnostics, for the formats that know nothing of verdicts (SARIF, GitHub)."""

from __future__ import annotations

from stratc.compiler.judge.verdict import Verdict
from stratc.compiler.workbench.checking import CheckReport
from stratc.compiler.workbench.diagnostics import RuleViolated
from stratc.dsl.diagnostic import Diagnostic
from stratc.dsl.source import Span


def as_diagnostics(report: CheckReport) -> tuple[Diagnostic, ...]:
    """One diagnostic for each violated rule, placed at the strategy's title."""
    if report.judgement is None:
        return ()
    return tuple(_violated(verdict, report) for verdict in report.judgement.violated)


def _violated(verdict: Verdict, report: CheckReport) -> Diagnostic:
    first = report.compilation.tree.statements[0].span if report.compilation.tree.statements else Span(0, 0)
    trace = verdict.counterexample.summary if verdict.counterexample is not None else verdict.because
    problem = RuleViolated(
        span=first, rule=verdict.rule, citation=verdict.citation, trace=trace, remedies=verdict.remedies
    )
    return problem.diagnostic()
