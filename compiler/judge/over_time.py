"""The law of each bar: one program against every law that is in force on some day of a run.

Maps the days of a run to the laws that differ, judges the program by each, and puts what they say into one judgement
whose observers know their days. An observer remembers from the run's first day on, so that a rule that comes into force
counts what was done before; it tests and denies on its own days only. A proof is made of the whole run from its start,
whatever law came before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.case import Case, cases_on, instruments_of
from stratc.compiler.judge.judging import MEMBERS_JUDGED, Run, judge
from stratc.compiler.judge.pack import Pack
from stratc.compiler.judge.policies import with_published
from stratc.compiler.judge.verdict import Bounds, Judgement, LawChange, Status, Verdict
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.judge.search import Kept


@record
class _Law:
    """The law of the days from `since` to before `until`, None for all that follow: its cases by the ids of their
    rules, and what it says of the program."""

    since: date
    until: date | None
    cases: Mapping[str, Case]
    judgement: Judgement | None = None


def judge_over_time(
    program: Program,
    account: AccountProfile,
    days: tuple[date, date],
    packs: Sequence[Pack],
    *,
    budget_seconds: float = 2.0,
    fast: bool = False,
    own_instruments: Mapping[str, Instrument] | None = None,
    kept: Kept | None = None,
) -> Judgement:
    """The judgement of a run from its first to its last day, each bar under the law of its own day.

    One judgement is made for each law, all with the budget of one.
    """
    first, last = days
    policies = (policy for pack in packs for policy in pack.policies)
    laws = _laws(program, with_published(account, policies), first, last, packs, own_instruments)
    run = Run(begins=first, flattens=any(case.flattens for law in laws for case in law.cases.values()))
    judged = [
        replace(
            law,
            judgement=judge(
                program,
                account,
                law.since,
                packs,
                budget_seconds=budget_seconds / len(laws),
                fast=fast,
                own_instruments=own_instruments,
                kept=kept,
                run=run,
            ),
        )
        for law in laws
    ]
    return _put_together(judged)


# ── which days ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _laws(
    program: Program,
    account: AccountProfile,
    first: date,
    last: date,
    packs: Sequence[Pack],
    own: Mapping[str, Instrument] | None,
) -> list[_Law]:
    """The laws of the run's days in order, each different from the one before it."""
    few = replace(program, instruments=program.instruments[:MEMBERS_JUDGED]) if program.universe else program
    instruments = instruments_of(few, own)
    laws: list[_Law] = []
    for day in (first, *sorted({each for each in _days_named(account, packs) if first < each <= last})):
        cases = {case.rule.id: case for case in cases_on(few, account, day, packs, instruments)[0]}
        if laws and _compared(laws[-1].cases) == _compared(cases):
            continue
        if laws:
            laws[-1] = replace(laws[-1], until=day)
        laws.append(_Law(since=day, until=None, cases=cases))
    return laws


def _days_named(account: AccountProfile, packs: Sequence[Pack]) -> Iterator[date]:
    """Every day on which a law of these packs, an election or a waiver may begin or end."""
    yield from (span.since for span in account.broker.day_trading_regime if span.since is not None)
    for pack in packs:
        for rule in pack.rules:
            yield from (day for statement in rule.statements for day in _dates(statement))
        yield from (day for waiver in pack.waivers for day in (waiver.granted, waiver.expires + timedelta(1)))


def _dates(node: object) -> Iterator[date]:
    if isinstance(node, date):
        yield node
    elif isinstance(node, tuple):
        yield from (day for part in node for day in _dates(part))
    elif isinstance(node, tree.Node):
        yield from (day for field in fields(node) for day in _dates(getattr(node, field.name)))


def _compared(cases: Mapping[str, Case]) -> Mapping[str, object]:
    """What of each rule differs where its law does."""
    return {
        rule: (_timeless(case.observer), case.problems, case.waived.waiver, case.unconfirmed, case.abroad)
        for rule, case in cases.items()
    }


