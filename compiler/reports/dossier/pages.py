"""The dossier as a sequence of blocks: what a person reads, in the order in which it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stratc.compiler.judge.verdict import GuardNote, Status, TraceEvent
from stratc.compiler.reports.dossier.blocks import Block, Code, Heading, Listing, Paragraph, Table
from stratc.compiler.reports.dossier.content import MEMORY, Dossier, Evidence
from stratc.compiler.reports.verdicts import DISCLAIMER, ORDER, count

NOT_BOUNDED: Final = "no bound is proved"


def blocks_of(dossier: Dossier) -> Iterator[Block]:
    """The whole document."""
    ranked = sorted(dossier.evidence, key=lambda each: ORDER.index(each.verdict.status))
    yield Heading(1, f"{dossier.strategy}: compliance dossier")
    yield Paragraph(f"{count([each.verdict for each in ranked])}; {DISCLAIMER}.")
    yield from _identity(dossier)
    yield Heading(2, "Verdicts")
    yield Table(
        ("verdict", "rule", "what it demands", "authority", "may change on"),
        tuple(_row(each) for each in ranked),
    )
    judged = [each for each in ranked if each.verdict.status is not Status.NOT_APPLICABLE]
    for each in judged:
        yield from _rule(each)
    others = [each for each in ranked if each.verdict.status is Status.NOT_APPLICABLE]
    if others:
        yield Heading(2, "Rules that do not apply")
        yield Table(("rule", "why"), tuple((each.verdict.rule, each.verdict.because) for each in others))
    yield Heading(2, "What all this rests on")
    yield Listing(dossier.assumptions)
    yield Heading(2, "Bounds")
    yield Table(("bound", "value"), tuple((name, _bound(value)) for name, value in dossier.bounds))
    if dossier.diagnostics:
        yield Heading(2, "What the compiler said of the text")
        yield Listing(tuple(_told(dossier, index) for index in range(len(dossier.diagnostics))))
    yield Heading(2, "The strategy in plain English")
    yield Code(dossier.english)
    yield Heading(2, "The strategy as written")
    yield Code(dossier.source.text, numbered=True)


def _identity(dossier: Dossier) -> Iterator[Block]:
    yield Table(
        ("what", "value"),
        (
            ("file", dossier.file),
            ("text, SHA-256", dossier.text_digest),
            ("artefact", dossier.artefact or "none was compiled"),
            ("the law of", dossier.as_of.isoformat()),
            ("judged by", f"stratc {dossier.stratc_version}"),
            *dossier.account,
        ),
    )
    yield Heading(2, "Packs")
    yield Table(
        ("pack", "version", "title", "owner", "SHA-256"),
        tuple((each.id, each.version, each.title, each.owner, each.digest) for each in dossier.packs),
    )


def _row(each: Evidence) -> tuple[str, ...]:
    verdict = each.verdict
    changes = "" if verdict.changes_on is None else verdict.changes_on.isoformat()
    return (_word(verdict.status), verdict.rule, each.title, verdict.authority, changes)


def _word(status: Status) -> str:
    return status.value.replace("_", " ")


def _rule(each: Evidence) -> Iterator[Block]:
    verdict = each.verdict
    yield Heading(2, f"{verdict.rule}: {each.title}", mark=_word(verdict.status))
    yield Paragraph(
        f"{verdict.citation} ({verdict.authority}, a {verdict.kind}, {each.severity}). Binds {verdict.binds}."
    )
    yield Paragraph(f"Because {verdict.because}.")
    if each.lines:
        yield Table(("line", "of the strategy"), tuple((str(line.number), line.text) for line in each.lines))
    if verdict.counterexample is not None:
        yield Heading(3, "A run that breaks it, played through the engine with the rule's guard off")
        yield Paragraph(verdict.counterexample.summary)
        yield Table(
            ("at", "what", "side", "quantity", "instrument", "price", "note"),
            tuple(_event(event) for event in verdict.counterexample.events),
        )
    if verdict.guard is not None:
        yield Heading(3, "The guard that is compiled in")
        yield Paragraph(_guard(verdict.guard, each.guard_bytes))
    if verdict.remedies:
        yield Heading(3, "With one of these it would be proved")
        yield Listing(verdict.remedies)
    if verdict.assumptions:
        yield Paragraph(f"Assumes {', '.join(verdict.assumptions)}.")
    yield Heading(3, "The norm")
    yield Paragraph(each.requirement)
    if each.numbers:
        yield Table(
            ("number", "value", "since", "citation", "confidence", "retrieved"),
            tuple(
                (
                    number.name,
                    number.value,
                    number.since.isoformat(),
                    number.citation,
                    number.confidence,
                    "" if number.retrieved is None else number.retrieved.isoformat(),
                )
                for number in each.numbers
            ),
        )
    remembered = [number.name for number in each.numbers if number.confidence == MEMORY]
    if remembered:
        yield Paragraph(f"From memory, read in no official text: {', '.join(remembered)}.")
    if each.readings:
        yield Listing(tuple(f"{reading.text} ({reading.by})" for reading in each.readings))


def _event(event: TraceEvent) -> tuple[str, ...]:
    return (event.at, event.kind, event.side, event.quantity, event.instrument, event.price, event.note)


def _guard(guard: GuardNote, size: int | None) -> str:
    memory = "" if size is None else f" It keeps {size:,} bytes."
    shown = "" if guard.enough is None else f" It was {guard.enough.because}."
    acts = f"{guard.guard_class.value.capitalize()}, {guard.when}: {guard.action}."
    return f"{acts}{shown}{memory} It never refuses an exit."


def _bound(value: float | None) -> str:
    return NOT_BOUNDED if value is None else f"{value:,.10g}"


def _told(dossier: Dossier, index: int) -> str:
    found = dossier.diagnostics[index]
    line, _ = dossier.source.position(found.span.start)
    return f"{found.severity.value} {found.code}, line {line}: {found.message}"
