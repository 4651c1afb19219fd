"""A backtest or a paper run from end to end, for every skin: read, compile, judge, load prices, run, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stratc.compiler.shell.advice_log import advice_log
from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.exits import PROBLEMS, Refused
from stratc.compiler.shell.fed_data import read_recorded, split_records
from stratc.compiler.shell.flows import flow_assumptions, with_flows
from stratc.compiler.shell.happenings import refuse_restatement
from stratc.compiler.shell.inputs import read_values
from stratc.compiler.shell.interest import overnight_assumptions, read_interest
from stratc.compiler.shell.market_data import DataOptions, MarketData, read_market, table_places
from stratc.compiler.shell.packs import load_locked_packs
from stratc.compiler.shell.paper import alarms_told, decisions_of, replay
from stratc.compiler.shell.reading import read_date, read_instruments, read_profile
from stratc.compiler.shell.run_report import Context, barred, noted, reasons_against, report_of
from stratc.compiler.shell.table_data import members_of
from stratc.compiler.shell.writing import replace_file
from stratc.compiler.workbench import CheckReport, Law, check, compile_source
from stratc.compiler.workbench.compiling import contents_of
from stratc.compiler.workbench.running import (
    Machine,
    Ran,
    build_machine,
    machine_of,
    plain_machine,
    run_program,
    terms_for,
    with_inputs,
)
from stratc.runtime.artefact.load import ArtefactRefused, VerifiedArtefact, load
from stratc.runtime.artefact.manifest import MANIFEST, SOURCE, Manifest
from stratc.runtime.executor.market import EventKind
from stratc.runtime.executor.scale import RunRefused
from stratc.runtime.executor.terms import (
    EVERY_FILL,
    NO_COMMISSION,
    NO_SLIPPAGE,
    AccountKind,
    Exchange,
    LimitFill,
    Terms,
    exchange_of,
)
from stratc.runtime.feeds.bars import DataRefused
from stratc.runtime.model.action import SignalPrices
from stratc.runtime.model.record import record
from stratc.runtime.reports.summary import Run

if TYPE_CHECKING:
    from stratc.compiler.ir.nodes import Program
    from stratc.compiler.judge import LawChange
    from stratc.compiler.shell.feed_options import FeedOptions
    from stratc.dsl.source import Source
    from stratc.runtime.executor.interest import InterestRates
    from stratc.runtime.executor.paper.follow import Ended
    from stratc.runtime.executor.paper.taken import Alarm
    from stratc.runtime.model.account import AccountProfile
    from stratc.runtime.model.instrument import Instrument

PRICES_READ: Final = {
    SignalPrices.RAW: "prices as they were, in which a split is a fall",
    SignalPrices.SPLIT_ADJUSTED: "prices adjusted for the splits that are effective at each bar, for none to come",
    SignalPrices.TOTAL_RETURN: "prices adjusted for the splits and dividends that are effective at each bar",
}
EQUITY_DEFAULT: Final = Decimal(100_000)


@record
class Request:
    """What a user asked for: a strategy file or an artefact's folder, and everything around it. `each_bar`: the law is
    that of each bar's own day, and not that of `as_of`, which if not given is today's or an artefact's own. `paper`:
    bar by bar, of files or, where there is one, of a `feed`. `decisions` is where the decision log goes."""

    file: Path
    account: Path | None
    as_of: date | None
    packs: tuple[Path, ...]
    values: Mapping[str, str]
    data: DataOptions
    optimize: bool
    interpret: bool
    each_bar: bool = False
    known_at: date | None = None
    paper: bool = False
    feed: FeedOptions | None = None
    decisions: Path | None = None


@record
class Done:
    """What was run, on which market; of a paper run what was wrong with what came, of a feed how it ended."""

    ran: Ran
    market: MarketData
    alarms: tuple[Alarm, ...] = ()
    ended: Ended | None = None


@record
class Outcome:
    """A finished run; its report and documents are made from this."""

    check: CheckReport
    ran: Ran
    report: Run
    program: Program
    advice: tuple[dict[str, Any], ...]
    paper: bool
    alarms: tuple[Alarm, ...]
    ended: Ended | None

    def document(self) -> dict[str, Any]:
        """`run --json`."""
        from stratc.runtime.reports.performance import measure

        backtest, fall = self.ran.backtest, measure(self.report).drawdown
        return {
            "ok": self.ended is None or not self.ended.is_problem,
            "mode": "paper" if self.paper else "backtest",
            "ended": None if self.ended is None else (self.ended.words or self.ended.ending.value),
            "alarms": alarms_told(self.alarms),
            "strategy": self.program.title,
            "artefact_digest": self.ran.machine.digest,
            "data_digest": self.report.data_digest,
            "bars": backtest.bars,
            "orders": backtest.order_count,
            "fills": backtest.fill_count,
            "round_trips": backtest.round_trip_count,
            "denied": self.report.denied,
            "start_equity": float(backtest.start_equity),
            "final_equity": float(backtest.final_equity),
            "flows": [
                {"at_utc_ns": each.at_ns, "asked": float(each.asked), "moved": float(each.moved)}
                for each in backtest.flows()
            ],
            "carried": {name.replace(" ", "_"): float(amount) for name, amount in self.report.carried},
            "sleeves": [
                {
                    "name": each.name or None,
                    "percent": float(each.percent),
                    "start_equity": float(each.start),
                    "final_equity": float(each.equity),
                    "round_trips": each.round_trips,
                    "fills": each.fills,
                    "commissions": float(each.commission),
                    "slippage": float(each.slippage),
                }
                for each in self.report.sleeves
            ],
            "max_drawdown": None if fall is None else fall.depth,
            "assumptions": list(self.report.assumptions),
            "guards": [{"rule": g.rule, "checked": g.checked, "denied": g.denied} for g in self.ran.guards],
            "no_entries": [{"when": text, "denied": count} for text, count in barred(self.program, self.ran.backtest)],
            "noted": [
                {"rule": rule, "count": count, "first": first}
                for rule, count, first in noted(self.program, self.ran.backtest)
            ],
            "advice": list(self.advice),
            "compiled": self.ran.machine.module is not None,
            "law": self.report.law,
            "law_changes": [each.as_json() for each in law_changes(self.check)],
            "notes": list(self.report.notes),
        }

    def write_page(self, path: Path) -> None:
        from stratc.runtime.reports.html import render_page

        replace_file(path, render_page(self.report))

    def write_round_trips(self, path: Path) -> None:
        from stratc.compiler.shell.round_trips import write_round_trips

        write_round_trips(self.report.round_trips, path)


@record
class Stopped:
    """Nothing was run: the text has errors."""

    check: CheckReport


def backtest(request: Request, say: Callable[[str], None], advance: Callable[[int, int], None]) -> Outcome | Stopped:
    """Run it, or stop where the text has errors. Raises `Refused` for what cannot be read or done."""
    strategy, artefact = find_runnable(request)
    machine = None if artefact is None else machine_of(artefact)
    source = read_strategy(strategy)
    beside = request.file if machine is None else None
    profile = read_profile(request.account, beside)
    instruments = read_instruments(profile, request.account, beside)
    if artefact is None:
        as_of, known_at = request.as_of or read_date(None), request.known_at
    else:
        as_of, known_at = law_of_artefact(request, artefact.manifest)
    law = Law(packs=load_locked_packs(request.packs, [request.file]), as_of=as_of, known_at=known_at)
    members = read_members(source, instruments, strategy, request.data)
    exchange = exchange_of(profile) if profile is not None else EVERY_FILL
    rates = read_interest(profile, request.account, request.file)

    def prices_for(wanted: Program) -> MarketData:
        return read_prices(wanted, instruments, strategy, request.data, exchange, rates)

    market = None
    if request.each_bar:
        refuse_artefact(machine)
        refuse_unknown_days(request)
        # Which laws there are hangs on the days of the data, which are read for nothing where the text has errors.
        program = compile_source(source, instruments, members).program
        market = None if program is None else prices_for(program)
        law = law if market is None else replace(law, days=market.days)
    from stratc.compiler.shell.kept_searches import KeptSearches

    report = check(source, law, profile, instruments=instruments, members=members, kept=KeptSearches())
    program = report.compilation.program
    if program is None:
        return Stopped(check=report)
    if profile is not None and profile.currency != program.currency:
        raise Refused(
            f"the strategy's account is in {program.currency} and the profile's in {profile.currency}",
            "name the profile of the account that the strategy is for",
        )
    chosen = choose(program, request.values)
    if request.feed is None:
        market = market or prices_for(chosen)
    if machine is None:
        machine = prepare(chosen, report, law, request)
    if machine.note:
        say(machine.note)
    terms = terms_for(chosen, profile, EQUITY_DEFAULT, report.judgement) if profile is not None else plain_terms(chosen)
    terms = with_flows(terms, profile, request.account, request.file)
    started = Started(chosen, machine, terms, report, rates, instruments, strategy)
    done = follow(started, request, say) if market is None else run_on(started, market, request, advance)
    context = context_of(chosen, report, done.market, profile, law, rates)
    context = replace(context, assumptions=(*context.assumptions, *flow_assumptions(chosen, terms)))
    return Outcome(
        check=report,
        ran=done.ran,
        report=report_of(done.ran, done.market.feed, context),
        program=chosen,
        advice=advice_log(chosen, done.market, done.ran.backtest),
        paper=request.paper,
        alarms=done.alarms,
        ended=done.ended,
    )


@dataclass(frozen=True, slots=True)
class Started:
    """Everything that a run begins with beside its bars."""

    program: Program
    machine: Machine
    terms: Terms
    report: CheckReport
    rates: InterestRates | None
    instruments: Mapping[str, Instrument] | None
    strategy: Path


def follow(started: Started, request: Request, say: Callable[[str], None]) -> Done:
    """A paper run on a feed, or a refusal."""
    from stratc.compiler.shell.feeding import follow_feed

    assert request.feed is not None
    refuse_unjudged(started.report)
    try:
        done = follow_feed(
            started.program,
            started.machine,
            started.instruments,
            started.strategy,
            request.data,
            request.feed,
            started.terms,
            started.report.judgement,
            started.rates,
            decisions=request.decisions,
            say=say,
        )
    except RunRefused as refusal:
        raise Refused(str(refusal), "", PROBLEMS) from None
    except DataRefused as refusal:
        raise refused(refusal) from None
    return Done(ran=done.ran, market=done.market, alarms=done.alarms, ended=done.ended)


def refuse_unjudged(report: CheckReport) -> None:
    """Nothing that breaks a rule, or was never judged, trades on what comes; bars of files are a backtest one by
    one."""
    if report.judgement is None:
        raise Refused(
            "no account is given, so no rule was judged", "name one with --account, or replay files", PROBLEMS
        )
    violated = tuple(dict.fromkeys(each.rule for each in report.judgement.violated))
    if violated or report.unlocated:
        why = "; ".join(reasons_against(violated, tuple(each.rule for each in report.unlocated)))
        raise Refused(f"the strategy {why}: no paper run on a feed", "mend it, or replay files", PROBLEMS)


def run_on(started: Started, market: MarketData, request: Request, advance: Callable[[int, int], None]) -> Done:
    """A run on bars that are all there: at once, or one after another as they became known."""
    program, judgement = started.program, started.report.judgement
    if request.paper:
        lines: list[str] | None = None if request.decisions is None else []
        write = None if lines is None else lines.append
        try:
            refuse_restatement(program, market.feed.market)
            ran, alarms = replay(
                program, started.machine, market, started.terms, judgement, started.rates, write=write, advance=advance
            )
        except RunRefused as refusal:
            raise Refused(str(refusal), "", PROBLEMS) from None
        done = Done(ran=ran, market=market, alarms=alarms)
    else:
        ran = run_or_refuse(program, started.machine, market, started.terms, started.report, advance)
        done = Done(ran=ran, market=market)
        lines = None if request.decisions is None else decisions_of(program, ran, market, judgement)
    if request.decisions is not None:
        replace_file(request.decisions, "".join(lines or ()))
    return done


def law_of_artefact(request: Request, manifest: Manifest) -> tuple[date, date | None]:
    """The days of the law under which an artefact was compiled, since those are its guards; another one is refused."""
    asked = (("--as-of", request.as_of), ("--known-at", request.known_at))
    days = [date.fromisoformat(day) if day else None for day in (manifest.as_of, manifest.known_at)]
    for own, (option, day) in zip(days, asked, strict=True):
        if day not in (None, own):
            compiled = f"with `{option} {own}`" if own else f"without `{option}`"
            raise Refused(
                f"the artefact has the guards of one law: it was compiled {compiled}, and `{option} {day}` is another",
                "compile the strategy under that law, or name the .strat file",
            )
    as_of, known_at = days
    return as_of or read_date(None), known_at


def refuse_unknown_days(request: Request) -> None:
    if request.feed is not None:
        raise Refused(
            "`--law each-bar` wants to know the days of a run beforehand, which a feed does not say",
            "leave it out: the law is then that of `--as-of`, by default of today",
        )


def refuse_artefact(machine: Machine | None) -> None:
    if machine is not None:
        raise Refused(
            "`--law each-bar` wants a strategy's text: an artefact has the guards of the law it was compiled under",
            "name the .strat file",
        )


def law_changes(report: CheckReport) -> tuple[LawChange, ...]:
    return () if report.judgement is None else report.judgement.law_changes


def told_law(law: Law, report: CheckReport) -> str:
    """Which law a run was under, in words."""
    known = "" if law.known_at is None else f", as it was known on {law.known_at.isoformat()}"
    if law.days is None:
        return f"the law of {law.as_of.isoformat()} over the whole run{known}"
    changes = "; ".join(each.told() for each in law_changes(report))
    return f"the law of each bar's own day{known}: {changes or 'the same on all of them'}"


def find_runnable(request: Request) -> tuple[Path, VerifiedArtefact | None]:
    """The strategy's text, and the verified artefact where the file is a folder."""
    if not request.file.is_dir():
        return request.file, None
    if not (request.file / MANIFEST).is_file():
        raise Refused(
            f"{request.file} is a folder and no artefact", "name a .strat file, or what `stratc compile` wrote"
        )
    try:
        artefact = load(request.file)
    except ArtefactRefused as refusal:
        raise Refused(
            f"the artefact is refused ({refusal.code}): {refusal}", "build it again with `stratc compile`"
        ) from None
    if request.feed is not None and artefact.manifest.backtest_only:
        raise Refused("the artefact is for backtests only", "compile it without --backtest-only", PROBLEMS)
    return request.file / SOURCE, artefact


