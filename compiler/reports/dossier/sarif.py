"""The dossier as a SARIF 2.1.0 log: one result for every rule, passed ones and those that do not apply too."""

from __future__ import annotations

from typing import Any, Final

from stratc.compiler.judge.verdict import Status
from stratc.compiler.reports.dossier.content import Dossier, Evidence
from stratc.dsl.formats import SARIF_SCHEMA

# What a result is (SARIF 3.27.9), and how bad; only a failure may have a level (3.27.10).
KINDS: Final = {
    Status.VIOLATED: ("fail", "error"),
    Status.GUARDED: ("review", "none"),
    Status.PROVED: ("pass", "none"),
    Status.WAIVED: ("fail", "warning"),
    Status.NOT_APPLICABLE: ("notApplicable", "none"),
}


def to_sarif(dossier: Dossier) -> dict[str, Any]:
    rules = [
        {
            "id": each.verdict.rule,
            "shortDescription": {"text": each.title},
            "fullDescription": {"text": each.requirement or each.title},
            "properties": {"citation": each.verdict.citation, "authority": each.verdict.authority},
        }
        for each in dossier.evidence
    ]
    driver = {"name": "stratc", "version": dossier.stratc_version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index, dossier) for index, each in enumerate(dossier.evidence)],
        "properties": {
            "asOf": dossier.as_of.isoformat(),
            "textSha256": dossier.text_digest,
            "packs": [f"{pack.id} {pack.version} {pack.digest}" for pack in dossier.packs],
            "assumptions": list(dossier.assumptions),
        },
    }
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(each: Evidence, index: int, dossier: Dossier) -> dict[str, Any]:
    kind, level = KINDS[each.verdict.status]
    lines = [line.number for line in each.lines] or [1]
    result: dict[str, Any] = {
        "ruleId": each.verdict.rule,
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": {"text": f"{each.verdict.status.value}: {each.verdict.because}"},
        "locations": [_place(dossier.file, line) for line in lines],
    }
    if each.verdict.status is Status.WAIVED:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": each.verdict.because}]
    return result


def _place(file: str, line: int) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": line}}}
