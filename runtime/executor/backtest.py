"""The backtest: a market, terms and a strategy, through the engine, to what was done.

Deterministic: nothing but the arguments is read. The strategy runs in plain Python (`module` None), or compiled: then
`module` is the artefact's, which carries its own engine, and columns are handed over as addresses.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from types import ModuleType
from typing import Any, Final

from stratc.runtime.engine import book as book_in_python
from stratc.runtime.engine import codes, columns, facts, loop
from stratc.runtime.executor.flows import set_flows
from stratc.runtime.executor.happenings import amounts_paid, columns_for_signals, millionths, set_happenings
from stratc.runtime.executor.market import Market, MarketRoll
from stratc.runtime.executor.other_currencies import lay_out
from stratc.runtime.executor.results import Backtest
from stratc.runtime.executor.scale import InstrumentScale, Scale, scale
from stratc.runtime.executor.sleeves import refuse_sleeves, set_sleeves
from stratc.runtime.executor.terms import Caps, HaltAt, SleeveTerms, Terms
from stratc.runtime.feeds.buffers import buffer
from stratc.runtime.model.instrument import Instrument, InstrumentKind, QuantityUnit

SLOTS: Final = 1024  # orders and legs that one instrument may have at a time
CHUNK_ROWS: Final = 1 << 16

Progress = Callable[[int, int], None]
MakeStrategy = Callable[[Any], Any]


def run_backtest(
    market: Market,
    terms: Terms,
    caps: Caps,
    halts: Sequence[HaltAt],
    *,
    rules: tuple[str, ...],
    planned_flows: int,
    make_strategy: MakeStrategy,
    module: ModuleType | None = None,
    progress: Progress | None = None,
    sleeves: Sequence[SleeveTerms] = (),
    pairs: bool = False,
) -> Backtest:
    """Run it. `make_strategy` is given the columns and answers with the strategy; `rules` are its rules' names, and it
    plans so many flows of money.

    With `sleeves` the account is shared out; with `pairs` the instruments are the legs of pairs, two and two.
    `progress` is called between chunks with the rows done and all rows; what it raises ends the run. `RunRefused` is
    raised where the account's currency, the size of money or what would have to be shared out over sleeves does not
    allow the run.
    """
    refuse_sleeves(market, terms, sleeves)
    scaled = scale(
        market.instruments,
        market.price_max,
        terms.currency,
        terms.equity,
        market.conversion,
        amounts_paid(market),
    )
    rows = len(market.rows)
    equity = array("q", bytes(8 * rows))
    make_columns = module.engine.Columns if module else columns.Columns
    prices = (market.open, market.high, market.low, market.close, market.volume)
    handed = [hand_over(column, "d", compiled=module is not None) for column in prices]
    handed += [hand_over(column, "q", compiled=module is not None) for column in (market.rows, equity)]
    seen = [hand_over(column, "d", compiled=module is not None) for column in columns_for_signals(market)]
    table = make_columns(*(given for given, _ in handed), *([[given for given, _ in seen]] if seen else []))
    strategy = make_strategy(table)
    book = open_book(module, market.instruments, scaled, terms, caps, halts, len(rules) + planned_flows)
    set_sleeves(book, [each.symbol for each in market.instruments], scaled, sleeves)
    kept = lay_out(book, market, scaled, terms.exchange, compiled=module is not None)
    moments, held = hand_over(market.closes_ns, "q", compiled=module is not None)
    book.set_moments(moments)
    announce_rolls(module, book, market, scaled)
    set_happenings(module, book, market, scaled, terms)
    outside = set_flows(module, book, market, scaled, terms)
    run_rows = module.run_rows if module else loop.run_rows
    for first in range(0, rows, CHUNK_ROWS):
        last = min(first + CHUNK_ROWS, rows)
        run_rows(book, strategy, table, first, last)
        if progress is not None:
            progress(last, rows)
    del kept, held  # the engine read them by their addresses until here
    return replace(close_book(book, market, scaled, equity, rules, outside), sleeves=tuple(sleeves), pairs=pairs)


def open_book(
    module: ModuleType | None,
    instruments: Sequence[Instrument],
    scaled: Scale,
    terms: Terms,
    caps: Caps,
    halts: Sequence[HaltAt],
    rules: int,
) -> Any:
    """A book, ready for its first row; of the artefact's own type where a `module` is given."""
    make_book = module.engine.Book if module else book_in_python.Book
    book = make_book(len(instruments), SLOTS, max(rules, 1))
    for i, (instrument, numbers) in enumerate(zip(instruments, scaled.instruments, strict=True)):
        set_instrument(book, i, numbers, float(fee_per_lot(instrument, scaled, terms)))
        book.set_currency(i, numbers.currency, rate_by_price(instrument, numbers, scaled, terms.currency))
    for code, value in account_settings(scaled, terms).items():
        book.set_setting(code, value)
    for code, value in cap_settings(scaled, caps).items():
        book.set_setting(code, value)
    for i, group in enumerate(caps.groups):
        book.set_group(i, group)
    if len(halts) > codes.HALTS:
        raise ValueError(f"a run has at most {codes.HALTS} halts, not {len(halts)}")
    for halt in halts:
        book.add_halt(halt.baseline, halt.threshold, 1 if halt.flatten else 0, halt.until)
    book.start(scaled.start, 10.0**scaled.digits)
    return book


