"""What a run did: from the engine's logs of whole numbers to records with decimals, made only when they are asked for.

Everything here is exact: decimals are whole numbers of ticks, lots and quanta. A fill's time is the beginning of the
bar in which it happened; a fill inside a bar happened at some moment of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from stratc.runtime.engine import codes
from stratc.runtime.executor.market import MarketRoll
from stratc.runtime.executor.scale import Scale
from stratc.runtime.executor.terms import SleeveTerms
from stratc.runtime.model.denial import DenialReason
from stratc.runtime.model.instrument import Instrument

if TYPE_CHECKING:
    import polars as pl


FLOW_KINDS: Final = (codes.CARRY_CONTRIBUTION, codes.CARRY_WITHDRAWAL)
EPOCH: Final = date(1970, 1, 1)
LEAP_DAY: Final = (2, 29)


class Side(IntEnum):
    BUY = 1
    SELL = -1


class Role(IntEnum):
    """Why a fill came to be. Codes as in the engine."""

    ENTRY = 1
    EXIT = 2
    STOP_LOSS = 3
    TARGET = 4
    FLATTEN = 5
    ROLL = 6
    LEAVE = 7
    CLOSE_OUT = 8  # the instrument's bars have ended
    CORPORATE_ACTION = 9
    REDUCE = 10  # a cap that says `then reduce`


class OrderStatus(IntEnum):
    """How an order stands or ended. Codes as in the engine."""

    WORKING = 1
    FILLED = 2
    CANCELED = 3
    EXPIRED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A rule with `note` fired at the close of a bar of this instrument."""

    rule: str
    instrument: str
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A fill, or one of the two parts of a fill that crossed zero. Fees and slippage in the account's currency."""

    row: int
    at_ns: int
    instrument: str
    order: int
    rule: str | None
    role: Role
    side: Side
    quantity: Decimal
    price: Decimal
    fee: Decimal
    slippage: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it was placed and as it ended; protective orders are part of their entry."""

    row: int
    id: int
    instrument: str
    rule: str | None
    role: Role
    kind: int
    side: Side
    quantity: Decimal
    limit_price: Decimal | None
    stop_price: Decimal | None
    status: OrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """What was opened at one time and closed at another: oldest legs first. `pnl` is after `fees`, both ways' fees.

    `contract` is the single future that it was in; a roll ends one round trip and begins another. `pair` is the pair
    whose leg it was, as `KO/PEP`; empty where no pairs were traded.
    """

    instrument: str
    contract: str | None
    side: Side
    quantity: Decimal
    opened_at: int
    open_price: Decimal
    closed_at: int
    close_price: Decimal
    fees: Decimal
    pnl: Decimal
    rule_in: str | None
    rule_out: str | None
    role_out: Role
    bars_held: int
    acquired_on: date
    disposed_on: date
    pair: str = ""

    @property
    def long_term(self) -> bool:
        """Whether it was held for more than a year, the day of acquisition not counted (26 U.S.C. 1222)."""
        return self.disposed_on > _a_year_after(self.acquired_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyMoved:
    """What was to be paid in, or taken out below nought, at the end of a row's moment, and what was: less where a
    withdrawal asked for more than there was."""

    row: int
    at_ns: int
    asked: Decimal
    moved: Decimal


class CarryKind(IntEnum):
    """What holding paid or cost. Codes as in the engine."""

    DIVIDEND = 1
    IN_LIEU = 2
    BORROW = 3
    MARGIN_INTEREST = 4
    LOCATE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """What holding a position paid on a day, or cost below nought; `instrument` None is the account itself."""

    row: int
    at_ns: int
    instrument: str | None
    kind: CarryKind
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """How often a rule's orders on an instrument were denied for one reason; `guard` is a rule guard's number or 0."""

    instrument: str
    rule: str | None
    reason: DenialReason
    guard: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """A future's roll, or its leaving (`new` None), in the order of time: what was held then, signed, and what it cost.

    `cost` are commission and slippage of both ways. Whatever named a price went along by `gap`, new close less old.
    """

    instrument: str
    day: date
    old: str
    new: str | None
    old_close: float
    new_close: float
    quantity: Decimal
    cost: Decimal
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A finished run. Equity is in quanta, one a row (`scale.money` makes an amount of it); `brought` is what each
    instrument, or place of one, has brought."""

    instruments: tuple[Instrument, ...]
    rules: tuple[str, ...]
    opens_ns: Sequence[int] | pl.Series
    closes_ns: Sequence[int] | pl.Series
    scale: Scale
    equity: Sequence[int]
    totals: tuple[int, ...]
    fill_log: Sequence[int]
    closing_log: Sequence[int]
    order_log: Sequence[int]
    denial_log: Sequence[int]
    roll_log: Sequence[int] = ()
    rolls: tuple[MarketRoll, ...] = ()
    carry_log: Sequence[int] = ()
    note_log: Sequence[int] = ()
    flows_outside: int = 0
    sleeves: tuple[SleeveTerms, ...] = ()
    pairs: bool = False
    brought: tuple[int, ...] = ()

    @property
    def bars(self) -> int:
        return len(self.equity)

    @property
    def start_equity(self) -> Decimal:
        return self.scale.money(self.scale.start)

    @property
    def final_equity(self) -> Decimal:
        return self.scale.money(self.totals[codes.TOTALS])

    @property
    def order_count(self) -> int:
        return self.totals[codes.TOTAL_ORDERS]

    @property
    def fill_count(self) -> int:
        """Fills and parts of fills; those of protective orders too."""
        return self.totals[codes.TOTAL_FILLS]

    @property
    def round_trip_count(self) -> int:
        return len(self.closing_log) // codes.CLOSING_WIDTH

    @property
    def fees(self) -> Decimal:
        return self.scale.money(self.totals[codes.TOTAL_FEES])

    @property
    def slippage(self) -> Decimal:
        return self.scale.money(self.totals[codes.TOTAL_SLIPPAGE])

    @property
    def realized(self) -> Decimal:
        """Profit of what was closed, before fees."""
        return self.scale.money(self.totals[codes.TOTAL_REALIZED])

    @property
    def conversion_cost(self) -> Decimal:
        """What exchanging currencies cost against the middle rate."""
        return self.scale.money(self.totals[codes.TOTAL_CONVERSION])

    @property
    def overnight_interest(self) -> Decimal:
        """What positions earned overnight, below nought where they cost."""
        return self.scale.money(self.totals[codes.TOTAL_INTEREST])

    @property
    def nights_unknown(self) -> int:
        """How often a position was held over a night whose interest is not known: none was booked."""
        return self.totals[codes.TOTAL_INTEREST_UNKNOWN]

    @property
    def carried(self) -> dict[CarryKind, Decimal]:
        """What holding paid and cost by kind, those that came up."""
        totals = {
            CarryKind.DIVIDEND: codes.TOTAL_DIVIDENDS,
            CarryKind.IN_LIEU: codes.TOTAL_IN_LIEU,
            CarryKind.BORROW: codes.TOTAL_BORROW,
            CarryKind.MARGIN_INTEREST: codes.TOTAL_MARGIN_INTEREST,
            CarryKind.LOCATE: codes.TOTAL_LOCATE,
        }
        return {kind: self.scale.money(self.totals[at]) for kind, at in totals.items() if self.totals[at]}

    def carries(self) -> Iterator[Carry]:
        """Every dividend, fee and interest in the order of booking."""
        for row in rows_of(self.carry_log, codes.CARRY_WIDTH):
            if row[codes.CARRY_KIND] in FLOW_KINDS:
                continue
            i = row[codes.CARRY_INSTRUMENT]
            yield Carry(
                row=row[codes.CARRY_ROW],
                at_ns=self.opens_ns[row[codes.CARRY_ROW]],
                instrument=None if i < 0 else self.instruments[i].symbol,
                kind=CarryKind(row[codes.CARRY_KIND]),
                quantity=Decimal(0) if i < 0 else self._quantity(i, row[codes.CARRY_LOTS]),
                amount=self.scale.money(row[codes.CARRY_QUANTA]),
            )

    def flows(self) -> Iterator[MoneyMoved]:
        """Every contribution and withdrawal in the order of time."""
        for row in rows_of(self.carry_log, codes.CARRY_WIDTH):
            if row[codes.CARRY_KIND] in FLOW_KINDS:
                yield MoneyMoved(
                    row=row[codes.CARRY_ROW],
                    at_ns=self.closes_ns[row[codes.CARRY_ROW]],
                    asked=self.scale.money(row[codes.CARRY_LOTS]),
                    moved=self.scale.money(row[codes.CARRY_QUANTA]),
                )

    @property
    def day_trades(self) -> int:
        return self.totals[codes.TOTAL_DAY_TRADES]

    @property
    def guard_checks(self) -> int:
        """Openings that came as far as the rule guards."""
        return self.totals[codes.TOTAL_GUARD_CHECKS]

    @property
    def halts(self) -> tuple[int, ...]:
        """How often each halt tripped, in the order in which they were given."""
        return self.totals[codes.TOTALS + 2 + codes.DENIALS :]

    def denied(self) -> dict[DenialReason, int]:
        """How often each reason denied, all denials counted."""
        first = codes.TOTALS + 2
        counts = {reason: self.totals[first + reason] for reason in DenialReason}
        return {reason: count for reason, count in counts.items() if count}

    def denials(self) -> tuple[Denial, ...]:
        """The same by instrument, rule and guard, of the first DENIALS_KEPT denials."""
        counts = Counter(tuple(row[1:]) for row in rows_of(self.denial_log, codes.DENIAL_WIDTH))
        return tuple(
            Denial(
                instrument=self.instruments[key[0]].symbol,
                rule=self._rule(key[1]),
                reason=DenialReason(key[2]),
                guard=key[3],
                count=count,
            )
            for key, count in sorted(counts.items())
        )

    def noted(self) -> Iterator[Noted]:
        """Every time that a rule with `note` fired, in order."""
        for row in rows_of(self.note_log, codes.NOTE_WIDTH):
            yield Noted(
                rule=self.rules[row[codes.NOTE_RULE]],
                instrument=self.instruments[row[codes.NOTE_INSTRUMENT]].symbol,
                at_ns=self.closes_ns[row[codes.NOTE_ROW]],
            )

    def fills(self) -> Iterator[Fill]:
        """Every fill in the order of booking."""
        for row in rows_of(self.fill_log, codes.FILL_WIDTH):
            i = row[codes.FILL_INSTRUMENT]
            yield Fill(
                row=row[codes.FILL_ROW],
                at_ns=self.opens_ns[row[codes.FILL_ROW]],
                instrument=self.instruments[i].symbol,
                order=row[codes.FILL_ORDER],
                rule=self._rule(row[codes.FILL_RULE]),
                role=Role(row[codes.FILL_ROLE]),
                side=Side(row[codes.FILL_SIDE]),
                quantity=self._quantity(i, row[codes.FILL_LOTS]),
                price=self._price(i, row[codes.FILL_TICKS]),
                fee=self.scale.money(row[codes.FILL_FEE]),
                slippage=self.scale.money(row[codes.FILL_SLIPPAGE]),
            )

    def done_rolls(self) -> Iterator[Roll]:
        """Every roll that came up in the run, with a position or without."""
        announced = [roll for roll in self.rolls if roll.row >= 0]
        for row, roll in zip(rows_of(self.roll_log, codes.ROLL_WIDTH), announced, strict=False):
            yield Roll(
                instrument=self.instruments[roll.instrument].symbol,
                day=roll.day,
                old=roll.old,
                new=roll.new,
                old_close=roll.old_close,
                new_close=roll.new_close,
                quantity=self._quantity(roll.instrument, row[codes.ROLL_LOTS]),
                cost=self.scale.money(row[codes.ROLL_COST]),
                why=roll.why,
            )

    def contract_at(self, instrument: int, row: int, *, opening: bool) -> str | None:
        """The contract in which a fill at that row was made; None for what is no root.

        At the row of a roll itself the way out is in the old contract and all else in the new one.
        """
        own = [roll for roll in self.rolls if roll.instrument == instrument]
        if not own:
            return None
        passed = [roll for roll in own if roll.row < row or (roll.row == row and opening and roll.new is not None)]
        return (passed[-1].new or passed[-1].old) if passed else own[0].old

    def orders(self) -> Iterator[Order]:
        """Every order in the order of placing."""
        limits = (codes.KIND_LIMIT, codes.KIND_STOP_LIMIT)
        stops = (codes.KIND_STOP, codes.KIND_STOP_LIMIT)
        for row in rows_of(self.order_log, codes.PLACED_WIDTH):
            i, kind = row[codes.PLACED_INSTRUMENT], row[codes.PLACED_KIND]
            yield Order(
                row=row[codes.PLACED_ROW],
                id=row[codes.PLACED_ID],
                instrument=self.instruments[i].symbol,
                rule=self._rule(row[codes.PLACED_RULE]),
                role=Role(row[codes.PLACED_ROLE]),
                kind=kind,
                side=Side(row[codes.PLACED_SIDE]),
                quantity=self._quantity(i, row[codes.PLACED_LOTS]),
                limit_price=self._price(i, row[codes.PLACED_LIMIT]) if kind in limits else None,
                stop_price=self._price(i, row[codes.PLACED_STOP]) if kind in stops else None,
                status=OrderStatus(row[codes.PLACED_STATUS]),
            )

    def round_trips(self) -> Iterator[RoundTrip]:
        """Every part of a leg that was closed, in the order of closing."""
        for row in rows_of(self.closing_log, codes.CLOSING_WIDTH):
            yield self._round_trip(row)

    def _round_trip(self, row: Sequence[int]) -> RoundTrip:
        i, side, lots = (row[codes.CLOSING_INSTRUMENT], row[codes.CLOSING_SIDE], row[codes.CLOSING_LOTS])
        profit = row[codes.CLOSING_PROFIT] - row[codes.CLOSING_FEES]
        rolled = row[codes.CLOSING_ROLE_OUT] == codes.ROLE_ROLL
        return RoundTrip(
            instrument=self.instruments[i].symbol,
            contract=self.contract_at(i, row[codes.CLOSING_ROW_OUT], opening=not rolled),
            side=Side(side),
            quantity=self._quantity(i, lots),
            opened_at=self.opens_ns[row[codes.CLOSING_ROW_IN]],
            open_price=self._average(i, row[codes.CLOSING_COST], lots),
            closed_at=self.opens_ns[row[codes.CLOSING_ROW_OUT]],
            close_price=self._price(i, row[codes.CLOSING_TICKS_OUT]),
            fees=self.scale.money(row[codes.CLOSING_FEES]),
            pnl=self.scale.money(profit),
            rule_in=self._rule(row[codes.CLOSING_RULE_IN]),
            rule_out=self._rule(row[codes.CLOSING_RULE_OUT]),
            role_out=Role(row[codes.CLOSING_ROLE_OUT]),
            bars_held=row[codes.CLOSING_BARS],
            acquired_on=EPOCH + timedelta(days=row[codes.CLOSING_DAY_IN]),
            disposed_on=EPOCH + timedelta(days=row[codes.CLOSING_DAY_OUT]),
            pair=self.pair_of(i),
        )

    def pair_of(self, i: int) -> str:
        """The pair that a place is a leg of; empty where no pairs were traded."""
        first = i // 2 * 2
        return "/".join(each.symbol for each in self.instruments[first : first + 2]) if self.pairs else ""

    def _rule(self, rule: int) -> str | None:
        return self.rules[rule] if rule >= 0 else None

    def _quantity(self, i: int, lots: int) -> Decimal:
        return lots * self.scale.instruments[i].step

    def _average(self, i: int, cost: int, lots: int) -> Decimal:
        """What a unit cost; after a split it may be no whole tick, and is told to a millionth of one."""
        ticks = cost // lots if cost % lots == 0 else round(Decimal(cost) / lots, 6)
        return ticks * self.scale.instruments[i].tick

    def _price(self, i: int, ticks: int) -> Decimal:
        return ticks * self.scale.instruments[i].tick


def _a_year_after(day: date) -> date:
    """The same day of the next year; the last of February stays in February."""
    leaps = day.month == LEAP_DAY[0] and day.day == LEAP_DAY[1]
    return date(day.year + 1, day.month, day.day - 1 if leaps else day.day)


def rows_of(log: Sequence[int], width: int) -> Iterator[Sequence[int]]:
    for at in range(0, len(log), width):
        yield log[at : at + width]
