"""Run: a program, its market and terms in; what was done out. Compiled where this machine can, else interpreted.

The market is handed in (feeds stay behind the shell). Rule guards of the judgement are on in every run and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any

from stratc.compiler.build.artefact import Contents, build
from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.uses import clock_requests, column_requests
from stratc.compiler.judge.limits import caps_of, halts_of, sleeves_of
from stratc.compiler.judge.watch import Watch
from stratc.dsl.diagnostic import Problem
from stratc.runtime.artefact.load import VerifiedArtefact, load
from stratc.runtime.artefact.manifest import digest_of
from stratc.runtime.executor.backtest import hand_over, run_backtest
from stratc.runtime.executor.market import steps_of
from stratc.runtime.executor.results import Backtest
from stratc.runtime.executor.terms import LimitFill, Terms, terms_of
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    import polars as pl

    from stratc.compiler.judge import Judgement
    from stratc.runtime.executor.market import Market
    from stratc.runtime.model.account import AccountProfile
    from stratc.runtime.model.clock import Request as ClockRequest
    from stratc.runtime.model.instrument import Instrument
    from stratc.runtime.model.known import Request as KnownRequest


@record
class Machine:
    """What a program runs on: an artefact's module, or None and the reason why it runs interpreted.

    `guards` are the rules whose guards are in the module's code, in the order of their numbers.
    """

    module: ModuleType | None
    digest: str
    note: str
    guards: tuple[str, ...]


@record
class Feed:
    """The market and the answers to what the program asks of time and of tables, a column a request, a row a row."""

    market: Market
    columns: Mapping[ClockRequest | KnownRequest, pl.Series]


@record
class GuardCount:
    """How often a rule's guard was asked in a run, and how often it denied."""

    rule: str
    checked: int
    denied: int


@record
class Ran:
    """A finished run and what it ran on. `breaches` of rules that were called proved: a bug, or a broken assumption."""

    backtest: Backtest
    machine: Machine
    guards: tuple[GuardCount, ...]
    breaches: int


def build_machine(contents: Contents, *, optimize: bool) -> Machine:
    """The contents compiled, from the cache where they were before; interpreted where that cannot be."""
    built = build(contents, optimize=optimize)
    if isinstance(built, Problem):
        return interpreted(contents.program, built)
    artefact = load(built.folder)
    note = "" if built.note is None else built.note.diagnostic().message
    return machine_of(artefact, note)


def machine_of(artefact: VerifiedArtefact, note: str = "") -> Machine:
    return Machine(module=artefact.module, digest=artefact.digest, note=note, guards=artefact.manifest.guards)


def interpreted(program: Program, problem: Problem) -> Machine:
    """No machine code: the source's digest stands for the artefact's."""
    said = problem.diagnostic()
    note = f"running interpreted, slower with the same results: {said.message} [{said.code}]"
    return plain_machine(program, note)


def plain_machine(program: Program, note: str) -> Machine:
    """No module: the program runs interpreted, with the judgement's own guards."""
    return Machine(module=None, digest=digest_of(program.source_text.encode("utf-8")), note=note, guards=())


def run_program(
    program: Program,
    machine: Machine,
    feed: Feed,
    terms: Terms,
    judgement: Judgement | None,
    progress: Callable[[int, int], None] | None = None,
) -> Ran:
    """One backtest, the program's inputs at their defaults; see `with_inputs`."""
    runner = Runner(program, machine, judgement)
    columns = [feed.columns[request] for request in column_requests(program)]
    times = len(clock_requests(program))
    handed = [
        hand_over(column, "q" if place < times else "d", compiled=machine.module is not None)
        for place, column in enumerate(columns)
    ]
    backtest = run_backtest(
        feed.market,
        terms,
        caps_of(program),
        halts_of(program),
        rules=runner.rules,
        make_strategy=lambda table: runner.make(table, [given for given, _ in handed], feed.market.instruments),
        module=machine.module,
        progress=progress,
        planned_flows=len(program.flows),
        sleeves=sleeves_of(program),
        pairs=program.pairs,
    )
    return runner.ran(backtest)


