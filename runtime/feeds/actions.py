"""Tables of corporate actions and of terms of borrowing: `actions.csv` and `borrow.csv` beside the prices they are of.

```
symbol,kind,ex_date,amount,currency,known_at,source,ratio,to
ACME,split,2024-06-10,,,2024-05-22,issuer,10:1,
ACME,dividend,2024-08-09,0.25,USD,2024-07-30,issuer,,

symbol,since,quantity,rate_percent,locate_fee,source
ACME,2024-06-10,1200,85.5,0.02,broker
```
Every row is read or the table is refused by its row. An action that was known only after its ex date is refused: who
replays it would know what nobody knew.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.action import Action, ActionKind, BorrowTerms
from stratc.runtime.model.instrument import Instrument

if TYPE_CHECKING:
    from stratc.runtime.feeds.bars import BarTable

ACTIONS: Final = "actions.csv"
BORROW: Final = "borrow.csv"
NEEDED: Final = ("symbol", "kind", "ex_date", "amount", "currency", "known_at", "source")
NEEDED_OF_BORROW: Final = ("symbol", "since", "quantity", "rate_percent", "locate_fee", "source")
RATIO_MAX: Final = 1_000_000
# A split is in the prices where they move by less than half of it, on a scale of logarithms, over the ex date.
IN_THE_PRICES: Final = 0.5
PLAIN: Final = log(1.4)


def read_actions(path: Path) -> tuple[Action, ...]:
    """The actions in a file, in order of their ex dates; none where there is no file. Raises `DataRefused`."""
    rows = _rows(path, NEEDED)
    return tuple(sorted((_action(*row) for row in rows), key=lambda action: action.ex_date))


def read_borrow(path: Path) -> tuple[BorrowTerms, ...]:
    """The terms in a file, in order of their days; none where there is no file. Raises `DataRefused`."""
    rows = _rows(path, NEEDED_OF_BORROW)
    return tuple(sorted((_terms(*row) for row in rows), key=lambda terms: terms.since))


def actions_of(instrument: Instrument, actions: Sequence[Action], *, source: str) -> tuple[Action, ...]:
    """What happened to an instrument, under the symbols that it had before too; raises `DataRefused`."""
    symbols = {instrument.symbol}
    for action in reversed(actions):
        if action.kind is ActionKind.RENAME and action.to in symbols:
            symbols.add(action.symbol)
    found = tuple(action for action in actions if action.symbol in symbols and action.kind is not ActionKind.RENAME)
    for action in found:
        if action.kind in (ActionKind.MERGER, ActionKind.DELISTING) and action.amount % instrument.tick != 0:
            message = f"{action.amount} a share for `{action.symbol}` is no multiple of its tick {instrument.tick}"
            raise _refused("B120", message, source, None, "round it, or give the instrument a finer tick")
    return found


def check_prices(table: BarTable, actions: Sequence[Action], days: Sequence[date]) -> None:
    """Refuse prices that are adjusted for a split already, and those that go on after their instrument has ended.

    `days` are the bars' trading dates.
    """
    for action in actions:
        after = next((n for n, day in enumerate(days) if day >= action.ex_date), None)
        if after is None:
            continue
        if action.kind in (ActionKind.MERGER, ActionKind.DELISTING) and after + 1 < len(days):
            message = f"`{table.symbol}` has bars after {action.ex_date}, the day of its {action.kind}"
            raise _refused("B121", message, table.source, after + 1, "correct the table of actions, or cut the prices")
        if action.kind is ActionKind.SPLIT and after > 0:
            _check_split(table, action, after)


def _check_split(table: BarTable, action: Action, after: int) -> None:
    before, opened = float(table.close[after - 1]), float(table.open[after])
    wanted = log(action.old / action.new)
    if abs(wanted) < PLAIN or not (before > 0.0 and opened > 0.0):
        return
    if log(opened / before) / wanted < IN_THE_PRICES:
        message = (
            f"the split {action.new}:{action.old} of {action.ex_date} is not in the prices of `{table.symbol}`: they "
            f"go from {before:g} to {opened:g}, so they are adjusted for it already and would be adjusted twice"
        )
        remedy = "give prices as they were traded, or take the split out of the table of actions"
        raise _refused("B121", message, table.source, after + 1, remedy)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


Row = tuple[Mapping[str, str], int, str]


def _rows(path: Path, needed: Sequence[str]) -> list[Row]:
    """Each row's cells by name, its number and the file's name."""
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise _refused("B120", "the file cannot be read as text", path.name, None, "save it as UTF-8") from problem
    reader = csv.DictReader(StringIO(text), restval="")
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        raise _refused("B120", f"there is no column `{missing[0]}`", path.name, None, f"head it {','.join(needed)}")
    return [
        ({name: (cell or "").strip() for name, cell in row.items() if name is not None}, number, path.name)
        for number, row in enumerate(reader, 1)
    ]


def _action(cells: Mapping[str, str], row: int, source: str) -> Action:
    try:
        kind = ActionKind(cells["kind"])
    except ValueError as problem:
        kinds = ", ".join(f"`{each}`" for each in ActionKind)
        raise _refused("B120", f"`{cells['kind']}` is no kind", source, row, f"write one of {kinds}") from problem
    ex_date, known = _day(cells["ex_date"], row, source), _day(cells["known_at"], row, source)
    if known > ex_date:
        message = f"the {kind} of {ex_date} was known only on {known}, so nobody could act on it"
        raise _refused("B122", message, source, row, "give the day of its announcement")
    new, old = _ratio(cells.get("ratio", ""), row, source) if kind is ActionKind.SPLIT else (1, 1)
    if kind is ActionKind.RENAME and not cells.get("to"):
        raise _refused("B120", "a rename says no new symbol", source, row, "write it in the column `to`")
    paid = kind not in (ActionKind.SPLIT, ActionKind.RENAME)
    return Action(
        symbol=cells["symbol"],
        kind=kind,
        ex_date=ex_date,
        amount=_amount(cells["amount"], row, source) if paid else Decimal(0),
        new=new,
        old=old,
        to=cells.get("to") or None,
        known_at=known,
        source=cells["source"],
    )


def _terms(cells: Mapping[str, str], row: int, source: str) -> BorrowTerms:
    return BorrowTerms(
        symbol=cells["symbol"],
        since=_day(cells["since"], row, source),
        quantity=_amount(cells["quantity"], row, source) if cells["quantity"] else None,
        rate_percent=_amount(cells["rate_percent"], row, source),
        locate_fee=_amount(cells["locate_fee"] or "0", row, source),
        source=cells["source"],
    )


def _day(text: str, row: int, source: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise _refused("B120", f"`{text}` is no date", source, row, "write it like 2024-06-10") from problem


def _amount(text: str, row: int, source: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as problem:
        raise _refused("B120", f"`{text}` is no number", source, row, "write it like 0.25") from problem
    if not amount.is_finite() or amount < 0:
        raise _refused("B120", f"`{text}` is no amount of nought or more", source, row, "correct it")
    return amount


def _ratio(text: str, row: int, source: str) -> tuple[int, int]:
    """`10:1`: ten new shares for one old."""
    new, sign, old = text.partition(":")
    if not (sign and new.isdecimal() and old.isdecimal() and 0 < int(new) < RATIO_MAX and 0 < int(old) < RATIO_MAX):
        remedy = "write new for old: `10:1` makes ten shares of one, `1:10` one of ten"
        raise _refused("B120", f"`{text}` is no ratio of a split", source, row, remedy)
    return int(new), int(old)


def _refused(code: str, message: str, source: str, row: int | None, remedy: str) -> DataRefused:
    return DataRefused(code, message, source=source, row=row, remedy=remedy)
