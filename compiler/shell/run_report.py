"""A finished run as the report's plain data: prices, equity, fills, round trips, verdicts, what was assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from stratc.compiler.ir.nodes import NoteIntent, Program
from stratc.compiler.judge.verdict import Judgement, Verdict
from stratc.compiler.shell.flows import flow_notes
from stratc.compiler.shell.sleeves import meeting_notes, sleeve_lines
from stratc.compiler.workbench.running import Feed, GuardCount, Ran
from stratc.runtime.engine.codes import ROW_DAY_SHIFT, ROW_INSTRUMENT_SHIFT, ROW_MOMENT_END
from stratc.runtime.executor import results
from stratc.runtime.executor.market import EventKind
from stratc.runtime.executor.results import Backtest
from stratc.runtime.model.denial import DenialReason
from stratc.runtime.model.money import worth_of_one
from stratc.runtime.model.record import record
from stratc.runtime.model.session import calendar
from stratc.runtime.reports.summary import (
    EquityCurve,
    Fill,
    MoneyFlow,
    Origin,
    Prices,
    RoundTrip,
    RuleVerdict,
    Run,
    Side,
    VerdictStatus,
)
from stratc.runtime.reports.wording import moment

if TYPE_CHECKING:
    import polars as pl

    from stratc.runtime.executor.market import Market

ORIGINS: Final = {
    results.Role.ENTRY: Origin.RULE,
    results.Role.EXIT: Origin.RULE,
    results.Role.STOP_LOSS: Origin.STOP,
    results.Role.TARGET: Origin.TARGET,
    results.Role.FLATTEN: Origin.HALT,
    results.Role.REDUCE: Origin.CAP,
    results.Role.CLOSE_OUT: Origin.CLOSE_OUT,
    results.Role.ROLL: Origin.ROLL,
    results.Role.LEAVE: Origin.ROLL,
    results.Role.CORPORATE_ACTION: Origin.ACTION,
}
CARRIES: Final = {
    results.CarryKind.DIVIDEND: "dividends",
    results.CarryKind.IN_LIEU: "cash for fractions",
    results.CarryKind.BORROW: "borrow fees",
    results.CarryKind.MARGIN_INTEREST: "margin interest",
    results.CarryKind.LOCATE: "locate fees",
}
SIDES: Final = {results.Side.BUY: Side.BUY, results.Side.SELL: Side.SELL}
NO_RULE: Final = {
    Origin.STOP: "stop loss",
    Origin.TARGET: "target",
    Origin.HALT: "halt",
    Origin.CAP: "cap",
    Origin.ROLL: "roll",
    Origin.CLOSE_OUT: "close-out",
    Origin.ACTION: "corporate action",
}
FILL_MODEL: Final = (
    "fills: market orders at the next bar's open, gapped stops at the open; where a stop and a target lie in one bar, "
    "the stop fills; a resting limit fills only where the price goes through it",
    "equity and halts are marked at each bar's close",
)


@record
class Context:
    """What the report says beside the run itself."""

    program: Program
    prices: tuple[Prices, ...]
    judgement: Judgement | None
    law: str
    data_digest: str
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]
    unlocated: tuple[str, ...] = ()


def reasons_against(violated: Sequence[str], unlocated: Sequence[str]) -> Iterator[str]:
    """Why the text is for backtests only."""
    if violated:
        yield f"violates {', '.join(dict.fromkeys(violated))}"
    if unlocated:
        yield f"sells short without a locate in {', '.join(unlocated)} (17 CFR 242.203(b)(1))"


def report_of(ran: Ran, feed: Feed, context: Context) -> Run:
    """Everything that a page or a table shows of a backtest."""
    backtest = ran.backtest
    violated = () if context.judgement is None else tuple(each.rule for each in context.judgement.violated)
    denied = sum(backtest.denied().values())
    booked = tuple(backtest.fills())
    return Run(
        strategy=context.program.title,
        artefact_digest=ran.machine.digest,
        data_digest=context.data_digest,
        stratc_version=version("stratc"),
        currency=context.program.currency,
        start_equity=backtest.start_equity,
        final_equity=backtest.final_equity,
        orders=backtest.order_count,
        denied=denied,
        law=context.law,
        prices=context.prices,
        curve=equity_curve(backtest, booked, feed.market),
        fills=tuple(fills(booked, feed.market)),
        round_trips=tuple(round_trip(each) for each in backtest.round_trips()),
        verdicts=() if context.judgement is None else rule_verdicts(context.judgement.verdicts, ran.guards),
        assumptions=(*context.assumptions, *FILL_MODEL),
        flows=tuple(MoneyFlow(at_utc_ns=each.at_ns, amount=each.moved) for each in backtest.flows() if each.moved),
        carried=tuple((CARRIES[kind], amount) for kind, amount in backtest.carried.items()),
        notes=(
            *context.notes,
            *night_notes(backtest),
            *flow_notes(backtest, context.program.currency),
            *roll_notes(backtest),
            *meeting_notes(backtest),
            *denial_notes(backtest),
            *barred_notes(context.program, backtest),
            *noted_notes(context.program, backtest),
            *gone_notes(booked),
            *breach_notes(ran),
        ),
        conversion_cost=backtest.conversion_cost,
        overnight_interest=backtest.overnight_interest,
        sleeves=sleeve_lines(backtest),
        backtest_only="; ".join(reasons_against(violated, context.unlocated)),
    )


def rule_verdicts(verdicts: Sequence[Verdict], guards: Sequence[GuardCount]) -> tuple[RuleVerdict, ...]:
    counts = {each.rule: each for each in guards}
    return tuple(
        RuleVerdict(
            rule=verdict.rule,
            status=VerdictStatus(verdict.status.value),
            because=verdict.because,
            citation=verdict.citation,
            changes_on=verdict.changes_on,
            checked=counts[verdict.rule].checked if verdict.rule in counts else None,
            denied=counts[verdict.rule].denied if verdict.rule in counts else None,
        )
        for verdict in verdicts
    )


def fills(booked: Sequence[results.Fill], market: Market) -> list[Fill]:
    """The fills; `bar` counts the bars of the fill's own instrument."""
    bars = bar_numbers(market)
    told = []
    for fill in booked:
        origin = ORIGINS[fill.role]
        told.append(
            Fill(
                symbol=fill.instrument,
                bar=bars[fill.row],
                at_utc_ns=fill.at_ns,
                side=SIDES[fill.side],
                quantity=fill.quantity,
                price=fill.price,
                origin=origin,
                rule=fill.rule or NO_RULE.get(origin, ""),
                commission=fill.fee,
                slippage=fill.slippage,
            )
        )
    return told


