"""The files of a root's contracts: from the values of `--data` to one file for each contract, and their dates.

`--data` names a folder that holds `ESH24.csv`, `ESM24.parquet` and so on; `ES=FOLDER` names one for a single root. A
`contracts.csv` beside them (symbol, last_trade, first_notice) goes before the rules by which the exchange's contracts
end.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from stratc.runtime.feeds.data_option import SUFFIXES, NamedFile, parse_data_option
from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.contracts import Contract, contract, split, terms
from stratc.runtime.model.record import record

DATES: Final = "contracts.csv"
HEADING: Final = ("symbol", "last_trade", "first_notice")


@record
class ContractFile:
    """A contract and the file with its bars."""

    contract: Contract
    path: Path


def contract_files(values: Sequence[str], root: str, *, folder: Path) -> tuple[ContractFile, ...]:
    """The contracts of a root in the order of their last trade; raises `DataRefused` where there are none."""
    options = [parse_data_option(value) for value in values]
    named = [folder / option.path for option in options if isinstance(option, NamedFile) and option.symbol == root]
    places = named or [folder / option.path for option in options if not isinstance(option, NamedFile)]
    for place in places:
        if not place.is_dir():
            message = f"`{place}` is no folder; `{root}` stands for contracts, each with a file of its own"
            raise DataRefused("D019", message, source="--data", row=None, remedy=f"name a folder with {root}H24.csv …")
        found = _contracts_in(place, root)
        if found:
            return tuple(sorted(found, key=lambda each: each.contract.last_trade))
    where = " or ".join(f"`{place}`" for place in places) or "no folder was named"
    message = f"there are no contracts of `{root}`: looked for `{root}H24.csv` and the like in {where}"
    raise DataRefused("D019", message, source="--data", row=None, remedy="add `--data FOLDER`")


def _contracts_in(place: Path, root: str) -> list[ContractFile]:
    dates = _dates(place / DATES)
    files = {
        entry.stem.upper(): entry
        for suffix in reversed(SUFFIXES)
        for entry in sorted(place.iterdir())
        if entry.suffix.lower() == suffix and (parts := split(entry.stem.upper())) and parts[0] == root
    }
    return [ContractFile(contract=_dated(symbol, root, dates, path), path=path) for symbol, path in files.items()]


def _dated(symbol: str, root: str, dates: Mapping[str, tuple[date, date | None]], path: Path) -> Contract:
    """The contract with the dates of `contracts.csv`, else with those of the exchange's rule."""
    if symbol in dates:
        last_trade, notice = dates[symbol]
        return Contract(
            symbol=symbol,
            root=root,
            last_trade=last_trade,
            first_notice=notice,
            settlement=terms()[root].settlement,
        )
    found = contract(symbol)
    if found is None:
        message = (
            f"`{symbol}` is no month that {root} lists ({terms()[root].months}), or too far ahead for its calendar"
        )
        remedy = f"remove the file, or give its dates in `{DATES}`"
        raise DataRefused("D021", message, source=path.name, row=None, remedy=remedy)
    return found


def _dates(path: Path) -> Mapping[str, tuple[date, date | None]]:
    """The rows of a `contracts.csv`; nothing where there is none."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != HEADING:
            raise _bad_dates(path, None, f"its heading is not `{','.join(HEADING)}`")
        return {row["symbol"]: _read_dates(path, number, row) for number, row in enumerate(rows, start=1)}


def _read_dates(path: Path, number: int, row: Mapping[str, str]) -> tuple[date, date | None]:
    try:
        notice = date.fromisoformat(row["first_notice"]) if row["first_notice"] else None
        return date.fromisoformat(row["last_trade"]), notice
    except (TypeError, ValueError):
        raise _bad_dates(path, number, "a date is not written YYYY-MM-DD") from None


def _bad_dates(path: Path, row: int | None, why: str) -> DataRefused:
    return DataRefused("D020", why, source=path.name, row=row, remedy="write symbol, last trade and first notice")
