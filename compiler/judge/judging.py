"""One strategy against all rules of all packs: applicability, proofs, the search, guards, remedies.

Verdicts judge the bare program, every rule guard off. An error inside a rule is a violation: fail closed. What is
neither proved nor violated is guarded, and the verdict says by which guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from stratc.compiler.bug import StratcBug
from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import EventKind, Observer
from stratc.compiler.judge import memory
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.applicable import changes_on
from stratc.compiler.judge.bounds import bounds_of, kind_of, sheet_of
from stratc.compiler.judge.case import Case, NoCase, cases_on, instrument_of, instruments_of
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.facts import account_facts
from stratc.compiler.judge.pack import Follows, Pack
from stratc.compiler.judge.policies import with_published
from stratc.compiler.judge.prove import Proof, prove
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.sizes import Shape, after_withdrawals, read_shape, sessions_are_days
from stratc.compiler.judge.skeleton.enough import enough
from stratc.compiler.judge.skeleton.proof import WORK_MAX, Attempt, History, attempt
from stratc.compiler.judge.skeleton.story import history_of, told
from stratc.compiler.judge.values.asking import Deep
from stratc.compiler.judge.verdict import Counterexample, GuardClass, GuardNote, Judgement, Status, Verdict
from stratc.runtime.executor.terms import LimitFill, Terms, terms_of
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.judge.search import Found, Kept

MEMBERS_JUDGED: Final = 2
WORK_OF_A_REMEDY: Final = 20_000
EQUITY_DEFAULT: Final = Decimal(10_000)
ASSUMPTIONS: Final = {
    "A-excl": "A-excl: nobody else trades the account",
    "A-flat": "A-flat: the account holds nothing when the run begins",
    "A-start": "A-start: the broker counts nothing in its windows that the profile does not state",
    "A-time": "A-time: the rule is judged when the order is sent; the price may move before the fill by the stated gap",
    "A-cal": "A-cal: business days are those of the instrument's calendar",
    "A-corp": "A-corp: no split, dividend or merger falls into the window",
    "A-oms": "A-oms: one working entry per position, exits never exceed the position",
    "A-whole": "A-whole: an order fills in one piece",
    "A-gap": "A-gap: no price of a bar is further from the close before than the verdict states",
    "A-bars": "A-bars: instruments of one calendar have their bars together",
    "A-cost": "A-cost: trading costs what the profile states, but for rounding to a tick",
    "A-fill": "A-fill: within a bar orders fill in the engine's order, exits before entries",
    "A-num": "A-num: quantities are rounded down, money is exact",
}


@record
class Run:
    """What the law of one day does not say of a run over several: its first day, and whether on any of its days a rule
    may close everything."""

    begins: date
    flattens: bool


@record
class _Ground:
    """What proofs stand on: the program, its shape, what the broker counted before, one calendar for all or not, money
    that comes and goes, and whether a rule may close everything."""

    program: Program
    shape: Shape
    before: int | None
    history: History | None
    one_calendar: bool
    flows: bool
    flattened: bool

    def by_sizes(self, program: Program, observer: Observer) -> Proof | None:
        """What sizes and limits say of the program, or of one that has a clause more."""
        shape = self.shape if program is self.program else read_shape(program)
        if self.flows:
            shape = after_withdrawals(shape)
        # A cap counts sessions of the account; where they are not the rule's days it proves nothing of those.
        if not self.one_calendar or not sessions_are_days(program, observer):
            shape = replace(shape, day_trades=None, why_day_trades="")
        return prove(observer, shape, day_trades_before=self.before)

    def by_states(self, program: Program, observer: Observer, work_max: int = WORK_MAX) -> Attempt:
        """What every state of the control skeleton says of it."""
        return attempt(
            program,
            observer,
            self.history,
            one_calendar=self.one_calendar,
            flattened=self.flattened,
            work_max=work_max,
        )


@record
class _Effort:
    """How much is done to decide a rule, and where outcomes are kept."""

    budget_seconds: float
    kept: Kept | None
    deep: Deep | None
    horizon: int | None
    fast: bool


def _ground(
    program: Program,
    account: AccountProfile,
    as_of: date,
    instruments: tuple[Instrument, ...],
    played: tuple[Instrument, ...],
) -> _Ground:
    """The ground before anything is known of the rules; `played` are the instruments with those that are only read."""
    return _Ground(
        program=program,
        shape=read_shape(program),
        before=_day_trades_before(account, as_of),
        history=history_of(account, as_of, instruments),
        one_calendar=len({instrument.calendar for instrument in played}) == 1,
        flows=bool(account.flows),
        flattened=False,
    )


def judge(
    program: Program,
    account: AccountProfile,
    as_of: date,
    packs: Sequence[Pack],
    *,
    budget_seconds: float = 2.0,
    fast: bool = False,
    own_instruments: Mapping[str, Instrument] | None = None,
    kept: Kept | None = None,
    run: Run | None = None,
    deep: Deep | None = None,
    horizon: int | None = None,
) -> Judgement:
    """The verdict of every rule of every pack. `fast` leaves out the search for counterexamples and the remedies.

    `kept` is where the outcomes of searches are kept; `run` is the one that this law is a part of, where it is. `deep`
    adds the proofs in values, `horizon` is how many sessions the search looks ahead.
    """
    account = with_published(account, (policy for pack in packs for policy in pack.policies))
    if program.universe and len(program.instruments) > MEMBERS_JUDGED:
        few = replace(program, instruments=program.instruments[:MEMBERS_JUDGED])
        # What reads another instrument reads it by its number, which is another one among fewer.
        fast = fast or bool(program.reads)
        told = judge(
            few,
            account,
            as_of,
            packs,
            budget_seconds=budget_seconds,
            fast=fast,
            own_instruments=own_instruments,
            kept=kept,
            run=run,
            deep=deep,
            horizon=horizon,
        )
        return _guarding_all(told, program, account, as_of, packs, own_instruments)
    # Made-up markets have a price for each place; places of one instrument have one price.
    fast = fast or program.shares or program.pairs
    instruments = instruments_of(program, own_instruments)
    begins = as_of if run is None else run.begins
    played = (*instruments, *(instrument_of(symbol, own_instruments, program.day_start) for symbol in program.reads))
    ground = _ground(program, account, begins, instruments, played)
    cases, others = cases_on(program, account, as_of, packs, instruments)
    verdicts = [_not_applicable(program, account, as_of, each) for each in others]
    # A rule that closes everything sends exits that no text says, and every proof has to bear them.
    flattened = any(case.flattens for case in cases) or (run is not None and run.flattens)
    ground = replace(ground, flattened=flattened)
    cases = [_proved(case, program, ground) for case in cases]
    effort = _Effort(budget_seconds=budget_seconds, kept=kept, deep=deep, horizon=horizon, fast=fast)
    found, note = _search(program, account, as_of, played, cases, effort)
    if deep is not None:
        cases = [_deepened(case, program, account, instruments, ground, effort, found) for case in cases]
    for case in cases:
        verdict = _verdict(program, account, as_of, case, found.get(case.rule.id), note)
        verdicts.append(
            verdict if fast else replace(verdict, remedies=_remedies(program, case, ground, verdict.status))
        )
    order = {rule.id: number for number, rule in enumerate(rule for pack in packs for rule in pack.rules)}
    ordered = (*sorted(verdicts, key=lambda verdict: order[verdict.rule]), *_lacking(program, account, packs))
    return _put_together(program, account, cases, ordered, own_instruments)


def _put_together(
    program: Program,
    account: AccountProfile,
    cases: Sequence[Case],
    verdicts: Sequence[Verdict],
    own: Mapping[str, Instrument] | None,
) -> Judgement:
    """The verdicts with the bounds, what all of it rests on, and the observers that a run takes along."""
    equity = account.equity
    binding = [case for case in cases if not case.lifted]
    waived = [f"{case.rule.id}: {case.waived.waiver.told()}" for case in cases if case.lifted and case.waived.waiver]
    return Judgement(
        verdicts=tuple(verdicts),
        bounds=bounds_of(
            sheet_of(program, kind_of(program, account), own),
            None if equity is None else Fraction(equity),
            [proof for case in cases for proof in (case.proof, case.values.proof) if proof is not None],
        ),
        assumptions=(*waived, *_assumptions(verdicts, account)),
        guards=tuple(case.observer for case in binding if case.observer is not None and case.denies),
        tripwires=tuple(case.observer for case in binding if case.observer is not None and not case.denies),
        reattribute=any(_action(case.rule) == "reattribute" for case in binding if not case.unconfirmed),
    )


def _guarding_all(
    told: Judgement,
    program: Program,
    account: AccountProfile,
    as_of: date,
    packs: Sequence[Pack],
    own: Mapping[str, Instrument] | None,
) -> Judgement:
    """The same verdicts, with guards that watch every member: members are alike, and no proof adds them up."""
    instruments = instruments_of(program, own)
    facts = account_facts(account, as_of, program.account_kind)
    setting = Setting(facts=facts, day=as_of, instruments=instruments, applies=tuple(range(len(instruments))))
    statements = {rule.id: rule.statements for pack in packs for rule in pack.rules}
    widened = {
        each.rule: compile_rule(each.rule, statements[each.rule], setting)[0]
        for each in (*told.guards, *told.tripwires)
    }
    return replace(
        told,
        guards=tuple(widened[each.rule] or each for each in told.guards),
        tripwires=tuple(widened[each.rule] or each for each in told.tripwires),
    )


def _day_trades_before(account: AccountProfile, as_of: date) -> int | None:
    """Day trades that the broker counted in the last week and a half; None where the account states no history."""
    if account.history.as_of is None and not account.history.day_trades:
        return None
    return sum(1 for day in account.history.day_trades if timedelta(0) < as_of - day <= timedelta(10))


def _proved(case: Case, program: Program, ground: _Ground) -> Case:
    """The case with what is proved of it: by sizes, else by seeing every state."""
    if case.observer is None:
        return case
    proof = ground.by_sizes(program, case.observer)
    if proof is not None:
        return replace(case, proof=proof)
    skeleton = ground.by_states(program, case.observer)
    return replace(case, proof=skeleton.proof, skeleton=skeleton)


def _search(
    program: Program,
    account: AccountProfile,
    as_of: date,
    instruments: Sequence[Instrument],
    cases: Sequence[Case],
    effort: _Effort,
) -> tuple[dict[str, Found], str]:
    open_ = [case for case in cases if case.observer is not None and case.proof is None]
    if effort.fast or not open_:
        return {}, "the search was left out" if effort.fast else ""
    # The search runs the engine, which is imported only where something is left to search for.
    from stratc.compiler.judge.search import Account, days_before, search

    start = Account(terms=_terms(program, account), day_trades=days_before(as_of, account.history.day_trades))
    observers = [case.observer for case in open_ if case.observer is not None]
    found, note = search(
        program,
        instruments,
        observers,
        start,
        as_of,
        effort.budget_seconds,
        effort.kept,
        horizon=effort.horizon,
        calm=effort.deep is not None,
    )
    return {open_[index].rule.id: one for index, one in found.items()}, note


def _terms(program: Program, account: AccountProfile) -> Terms:
    return terms_of(account, account.equity or EQUITY_DEFAULT, LimitFill.THROUGH, segment=program.account_kind)


def _deepened(
    case: Case,
    program: Program,
    account: AccountProfile,
    instruments: Sequence[Instrument],
    ground: _Ground,
    effort: _Effort,
    found: dict[str, Found],
) -> Case:
    """The case with what values say of it: the largest move under which it is proved, and whether that is enough."""
    if case.observer is None or case.proof is not None or effort.deep is None:
        return case
    from stratc.compiler.judge.values.deep import answer

    broken = found.get(case.rule.id)
    shape, terms = ground.shape, _terms(program, account)
    values = answer(
        program,
        case.observer,
        shape,
        terms,
        instruments,
        one_calendar=ground.one_calendar,
        kept=effort.kept,
        broken=broken,
    )
    stated = effort.deep.moves_within
    if values.proof is None or values.proof.gap is None or stated is None or stated > values.proof.gap:
        return replace(case, values=values)
    if values.broken_by is not None and values.broken_by <= stated:
        raise StratcBug(f"{case.rule.id} is proved for moves that a replay breaks it with: {values.note}")
    return replace(case, values=values, proof=values.proof)


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _verdict(
    program: Program, account: AccountProfile, as_of: date, case: Case, found: Found | None, note: str
) -> Verdict:
    strict = tuple(f"strict:{name}" for name in case.unknown)
    assumptions = (*(case.proof.assumptions if case.proof else ()), *strict)
    parameters = case.observer.changes_on if case.observer is not None else None
    guard = None if case.observer is None else _guard(case, case.observer, len(program.instruments))
    bare, why = _status(program, case, found, note)
    waiver = case.waived.waiver if case.lifted else None
    status = bare if waiver is None else Status.WAIVED
    lifted = () if waiver is None else (f"{waiver.told()}; without it {bare}",)
    remembered = memory.told(case.unconfirmed)
    advises = "no hard block: the rule is advice" if bare is Status.VIOLATED and case.rule.is_advice else ""
    because = "; ".join((*lifted, why, *case.waived.void, *(each for each in (remembered, advises) if each)))
    changes = changes_on(case.rule, account, as_of, parameters)
    return _filled(
        program,
        case.pack,
        case.rule,
        status=status,
        because=because,
        hard_block=not case.unconfirmed and not case.rule.is_advice,
        changes=changes if waiver is None else min(waiver.expires + timedelta(1), changes or date.max),
        assumptions=assumptions,
        guard=None if status in {Status.PROVED, Status.WAIVED} else guard,
        counterexample_of=found if bare is Status.VIOLATED else None,
        remedies=(),
    )


def _remedies(program: Program, case: Case, ground: _Ground, status: Status) -> tuple[str, ...]:
    """Clauses under which the rule would be proved, as it would be with them in the text."""
    observer = case.observer
    if observer is None or status not in {Status.VIOLATED, Status.GUARDED}:
        return ()
    from stratc.compiler.judge.remedies import remedies_for

    def by_sizes(changed: Program) -> bool:
        return ground.by_sizes(changed, observer) is not None

    def proves(changed: Program) -> bool:
        return by_sizes(changed) or ground.by_states(changed, observer, WORK_OF_A_REMEDY).proof is not None

    return remedies_for(program, proves, by_sizes)


def _status(program: Program, case: Case, found: Found | None, note: str) -> tuple[Status, str]:
    if case.abroad:
        return Status.VIOLATED, f"the rule counts in {', '.join(case.abroad)}, the account in another currency"
    if case.observer is None:
        wrong = "; ".join(f"{problem.code} {problem.diagnostic().message}" for problem in case.problems)
        return Status.VIOLATED, f"the rule itself is broken, so nothing can be shown to keep it: {wrong}"
    if case.proof is not None:
        return Status.PROVED, case.proof.because
    if found is not None:
        broken = "a run of this strategy through the engine, rule guards off, breaks the rule"
        return Status.VIOLATED, "; ".join(each for each in (broken, case.values.note) if each)
    notes = [each for each in (note, _way_to_breach(program, case), case.values.note) if each]
    return Status.GUARDED, "not proved and not refuted" + (f": {'; '.join(notes)}" if notes else "")


def _way_to_breach(program: Program, case: Case) -> str:
    """What the skeleton says of a rule that it does not prove."""
    breach = case.skeleton.breach
    # A rule that an order alone may break is one of money, of which the skeleton knows nothing.
    if breach is None or all(each.kind is not EventKind.FILL_CLOSING for each in breach):
        return case.skeleton.note
    return f"no price was found for what orders and fills alone allow: {told(breach, program)}"


def _not_applicable(program: Program, account: AccountProfile, as_of: date, other: NoCase) -> Verdict:
    return _filled(
        program,
        other.pack,
        other.rule,
        status=Status.NOT_APPLICABLE,
        because=other.because,
        hard_block=True,
        changes=changes_on(other.rule, account, as_of, None),
        assumptions=(),
        guard=None,
        counterexample_of=None,
        remedies=(),
    )


def _lacking(program: Program, account: AccountProfile, packs: Sequence[Pack]) -> Iterator[Verdict]:
    """What the account adopts and nobody has loaded cannot be judged, so it counts as broken."""
    loaded = {pack.name for pack in packs}
    for name in account.house_packs:
        if name not in loaded:
            house = ", ".join(sorted(pack.name for pack in packs if pack.follows is Follows.HOUSE))
            yield Verdict(
                file=program.source_name,
                rule=f"house_packs.{name}",
                pack=name,
                pack_version="",
                citation="the account's `house_packs`",
                authority="house",
                kind="limit",
                binds="this account",
                status=Status.VIOLATED,
                because=f"the account adopts `{name}`, and no pack of that name is loaded, so that its rules cannot be "
                f"judged; there are {house}, and `--packs FOLDER` loads others",
                hard_block=True,
                changes_on=None,
                assumptions=(),
                guard=None,
                counterexample=None,
                remedies=(),
            )


def _filled(
    program: Program,
    pack: Pack,
    rule: RuleFile,
    *,
    status: Status,
    because: str,
    hard_block: bool,
    changes: date | None,
    assumptions: tuple[str, ...],
    guard: GuardNote | None,
    counterexample_of: Found | None,
    remedies: tuple[str, ...],
) -> Verdict:
    return Verdict(
        file=program.source_name,
        rule=rule.id,
        pack=pack.id,
        pack_version=pack.version,
        citation=rule.front.get("citation", ""),
        authority=rule.front.get("authority", pack.authority),
        kind=rule.front.get("kind", ""),
        binds=rule.front.get("binds", ""),
        status=status,
        because=because,
        hard_block=hard_block,
        changes_on=changes,
        assumptions=assumptions,
        guard=guard,
        counterexample=None if counterexample_of is None else _counterexample(program, rule, counterexample_of),
        remedies=remedies,
    )


def _counterexample(program: Program, rule: RuleFile, found: Found) -> Counterexample:
    from stratc.compiler.judge.trace import counterexample

    return counterexample(program, rule, found)


def _guard(case: Case, observer: Observer, places: int) -> GuardNote:
    """What is compiled in for a rule that is not proved, in a program of so many instruments."""
    when, action, guard_class = "after every event", _action(case.rule), GuardClass.REACTIVE
    guards = [each for each in observer.guards if not each.after_breach]
    if case.unconfirmed:
        action = "warn"
    elif guards:
        tests = "; ".join(" ".join(case.rule.source.slice(each.span).split()) for each in guards)
        when, action, guard_class = f"before every opening order: {tests}", "deny", GuardClass.PREVENTIVE
    elif action == "reattribute":
        when, guard_class = "at every closing fill", GuardClass.TRANSFORMING
    return GuardNote(
        when=when,
        action=action,
        guard_class=guard_class,
        memory_bytes=observer.bytes_among(places),
        enough=enough(observer) if guard_class is GuardClass.PREVENTIVE else None,
    )


def _action(rule: RuleFile) -> str:
    return next((each.action for each in rule.statements if isinstance(each, tree.OnBreach)), "warn")


def _assumptions(verdicts: Sequence[Verdict], account: AccountProfile) -> tuple[str, ...]:
    """Sentences for every assumption that some verdict rests on, and what the profile left out."""
    used = sorted({each for verdict in verdicts for each in verdict.assumptions})
    told = [ASSUMPTIONS[each] if each in ASSUMPTIONS else _strict(each) for each in used]
    told += (
        [] if account.equity is not None else [f"equity is not stated: {EQUITY_DEFAULT} {account.currency} is taken"]
    )
    return (*told, *_other_accounts(account), *account.assumptions)


def _other_accounts(account: AccountProfile) -> Iterator[str]:
    """What the profile says of other accounts, and nothing is read of."""
    linked, shared = account.other_accounts.same_owner or (), account.other_accounts.shared_with or ()
    if linked:
        yield f"{', '.join(linked)}: what other accounts of the owner hold is not read, and counts in no limit here"
    if shared:
        yield f"{', '.join(shared)}: what others order on this account is not read; `--together` judges strategies"


def _strict(name: str) -> str:
    return f"{name}: the account does not say `{name.removeprefix('strict:')}`; the strict value is taken"