def bar_numbers(market: Market) -> Sequence[int]:
    """Of each row, the index of its bar among its instrument's bars."""
    import polars as pl

    if len(market.instruments) == 1:
        return range(len(market.rows))
    frame = pl.DataFrame({"instrument": instrument_of_row(market)})
    return frame.select(pl.int_range(pl.len()).over("instrument")).to_series().to_list()


def _series(column: Sequence[int] | pl.Series) -> pl.Series:
    import polars as pl

    return column if isinstance(column, pl.Series) else pl.Series(list(column), dtype=pl.Int64)


def round_trip(trip: results.RoundTrip) -> RoundTrip:
    return RoundTrip(
        symbol=trip.instrument,
        contract=trip.contract or "",
        side=SIDES[trip.side],
        quantity=trip.quantity,
        opened_utc_ns=trip.opened_at,
        open_price=trip.open_price,
        closed_utc_ns=trip.closed_at,
        close_price=trip.close_price,
        fees=trip.fees,
        pnl=trip.pnl,
        rule_in=trip.rule_in or "",
        rule_out=trip.rule_out or NO_RULE.get(ORIGINS[trip.role_out], ""),
        bars_held=trip.bars_held,
        long_term=trip.long_term,
        pair=trip.pair,
    )


def equity_curve(backtest: Backtest, booked: Sequence[results.Fill], market: Market) -> EquityCurve:
    """Equity and gross exposure at the end of each moment."""
    import polars as pl

    frame = pl.DataFrame(
        {
            "close_ns": _series(market.closes_ns),
            "equity": pl.Series(list(backtest.equity), dtype=pl.Int64) / 10**backtest.scale.digits,
            "gross": gross_exposure(backtest, booked, market),
            "flags": _series(market.rows),
        }
    )
    ends = frame.filter(pl.col("flags") & ROW_MOMENT_END != 0)
    return EquityCurve(
        closes_utc_ns=ends.get_column("close_ns").to_list(),
        equity=ends.get_column("equity").to_list(),
        gross_exposure=ends.get_column("gross").to_list(),
    )


