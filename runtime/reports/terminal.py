"""A run as the table that prints when it ends.

Text from the run is printed as it is: rich's markup is never read from it. Colour and box lines come only where the
output is a terminal that shows them; elsewhere the same words arrive plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TextIO

from stratc.runtime.reports.performance import measure
from stratc.runtime.reports.sleeves import HEADS, sleeve_rows
from stratc.runtime.reports.summary import RuleVerdict, Run, VerdictStatus
from stratc.runtime.reports.wording import NOT_ADVICE, day, figures, readable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

STYLES: Final = {
    VerdictStatus.PROVED: "green",
    VerdictStatus.GUARDED: "blue",
    VerdictStatus.VIOLATED: "bold red",
    VerdictStatus.NOT_APPLICABLE: "dim",
    VerdictStatus.WAIVED: "yellow",
}
PLAIN_WIDTH: Final = 120


def print_summary(run: Run, stream: TextIO) -> None:
    """Write the summary of a run to a stream."""
    console = open_console(stream)
    print_line(console, headline(run), "bold")
    if run.backtest_only:
        print_line(console, f"backtest only: {run.backtest_only}", "bold red")
    console.print(figure_table(run))
    if run.sleeves:
        console.print(sleeve_table(run))
    if run.verdicts:
        console.print(verdict_table(run.verdicts))
    print_lines(console, "assumptions", run.assumptions)
    print_lines(console, "notes", run.notes)
    print_lines(console, "data", tuple(f"{prices.symbol}: {prices.source} ({prices.licence})" for prices in run.prices))
    print_line(console, f"Hypothetical results of a simulation. {NOT_ADVICE}", "dim")


def open_console(stream: TextIO) -> Console:
    from rich.console import Console

    # Away from a terminal rich would guess 80 columns and break what another program may read.
    return Console(file=stream, width=None if stream.isatty() else PLAIN_WIDTH, emoji=False)


def headline(run: Run) -> str:
    symbols = ", ".join(prices.symbol for prices in run.prices)
    times = run.curve.closes_utc_ns
    zone = run.prices[0].zone if run.prices else "UTC"
    span = f", {day(times[0], zone)} to {day(times[-1], zone)}" if times else ""
    return f"{run.strategy}: backtest of {symbols}{span}"


def figure_table(run: Run) -> Table:
    from rich.text import Text

    table = new_table()
    table.add_column(style="dim", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim", overflow="fold")
    for name, value, note in figures(run, measure(run)):
        table.add_row(Text(name), Text(value), Text(note))
    return table


def sleeve_table(run: Run) -> Table:
    from rich.text import Text

    table = new_table()
    for head in HEADS:
        table.add_column(head.lower(), justify="left" if head == HEADS[0] else "right", overflow="fold")
    table.show_header = True
    for row in sleeve_rows(run):
        table.add_row(*(Text(readable(cell)) for cell in row))
    return table


def verdict_table(verdicts: tuple[RuleVerdict, ...]) -> Table:
    from rich.text import Text

    table = new_table()
    table.add_column("rule", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("because", overflow="fold", ratio=1)
    table.add_column("may change on", no_wrap=True)
    table.show_header = True
    for verdict in verdicts:
        denied = f" ({verdict.denied:,} denied)" if verdict.denied else ""
        status = Text(verdict.status.replace("_", " ") + denied, style=STYLES[verdict.status])
        because = f"{verdict.because} [{verdict.citation}]"
        table.add_row(
            Text(readable(verdict.rule)),
            status,
            Text(readable(because)),
            Text(str(verdict.changes_on or "no date known")),
        )
    return table


def new_table() -> Table:
    from rich.table import Table

    return Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))


def print_lines(console: Console, title: str, lines: tuple[str, ...]) -> None:
    if not lines:
        return
    print_line(console, title, "bold")
    for line in lines:
        print_line(console, f"  {line}", "")


def print_line(console: Console, line: str, style: str) -> None:
    console.print(readable(line), style=style, markup=False, highlight=False)