def announce_rolls(module: ModuleType | None, book: Any, market: Market, scaled: Scale) -> None:
    """Tell the book which rows go over to another contract, and on which scale the strategy's prices begin."""
    engine: Any = module.engine if module else facts
    engine.begin_rolls(book, len(market.rolls))
    for roll in market.rolls:
        announce(engine, book, roll, scaled)


def announce(engine: Any, book: Any, roll: MarketRoll, scaled: Scale) -> None:
    """Tell the book of one roll, at the latest before its row."""
    per_unit = scaled.instruments[roll.instrument].ticks_per_unit
    engine.announce_roll(
        book,
        roll.instrument,
        roll.row,
        codes.ROLL_OUT if roll.new is None else codes.ROLL_ON,
        round(roll.old_close * per_unit),
        round(roll.new_close * per_unit),
        float(roll.shift_ticks),
        roll.scale,
    )


def set_instrument(book: Any, i: int, numbers: InstrumentScale, fee: float) -> None:
    """What an instrument is in whole numbers, with its bounds; before its first order."""
    step = float(numbers.step)
    book.set_instrument(i, numbers.ticks_per_unit, step, fee, numbers.tick_value, numbers.ticks_max, numbers.lots_max)


def rate_by_price(instrument: Instrument, numbers: InstrumentScale, scaled: Scale, account: str) -> float:
    """Where a pair is the price of the account's currency, the rate of its quote currency times its price in ticks."""
    if numbers.currency == 0 or instrument.kind is not InstrumentKind.FOREX or instrument.base != account:
        return 0.0
    return numbers.ticks_per_unit * scaled.quanta_for_quantum(numbers.currency)


def fee_per_lot(instrument: Instrument, scaled: Scale, terms: Terms) -> float:
    """Commission by quantity in quanta a lot: contracts have their own rate, everything else pays by share."""
    contracts = instrument.quantity_unit is QuantityUnit.CONTRACTS
    rate = terms.commission.per_contract if contracts else terms.commission.per_share
    return scaled.quanta(rate * instrument.quantity_step)


def account_settings(scaled: Scale, terms: Terms) -> dict[int, float]:
    """The account, its costs and its fill model, by setting; half of a spread is paid on each side."""
    commission, slippage = terms.commission, terms.slippage
    most = commission.maximum_percent
    return {
        codes.SETTING_ACCOUNT: float(terms.kind),
        codes.SETTING_LIMIT_FILL: float(terms.limit_fill),
        codes.SETTING_FIFO: 1.0 if terms.first_in_first_out else 0.0,
        codes.SETTING_DO_NOT_REDUCE: 1.0 if terms.do_not_reduce else 0.0,
        codes.SETTING_MARGIN_RATE: float(millionths(terms.margin_rate)),
        codes.SETTING_SETTLES: 1.0 if terms.settles else 0.0,
        codes.SETTING_SLIP_TICKS: float(slippage.ticks + slippage.spread_ticks / 2),
        codes.SETTING_SLIP_RATE: float((slippage.bps + slippage.spread_bps / 2) / 10_000),
        codes.SETTING_FEE_PER_ORDER: scaled.quanta(commission.per_order),
        codes.SETTING_FEE_RATE: float(commission.percent_of_value / 100),
        codes.SETTING_FEE_MINIMUM: scaled.quanta(commission.minimum),
        codes.SETTING_FEE_RATE_MAX: -1.0 if most is None else float(most / 100),
    }


