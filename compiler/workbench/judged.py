"""What a check adds to an artefact: packs in force, the guards in its code, bounds, and the whole report as JSON."""

from __future__ import annotations

import json

from stratc.compiler.build.artefact import Judged
from stratc.compiler.workbench.checking import CheckReport, Law
from stratc.compiler.workbench.documents import check_document
from stratc.runtime.artefact.manifest import PackDigest


def judged_for(report: CheckReport, law: Law) -> Judged:
    """An artefact whose rules were judged; with a violation it is for backtests only."""
    judgement = report.judgement
    if judgement is None:
        return Judged(backtest_only=True)
    named = {verdict.pack for verdict in judgement.verdicts}
    return Judged(
        packs=tuple(PackDigest(name=f"{p.id} {p.version}", sha256=p.digest) for p in law.packs if p.id in named),
        guards=tuple(observer.rule for observer in judgement.guards),
        bounds=tuple(f"{name}: {value}" for name, value in judgement.bounds.as_json().items()),
        backtest_only=bool(judgement.violated or report.unlocated),
        report=json.dumps(check_document([report]), indent=2, ensure_ascii=False) + "\n",
    )
