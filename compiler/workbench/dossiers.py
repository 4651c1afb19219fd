"""Dossiers: a report and the law it was made by in, one document out."""

from __future__ import annotations

import json
from enum import StrEnum
from importlib.metadata import version

from stratc.compiler.workbench.checking import CheckReport, Law
from stratc.runtime.model.account import AccountProfile


class Form(StrEnum):
    """The forms of a dossier, by the ending of its file's name."""

    HTML = ".html"
    MARKDOWN = ".md"
    JSON = ".json"
    SARIF = ".sarif"


def dossier(report: CheckReport, law: Law, account: AccountProfile, form: Form, *, artefact: str = "") -> str:
    """The document of a report that has a judgement; `artefact` is the digest of what was compiled from it."""
    from stratc.compiler.reports import dossier as pages
    from stratc.compiler.workbench.texts import explain_strategy

    program, judgement = report.compilation.program, report.judgement
    if program is None or judgement is None:
        raise ValueError("there is no dossier of a text that was not judged")
    made = pages.dossier_of(
        program,
        judgement,
        account,
        law.packs,
        as_of=law.as_of,
        english=explain_strategy(report.compilation),
        source=report.source,
        diagnostics=report.diagnostics,
        assumptions=report.assumptions,
        stratc_version=version("stratc"),
        artefact=artefact,
    )
    match form:
        case Form.HTML:
            return pages.to_html(made)
        case Form.MARKDOWN:
            return pages.to_markdown(made)
        case Form.JSON:
            return json.dumps(pages.document_of(made), indent=2, ensure_ascii=False) + "\n"
        case Form.SARIF:
            return json.dumps(pages.to_sarif(made), indent=2, ensure_ascii=False) + "\n"
