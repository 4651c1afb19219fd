"""Findings of the authoring kit: R040 and on."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record


@record
class NoScenario(Problem):
    """A rule without scenarios that keep it and break it has never been seen at work: nobody knows what it does."""

    code: ClassVar[str] = "R040"
    title: ClassVar[str] = "the rule `{rule}` has no scenario that {lacking} it"
    help: ClassVar[str] = "add one: `expect ok` keeps a rule, `expect violated` breaks it"
    example: ClassVar[str] = 'rule solvent "Equity stays positive"\n  in force from 2020-01-01\n  never equity < 0 USD'
    instead: ClassVar[str] = (
        'rule solvent "Equity stays positive"\n  in force from 2020-01-01\n  never equity < 0 USD\n\n'
        'scenario "solvent" given equity = 1 USD\n  day 1: buy 1 ABC @ 1\n  expect ok\n\n'
        'scenario "spent" given equity = 1 USD\n  day 1: buy 1 ABC @ 1; withdraw 2 USD; mark ABC @ 1\n'
        "  expect violated on day 1"
    )
    rule: str
    lacking: str


@record
class NeverLifts(Problem):
    """An exception that no account, no day and no trace can make true lifts nothing: it promises what it does not give.

    Its facts contradict each other, or its condition holds in no moment that the demand is asked in.
    """

    code: ClassVar[str] = "R041"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the exception `{name}` can never apply: {why}"
    help: ClassVar[str] = "drop it, or say what it should lift"
    example: ClassVar[str] = (
        "never equity < 0 USD\n  except odd where broker.name is a_bank and broker.name is b_bank: equity > 1 USD"
    )
    instead: ClassVar[str] = "never equity < 0 USD\n  except odd where broker.name is a_bank: equity > 1 USD"
    name: str
    why: str


@record
class NumberWithoutSource(Problem):
    """A legal number says where it stands, how sure that is and when it was read there."""

    code: ClassVar[str] = "R042"
    title: ClassVar[str] = "`{name}` from {since} lacks {lacking}"
    help: ClassVar[str] = 'write `cite "…" confidence V retrieved 2026-01-02`; confidence is V, V2, S, M or D'
    example: ClassVar[str] = 'param floor = 1 USD from 2020-01-01 cite "" confidence X'
    instead: ClassVar[str] = (
        'param floor = 1 USD from 2020-01-01 cite "Desk manual 1" confidence V retrieved 2020-01-01'
    )
    name: str
    since: str
    lacking: str


@record
class NeverDecides(Problem):
    """A definition that another one always replaces, or that nothing uses, decides nothing."""

    code: ClassVar[str] = "R043"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the definition `{name}` never decides anything: {why}"
    help: ClassVar[str] = "of several definitions the last whose facts hold counts, so the plain one comes first"
    example: ClassVar[str] = "define low: equity < 0 USD\n  never equity < 0 USD"
    instead: ClassVar[str] = "define low: equity < 0 USD\n  never low"
    name: str
    why: str


@record
class RefuseEverything(Problem):
    """Two rules whose guards together refuse every opening order: under both nobody can trade, whatever he does."""

    code: ClassVar[str] = "R044"
    title: ClassVar[str] = "together with `{other}` this rule refuses every opening order {where}"
    help: ClassVar[str] = "one of the two is wrong, or they are not for the same accounts: say so with `applies where`"
    example: ClassVar[str] = "guard at opening order: deny when order.buys"
    instead: ClassVar[str] = "guard at opening order: deny when order.buys and equity < 2_000 USD"
    other: str
    where: str


@record
class RestsOnMemory(Problem):
    """A number of confidence M was written down from memory. Until a named person has confirmed the rule on a day it
    is no hard block: it warns and watches, and its verdict says so.
    """

    code: ClassVar[str] = "R045"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{name}` from {since} rests on memory and nobody has confirmed it"
    help: ClassVar[str] = 'write `confirmed by "NAME" on 2026-01-02` into the rule once somebody has looked it up'
    example: ClassVar[str] = 'param floor = 1 USD from 2020-01-01 cite "x" confidence M retrieved 2020-01-01'
    instead: ClassVar[str] = (
        'param floor = 1 USD from 2020-01-01 cite "x" confidence M retrieved 2020-01-01\n'
        'confirmed by "A. Officer" on 2026-01-02'
    )
    name: str
    since: str


@record
class PackNotAsLocked(Problem):
    """A lock file beside a strategy pins the packs that it is judged by. A pack with another text is another law, so
    nothing is judged by it until somebody has looked at what changed and pinned it anew.
    """

    code: ClassVar[str] = "R046"
    title: ClassVar[str] = "the pack `{pack}` {how}, says {lock}"
    help: ClassVar[str] = (
        "see what changed: stratc pack diff OLD NEW; then pin it: stratc pack verify --lock packs.lock --update"
    )
    example: ClassVar[str] = '[[pack]]\nid = "house.desk"\nversion = "2026.1"\ndigest = "00ff"'
    instead: ClassVar[str] = "stratc pack verify --lock packs.lock --update"
    pack: str
    how: str
    lock: str