def read_members(
    source: Source, instruments: Mapping[str, Instrument] | None, strategy: Path, options: DataOptions
) -> tuple[str, ...]:
    """The symbols that the table of the universe names, where the text trades one."""
    program = compile_source(source, instruments).program
    if program is None or not program.universe:
        return ()
    try:
        return members_of(program, instruments, table_places(program, strategy, options), options.timezone)
    except DataRefused as refusal:
        raise refused(refusal) from None


def choose(program: Program, values: Mapping[str, str]) -> Program:
    try:
        return with_inputs(program, read_values(program, values))
    except ValueError as problem:
        raise Refused(str(problem), "see the strategy's `input` lines") from None


def read_prices(
    program: Program,
    instruments: Any,
    strategy: Path,
    options: DataOptions,
    exchange: Exchange,
    rates: InterestRates | None,
) -> MarketData:
    try:
        if split_records(options)[1]:
            return read_recorded(program, instruments, strategy, options, exchange.fresh_hours, rates)
        return read_market(program, instruments, strategy, options, exchange.fresh_hours, rates)
    except DataRefused as refusal:
        raise refused(refusal) from None


def refused(refusal: DataRefused) -> Refused:
    where = f"{refusal.source}, row {refusal.row:,}" if refusal.row is not None else refusal.source
    return Refused(f"{where}: {refusal.message} [{refusal.code}]", refusal.remedy)


