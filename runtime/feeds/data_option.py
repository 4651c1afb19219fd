"""What `--data` names: from its values to one file for each symbol, and one for each table beside the prices.

A value is `SYMBOL=FILE`, or a folder that holds `SYMBOL.parquet` or `SYMBOL.csv`; a table is named as the strategy
names it, in small letters: `earnings=FILE`, or `earnings.csv` in a folder. Pairs have no slash in a file's name:
`EUR/USD` is looked for as `EURUSD`, `EUR-USD` and `EUR_USD`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.record import record

SUFFIXES: Final = (".parquet", ".csv")


@record
class NamedFile:
    """`SYMBOL=FILE`."""

    symbol: str
    path: str


@record
class Folder:
    """A folder with a file for each symbol."""

    path: str


def parse_data_option(value: str) -> NamedFile | Folder:
    """One value of `--data`; raises `DataRefused` where it is neither form."""
    symbol, sign, path = value.partition("=")
    if not sign and value:
        return Folder(path=value)
    if symbol.strip() and path.strip():
        return NamedFile(symbol=symbol.strip(), path=path.strip())
    remedy = "write SYMBOL=FILE, as in `SPY=spy.csv`, or the name of a folder"
    raise DataRefused("D019", f"`{value}` is incomplete", source="--data", row=None, remedy=remedy)


def file_stems(symbol: str) -> tuple[str, ...]:
    """The names, without ending, under which a folder may hold a symbol, best first."""
    if "/" not in symbol:
        return (symbol,)
    return tuple(symbol.replace("/", between) for between in ("", "-", "_"))


def choose_file(symbol: str, names: Sequence[str]) -> str | None:
    """Which of a folder's file names holds the symbol: exact spelling before any case, Parquet before CSV."""
    wanted = [stem + suffix for stem in file_stems(symbol) for suffix in SUFFIXES]
    exact = next((name for name in wanted if name in names), None)
    if exact is not None:
        return exact
    lowered = {name.lower(): name for name in sorted(names, reverse=True)}
    return next((lowered[name.lower()] for name in wanted if name.lower() in lowered), None)


def resolve_data(
    values: Sequence[str], symbols: Sequence[str], *, folder: Path, optional: Sequence[str] = ()
) -> Mapping[str, Path]:
    """The file of each symbol, paths relative to `folder`; raises `DataRefused` for the first that has none.

    A file named for one symbol goes before folders; folders are searched in the order given. `optional` symbols (pairs
    whose prices convert money) are answered where they are found.
    """
    options = [parse_data_option(value) for value in values]
    named = {option.symbol: folder / option.path for option in options if isinstance(option, NamedFile)}
    folders = [folder / option.path for option in options if isinstance(option, Folder)]
    stray = next((symbol for symbol in named if symbol not in symbols and symbol not in optional), None)
    if stray is not None:
        raise _stray(stray, symbols)
    found = {symbol: named[symbol] if symbol in named else _look_up(symbol, folders) for symbol in symbols}
    extra = {symbol: named[symbol] if symbol in named else _found(symbol, folders) for symbol in optional}
    return found | {symbol: path for symbol, path in extra.items() if path is not None and symbol not in found}


def resolve_tables(values: Sequence[str], tables: Sequence[str], *, folder: Path) -> Mapping[str, Path]:
    """The file of each table beside prices, by its name; raises `DataRefused` for the first that has none.

    A table's file has its name exactly: `SPY.csv` holds prices, whatever a table is called.
    """
    options = [parse_data_option(value) for value in values]
    named = {option.symbol: folder / option.path for option in options if isinstance(option, NamedFile)}
    folders = [folder / option.path for option in options if isinstance(option, Folder)]
    return {table: named[table] if table in named else _look_up_table(table, folders) for table in tables}


def _look_up_table(table: str, folders: Sequence[Path]) -> Path:
    for place in folders:
        names = [entry.name for entry in place.iterdir()] if place.is_dir() else []
        found = next((table + suffix for suffix in SUFFIXES if table + suffix in names), None)
        if found is not None:
            return place / found
    looked = ", ".join(f"`{table}{suffix}`" for suffix in SUFFIXES)
    where = " or ".join(f"`{place}`" for place in folders) or "no folder was named"
    message = f"there is no table `{table}`: looked for {looked} in {where}"
    raise DataRefused("D019", message, source="--data", row=None, remedy=f"add `--data {table}=FILE`")


def _found(symbol: str, folders: Sequence[Path]) -> Path | None:
    """Where a folder holds the symbol, if any does."""
    for place in folders:
        chosen = choose_file(symbol, sorted(entry.name for entry in place.iterdir())) if place.is_dir() else None
        if chosen is not None:
            return place / chosen
    return None


def _look_up(symbol: str, folders: Sequence[Path]) -> Path:
    for place in folders:
        if not place.is_dir():
            reason = "is a file; name its symbol" if place.is_file() else "is no folder that can be found"
            remedy = f"write `--data {symbol}={place.name}`, or name a folder"
            raise DataRefused("D019", f"`{place}` {reason}", source="--data", row=None, remedy=remedy)
        found = choose_file(symbol, sorted(entry.name for entry in place.iterdir()))
        if found is not None:
            return place / found
    looked = ", ".join(f"`{stem}{suffix}`" for stem in file_stems(symbol) for suffix in SUFFIXES)
    where = " or ".join(f"`{place}`" for place in folders) or "no folder was named"
    message = f"there are no prices for `{symbol}`: looked for {looked} in {where}"
    raise DataRefused("D019", message, source="--data", row=None, remedy=f"add `--data {symbol}=FILE`")


def _stray(symbol: str, symbols: Sequence[str]) -> DataRefused:
    near = get_close_matches(symbol, symbols, n=1, cutoff=0.5)
    hint = f"did you mean `{near[0]}`?" if near else f"it trades {', '.join(f'`{one}`' for one in symbols)}"
    return DataRefused("D019", f"the strategy does not read `{symbol}`", source="--data", row=None, remedy=hint)
