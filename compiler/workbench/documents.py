"""Results as the JSON documents that the command line promises: keys never change or vanish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stratc.compiler.workbench.checking import CheckReport
from stratc.dsl.formats import to_json


def check_document(reports: Sequence[CheckReport]) -> dict[str, Any]:
    """`check --json`. `bounds` are those of the one file; of several, each key is None unless all files agree."""
    return {
        "ok": all(report.ok for report in reports),
        "diagnostics": [to_json(each, report.source) for report in reports for each in report.diagnostics],
        "verdicts": [verdict.as_json() for report in reports for verdict in _verdicts(report)],
        "bounds": _bounds(reports),
        "assumptions": list(dict.fromkeys(line for report in reports for line in report.assumptions)),
    }


def _verdicts(report: CheckReport) -> Sequence[Any]:
    return () if report.judgement is None else report.judgement.verdicts


BOUNDS = (
    "leverage_max",
    "gross_exposure_max",
    "position_max",
    "orders_per_second_max",
    "committed_capital_max",
    "planned_loss_per_session",
    "critical_gap",
)


def _bounds(reports: Sequence[CheckReport]) -> dict[str, float | None]:
    each = [report.judgement.bounds.as_json() for report in reports if report.judgement is not None]
    return {key: each[0][key] if each and all(one[key] == each[0][key] for one in each) else None for key in BOUNDS}
