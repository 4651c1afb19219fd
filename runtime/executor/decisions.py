"""The decision log: what the engine decided and what became of it, one line a moment, the same of every mode.

A backtest's log is written from its finished logs, a paper run's while it goes on; the bytes are equal where the bars
were. A line is one JSON object, its keys in this order and only where there is something to say: `at` (the moment,
UTC), `row` (its last), `fills`, `ended`, `carried`, `rolled`, `noted`, `orders`, `denied`, `equity`. Prices, quantities
and money are decimals in text, exact. Nothing in it tells which mode, machine or day it was written in.

Denials are kept by the engine up to DENIALS_KEPT; the last line counts all of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from stratc.runtime.engine import codes
from stratc.runtime.executor.results import Backtest, OrderStatus, Role, Side, rows_of
from stratc.runtime.executor.scale import Scale
from stratc.runtime.model.denial import DenialReason
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

FORMAT: Final = 1
NS_PER_DAY: Final = 86_400_000_000_000
ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
KINDS: Final = {
    codes.KIND_MARKET: "market",
    codes.KIND_NEXT_OPEN: "next open",
    codes.KIND_CLOSING_AUCTION: "closing auction",
    codes.KIND_LIMIT: "limit",
    codes.KIND_STOP: "stop",
    codes.KIND_STOP_LIMIT: "stop limit",
}
LIMITS: Final = (codes.KIND_LIMIT, codes.KIND_STOP_LIMIT)
STOPS: Final = (codes.KIND_STOP, codes.KIND_STOP_LIMIT)
CARRIES: Final = {
    codes.CARRY_DIVIDEND: "dividend",
    codes.CARRY_IN_LIEU: "cash in lieu",
    codes.CARRY_BORROW: "borrow fee",
    codes.CARRY_MARGIN_INTEREST: "margin interest",
    codes.CARRY_LOCATE: "locate fee",
    codes.CARRY_CONTRIBUTION: "contribution",
    codes.CARRY_WITHDRAWAL: "withdrawal",
}

Row = Sequence[int]


@record
class News:
    """Lines of the engine's logs that a moment added, in the order of booking; `ended` are orders, by their ids."""

    fills: Sequence[Row] = ()
    ended: Sequence[Row] = ()
    carries: Sequence[Row] = ()
    rolls: Sequence[Row] = ()
    notes: Sequence[Row] = ()
    orders: Sequence[Row] = ()
    denials: Sequence[Row] = ()


NOTHING: Final = News()


@record
class Names:
    """What the numbers of a log are called. `guards` are the rules whose guards deny, in the order of their numbers."""

    strategy: str
    currency: str
    instruments: tuple[Instrument, ...]
    rules: tuple[str, ...]
    guards: tuple[str, ...]
    scale: Scale