class Runner:
    """Makes the strategy of one run, compiled or interpreted, and tells afterwards what its guards counted."""

    def __init__(self, program: Program, machine: Machine, judgement: Judgement | None) -> None:
        self.program, self.machine = program, machine
        self.guards = tuple(observer.rule for observer in (() if judgement is None else judgement.guards))
        self.watch = watch_for(judgement)
        self.rules = tuple(rule.name for rule in program.rules)

    def make(self, table: Any, asked: list[Any], instruments: Sequence[Instrument]) -> Any:
        """The strategy on the engine's columns and on what the program asks: addresses, or sequences."""
        parameters, steps = [declared.default for declared in self.program.inputs], steps_of(instruments)
        if self.machine.module is not None:
            self.strategy = self.machine.module.Strategy(table, asked, parameters, steps)
        else:
            self.strategy = InterpretedStrategy(self.program, table, asked, parameters, steps, self.watch)
        return self.strategy

    def ran(self, backtest: Backtest) -> Ran:
        """The finished run with its counts."""
        if self.machine.module is not None:
            return compiled_outcome(backtest, self.machine, self.strategy)
        watch = self.watch
        counts = zip(self.guards, watch.checked, watch.denied, strict=False)
        return Ran(
            backtest=backtest,
            machine=self.machine,
            guards=of_each_rule(GuardCount(rule=rule, checked=asked, denied=denied) for rule, asked, denied in counts),
            breaches=sum(breach.observer >= len(self.guards) for breach in watch.breaches),
        )


def watch_for(judgement: Judgement | None) -> Watch:
    """Guards that deny, and the observers of proved rules, which only watch."""
    if judgement is None:
        return Watch((), armed=0)
    return Watch((*judgement.guards, *judgement.tripwires), armed=len(judgement.guards))


def compiled_outcome(backtest: Backtest, machine: Machine, strategy: Any) -> Ran:
    """What the generated strategy counted: guards by their numbers, behind them the observers of proved rules."""
    counts = tuple(
        GuardCount(
            rule=rule,
            checked=getattr(strategy, f"guard_{number}_checked"),
            denied=getattr(strategy, f"guard_{number}_denied"),
        )
        for number, rule in enumerate(machine.guards)
    )
    breaches, number = 0, len(counts)
    while (found := getattr(strategy, f"guard_{number}_breaches", None)) is not None:
        breaches, number = breaches + found, number + 1
    return Ran(backtest=backtest, machine=machine, guards=of_each_rule(counts), breaches=breaches)


def of_each_rule(counts: Iterable[GuardCount]) -> tuple[GuardCount, ...]:
    """One count a rule, which has a guard for each law that a run goes through."""
    added: dict[str, GuardCount] = {}
    for each in counts:
        before = added.get(each.rule, GuardCount(rule=each.rule, checked=0, denied=0))
        added[each.rule] = replace(before, checked=before.checked + each.checked, denied=before.denied + each.denied)
    return tuple(added.values())


def with_inputs(program: Program, values: Mapping[str, float]) -> Program:
    """The program with these inputs in the place of its defaults; raises `ValueError` for what is no input or value."""
    known = {declared.name: declared for declared in program.inputs}
    for name, value in values.items():
        if name not in known:
            raise ValueError(f"there is no input `{name}`; there are {', '.join(known) or 'none'}")
        low, high = known[name].low, known[name].high
        if low is None or high is None:
            raise ValueError(f"`{name}` has no range and keeps its value: write `input {name} = … in low..high`")
        if not low <= value <= high:
            raise ValueError(f"`{name}` = {value:g} is outside its range {low:g}..{high:g}")
        if known[name].whole and value != int(value):
            raise ValueError(f"`{name}` = {value:g} must be whole")
    chosen = (replace(each, default=values.get(each.name, each.default)) for each in program.inputs)
    return replace(program, inputs=tuple(chosen))


def terms_for(program: Program, profile: AccountProfile, default_equity: Decimal, judgement: Judgement | None) -> Terms:
    """The terms of a backtest under this account; what it leaves out is among its assumptions."""
    terms = terms_of(profile, profile.equity or default_equity, LimitFill.THROUGH, segment=program.account_kind)
    return terms if judgement is None else replace(terms, first_in_first_out=judgement.reattribute)
