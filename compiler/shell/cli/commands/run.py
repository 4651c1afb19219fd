"""`stratc run`: a strategy or an artefact through a backtest or a paper run: a summary, a page, a table of round
trips."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stratc.compiler.shell.cli.diagnostics import show_diagnostics
from stratc.compiler.shell.cli.options import Account, AsOf, Json, KnownAt, Packs
from stratc.compiler.shell.cli.output import print_json, say
from stratc.compiler.shell.cli.paper_options import (
    BadLine,
    ClockOf,
    ClockOption,
    Decisions,
    FeedOption,
    Grace,
    PriceMax,
    RecordOption,
    Timeout,
    feed_options,
)
from stratc.compiler.shell.cli.progress import progress_bar
from stratc.compiler.shell.exits import DONE, PROBLEMS, Refused
from stratc.compiler.shell.reading import read_date, read_day

if TYPE_CHECKING:
    from stratc.compiler.shell.backtesting import Outcome, Request
    from stratc.compiler.shell.market_data import DataOptions

AS_OF: Final = "as-of"
EACH_BAR: Final = "each-bar"


class Mode(StrEnum):
    BACKTEST = "backtest"
    PAPER = "paper"
    LIVE = "live"


class StampOf(StrEnum):
    OPEN = "open"
    CLOSE = "close"


Runnable = Annotated[
    Path, typer.Argument(metavar="FILE|ARTEFACT", help="A strategy file, or the folder of an artefact.")
]
Data = Annotated[
    list[str] | None,
    typer.Option("--data", metavar="SYMBOL=FILE|FOLDER", help="Prices as CSV or Parquet, or a record; repeatable."),
]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day of the run.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of the run.")]
ModeOption = Annotated[
    Mode, typer.Option("--mode", help="backtest; paper: bar by bar, of files or a feed; live is not built yet.")
]
LawOption = Annotated[
    str,
    typer.Option(
        "--law",
        metavar="as-of|each-bar|DATE",
        help="Whose law guards the run: of --as-of or of a date, over the whole run; or of each bar's own day.",
    ),
]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="An input's value; repeatable.")]
Report = Annotated[Path | None, typer.Option("--report", metavar="R.html", help="Write a self-contained page.")]
Trips = Annotated[Path | None, typer.Option("--trades", metavar="T.csv|.parquet", help="Write the round trips.")]
Columns = Annotated[
    str | None, typer.Option("--columns", metavar="open=o,…", help="What the file calls our columns: ours=theirs.")
]
Timezone = Annotated[
    str | None, typer.Option("--timezone", metavar="ZONE", help="The zone of times without an offset.")
]
StampOption = Annotated[StampOf, typer.Option("--stamp", help="Which end of an intraday bar its time names.")]
Optimize = Annotated[bool, typer.Option("--optimize", help="Compile with -O3.")]
Interpret = Annotated[bool, typer.Option("--interpret", help="Run interpreted even where a compiler is there.")]


def run_strategy(
    file: Runnable,
    data: Data = None,
    account: Account = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    first: From = None,
    last: To = None,
    mode: ModeOption = Mode.BACKTEST,
    law: LawOption = AS_OF,
    set_: Set = None,
    report: Report = None,
    round_trips: Trips = None,
    columns: Columns = None,
    timezone: Timezone = None,
    stamp: StampOption = StampOf.OPEN,
    packs: Packs = None,
    optimize: Optimize = False,
    interpret: Interpret = False,
    feed: FeedOption = None,
    clock: ClockOption = ClockOf.VIRTUAL,
    grace: Grace = None,
    timeout: Timeout = None,
    bad_line: BadLine = None,
    price_max: PriceMax = None,
    record: RecordOption = None,
    decisions: Decisions = None,
    json: Json = False,
) -> None:
    """Run a strategy in a backtest or on paper: compiled, judged, every rule guard on; prints what a trader wants to
    know.

    On a feed it ends with 0 when the feed ends or it is told to stop, with 1 when a line or a silence ended it.
    """
    if mode is Mode.LIVE:
        raise Refused("`--mode live` is not built yet", "run a backtest or on paper: `--mode paper`")
    fed = feed_options(
        paper=mode is Mode.PAPER,
        file=file,
        feed=feed,
        clock=clock,
        grace=grace,
        timeout=timeout,
        bad_line=bad_line,
        price_max=parse_assignments(price_max or [], "--price-max"),
        record=record,
    )
    from stratc.compiler.shell.backtesting import Request

    request = Request(
        file=file,
        account=account,
        as_of=read_day(as_of if law in (AS_OF, EACH_BAR) else law),
        known_at=read_day(known_at),
        each_bar=law == EACH_BAR,
        packs=tuple(packs or ()),
        values=parse_assignments(set_ or [], "--set"),
        data=data_options(data or [], columns, timezone, stamp, first, last),
        optimize=optimize,
        interpret=interpret,
        paper=mode is Mode.PAPER,
        feed=fed,
        decisions=decisions,
    )
    carry_out(request, mode, report, round_trips, json=json)


def data_options(
    data: list[str], columns: str | None, timezone: str | None, stamp: StampOf, first: str | None, last: str | None
) -> DataOptions:
    """What a command says of its data."""
    from stratc.compiler.shell.market_data import DataOptions
    from stratc.runtime.feeds.bars import Stamp

    return DataOptions(
        data=tuple(data),
        columns=parse_columns(columns),
        timezone=timezone,
        stamp=Stamp(stamp.value),
        first=None if first is None else read_date(first),
        last=None if last is None else read_date(last),
    )


def carry_out(request: Request, mode: Mode, report: Path | None, round_trips: Path | None, *, json: bool) -> None:
    """Run it, show it, and end with the code that says how it went."""
    from stratc.compiler.shell.backtesting import Outcome, backtest

    with progress_bar(mode.value) as advance:
        outcome = backtest(request, say, advance)
    show_diagnostics(outcome.check.diagnostics, outcome.check.source)
    if not isinstance(outcome, Outcome):
        raise typer.Exit(PROBLEMS)
    show(outcome, report, round_trips, json=json)
    if outcome.ended is not None and outcome.ended.is_problem:
        raise Refused(f"the run was ended in order: {outcome.ended.words}", outcome.ended.remedy, PROBLEMS)
    raise typer.Exit(DONE)


def show(outcome: Outcome, report: Path | None, round_trips: Path | None, *, json: bool) -> None:
    """Write what was asked for, print the rest."""
    if report is not None:
        outcome.write_page(report)
    if round_trips is not None:
        outcome.write_round_trips(round_trips)
    if json:
        print_json(outcome.document())
    else:
        from stratc.runtime.reports.terminal import print_summary

        print_summary(outcome.report, sys.stdout)
    if report is not None:
        say(f"report: {report}")


def parse_assignments(given: list[str], option: str) -> dict[str, str]:
    """`NAME=VALUE` each, or a refusal."""
    pairs = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not (name.strip() and sign and value.strip()):
            raise Refused(f"`{option} {each}` is incomplete", f"write {option} NAME=VALUE")
        pairs[name.strip()] = value.strip()
    return pairs


def parse_columns(given: str | None) -> dict[str, str]:
    """`open=o,high=h`, or a refusal for a column that we have not."""
    pairs = parse_assignments([each for each in (given or "").split(",") if each], "--columns")
    known = ("time", "open", "high", "low", "close", "volume")
    stray = next((name for name in pairs if name not in known), None)
    if stray is not None:
        raise Refused(f"`--columns` names `{stray}`", f"write ours=theirs; ours are {', '.join(known)}")
    return pairs


def register(app: typer.Typer) -> None:
    app.command("run")(run_strategy)
