"""Verdicts as text: the worst first, each with its reason, its trace, its guard and what would prove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from stratc.compiler.judge.verdict import Judgement, Status, TraceEvent, Verdict

ORDER: Final = (Status.VIOLATED, Status.GUARDED, Status.PROVED, Status.WAIVED, Status.NOT_APPLICABLE)
COLORS: Final = {Status.VIOLATED: "31;1", Status.GUARDED: "33", Status.PROVED: "32", Status.WAIVED: "35"}
DISCLAIMER: Final = "not legal advice; the broker's own count governs"


def show_judgement(judgement: Judgement, *, color: bool) -> str:
    """Every verdict, then what they rest on; rules that do not apply for one reason are told together."""
    ranked = sorted(judgement.verdicts, key=lambda verdict: ORDER.index(verdict.status))
    judged = [verdict for verdict in ranked if verdict.status is not Status.NOT_APPLICABLE]
    lines = [line for verdict in judged for line in _verdict(verdict, color=color)]
    lines += _not_applicable([verdict for verdict in ranked if verdict.status is Status.NOT_APPLICABLE])
    if judgement.assumptions:
        lines += ["", "assumptions", *(f"  {line}" for line in judgement.assumptions)]
    return "\n".join([*lines, "", f"{count(judgement.verdicts)}; {DISCLAIMER}"])


def count(verdicts: Sequence[Verdict]) -> str:
    """`14 proved, 3 guarded, 1 violated`."""
    counts = {status: sum(verdict.status is status for verdict in verdicts) for status in ORDER}
    told = [f"{number} {status.value.replace('_', ' ')}" for status, number in counts.items() if number]
    return ", ".join(told) or "no rule was judged"


def _verdict(verdict: Verdict, *, color: bool) -> Iterator[str]:
    word = verdict.status.value.upper().replace("_", " ")
    shown = f"\x1b[{COLORS[verdict.status]}m{word}\x1b[0m" if color and verdict.status in COLORS else word
    yield f"{shown}  {verdict.rule}  ({verdict.citation})"
    yield f"    because {verdict.because}"
    if verdict.counterexample is not None:
        yield f"    trace: {verdict.counterexample.summary}"
        yield from (f"      {_event(event)}" for event in verdict.counterexample.events)
    if verdict.guard is not None:
        yield f"    guard, {verdict.guard.guard_class.value}: {verdict.guard.told()}"
    if verdict.assumptions:
        yield f"    assuming {', '.join(verdict.assumptions)}"
    yield from (f"    would be proved with: {remedy}" for remedy in verdict.remedies)
    if verdict.changes_on is not None:
        yield f"    may change on {verdict.changes_on}"


def _not_applicable(verdicts: Sequence[Verdict]) -> Iterator[str]:
    alike: dict[tuple[str, date | None], list[str]] = {}
    for verdict in verdicts:
        alike.setdefault((verdict.because, verdict.changes_on), []).append(verdict.rule)
    for (because, changes_on), rules in alike.items():
        yield f"NOT APPLICABLE  {', '.join(rules)}"
        yield f"    because {because}"
        if changes_on is not None:
            yield f"    may change on {changes_on}"


def _event(event: TraceEvent) -> str:
    parts = [event.at, event.kind, event.side, event.quantity, event.instrument]
    told = " ".join(part for part in parts if part) + (f" @ {event.price}" if event.price else "")
    return told + (f"  {event.note}" if event.note else "")
