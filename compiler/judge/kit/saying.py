"""A rule in English, clause by clause: from its tree, so that nothing is said that the rule does not say.

Every number comes with its source, how sure that is and from when it holds; what rests on memory is marked. Exceptions
stand under the demands that they lift.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.kit.lint import dated_of, named_numbers
from stratc.compiler.judge.kit.mutants import number_text
from stratc.compiler.judge.kit.wording import Wording
from stratc.compiler.judge.memory import MEMORY, confirmations, is_confirmed
from stratc.compiler.judge.pack import Pack
from stratc.compiler.judge.rulefile import RuleFile

CONFIDENCE: Final = {
    "V": "official text",
    "V2": "two readers of the text",
    "S": "secondary source",
    "M": "FROM MEMORY",
    "D": "derived",
}
BREACHES: Final = {
    "deny": "the order is denied",
    "warn": "a warning is told",
    "halt": "no further opening order is sent",
    "flatten": "everything is closed",
    "reattribute": "the fill is attributed to the oldest position instead",
}


def explain_rule(pack: Pack, rule: RuleFile) -> str:
    """The page of a rule."""
    parts = [
        ("", _heading(pack, rule)),
        ("In force", _spans(rule)),
        ("For whom", _applies(rule)),
        ("Numbers", _numbers(rule)),
        ("Words", _words(rule)),
        ("What it demands", _demands(rule)),
        ("At run time", _at_run_time(rule)),
        ("Read as", tuple(f"{each.text} ({each.by})" for each in rule.interpretations)),
        ("Standing", _standing(rule)),
    ]
    return "\n\n".join(_section(title, lines) for title, lines in parts if lines)


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)] if title else lines)


def _heading(pack: Pack, rule: RuleFile) -> tuple[str, ...]:
    front = rule.front
    return (
        f"{rule.id}: {rule.title}",
        f"{front.get('citation', '')} · {front.get('severity', '')} · {front.get('kind', '')}",
        f"binds {front.get('binds', '')}",
        f"pack {pack.id} {pack.version}, {pack.owner}",
    )


def _spans(rule: RuleFile) -> tuple[str, ...]:
    words = Wording(rule.source)
    return tuple(
        f"from {each.since}{_announced(each.since_announced)} "
        + (f"to the day before {each.until}" if each.until else "until further notice")
        + _announced(each.until_announced)
        + (f", where {words.facts(each.where)}" if each.where is not None else "")
        for each in rule.in_force
    )


def _announced(day: date | None) -> str:
    """When a beginning or an end became known, where the file says so; `--known-at` reads it."""
    return f" (announced {day})" if day else ""


def _applies(rule: RuleFile) -> tuple[str, ...]:
    words = Wording(rule.source)
    found = [each for each in rule.statements if isinstance(each, tree.Applies)]
    told = tuple(f"where {words.say(each.condition)}" for each in found) or ("everybody and every instrument",)
    return (*told, "what the account leaves out counts as if it applied")


def _numbers(rule: RuleFile) -> tuple[str, ...]:
    return tuple(_number(rule, name, row) for name, row in named_numbers(rule))


def _number(rule: RuleFile, name: str, row: tree.Dated) -> str:
    until = f" until {row.until}{_announced(row.until_announced)}" if row.until else ""
    sure = f"confidence {row.confidence} ({CONFIDENCE.get(row.confidence, 'unknown')})"
    read = f", read {row.retrieved}" if row.retrieved else ""
    days = f"from {row.since}{_announced(row.since_announced)}{until}"
    marked = ", NOT CONFIRMED" if row.confidence == MEMORY and not is_confirmed(rule, row) else ""
    return f"{name} = {number_text(row.value)} {days}: {row.citation}, {sure}{read}{marked}"


def _words(rule: RuleFile) -> tuple[str, ...]:
    return tuple(_define(rule, each) for each in rule.statements if isinstance(each, tree.Define))


def _define(rule: RuleFile, define: tree.Define) -> str:
    words = Wording(rule.source)
    each = ", of each instrument" if define.per_instrument else ""
    facts = "" if define.facts is None else f", instead where {words.facts(define.facts)}"
    meaning = define.meaning
    said = words.event(meaning) if isinstance(meaning, tree.Event) else words.say(meaning)
    return f"`{define.name}`{each}{facts}: {said}"


def _demands(rule: RuleFile) -> tuple[str, ...]:
    """Every demand with the exceptions that lift it, as a tree."""
    words = Wording(rule.source)
    exceptions = [each for each in rule.statements if isinstance(each, tree.ExceptionTo)]
    lines = []
    for require in (each for each in rule.statements if isinstance(each, tree.Require)):
        if require.event is not None:
            lines.append(f"at {words.event(require.event)}: {words.say(require.condition)}")
        elif isinstance(require.condition, tree.Negated):
            lines.append(f"never: {words.say(require.condition.operand)}")
        else:
            lines.append(f"always: {words.say(require.condition)}")
        lines += _branches([_exception(words, each) for each in exceptions])
    return tuple(lines)


def _exception(words: Wording, each: tree.ExceptionTo) -> str:
    facts = "" if each.facts is None else f" (where {words.facts(each.facts)})"
    return f"except {each.name}{facts}: {words.say(each.condition)}"


def _branches(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        yield ("└─ " if number == len(lines) else "├─ ") + line


def _at_run_time(rule: RuleFile) -> tuple[str, ...]:
    words = Wording(rule.source)
    guards = [each for each in rule.statements if isinstance(each, tree.Guard)]
    told = [f"an opening order is denied when {words.say(each.deny_when)}" for each in guards]
    actions = [each.action for each in rule.statements if isinstance(each, tree.OnBreach)]
    told += [f"on a breach {BREACHES.get(action, action)}" for action in actions or ["warn"]]
    return (*told, "an exit is never refused") if guards else tuple(told)


def _standing(rule: RuleFile) -> tuple[str, ...]:
    told = [f"confirmed by {each.by} on {each.on}" for each in confirmations(rule)]
    open_rows = [row for row in dated_of(rule) if row.confidence == MEMORY and not is_confirmed(rule, row)]
    if open_rows:
        told.append(
            "no hard block while such a number is in force: it warns and watches, and a violation stops nothing"
        )
    return tuple(told)