class DecisionLog:
    """Writes the lines, each by one call of `write`, with its line's end."""

    def __init__(self, names: Names, write: Callable[[str], object]) -> None:
        self.names, self.write = names, write
        self._line(
            {
                "decisions": FORMAT,
                "strategy": names.strategy,
                "currency": names.currency,
                "start_equity": self._money(names.scale.start),
                "instruments": [each.symbol for each in names.instruments],
                "rules": list(names.rules),
            }
        )

    def moment(self, row: int, close_ns: int, equity: int, news: News) -> None:
        """One moment's line; `row` is its last, `equity` in quanta."""
        if news is NOTHING:
            self.write(f'{{"at":"{iso(close_ns)}","row":{row},"equity":"{self._money(equity)}"}}\n')
            return
        line: dict[str, Any] = {"at": iso(close_ns), "row": row}
        for key, rows, told in (
            ("fills", news.fills, self._fill),
            ("ended", news.ended, self._ended),
            ("carried", news.carries, self._carry),
            ("rolled", news.rolls, self._roll),
            ("noted", news.notes, self._note),
            ("orders", news.orders, self._order),
            ("denied", news.denials, self._denial),
        ):
            if rows:
                line[key] = [told(each) for each in rows]
        line["equity"] = self._money(equity)
        self._line(line)

    def end(self, rows: int, totals: Row) -> None:
        """The last line: what the run came to."""
        first = codes.TOTALS + 2
        denied = {reason.name.lower(): totals[first + reason] for reason in DenialReason if totals[first + reason]}
        self._line(
            {
                "rows": rows,
                "orders": totals[codes.TOTAL_ORDERS],
                "fills": totals[codes.TOTAL_FILLS],
                "fees": self._money(totals[codes.TOTAL_FEES]),
                "slippage": self._money(totals[codes.TOTAL_SLIPPAGE]),
                "realized": self._money(totals[codes.TOTAL_REALIZED]),
                "denied": denied,
                "halts": list(totals[first + codes.DENIALS :]),
                "final_equity": self._money(totals[codes.TOTALS]),
            }
        )

    def _line(self, line: Mapping[str, Any]) -> None:
        self.write(ENCODE(line) + "\n")

    def _fill(self, row: Row) -> dict[str, Any]:
        i = row[codes.FILL_INSTRUMENT]
        return {
            **self._whose(i, row[codes.FILL_RULE]),
            "order": row[codes.FILL_ORDER],
            "why": Role(row[codes.FILL_ROLE]).name.lower(),
            "side": Side(row[codes.FILL_SIDE]).name.lower(),
            "quantity": self._quantity(i, row[codes.FILL_LOTS]),
            "price": self._price(i, row[codes.FILL_TICKS]),
            "fee": self._money(row[codes.FILL_FEE]),
            "slippage": self._money(row[codes.FILL_SLIPPAGE]),
            "row": row[codes.FILL_ROW],
        }

    def _order(self, row: Row) -> dict[str, Any]:
        i, kind = row[codes.PLACED_INSTRUMENT], row[codes.PLACED_KIND]
        told = {
            **self._whose(i, row[codes.PLACED_RULE]),
            "order": row[codes.PLACED_ID],
            "why": Role(row[codes.PLACED_ROLE]).name.lower(),
            "kind": KINDS[kind],
            "side": Side(row[codes.PLACED_SIDE]).name.lower(),
            "quantity": self._quantity(i, row[codes.PLACED_LOTS]),
        }
        if kind in LIMITS:
            told["limit"] = self._price(i, row[codes.PLACED_LIMIT])
        if kind in STOPS:
            told["stop"] = self._price(i, row[codes.PLACED_STOP])
        return told

    def _ended(self, row: Row) -> dict[str, Any]:
        status = OrderStatus(row[codes.PLACED_STATUS]).name.lower()
        return {"order": row[codes.PLACED_ID], "status": status, "row": row[codes.PLACED_ROW_DONE]}

    def _denial(self, row: Row) -> dict[str, Any]:
        reason, number = DenialReason(row[codes.DENIAL_REASON]), row[codes.DENIAL_GUARD]
        told: dict[str, Any] = self._whose(row[codes.DENIAL_INSTRUMENT], row[codes.DENIAL_RULE])
        told["reason"] = reason.name.lower()
        if reason is DenialReason.RULE_GUARD:
            known = 0 < number <= len(self.names.guards)
            told["guard"] = self.names.guards[number - 1] if known else number
        return told

    def _carry(self, row: Row) -> dict[str, Any]:
        i = row[codes.CARRY_INSTRUMENT]
        told = {} if i < 0 else {"instrument": self.names.instruments[i].symbol}
        return {**told, "why": CARRIES[row[codes.CARRY_KIND]], "amount": self._money(row[codes.CARRY_QUANTA])}

    def _roll(self, row: Row) -> dict[str, Any]:
        i = row[codes.ROLL_INSTRUMENT]
        told = {"instrument": self.names.instruments[i].symbol, "quantity": self._quantity(i, row[codes.ROLL_LOTS])}
        return {**told, "cost": self._money(row[codes.ROLL_COST])}

    def _note(self, row: Row) -> dict[str, Any]:
        return self._whose(row[codes.NOTE_INSTRUMENT], row[codes.NOTE_RULE])

    def _whose(self, i: int, rule: int) -> dict[str, Any]:
        return {
            "instrument": self.names.instruments[i].symbol,
            "place": i,
            "rule": self.names.rules[rule] if rule >= 0 else None,
        }

    def _money(self, quanta: int) -> str:
        """As `plain(scale.money(quanta))`: a whole number with a point in it."""
        digits = self.names.scale.digits
        if not digits:
            return str(quanta)
        text = str(abs(quanta)).rjust(digits + 1, "0")
        return f"{'-' if quanta < 0 else ''}{text[:-digits]}.{text[-digits:]}"

    def _quantity(self, i: int, lots: int) -> str:
        return plain(lots * self.names.scale.instruments[i].step)

    def _price(self, i: int, ticks: int) -> str:
        return plain(ticks * self.names.scale.instruments[i].tick)


def plain(amount: Decimal) -> str:
    """A decimal without an exponent."""
    return format(amount, "f")


def iso(moment_ns: int) -> str:
    """A moment as ISO-8601 with offset, with as many digits of its second as it has."""
    day, rest = divmod(moment_ns, NS_PER_DAY)
    seconds, rest = divmod(rest, 1_000_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{_date(day)}T{hour:02d}:{minute:02d}:{second:02d}{fraction}+00:00"


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    """Days since 1970-01-01 as they are written; the same few are asked for line after line."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def write_decisions(backtest: Backtest, ends: Sequence[int], names: Names, write: Callable[[str], object]) -> None:
    """The decision log of a finished run; `ends` are the last rows of its moments, in order."""
    log = DecisionLog(names, write)
    news = news_by_moment(backtest, ends)
    for row in ends:
        log.moment(row, int(backtest.closes_ns[row]), backtest.equity[row], news.get(row, NOTHING))
    log.end(len(backtest.equity), backtest.totals)


def news_by_moment(backtest: Backtest, ends: Sequence[int]) -> dict[int, News]:
    """What each moment added to the logs, by its last row."""
    last_row = moments_of(ends)
    found: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for name, row, line in _dated(backtest):
        found[last_row[row]][name].append(line)
    return {row: News(**kinds) for row, kinds in found.items()}


def moments_of(ends: Sequence[int]) -> Sequence[int]:
    """Of each row the last one of its moment."""
    found: list[int] = []
    for row in ends:
        found += [row] * (row + 1 - len(found))
    return found


def _dated(backtest: Backtest) -> Iterator[tuple[str, int, Row]]:
    """Every line with its row: what came up as an order, and as an end, comes twice."""
    orders = list(rows_of(backtest.order_log, codes.PLACED_WIDTH))
    for name, log, width, at in (
        ("fills", backtest.fill_log, codes.FILL_WIDTH, codes.FILL_ROW),
        ("carries", backtest.carry_log, codes.CARRY_WIDTH, codes.CARRY_ROW),
        ("rolls", backtest.roll_log, codes.ROLL_WIDTH, codes.ROLL_ROW),
        ("notes", backtest.note_log, codes.NOTE_WIDTH, codes.NOTE_ROW),
        ("denials", backtest.denial_log, codes.DENIAL_WIDTH, codes.DENIAL_ROW),
    ):
        for line in rows_of(log, width):
            yield name, line[at], line
    for line in orders:
        yield "orders", line[codes.PLACED_ROW], line
        if line[codes.PLACED_STATUS] != codes.STATUS_WORKING:
            yield "ended", line[codes.PLACED_ROW_DONE], line