CAP_SETTINGS: Final = {
    "position_ratio": codes.SETTING_CAP_POSITION_RATIO,
    "position_money": codes.SETTING_CAP_POSITION_MONEY,
    "position_units": codes.SETTING_CAP_POSITION_UNITS,
    "gross_ratio": codes.SETTING_CAP_GROSS_RATIO,
    "gross_money": codes.SETTING_CAP_GROSS_MONEY,
    "leverage": codes.SETTING_CAP_LEVERAGE,
    "orders_per_second": codes.SETTING_CAP_ORDERS_PER_SECOND,
    "slippage": codes.SETTING_CAP_SLIPPAGE,
    "entries": codes.SETTING_CAP_ENTRIES,
    "entries_sessions": codes.SETTING_CAP_ENTRIES_SESSIONS,
    "day_trades": codes.SETTING_CAP_DAY_TRADES,
    "day_trades_sessions": codes.SETTING_CAP_DAY_TRADES_SESSIONS,
    "keep_sessions": codes.SETTING_KEEP_SESSIONS,
    "stop_distance": codes.SETTING_STOP_DISTANCE,
    "gone_days": codes.SETTING_GONE_DAYS,
    "units": codes.SETTING_CAP_UNITS,
    "group_units": codes.SETTING_CAP_GROUP_UNITS,
    "side_units": codes.SETTING_CAP_SIDE_UNITS,
    "group_ratio": codes.SETTING_CAP_GROUP_RATIO,
    "group_money": codes.SETTING_CAP_GROUP_MONEY,
    "side_ratio": codes.SETTING_CAP_SIDE_RATIO,
    "side_money": codes.SETTING_CAP_SIDE_MONEY,
}
REDUCE_SETTINGS: Final = {
    "position_ratio": codes.SETTING_REDUCE_POSITION_RATIO,
    "position_money": codes.SETTING_REDUCE_POSITION_MONEY,
    "position_units": codes.SETTING_REDUCE_POSITION_UNITS,
    "gross_ratio": codes.SETTING_REDUCE_GROSS_RATIO,
    "gross_money": codes.SETTING_REDUCE_GROSS_MONEY,
    "leverage": codes.SETTING_REDUCE_LEVERAGE,
    "group_ratio": codes.SETTING_REDUCE_GROUP_RATIO,
    "group_money": codes.SETTING_REDUCE_GROUP_MONEY,
    "side_ratio": codes.SETTING_REDUCE_SIDE_RATIO,
    "side_money": codes.SETTING_REDUCE_SIDE_MONEY,
}
IN_MONEY: Final = frozenset({"position_money", "gross_money", "group_money", "side_money"})


def cap_settings(scaled: Scale, caps: Caps) -> dict[int, float]:
    """The caps by setting, -1 for none."""
    reducing = caps.reducing or Caps()
    return _bounds(scaled, caps, CAP_SETTINGS) | _bounds(scaled, reducing, REDUCE_SETTINGS)


def _bounds(scaled: Scale, caps: Caps, codes_of: Mapping[str, int]) -> dict[int, float]:
    settings = {}
    for field in fields(caps):
        if field.name not in codes_of:
            continue
        bound = getattr(caps, field.name)
        in_quanta = bound is not None and field.name in IN_MONEY
        value = -1.0 if bound is None else bound * 10.0**scaled.digits if in_quanta else float(bound)
        settings[codes_of[field.name]] = value
    return settings


def hand_over(column: Any, typecode: str, *, compiled: bool) -> tuple[Any, object]:
    """A column as the engine takes it, and what must stay alive: a list in Python, an address in compiled code."""
    if not compiled:
        return (column if isinstance(column, list | array) else list(column)), column
    if isinstance(column, list):
        column = array(typecode, column)
    if isinstance(column, array):
        return column.buffer_info()[0], column
    found = buffer(column)
    return found.address, found


def close_book(
    book: Any, market: Market, scaled: Scale, equity: Sequence[int], rules: tuple[str, ...], flows_outside: int
) -> Backtest:
    """What the run did, once its last row is done; of the market only instruments, times and rolls are read."""
    return Backtest(
        instruments=market.instruments,
        rules=rules,
        opens_ns=market.opens_ns,
        closes_ns=market.closes_ns,
        scale=scaled,
        equity=equity,
        totals=tuple(book.totals()),
        fill_log=book.log(codes.LOG_FILLS),
        closing_log=book.log(codes.LOG_CLOSINGS),
        order_log=book.log(codes.LOG_ORDERS),
        denial_log=book.log(codes.LOG_DENIALS),
        roll_log=book.log(codes.LOG_ROLLS),
        rolls=market.rolls,
        carry_log=book.log(codes.LOG_CARRIES),
        note_log=book.log(codes.LOG_NOTES),
        flows_outside=flows_outside,
        brought=tuple(book.brought()),
    )
