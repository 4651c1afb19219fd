"""Diagnostics → data and text for other programs: JSON, SARIF, GitHub annotations.

All plain dictionaries and text; writing them somewhere is the caller's. Lines and columns count from 1, `end_column`
is one past the last character, and columns count code points.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote

from stratc.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Problem, Severity
from stratc.dsl.source import Source, Span

SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

# What stands for a document of these formats; their shapes are the formats' own.
Json = dict[str, Any]


def to_json(found: Diagnostic, source: Source) -> Json:
    """One entry of `check --json`."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "file": source.part(found.span.start)[0].name,
        **_place(found.span, source),
        "help": list(found.helps),
        "fix": None if found.fix is None else _fix_to_json(found.fix, source),
        "label": found.label,
        "notes": list(found.notes),
        "labels": [_label_to_json(label, source) for label in found.labels],
    }


def _label_to_json(label: Label, source: Source) -> Json:
    file = source.part(label.span.start)[0].name
    return {"text": label.text, "file": file, **_place(label.span, source)}


def _place(span: Span, source: Source) -> dict[str, int]:
    """Where a span lies in its own file."""
    part, start = source.part(span.start)
    line, column = part.position(min(span.start - start, len(part.text)))
    end_line, end_column = part.position(min(span.end - start, len(part.text)))
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _fix_to_json(fix: Fix, source: Source) -> Json:
    edits = [{"text": edit.text, **_place(edit.span, source)} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def to_sarif(found: Iterable[tuple[Source, Diagnostic]], kinds: Sequence[type[Problem]], tool_version: str) -> Json:
    """A SARIF 2.1.0 log of one run; `kinds` are the problem classes whose pages become the rules' help."""
    pairs = tuple(found)
    rules = _sarif_rules(pairs, kinds)
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    results = [_sarif_result(source, told, places) for source, told in pairs]
    driver = {"name": "stratc", "version": tool_version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _sarif_rules(pairs: tuple[tuple[Source, Diagnostic], ...], kinds: Sequence[type[Problem]]) -> list[Json]:
    pages = {kind.code: kind for kind in kinds}
    return [_sarif_rule(code, pages.get(code)) for code in sorted({told.code for _, told in pairs})]


def _sarif_rule(code: str, kind: type[Problem] | None) -> Json:
    if kind is None:
        return {"id": code}
    page = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
    return {
        "id": code,
        "name": kind.__name__,
        "shortDescription": {"text": page.split(". ")[0].rstrip(".")},
        "fullDescription": {"text": page},
        "help": {"text": page},
    }


def _sarif_result(source: Source, found: Diagnostic, places: dict[str, int]) -> Json:
    result: Json = {
        "ruleId": found.code,
        "ruleIndex": places[found.code],
        "level": found.severity.value,
        "message": {"text": "\n".join((found.message, *found.notes, *found.helps))},
        "locations": [{"physicalLocation": _sarif_place(found.span, source)}],
    }
    if found.labels:
        result["relatedLocations"] = [
            {"physicalLocation": _sarif_place(label.span, source), "message": {"text": label.text}}
            for label in found.labels
        ]
    if found.fix is not None:
        result["fixes"] = [_sarif_fix(found.fix, source)]
    return result


def _sarif_place(span: Span, source: Source) -> Json:
    file = source.part(span.start)[0].name
    return {"artifactLocation": {"uri": _uri(file)}, "region": _sarif_region(span, source)}


def _sarif_region(span: Span, source: Source) -> dict[str, int]:
    place = _place(span, source)
    return {
        "startLine": place["line"],
        "startColumn": place["column"],
        "endLine": place["end_line"],
        "endColumn": place["end_column"],
    }


def _sarif_fix(fix: Fix, source: Source) -> Json:
    edits: tuple[Edit, ...] = fix.edits
    replacements = [
        {"deletedRegion": _sarif_region(edit.span, source), "insertedContent": {"text": edit.text}} for edit in edits
    ]
    change = {
        "artifactLocation": {"uri": _uri(source.part(fix.edits[0].span.start)[0].name)},
        "replacements": replacements,
    }
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _uri(name: str) -> str:
    return quote(name.replace("\\", "/"))


def to_github(found: Diagnostic, source: Source) -> str:
    """One workflow command, `::error file=…,line=…::…`, escaped so that no text can end it or begin another."""
    place = _place(found.span, source)
    fields = {
        "file": source.part(found.span.start)[0].name,
        "line": place["line"],
        "endLine": place["end_line"],
        "title": f"stratc {found.code}",
    }
    # GitHub shows columns only where a message stays on one line.
    if place["line"] == place["end_line"]:
        fields |= {"col": place["column"], "endColumn": place["end_column"]}
    told = ",".join(f"{key}={_escaped_field(str(value))}" for key, value in fields.items())
    body = "\n".join((found.message, *found.notes, *(f"help: {line}" for line in found.helps)))
    return f"::{_GITHUB_LEVELS[found.severity]} {told}::{_escaped(body)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_field(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
