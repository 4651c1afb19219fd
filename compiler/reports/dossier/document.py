"""The dossier as one JSON document."""

from __future__ import annotations

from typing import Any

from stratc.compiler.reports.dossier.content import Dossier, Evidence, Number
from stratc.dsl.formats import to_json


def document_of(dossier: Dossier) -> dict[str, Any]:
    """Keys never change or vanish; verdicts are those of `check --json`."""
    return {
        "strategy": dossier.strategy,
        "file": dossier.file,
        "text_sha256": dossier.text_digest,
        "artefact_digest": dossier.artefact or None,
        "stratc_version": dossier.stratc_version,
        "as_of": dossier.as_of.isoformat(),
        "account": dict(dossier.account),
        "packs": [
            {"id": p.id, "version": p.version, "title": p.title, "owner": p.owner, "sha256": p.digest}
            for p in dossier.packs
        ],
        "rules": [_rule(each) for each in dossier.evidence],
        "assumptions": list(dossier.assumptions),
        "bounds": dict(dossier.bounds),
        "diagnostics": [to_json(each, dossier.source) for each in dossier.diagnostics],
        "english": dossier.english,
        "text": dossier.source.text,
    }


def _rule(each: Evidence) -> dict[str, Any]:
    return {
        "verdict": dict(each.verdict.as_json()),
        "title": each.title,
        "severity": each.severity,
        "requirement": each.requirement,
        "numbers": [_number(number) for number in each.numbers],
        "interpretations": [{"text": reading.text, "by": reading.by} for reading in each.readings],
        "lines": [{"line": line.number, "text": line.text} for line in each.lines],
        "guard_bytes": each.guard_bytes,
    }


def _number(number: Number) -> dict[str, Any]:
    return {
        "name": number.name,
        "value": number.value,
        "since": number.since.isoformat(),
        "citation": number.citation,
        "confidence": number.confidence,
        "retrieved": None if number.retrieved is None else number.retrieved.isoformat(),
    }
