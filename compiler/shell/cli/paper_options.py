"""What `stratc run` takes for paper runs, and how it becomes a request: feed, clock, limits, record."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.feed_options import GRACE_DEFAULT_S, TIMEOUT_DEFAULT_S, FeedOptions
from stratc.compiler.shell.reading import STDIN


class ClockOf(StrEnum):
    VIRTUAL = "virtual"
    REAL = "real"


class OnBadLine(StrEnum):
    STOP = "stop"
    SKIP = "skip"


FeedOption = Annotated[
    str | None,
    typer.Option(
        "--feed",
        metavar="-|unix:PATH|tcp:127.0.0.1:PORT",
        help="Paper: bars as JSON lines, of stdin or of who connects; those of --data come first.",
    ),
]
ClockOption = Annotated[
    ClockOf,
    typer.Option("--clock", help="Paper: time is what the bars say, or the wall clock, by which bars must be over."),
]
Grace = Annotated[
    float | None,
    typer.Option(
        "--grace",
        metavar="SECONDS",
        help=f"Paper, real clock: how long after a close its bars may come (default {GRACE_DEFAULT_S:g}).",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        help=f"Paper: a feed that is silent for so long ends the run (default {TIMEOUT_DEFAULT_S:g}, four days).",
    ),
]
BadLine = Annotated[
    OnBadLine | None,
    typer.Option("--on-bad-line", help="Paper: what a line that cannot be read does (default stop, in order)."),
]
PriceMax = Annotated[
    list[str] | None,
    typer.Option(
        "--price-max",
        metavar="SYMBOL=PRICE",
        help="Paper: a bound of an instrument's prices (default eight times the first, or the highest of --data).",
    ),
]
RecordOption = Annotated[
    Path | None,
    typer.Option("--record", metavar="FILE.record", help="Paper: keep every line of the feed as it came; see --data."),
]
Decisions = Annotated[
    Path | None,
    typer.Option("--decisions", metavar="FILE", help="Write what was decided, a JSON line a moment; of any mode."),
]


def feed_options(
    *,
    paper: bool,
    file: Path,
    feed: str | None,
    clock: ClockOf,
    grace: float | None,
    timeout: float | None,
    bad_line: OnBadLine | None,
    price_max: dict[str, str],
    record: Path | None,
) -> FeedOptions | None:
    """The feed that a command asks for, None where it names none; a refusal for what belongs to a feed without one."""
    if feed is None or not paper:
        given = {
            "--feed": feed is not None,
            "--clock real": clock is ClockOf.REAL,
            "--grace": grace is not None,
            "--timeout": timeout is not None,
            "--on-bad-line": bad_line is not None,
            "--price-max": bool(price_max),
            "--record": record is not None,
        }
        stray = next((name for name, is_given in given.items() if is_given), None)
        if stray is None:
            return None
        raise Refused(f"`{stray}` is of a paper run on a feed", "write `--mode paper --feed -`, or leave it out")
    if feed == "-" and file == STDIN:
        raise Refused("the strategy and the feed are both to come by stdin", "name the strategy's file")
    if grace is not None and clock is not ClockOf.REAL:
        raise Refused("`--grace` is of the wall clock", "write `--clock real`, or leave it out")
    for name, seconds in (("--grace", grace), ("--timeout", timeout)):
        if seconds is not None and not 0 <= seconds < 1e9:
            raise Refused(f"`{name} {seconds}` is no number of seconds", "write a number that is not below nought")
    if record is not None and record.suffix != ".record":
        raise Refused(f"`--record {record}` has another ending", "name it FILE.record, so that `--data` knows it again")
    return FeedOptions(
        address=feed,
        real=clock is ClockOf.REAL,
        grace_s=GRACE_DEFAULT_S if grace is None else grace,
        timeout_s=TIMEOUT_DEFAULT_S if timeout is None else timeout,
        skips_bad_lines=bad_line is OnBadLine.SKIP,
        price_max={symbol: read_price(symbol, text) for symbol, text in price_max.items()},
        record=record,
    )


def read_price(symbol: str, text: str) -> float:
    try:
        price = float(text)
    except ValueError:
        price = 0.0
    if not 0.0 < price < 1e15:
        raise Refused(f"`--price-max {symbol}={text}` is no price", "write a number above nought")
    return price