def _timeless(observer: Observer | None) -> Observer | None:
    """The machine alone: equal for two days on which it does the same."""
    return None if observer is None else replace(observer, changes_on=None, law_from=None, law_until=None)


# ── one judgement of several ─────────────────────────────────────────────────────────────────────────────────────────


def _put_together(laws: Sequence[_Law]) -> Judgement:
    """All verdicts and observers with their days. Where all laws are one, nothing is said of days."""
    judgements = [law.judgement for law in laws if law.judgement is not None]
    if len(judgements) == 1:
        return judgements[0]
    reattributes = [each.reattribute for each in judgements]
    told = [line for each in judgements for line in each.assumptions]
    if any(reattributes) and not all(reattributes):
        told.append(
            "fills close the oldest position first on every day of the run, though that is not law on all of them"
        )
    told.append("the account is what its profile says on every day of the run; only what it dates changes in it")
    return Judgement(
        verdicts=tuple(_verdicts(laws)),
        bounds=_bounds(judgements),
        assumptions=tuple(dict.fromkeys(told)),
        guards=tuple(_in_their_days(laws, [each.guards for each in judgements])),
        tripwires=tuple(_in_their_days(laws, [each.tripwires for each in judgements])),
        reattribute=any(reattributes),
        law_changes=tuple(_changes(laws)),
    )


def _in_their_days(laws: Sequence[_Law], observers: Sequence[Sequence[Observer]]) -> Iterator[Observer]:
    """Each machine once for each stretch of days on which it is the rule's; rules in the order of the first law."""
    spans: dict[str, list[Observer]] = {}
    for law, found in zip(laws, observers, strict=True):
        for observer in found:
            before = spans.setdefault(observer.rule, [])
            if before and before[-1].law_until == law.since and _timeless(before[-1]) == _timeless(observer):
                before[-1] = replace(before[-1], law_until=law.until)
            else:
                before.append(replace(observer, law_from=law.since, law_until=law.until))
    begins = laws[0].since
    for each in (one for found in spans.values() for one in found):
        yield replace(each, law_from=None if each.law_from == begins else each.law_from)


def _verdicts(laws: Sequence[_Law]) -> Iterator[Verdict]:
    """Each rule's verdicts in the order of time, those of several laws that say the same told once."""
    found: dict[str, list[tuple[Verdict, date, date | None]]] = {}
    for law in laws:
        for verdict in () if law.judgement is None else law.judgement.verdicts:
            before = found.setdefault(verdict.rule, [])
            if before and _says_the_same(before[-1][0], verdict):
                before[-1] = (verdict, before[-1][1], law.until)
            else:
                before.append((verdict, law.since, law.until))
    for spans in found.values():
        for verdict, since, until in spans:
            days = f"from {since}" + (f" to {until - timedelta(1)}" if until is not None else "")
            yield verdict if len(spans) == 1 else replace(verdict, because=f"{days}: {verdict.because}")


def _says_the_same(one: Verdict, other: Verdict) -> bool:
    """Whether two laws come to one verdict; why a rule does not apply is said with its day, which alone is no other."""
    same = one.status is other.status and one.guard == other.guard
    return same and (one.status is Status.NOT_APPLICABLE or one.because == other.because)


def _bounds(judgements: Sequence[Judgement]) -> Bounds:
    """What is proved under every law."""
    each = [judgement.bounds.as_json() for judgement in judgements]
    agreed = {key: value if all(one[key] == value for one in each) else None for key, value in each[0].items()}
    return Bounds(**agreed)


def _changes(laws: Sequence[_Law]) -> Iterator[LawChange]:
    """What each law but the first changes for the program, rule by rule."""
    for before, law in pairwise(laws):
        one, two = _compared(before.cases), _compared(law.cases)
        begun = tuple(rule for rule in two if rule not in one)
        ended = tuple(rule for rule in one if rule not in two)
        changed = tuple(rule for rule in two if rule in one and one[rule] != two[rule])
        yield LawChange(on=law.since, begins=begun, ends=ended, changes=changed)
