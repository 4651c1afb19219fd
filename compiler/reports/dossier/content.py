"""What a dossier says, as plain data: gathered from a judgement, the packs it was made by and the strategy's text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Final

from stratc.compiler.ir.nodes import Program
from stratc.compiler.judge import Judgement
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.dated import value_on
from stratc.compiler.judge.facts import account_facts
from stratc.compiler.judge.pack import Pack
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.verdict import Verdict
from stratc.dsl.diagnostic import Diagnostic
from stratc.dsl.source import Source
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.record import record

LINES: Final = re.compile(r"\blines? (\d+)")
MEMORY: Final = "M"


@record
class Number:
    """A legal number as it was on the day, with where it stands and how sure that is (V, V2, S, M, D)."""

    name: str
    value: str
    since: date
    citation: str
    confidence: str
    retrieved: date | None


@record
class Line:
    number: int
    text: str


@record
class Reading:
    """How an open question of the norm was decided, and by whom."""

    text: str
    by: str


@record
class Evidence:
    """One rule: its verdict, what it demands in the pack's own words, and what decides."""

    verdict: Verdict
    title: str
    severity: str
    requirement: str
    numbers: tuple[Number, ...]
    readings: tuple[Reading, ...]
    lines: tuple[Line, ...]
    guard_bytes: int | None


@record
class PackLine:
    id: str
    version: str
    title: str
    owner: str
    digest: str


@record
class Dossier:
    """`artefact` is the digest of what was compiled, empty where nothing was."""

    strategy: str
    file: str
    text_digest: str
    artefact: str
    stratc_version: str
    as_of: date
    account: tuple[tuple[str, str], ...]
    packs: tuple[PackLine, ...]
    evidence: tuple[Evidence, ...]
    assumptions: tuple[str, ...]
    bounds: tuple[tuple[str, float | None], ...]
    diagnostics: tuple[Diagnostic, ...]
    english: str
    source: Source


def dossier_of(
    program: Program,
    judgement: Judgement,
    account: AccountProfile,
    packs: Sequence[Pack],
    *,
    as_of: date,
    english: str,
    source: Source,
    diagnostics: Sequence[Diagnostic],
    assumptions: Sequence[str],
    stratc_version: str,
    artefact: str = "",
) -> Dossier:
    """Everything that a check found, put together for reading."""
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    guards = {each.rule: each.memory_bytes for each in (*judgement.guards, *judgement.tripwires)}
    return Dossier(
        strategy=program.title,
        file=program.source_name,
        text_digest=sha256(program.source_text.encode("utf-8")).hexdigest(),
        artefact=artefact,
        stratc_version=stratc_version,
        as_of=as_of,
        account=tuple(_account(account, as_of, program.account_kind)),
        packs=tuple(_pack(pack) for pack in packs if pack.id in {each.pack for each in judgement.verdicts}),
        evidence=tuple(
            _evidence(each, rules.get(each.rule), as_of, source, guards.get(each.rule)) for each in judgement.verdicts
        ),
        assumptions=tuple(assumptions),
        bounds=tuple(judgement.bounds.as_json().items()),
        diagnostics=tuple(diagnostics),
        english=english,
        source=source,
    )


def _account(account: AccountProfile, as_of: date, kind: str) -> Iterator[tuple[str, str]]:
    facts: Mapping[str, object] = account_facts(account, as_of, kind)
    yield from ((name, str(value)) for name, value in facts.items() if value is not None)
    if account.equity is not None:
        yield "account.equity", f"{account.equity} {account.currency}"


def _pack(pack: Pack) -> PackLine:
    return PackLine(id=pack.id, version=pack.version, title=pack.title, owner=pack.owner, digest=pack.digest)


def _evidence(
    verdict: Verdict, rule: RuleFile | None, as_of: date, source: Source, guard_bytes: int | None
) -> Evidence:
    if rule is None:  # the account adopts a pack that nobody has loaded
        return Evidence(
            verdict=verdict,
            title=verdict.rule,
            severity="",
            requirement="",
            numbers=(),
            readings=(),
            lines=(),
            guard_bytes=None,
        )
    return Evidence(
        verdict=verdict,
        title=rule.title,
        severity=rule.front.get("severity", ""),
        requirement=rule.section("Requirement"),
        numbers=tuple(_numbers(rule, as_of)),
        readings=tuple(Reading(text=each.text, by=each.by) for each in rule.interpretations),
        lines=tuple(_lines(verdict, source)),
        guard_bytes=None if verdict.guard is None else guard_bytes,
    )


def _numbers(rule: RuleFile, as_of: date) -> Iterator[Number]:
    """Every number of the rule as it stood on the day; of tables the rows that had begun."""
    named: dict[str, list[tree.Dated]] = {}
    for statement in rule.statements:
        match statement:
            case tree.Parameter(dated=dated):
                named.setdefault(dated.name, []).append(dated)
            case tree.Table(name=name, rows=rows):
                for row in rows:
                    named.setdefault(f"{name}[{row.name}]", []).append(row)
            case _:
                pass
    for name, rows_of in named.items():
        if (held := value_on(rows_of, as_of)) is not None:
            yield Number(
                name=name,
                value=number_text(held.value),
                since=held.since,
                citation=held.citation,
                confidence=held.confidence,
                retrieved=held.retrieved,
            )


def number_text(number: tree.Number) -> str:
    """`6%`, `25,000 USD`, `4`; a fraction that no decimal ends is written as one."""
    shown = number.value * 100 if number.unit == "%" else number.value
    return f"{_decimal(shown)}%" if number.unit == "%" else f"{_decimal(shown)} {number.unit}".rstrip()


def _decimal(value: Fraction) -> str:
    places = next((places for places in range(10) if (value * 10**places).denominator == 1), None)
    return str(value) if places is None else f"{Decimal(value.numerator) / value.denominator:,.{places}f}"


def _lines(verdict: Verdict, source: Source) -> Iterator[Line]:
    """The lines of the strategy that the verdict names, in its reason or along its trace."""
    trace = () if verdict.counterexample is None else verdict.counterexample.events
    told = " ".join((verdict.because, *(event.note for event in trace)))
    texts = source.text.splitlines()
    for number in sorted({int(found) for found in LINES.findall(told)}):
        if number <= len(texts):
            yield Line(number=number, text=texts[number - 1].strip())