def gross_exposure(backtest: Backtest, booked: Sequence[results.Fill], market: Market) -> pl.Series:
    """The sum of |position x close| of all instruments, after each row; in the account's currency."""
    import polars as pl

    rows = len(backtest.equity)
    instruments = instrument_of_row(market)
    total = pl.zeros(rows, dtype=pl.Float64, eager=True)
    close = pl.Series(market.close) if not isinstance(market.close, pl.Series) else market.close
    basis = split_basis(market)
    close = close / basis
    changes = [(fill.row, fill.instrument, float(fill.side * fill.quantity) * basis[fill.row]) for fill in booked]
    symbols = [instrument.symbol for instrument in market.instruments]
    for index, instrument in enumerate(market.instruments):
        if symbols.index(instrument.symbol) != index:  # of an instrument that sleeves share all is counted at once
            continue
        own = [(row, change) for row, symbol, change in changes if symbol == instrument.symbol]
        moved = pl.DataFrame(own, schema={"row": pl.Int64, "change": pl.Float64}, orient="row").group_by("row").sum()
        frame = pl.DataFrame({"row": pl.int_range(rows, eager=True), "close": close, "instrument": instruments})
        joined = frame.join(moved, on="row", how="left", maintain_order="left")
        mark = pl.when(pl.col("instrument") == index).then(pl.col("close")).fill_nan(None).forward_fill()
        money = float(instrument.multiplier * worth_of_one(instrument.currency))
        worth = (pl.col("change").fill_null(0.0).cum_sum() * mark).abs() * money
        worth = worth * rate_column(market, backtest.scale.instruments[index].currency)
        total = total + joined.select(worth.fill_null(0.0)).to_series()
    return total


