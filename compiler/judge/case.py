"""The rules of all packs on one day for one program: those that apply with their observers, and why the others do not.

Nothing is judged here: `judging` proves and refutes what this finds, `over_time` compares the laws of several days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.applicable import DoesNotApply, applicability
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.facts import account_facts
from stratc.compiler.judge.memory import unconfirmed
from stratc.compiler.judge.pack import Pack
from stratc.compiler.judge.prove import Proof
from stratc.compiler.judge.rule_money import currencies_abroad
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.skeleton.proof import NOT_SAID, Attempt
from stratc.compiler.judge.values.asking import NOT_ASKED, Answer
from stratc.compiler.judge.waivers import Asked, ask_for
from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.instrument import Instrument, identify
from stratc.runtime.model.own_days import on_own_days
from stratc.runtime.model.record import record


@record
class Case:
    """One rule that applies: its observer or the problems in its way, and the facts that were taken strictly.

    `waived` is what a person has let this text off. `abroad` are the currencies of the rule's amounts that are not the
    account's: no observer then, nothing can be shown.
    """

    pack: Pack
    rule: RuleFile
    observer: Observer | None
    problems: tuple[Problem, ...]
    unknown: tuple[str, ...]
    proof: Proof | None
    waived: Asked
    abroad: tuple[str, ...] = ()
    skeleton: Attempt = NOT_SAID
    unconfirmed: tuple[tree.Dated, ...] = ()
    values: Answer = NOT_ASKED

    @property
    def denies(self) -> bool:
        """Whether the rule's guard is compiled in: not where it is proved, nor where it rests on memory alone."""
        return self.observer is not None and self.proof is None and not self.unconfirmed

    @property
    def acts(self) -> bool:
        """Whether the rule may act at run time, if it is not proved."""
        return self.waived.waiver is None and not self.unconfirmed

    @property
    def flattens(self) -> bool:
        """Whether a breach of it may close everything."""
        return self.acts and self.observer is not None and self.observer.flattens

    @property
    def lifted(self) -> bool:
        """Whether the rule binds this text no longer; what is proved needs no waiver."""
        return self.waived.waiver is not None and self.proof is None


@record
class NoCase:
    """One rule that does not apply, and why."""

    pack: Pack
    rule: RuleFile
    because: str


def cases_on(
    program: Program, account: AccountProfile, day: date, packs: Sequence[Pack], instruments: tuple[Instrument, ...]
) -> tuple[list[Case], list[NoCase]]:
    """The rules that apply to the program on a day, nothing proved yet, and those that do not."""
    facts = account_facts(account, day, program.account_kind)
    digest = sha256(program.source_text.encode("utf-8")).hexdigest()
    cases: list[Case] = []
    others: list[NoCase] = []
    for pack in packs:
        for rule in pack.rules:
            answer = applicability(pack, rule, facts, instruments, day)
            if isinstance(answer, DoesNotApply):
                others.append(NoCase(pack=pack, rule=rule, because=answer.because))
            else:
                applies = tuple(place for place in answer.instruments if is_first_place(program, place))
                setting = Setting(facts=facts, day=day, instruments=instruments, applies=applies)
                cases.append(_case(pack, rule, setting, answer.unknown, digest))
    return cases, others


def is_first_place(program: Program, place: int) -> bool:
    """Whether a place is the first of its instrument: of the others nothing is told, and it answers for all of them."""
    return program.instruments.index(program.instruments[place]) == place


def instruments_of(program: Program, own: Mapping[str, Instrument] | None) -> tuple[Instrument, ...]:
    """What the program trades, place by place, with days of its own where it says so."""
    return tuple(instrument_of(symbol, own, program.day_start) for symbol in program.instruments)


def instrument_of(symbol: str, own: Mapping[str, Instrument] | None, day_start: str) -> Instrument:
    found = identify(symbol, own)
    if found is None:
        raise ValueError(f"`{symbol}` is no instrument that is known; it should not have passed the checks")
    return on_own_days(found, day_start)


def _case(pack: Pack, rule: RuleFile, setting: Setting, unknown: tuple[str, ...], digest: str) -> Case:
    bare = Case(
        pack=pack,
        rule=rule,
        observer=None,
        problems=rule.problems,
        unknown=unknown,
        proof=None,
        waived=ask_for(pack.waivers, rule.id, rule.front.get("severity", ""), digest, setting.day),
        abroad=currencies_abroad(rule.statements, str(setting.facts.get("account.currency"))),
    )
    if bare.problems or bare.abroad:
        return bare
    observer, problems = compile_rule(rule.id, rule.statements, setting)
    if observer is None:
        return replace(bare, problems=problems)
    return replace(bare, observer=observer, unconfirmed=unconfirmed(rule, observer.parameters, setting.day))
