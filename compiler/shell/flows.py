"""What was paid into the account and taken out of it: the file that its profile names, and what a run says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from stratc.compiler.ir.nodes import Program
from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.reading import read_bytes
from stratc.runtime.executor.results import Backtest, MoneyMoved
from stratc.runtime.executor.terms import Terms
from stratc.runtime.feeds.flows import read_flows
from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.money import minor_digits

FLOWS_BYTES_MAX = 10_000_000
SHORT_SHOWN = 5


def with_flows(terms: Terms, profile: AccountProfile | None, account: Path | None, strategy: Path) -> Terms:
    """The terms with what the file says, its path beside the profile; as they are where the profile names none."""
    if profile is None or profile.flows is None:
        return terms
    path = (account or strategy).parent / profile.flows
    try:
        text = read_bytes(path, what="file of flows", most=FLOWS_BYTES_MAX).decode("utf-8-sig")
        return replace(terms, flows=read_flows(text, path.name, minor_digits(terms.currency)))
    except UnicodeDecodeError:
        raise Refused(f"the file of flows {path} is not UTF-8 text", "save it as UTF-8") from None
    except DataRefused as refusal:
        where = f"{refusal.source}, row {refusal.row:,}" if refusal.row is not None else refusal.source
        raise Refused(f"{where}: {refusal.message} [{refusal.code}]", refusal.remedy) from None


def flow_assumptions(program: Program, terms: Terms) -> Iterator[str]:
    """Which of the two counts, where there are both."""
    if terms.flows is not None and program.flows:
        yield "the file of flows is what happened: what the text plans to pay in and take out is not booked"


def flow_notes(backtest: Backtest, currency: str) -> Iterator[str]:
    """How much came and went, and every amount that was not there to be taken out."""
    moved = list(backtest.flows())
    came = [flow.moved for flow in moved if flow.moved > 0]
    went = [-flow.moved for flow in moved if flow.moved < 0]
    if came:
        yield f"{counted(came, 'contribution')} brought {sum(came):,.2f} {currency}"
    if went:
        yield f"{counted(went, 'withdrawal')} took {sum(went):,.2f} {currency}"
    short = [flow for flow in moved if flow.moved != flow.asked]
    yield from (short_note(flow, currency) for flow in short[:SHORT_SHOWN])
    if len(short) > SHORT_SHOWN:
        yield f"{len(short) - SHORT_SHOWN:,} more flows moved less than was asked for"
    if backtest.flows_outside:
        yield (
            f"{backtest.flows_outside:,} flows lie outside of the time of the prices: those before are part of the "
            "start equity, those after are not of this run"
        )


def counted(flows: Sequence[object], word: str) -> str:
    return f"{len(flows):,} {word}{'' if len(flows) == 1 else 's'}"


def short_note(flow: MoneyMoved, currency: str) -> str:
    from stratc.runtime.reports.wording import moment

    when = moment(flow.at_ns, "UTC")
    if flow.asked > 0:
        return f"{when}: {flow.asked:,.2f} {currency} to be paid in are more than the arithmetic holds: nothing was"
    asked, moved = -flow.asked, -flow.moved
    return (
        f"{when}: {asked:,.2f} {currency} were to be taken out and {moved:,.2f} were there; the rest is not taken later"
    )
