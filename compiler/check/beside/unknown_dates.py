"""Dates that are not known: where a rule would be silent then, and the text does not say that this is meant."""

from __future__ import annotations

from stratc.compiler.check.beside.diagnostics import SilentWhileUnknown
from stratc.compiler.check.beside.reached import events_asked, events_settled
from stratc.compiler.check.checked import Typing
from stratc.dsl.syntax import BothOf, Entry, OneOf, Rule


def check_unknown_dates(typing: Typing) -> None:
    """`no entries when` is not asked: it denies on what is unknown. Nor is a rule that only enters, where it is."""
    resolved = typing.resolved
    denied = {event for statement in resolved.no_entries for event in events_asked(statement.condition, resolved)}
    for rule in resolved.rules:
        settled = {event for clause in rule.when for event in events_settled(clause.condition, resolved)}
        settled |= denied if _only_enters(rule) else set()
        for clause in rule.when:
            for event, place in events_asked(clause.condition, resolved).items():
                if event not in settled:
                    settled.add(event)
                    inside = clause.span.start <= place.span.start < clause.span.end
                    span = place.span if inside else clause.condition.span
                    typing.tell(SilentWhileUnknown(span=span, rule=rule.name.text, event=event))


def _only_enters(rule: Rule) -> bool:
    return all(isinstance(action, Entry | OneOf | BothOf) for action in rule.actions)
