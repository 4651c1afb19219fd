"""What the examples keep of their runs: the golden round trips, and the first ones that their READMEs check by hand."""

from __future__ import annotations

import csv
from pathlib import Path

from stratc.compiler.driver import compile_source
from stratc.dsl.source import Source
from tests.acceptance.stratc_process import stratc

EXAMPLES = Path(__file__).parents[2] / "examples"
AS_OF = ("--as-of", "2026-07-01")  # guards are those of a law: goldens hang on no clock


def recorded(name: str) -> list[dict[str, str]]:
    return read_trips(EXAMPLES / name / "trades.csv")


def read_trips(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trips(name: str, path: Path, *options: str) -> list[dict[str, str]]:
    """The round trips of a run of an example, left at `path`."""
    done = stratc("run", EXAMPLES / name / "strategy.strat", *AS_OF, "--trades", path, *options)
    assert done.code == 0, done
    return read_trips(path)


def checked_by_hand(name: str) -> list[list[str]]:
    """The rows of the first table under `First round trips` of an example's README."""
    text = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    table = text.split("## First round trips")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:2] == "| "]
    return rows[1:]


def shown(row: dict[str, str]) -> list[str]:
    """A round trip as the READMEs write it."""
    prices = [f"{float(row[name]):.10g}" for name in ("open_price", "close_price")]
    days = [row[name][:10] for name in ("opened_at", "closed_at")]
    traded = [row["instrument"], row["side"], f"{float(row['quantity']):.0f}"]
    return [*traded, days[0], prices[0], days[1], prices[1], f"{float(row['pnl']):.2f}"]


def codes(name: str, *changes: tuple[str, str]) -> set[str]:
    """What is told of an example's text with some words in the place of others."""
    text = (EXAMPLES / name / "strategy.strat").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return {problem.code for problem in compile_source(Source("changed", text)).diagnostics}