def prepare(program: Program, report: CheckReport, law: Law, request: Request) -> Machine:
    if request.interpret:
        return plain_machine(program, "running interpreted")
    return build_machine(contents_of(report, law, backtest_only=True), optimize=request.optimize)


def plain_terms(program: Program) -> Terms:
    """Without a profile: the account that the header names, with no costs, which the report lists as an assumption."""
    kinds = {"cash": AccountKind.CASH, "margin": AccountKind.MARGINED, "crypto": AccountKind.MARGINED}
    return Terms(
        kind=kinds.get(program.account_kind, AccountKind.BALANCE),
        currency=program.currency,
        equity=EQUITY_DEFAULT,
        commission=NO_COMMISSION,
        slippage=NO_SLIPPAGE,
        limit_fill=LimitFill.THROUGH,
        first_in_first_out=program.account_kind == "forex",
        settles=program.account_kind in ("cash", "margin"),
    )


def run_or_refuse(
    program: Program,
    machine: Machine,
    market: MarketData,
    terms: Terms,
    report: CheckReport,
    advance: Callable[[int, int], None],
) -> Ran:
    try:
        refuse_restatement(program, market.feed.market)
        return run_program(program, machine, market.feed, terms, report.judgement, advance)
    except RunRefused as refusal:
        raise Refused(str(refusal), "", PROBLEMS) from None


