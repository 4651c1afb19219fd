"""Whether a rule stands on a day for an account, and for which instruments.

Facts that the account leaves out count as the strict value: the rule stands, and the fact is named so that the verdict
can list it as an assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.facts import Answer, Facts, ask, instrument_facts
from stratc.compiler.judge.rulefile import RuleFile
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record


@record
class InForceNow:
    """The rule stands; `unknown` are the facts that might have it otherwise."""

    span: tree.InForce
    unknown: frozenset[str]


@record
class NotInForce:
    """The rule does not stand, and why."""

    because: str


def standing(rule: RuleFile, facts: Facts, day: date) -> InForceNow | NotInForce:
    """Whether one of the rule's spans in time holds the day and its facts, if any, may hold."""
    because = [] if rule.in_force else ["it was not announced by the day whose knowledge is asked for"]
    for span in rule.in_force:
        if not span.since <= day or (span.until is not None and day >= span.until):
            because.append(f"in force {_told(span)}")
            continue
        answer = Answer(holds=True, unknown=frozenset()) if span.where is None else ask(span.where, facts)
        if answer.holds is not False:
            return InForceNow(span=span, unknown=answer.unknown)
        because.append(f"{_told(span)} only where {rule.source.slice(span.where.span) if span.where else ''}")
    return NotInForce(because=f"not in force on {day}: " + "; ".join(because))


def edges(rule: RuleFile, day: date) -> tuple[date, ...]:
    """The days after `day` on which a span of the rule begins or ends."""
    found = {edge for span in rule.in_force for edge in (span.since, span.until) if edge is not None and edge > day}
    return tuple(sorted(found))


def conditions(rule: RuleFile) -> tree.Expression | None:
    """What the rule asks of account and instrument; several lines hold together."""
    found = [each.condition for each in rule.statements if isinstance(each, tree.Applies)]
    if not found:
        return None
    whole = found[0]
    for each in found[1:]:
        whole = tree.Connected(span=each.span, connective=tree.Connective.AND, left=whole, right=each)
    return whole


def asked_of(rule: RuleFile, facts: Facts, instrument: Instrument) -> Answer:
    """Whether the rule is about this instrument in this account."""
    condition = conditions(rule)
    if condition is None:
        return Answer(holds=True, unknown=frozenset())
    return ask(condition, {**facts, **instrument_facts(instrument)})


def applies_to(rule: RuleFile, facts: Facts, instruments: Sequence[Instrument]) -> tuple[int, ...]:
    """The indices of the instruments that the rule is about, unknown facts counting as true."""
    answers = (asked_of(rule, facts, each) for each in instruments)
    return tuple(index for index, answer in enumerate(answers) if answer.holds is not False)


def _told(span: tree.InForce) -> str:
    return f"from {span.since}" + (f" until {span.until}" if span.until is not None else "")