def split_basis(market: Market) -> pl.Series:
    """How many shares of the run's end one share of each row became: what puts prices on one basis for a chart."""
    import polars as pl

    frame = pl.DataFrame({"row": _series(market.rows), "instrument": instrument_of_row(market)})
    basis = pl.lit(1.0)
    for event in market.events:
        if event.kind is EventKind.SPLIT:
            before = (pl.col("instrument") == event.instrument) & (pl.col("row") // (1 << ROW_DAY_SHIFT) < event.day)
            basis = basis * pl.when(before).then(event.new / event.old).otherwise(1.0)
    return frame.with_columns(basis.alias("basis")).get_column("basis")


def rate_column(market: Market, place: int) -> pl.Series:
    """What one unit of a currency is worth in the account's, after each row; the last known where it is not known."""
    import polars as pl

    if place == 0:
        return pl.repeat(1.0, len(market.rows), dtype=pl.Float64, eager=True)
    known = market.conversion.rates[place - 1].at_close
    return pl.Series(known, dtype=pl.Float64).fill_nan(None).forward_fill()


def instrument_of_row(market: Market) -> pl.Series:
    """The index of each row's instrument, out of its packed number."""
    import polars as pl

    packed = pl.col("row") % (1 << ROW_DAY_SHIFT) // (1 << ROW_INSTRUMENT_SHIFT)
    return pl.DataFrame({"row": _series(market.rows)}).select(packed).to_series()


def night_notes(backtest: Backtest) -> list[str]:
    """Nights whose interest is not known are told: they are not nights without interest."""
    unknown = backtest.nights_unknown
    return [f"overnight interest was not known {unknown:,} times: nothing was booked for it"] if unknown else []


def roll_notes(backtest: Backtest) -> list[str]:
    """Every roll with a position is told, the others are counted: rolling never happens silently."""
    done = list(backtest.done_rolls())
    told = [roll_note(roll) for roll in done if roll.quantity]
    idle = len(done) - len(told)
    return told + ([f"{idle:,} rolls found no position to move"] if idle else [])


def roll_note(roll: results.Roll) -> str:
    """`ES 2024-03-08: 2 contracts from ESH24 at 5,130.25 to ESM24 at 5,189.50 …`, with the reason and the cost."""
    held = f"{'long' if roll.quantity > 0 else 'short'} {abs(roll.quantity):,} contracts"
    if roll.new is None:
        return f"{roll.instrument} {roll.day}: left {roll.old}, {held}, at {roll.old_close:,g} ({roll.why})"
    gap = roll.new_close - roll.old_close
    return (
        f"{roll.instrument} {roll.day}: rolled {held} from {roll.old} at {roll.old_close:,.10g} to {roll.new} at "
        f"{roll.new_close:,.10g} ({roll.why}); stops and the entry price moved by {gap:+,.10g}; cost {roll.cost:,.2f}"
    )


def denial_notes(backtest: Backtest) -> list[str]:
    """Every reason for which orders were denied, worst first; a run whose orders are mostly denied says so."""
    counts = sorted(backtest.denied().items(), key=lambda item: -item[1])
    told = [f"{count:,} orders were denied: {reason.name.lower().replace('_', ' ')}" for reason, count in counts]
    if sum(count for _, count in counts) > backtest.order_count:
        told.append("more orders were denied than placed: this strategy does not do what it says")
    return told


def barred(program: Program, backtest: Backtest) -> tuple[tuple[str, int], ...]:
    """Each `no entries when`, and how many entries it denied: the first that holds counts."""
    counts = Counter[int]()
    for denial in backtest.denials():
        if denial.reason is DenialReason.NO_ENTRIES:
            counts[denial.guard] += denial.count
    return tuple((each.text, counts[number]) for number, each in enumerate(program.no_entries, 1))


def barred_notes(program: Program, backtest: Backtest) -> list[str]:
    return [f"`no entries when {text}` denied {count:,} entries" for text, count in barred(program, backtest)]


def noted(program: Program, backtest: Backtest) -> tuple[tuple[str, int, str], ...]:
    """Each rule with `note`: how often it fired, and when first, with its instrument; nothing where it never did."""
    counts, first = Counter[str](), dict[str, str]()
    zones = {each.symbol: calendar(each.calendar).zone for each in backtest.instruments}
    for each in backtest.noted():
        counts[each.rule] += 1
        first.setdefault(each.rule, f"{moment(each.at_ns, zones[each.instrument])}, {each.instrument}")
    rules = [rule.name for rule in program.rules if any(isinstance(each, NoteIntent) for each in rule.intents)]
    return tuple((rule, counts[rule], first.get(rule, "")) for rule in rules)


def noted_notes(program: Program, backtest: Backtest) -> list[str]:
    """What the text asks to be told, also where there was nothing to tell."""
    return [
        f"`{rule}` noted {'once' if count == 1 else f'{count:,} times, first'} at {first}"
        if count
        else f"`{rule}` noted nothing"
        for rule, count, first in noted(program, backtest)
    ]


def gone_notes(booked: Sequence[results.Fill]) -> list[str]:
    """Positions in instruments whose bars have ended: closed at the last print, never kept in silence."""
    gone = [fill for fill in booked if fill.role is results.Role.CLOSE_OUT]
    return [
        f"{fill.instrument}: its bars have ended; {fill.quantity:,} were closed out at the last print, {fill.price}"
        for fill in gone
    ]


def breach_notes(ran: Ran) -> list[str]:
    """A rule that was called proved and broke all the same is never silent."""
    if not ran.breaches:
        return []
    return [f"rules called proved were broken {ran.breaches:,} times: an assumption does not hold, or stratc is wrong"]