def assumptions_of_prices(market: MarketData) -> Iterator[str]:
    """Which prices signals read, where something happened to the instruments."""
    events = market.feed.market.events
    for prices in sorted({market.instruments[event.instrument].signal_prices for event in events}):
        of = ", ".join(dict.fromkeys(each.symbol for each in market.instruments if each.signal_prices is prices))
        yield f"signals of {of} read {PRICES_READ[prices]}; orders trade at prices as they were"
    if any(event.kind is EventKind.DIVIDEND for event in events):
        yield "a dividend is booked on its ex date, gross: taxes withheld are not modelled"


def context_of(
    program: Program,
    report: CheckReport,
    market: MarketData,
    profile: AccountProfile | None,
    law: Law,
    rates: InterestRates | None,
) -> Context:
    costs = [] if profile is not None else [f"no account is given: {EQUITY_DEFAULT} {program.currency}, no costs"]
    if profile is not None and profile.broker.commissions is None:
        costs.append("the account states no commissions: none are charged")
    if profile is not None and profile.broker.slippage is None:
        costs.append("the account states no slippage: none is taken")
    if market.feed.market.conversion.rates:
        stated = profile is not None and profile.broker.conversion is not None
        costs += [] if stated else ["no conversion is stated: what a fill brings is exchanged at once, at no cost"]
        costs.append(
            "commissions by share or order are in the account's currency; buy and hold is in the instruments' own"
        )
        costs += market.conversions((exchange_of(profile) if profile is not None else EVERY_FILL).fresh_hours)
    costs += overnight_assumptions(market, rates)
    return Context(
        program=program,
        prices=market.prices(),
        judgement=report.judgement,
        law=told_law(law, report),
        data_digest=market.digest,
        assumptions=(*report.assumptions, *costs, *assumptions_of_prices(market)),
        unlocated=tuple(problem.rule for problem in report.unlocated),
        notes=(f"warm-up: every rule can fire from bar {max(program.warmup, 1):,} on", *market.notes()),
    )
