"""The book: everything the engine knows of an account, its orders and its tax lots, in whole numbers.

Units inside: prices in ticks, quantities in lots (quantity steps) and money in quanta (10^-k of the account's currency,
k chosen so that tick x quantity step x multiplier is whole). `money = start - what was paid + what was received - fees`
for every kind of account, so that equity = money + position x mark x tick_value is exact; nothing is rounded but fees.

Nothing overflows, by construction: whoever sets up a run gives each instrument `ticks_max`, a bound of all its prices,
and `lots_max` such that a whole position's value stays below 2^56 quanta; the gate denies what goes beyond
(ARITHMETIC_LIMIT).

In plain Python all fields may be read; nobody but the engine writes them after `start`, except that a strategy's
`signals` sets `ends` and `outside_hours`.
"""

from __future__ import annotations

from typing import Any

import cython

from stratc.runtime.engine.codes import (
    CARRY_WIDTH,
    CLOSING_WIDTH,
    CURRENCIES,
    DENIAL_WIDTH,
    DENIALS,
    FILL_WIDTH,
    HALT_BASELINE,
    HALT_FLATTEN,
    HALT_TIMES,
    HALT_UNTIL,
    HALT_WIDTH,
    HALTS,
    INSTRUMENT_FIELDS,
    LEG_WIDTH,
    LOG_CARRIES,
    LOG_CLOSINGS,
    LOG_DENIALS,
    LOG_NOTES,
    LOG_ORDERS,
    LOG_ROLLS,
    NO_FLOOR,
    NOTE_WIDTH,
    ORDER_WIDTH,
    PLACED_WIDTH,
    REMEMBERED_SESSIONS,
    ROLL_WIDTH,
    SETTING_REDUCE_POSITION_RATIO,
    SETTINGS,
    SLEEVES,
    TOTAL_FUNDED,
    TOTALS,
)
from stratc.runtime.engine.draft import Draft
from stratc.runtime.engine.memory import part, real_numbers, release, release_reals, whole_numbers


@cython.final
@cython.cclass
class Book(Draft):
    """One account in one run: `instruments` of them, each with `slots` orders and as many legs, and `rules` rules."""

    instruments: cython.long
    slots: cython.long
    rules: cython.long

    # money in quanta
    quanta_per_money: cython.double
    money: cython.longlong
    holdings: cython.longlong
    equity: cython.longlong
    peak: cython.longlong
    start_equity: cython.longlong
    equity_at_last_close: cython.longlong

    # what is paid in and taken out: of the table, pairs of a row and quanta, the next one and its row (-1 none);
    # whether the text's own are booked; contributions that no purchase has used; the equity at the last close as halts
    # and words count it, which moves with every flow; proceeds of sales by session of the account, in a ring
    flow: cython.p_longlong
    flow_next: cython.long
    flow_row: cython.longlong
    flows: cython.long
    plans_flows: cython.bint
    new_cash: cython.longlong
    close_basis: cython.longlong
    settling: cython.p_longlong

    # other currencies, from 1: the account's is 0. `rates` [(row x currencies + currency - 1) x RATE_WIDTH + field] are
    # quanta of the account's for one quantum; `foreign` balances with positions at their marks; `converts` at each fill
    currencies: cython.long
    converts: cython.bint
    conversion_cost: cython.double
    rates: cython.p_double
    rate: cython.p_double
    rate_by_price: cython.p_double
    rate_known: cython.p_longlong
    foreign: cython.p_longlong
    currency: cython.p_longlong
    accrues: cython.bint
    interest: cython.p_double

    # where in time: the row and where its bar lies in the columns, its open (read in every row, so that memory streams
    # it), the account's trading day, its number, orders of this moment; closes in nanoseconds, where they are `dated`
    row: cython.longlong
    place: cython.longlong
    open_price: cython.double
    day: cython.longlong
    session: cython.longlong
    orders_in_moment: cython.longlong
    moments: cython.p_longlong
    dated: cython.bint

    # sleeves, numbered from 1: the money that each began with, its equity at the last close and at its highest; whether
    # some instrument is shared by two of them
    sleeves: cython.long
    shares: cython.bint
    part: cython.p_longlong
    part_close: cython.p_longlong
    part_peak: cython.p_longlong

    halted: cython.longlong
    halts: cython.long
    halt_floor: cython.longlong
    peak_halts: cython.bint
    reduces: cython.bint
    standing_down: cython.long
    groups: cython.longlong
    at_open: cython.bint
    placed_group: cython.longlong
    limited_rule: cython.longlong
    working_counted: cython.longlong
    failure: cython.bint

    # one entry an instrument: what it is
    ticks_per_unit: cython.p_double
    step: cython.p_double
    fee_per_lot: cython.p_double
    tick_value: cython.p_longlong
    lots_max: cython.p_longlong
    ticks_max: cython.p_longlong

    # one entry an instrument: how it stands. `active` counts working orders and legs with a stop loss or target;
    # `order_end` is one past the last slot in use; `shut` is 1 after a session's last bar; `trails` counts legs whose
    # stop follows the price; `position_whole` is 1 where the position's first fill was at its bar's open
    position: cython.p_longlong
    mark: cython.p_longlong
    marked: cython.p_longlong
    fresh: cython.p_longlong
    day_of: cython.p_longlong
    bars: cython.p_longlong
    sessions: cython.p_longlong
    active: cython.p_longlong
    legs: cython.p_longlong
    working: cython.p_longlong
    order_end: cython.p_longlong
    shut: cython.p_longlong
    working_entries: cython.p_longlong
    position_bar: cython.p_longlong
    position_session: cython.p_longlong
    entry_session: cython.p_longlong
    armed_day: cython.p_longlong
    ends: cython.p_longlong
    outside_hours: cython.p_longlong
    barred: cython.p_longlong
    trails: cython.p_longlong
    position_whole: cython.p_longlong

    # one entry an instrument: its round trips, each from flat to flat; `trip_profit` and `trip_exits` of the open one,
    # profits in quanta after fees, `exit_bar` and `exit_session` 0 before the first is over
    trips: cython.p_longlong
    trip_profit: cython.p_longlong
    trip_exits: cython.p_longlong
    last_profit: cython.p_longlong
    losses: cython.p_longlong
    exit_bar: cython.p_longlong
    exit_session: cython.p_longlong
    entries_day: cython.p_longlong
    entries_filled: cython.p_longlong

    # futures: a price that the strategy sees is not the contract's, whose ticks are
    # `seen x ticks_per_unit / signal_scale + signal_shift`. `over` is 1 once a contract was left. What is announced for
    # later rows stands in `roll`, in the order of rows
    signal_shift: cython.p_double
    signal_scale: cython.p_double
    over: cython.p_longlong
    group_of: cython.p_longlong
    roll: cython.p_longlong
    roll_signal: cython.p_double
    rolls: cython.long
    rolls_done: cython.long
    roll_row: cython.longlong

    # one entry an instrument: which prices its signals read, its next event, what may be borrowed of it (lots, -1 any
    # number) at what rate (millionths a year) and locate fee (quanta a lot), whether a fall restricts short sales, the
    # closing mark of the last session, the last restricted session, the sector (from 1; 0 alone), and the days of the
    # last purchase and closing at a loss (the first day before there was one)
    signal_prices: cython.p_longlong
    event_next: cython.p_longlong
    borrow_lots: cython.p_longlong
    borrow_rate: cython.p_longlong
    locate_fee: cython.p_longlong
    restrictable: cython.p_longlong
    prior_close: cython.p_longlong
    restricted_until: cython.p_longlong
    sector: cython.p_longlong
    purchase_day: cython.p_longlong
    loss_day: cython.p_longlong
    # the least that an opening order may be worth, in quanta of the instrument's currency
    notional_min: cython.p_longlong
    # sleeves (see `sleeves.py`): all the money that it has moved in the account's currency, whose place it is, the
    # first place of its instrument and whether there are others; of a lead what the orders for this open come to: the
    # side of the account's order (0: none is sent) and its lots, the lots of that side's orders and those that filled
    paid: cython.p_longlong
    sleeve_of: cython.p_longlong
    lead: cython.p_longlong
    shared: cython.p_longlong
    net_side: cython.p_longlong
    net_lots: cython.p_longlong
    net_of: cython.p_longlong
    net_done: cython.p_longlong
    # what happens to instruments, in order of day: [event x WIDTH + field]; whether signals are to be restated
    event: cython.p_longlong
    stale: cython.bint
    # orders and legs: [(instrument x slots + slot) x WIDTH + field]; a leg's slots are dense and oldest first
    order: cython.p_longlong
    order_target: cython.p_double
    leg: cython.p_longlong

    # [rule x instruments + instrument]: entries filled in the period `rule_key` and working ones; [rule]: its period
    rule_filled: cython.p_longlong
    rule_key: cython.p_longlong
    rule_working: cython.p_longlong
    rule_period: cython.p_longlong
    # per session of the account, in a ring
    entries_on: cython.p_longlong
    day_trades_on: cython.p_longlong

    setting: cython.p_double
    halt: cython.p_longlong
    halt_threshold: cython.p_double
    denied: cython.p_longlong
    total: cython.p_longlong

    # of the fill that closes: tickets older than the one its order named, those of its size, whether it is whole
    fill_older: cython.longlong
    fill_older_same_size: cython.longlong
    fill_whole: cython.longlong
    # one entry an instrument: how it stands in the allocation that is being made, what ranks and weighs it, and the
    # lots that it shall have
    offer: cython.p_longlong
    offer_lots: cython.p_longlong
    target_lots: cython.p_longlong
    offer_score: cython.p_double
    offer_weight: cython.p_double
    instrument_block: cython.p_longlong  # what the parts of the arrays are cut from
    parts: cython.long
    rule_block: cython.p_longlong

    def __init__(self, instruments: cython.long, slots: cython.long, rules: cython.long) -> None:
        self.instruments = instruments
        self.slots = slots
        self.rules = rules
        self._clear_scalars()
        self._cut_instruments(instruments)
        if self.parts != INSTRUMENT_FIELDS:
            raise IndexError("INSTRUMENT_FIELDS is not the number of the parts of the block")
        self.rate = real_numbers(CURRENCIES + 1)
        self.rate_by_price = real_numbers(instruments)
        self.rate_known = whole_numbers(CURRENCIES + 1)
        self.foreign = whole_numbers(CURRENCIES + 1)
        self.currency = whole_numbers(instruments)
        self._make_signals(instruments)
        self._cut_rules(rules, rules * instruments)
        self.order = whole_numbers(instruments * slots * ORDER_WIDTH)
        self.order_target = real_numbers(instruments * slots)
        self.leg = whole_numbers(instruments * slots * LEG_WIDTH)
        self.entries_on = whole_numbers(REMEMBERED_SESSIONS)
        self.day_trades_on = whole_numbers(REMEMBERED_SESSIONS)
        self.part = whole_numbers(SLEEVES + 1)
        self.part_close = whole_numbers(SLEEVES + 1)
        self.part_peak = whole_numbers(SLEEVES + 1)
        self.settling = whole_numbers(REMEMBERED_SESSIONS)
        self.flow = whole_numbers(0)
        self.setting = real_numbers(SETTINGS)
        self.halt = whole_numbers(HALTS * HALT_WIDTH)
        self.halt_threshold = real_numbers(HALTS)
        self.denied = whole_numbers(DENIALS)
        self.total = whole_numbers(TOTALS)
        self.event = whole_numbers(0)
        self._make_logs()

    @cython.cfunc
    def _clear_scalars(self) -> cython.void:
        self.quanta_per_money = 1.0
        self.open_price = self.conversion_cost = 0.0
        self.currencies = 0
        self.converts = self.accrues = self.dated = False
        self.money = self.holdings = self.equity = self.peak = self.start_equity = self.equity_at_last_close = 0
        self.row = self.place = self.day = self.session = self.flow_row = -1
        self.new_cash = self.close_basis = self.flow_next = self.flows = 0
        self.plans_flows = True
        self.orders_in_moment = self.halted = self.halts = self.groups = self.working_counted = 0
        self.placed_group = self.sleeves = self.standing_down = 0
        self.shares = False
        self.at_open = False
        self.halt_floor = NO_FLOOR
        self.peak_halts = self.failure = self.reduces = self.stale = False
        self.limited_rule = -1
        self.fill_older, self.fill_older_same_size, self.fill_whole = 0, 0, 1
        self._clear_draft()

    @cython.cfunc
    def _next_part(self, n: cython.long) -> cython.p_longlong:
        """The next of the `INSTRUMENT_FIELDS` parts of the block, a number an instrument."""
        self.parts += 1
        return part(self.instrument_block, self.parts - 1, n)

    @cython.cfunc
    def _cut_instruments(self, n: cython.long) -> cython.void:
        i: cython.long
        self.ticks_per_unit = real_numbers(n)
        self.step = real_numbers(n)
        self.fee_per_lot = real_numbers(n)
        self.offer_score = real_numbers(n)
        self.offer_weight = real_numbers(n)
        self.instrument_block = whole_numbers(n * INSTRUMENT_FIELDS)
        self.parts = 0
        self.tick_value = self._next_part(n)
        self.lots_max = self._next_part(n)
        self.ticks_max = self._next_part(n)
        self.position = self._next_part(n)
        self.mark = self._next_part(n)
        self.marked = self._next_part(n)
        self.fresh = self._next_part(n)
        self.day_of = self._next_part(n)
        self.bars = self._next_part(n)
        self.sessions = self._next_part(n)
        self.active = self._next_part(n)
        self.legs = self._next_part(n)
        self.working = self._next_part(n)
        self.order_end = self._next_part(n)
        self.shut = self._next_part(n)
        self.working_entries = self._next_part(n)
        self.position_bar = self._next_part(n)
        self.position_session = self._next_part(n)
        self.entry_session = self._next_part(n)
        self.armed_day = self._next_part(n)
        self.ends = self._next_part(n)
        self.outside_hours = self._next_part(n)
        self.barred = self._next_part(n)
        self.offer = self._next_part(n)
        self.offer_lots = self._next_part(n)
        self.target_lots = self._next_part(n)
        self.trails = self._next_part(n)
        self.position_whole = self._next_part(n)
        self._cut_trips(n)
        self.signal_prices = self._next_part(n)
        self.event_next = self._next_part(n)
        self.borrow_lots = self._next_part(n)
        self.borrow_rate = self._next_part(n)
        self.locate_fee = self._next_part(n)
        self.restrictable = self._next_part(n)
        self.prior_close = self._next_part(n)
        self.sector = self._next_part(n)
        self.purchase_day = self._next_part(n)
        self.loss_day = self._next_part(n)
        self.notional_min = self._next_part(n)
        self.restricted_until = self._next_part(n)
        self._cut_sleeves(n)
        for i in range(n):
            self.event_next[i] = -1
            self.borrow_lots[i] = -1
            self.day_of[i] = -1
            self.armed_day[i] = -1
            self.entry_session[i] = -1

    @cython.cfunc
    def _cut_sleeves(self, n: cython.long) -> cython.void:
        i: cython.long
        self.paid = self._next_part(n)
        self.sleeve_of = self._next_part(n)
        self.lead = self._next_part(n)
        self.shared = self._next_part(n)
        self.net_side = self._next_part(n)
        self.net_lots = self._next_part(n)
        self.net_of = self._next_part(n)
        self.net_done = self._next_part(n)
        for i in range(n):
            self.lead[i] = i

    @cython.cfunc
    def _cut_trips(self, n: cython.long) -> cython.void:
        i: cython.long
        self.trips = self._next_part(n)
        self.trip_profit = self._next_part(n)
        self.trip_exits = self._next_part(n)
        self.last_profit = self._next_part(n)
        self.losses = self._next_part(n)
        self.exit_bar = self._next_part(n)
        self.exit_session = self._next_part(n)
        self.entries_day = self._next_part(n)
        self.entries_filled = self._next_part(n)
        for i in range(n):
            self.entries_day[i] = -1

    @cython.cfunc
    def _make_signals(self, n: cython.long) -> cython.void:
        i: cython.long
        self.signal_shift = real_numbers(n)
        self.signal_scale = real_numbers(n)
        self.over = whole_numbers(n)
        self.group_of = whole_numbers(n)
        self.roll = whole_numbers(0)
        self.roll_signal = real_numbers(0)
        self.rolls = self.rolls_done = 0
        self.roll_row = -1
        for i in range(n):
            self.signal_scale[i] = 1.0

    @cython.cfunc
    def _cut_rules(self, rules: cython.long, cells: cython.long) -> cython.void:
        self.rule_block = whole_numbers(cells * 3)
        self.rule_filled = part(self.rule_block, 0, cells)
        self.rule_key = part(self.rule_block, 1, cells)
        self.rule_working = part(self.rule_block, 2, cells)
        self.rule_period = whole_numbers(rules)

    def __dealloc__(self) -> None:
        if cython.compiled:
            release_reals(self.rate)
            release_reals(self.rate_by_price)
            release(self.rate_known)
            release(self.foreign)
            release(self.currency)
            release_reals(self.ticks_per_unit)
            release_reals(self.step)
            release_reals(self.fee_per_lot)
            release_reals(self.offer_score)
            release_reals(self.offer_weight)
            release_reals(self.signal_shift)
            release_reals(self.signal_scale)
            release(self.over)
            release(self.group_of)
            release(self.roll)
            release_reals(self.roll_signal)
            release_reals(self.order_target)
            release_reals(self.setting)
            release_reals(self.halt_threshold)
            release(self.instrument_block)
            release(self.rule_block)
            release(self.rule_period)
            release(self.order)
            release(self.leg)
            release(self.entries_on)
            release(self.day_trades_on)
            release(self.part)
            release(self.part_close)
            release(self.part_peak)
            release(self.settling)
            release(self.flow)
            release(self.halt)
            release(self.denied)
            release(self.total)
            release(self.event)

    def set_setting(self, code: cython.long, value: cython.double) -> None:
        """One of the SETTING_ codes; money in quanta, quantities in units, ratios as fractions, -1 for no cap."""
        self.setting[code] = value
        if code >= SETTING_REDUCE_POSITION_RATIO and value >= 0.0:
            self.reduces = True

    def set_instrument(
        self,
        i: cython.long,
        ticks_per_unit: cython.double,
        step: cython.double,
        fee_per_lot: cython.double,
        tick_value: cython.longlong,
        ticks_max: cython.longlong,
        lots_max: cython.longlong,
    ) -> None:
        """What instrument `i` is: units and fee quanta per lot, quanta per tick and lot, and its bounds."""
        self.ticks_per_unit[i] = ticks_per_unit
        self.step[i] = step
        self.fee_per_lot[i] = fee_per_lot
        self.tick_value[i] = tick_value
        self.ticks_max[i] = ticks_max
        self.lots_max[i] = lots_max

    def set_currencies(self, rates: Any, currencies: cython.long, converts: cython.bint, cost: cython.double) -> None:
        """So many other currencies with their `rates`: an address of memory that outlives the run, in Python a list.

        `converts`: what a fill brings is exchanged at once. `cost` is the part of an amount that an exchange costs.
        """
        self.currencies = currencies
        self.converts = converts
        self.conversion_cost = cost
        if cython.compiled:
            self.rates = cython.cast(cython.p_double, cython.cast(cython.size_t, rates))
        else:
            self.rates = rates

    def set_currency(self, i: cython.long, currency: cython.long, rate_by_price: cython.double) -> None:
        """What instrument `i` pays in; where its price is itself the rate, that times ticks, else 0."""
        self.currency[i] = currency
        self.rate_by_price[i] = rate_by_price

    def set_moments(self, moments: Any) -> None:
        """When each row's bar closes, in nanoseconds: an address of memory that outlives the run, in Python a list."""
        self.dated = True
        if cython.compiled:
            self.moments = cython.cast(cython.p_longlong, cython.cast(cython.size_t, moments))
        else:
            self.moments = moments

    def set_interest(self, interest: Any) -> None:
        """What a lot earns in the nights before each row, [row x INTEREST_WIDTH + (0 long, 1 short)]; see `accrue`."""
        self.accrues = True
        if cython.compiled:
            self.interest = cython.cast(cython.p_double, cython.cast(cython.size_t, interest))
        else:
            self.interest = interest

    def add_halt(
        self, baseline: cython.long, threshold: cython.double, flatten: cython.long, until: cython.long
    ) -> None:
        """A halt at a fall of equity by `threshold` of the baseline, in the order of the text; at most HALTS."""
        at: cython.long = self.halts * HALT_WIDTH
        self.halt[at + HALT_BASELINE] = baseline
        self.halt[at + HALT_FLATTEN] = flatten
        self.halt[at + HALT_UNTIL] = until
        self.halt_threshold[self.halts] = threshold
        self.halts += 1

    def set_group(self, i: cython.long, group: cython.longlong) -> None:
        """The group that instrument `i` shares limits with, from 1; 0 for none."""
        self.group_of[i] = group

    def add_sleeve(self, money: cython.longlong) -> None:
        """One sleeve more, which begins with so many quanta of the account's money; at most SLEEVES."""
        self.sleeves += 1
        self.part[self.sleeves] = self.part_close[self.sleeves] = self.part_peak[self.sleeves] = money

    def set_place(self, i: cython.long, sleeve: cython.long, lead: cython.long) -> None:
        """Whose place `i` is, and the first place of its instrument."""
        self.sleeve_of[i] = sleeve
        self.lead[i] = lead
        if lead != i:
            self.shared[i] = self.shared[lead] = 1
            self.shares = True

    def brought(self) -> list[int]:
        """What each instrument has brought so far: the money that it has moved, and its position at the mark."""
        i: cython.long
        told: list[int] = []
        for i in range(self.instruments):
            told.append(self.paid[i] + self.position[i] * self.mark[i] * self.tick_value[i])
        return told

    def start(self, money: cython.longlong, quanta_per_money: cython.double) -> None:
        """Begin with that much money, in quanta, of which `quanta_per_money` make one of the currency."""
        self.quanta_per_money = quanta_per_money
        self.money = self.equity = self.peak = self.start_equity = money
        self.equity_at_last_close = self.close_basis = self.total[TOTAL_FUNDED] = money

    def totals(self) -> list[int]:
        """The TOTAL_ counters, then equity, money, how often each reason denied, and how often each halt tripped."""
        k: cython.long
        told: list[int] = []
        for k in range(TOTALS):
            told.append(self.total[k])
        told.append(self.equity)
        told.append(self.money)
        for k in range(DENIALS):
            told.append(self.denied[k])
        for k in range(self.halts):
            told.append(self.halt[k * HALT_WIDTH + HALT_TIMES])
        return told

    def log(self, which: cython.long) -> list[int]:
        """A whole log, row after row."""
        k: cython.long
        memory: cython.p_longlong = self.fill_log
        count: cython.long = self.fill_count * FILL_WIDTH
        if which == LOG_CLOSINGS:
            memory, count = self.closing_log, self.closing_count * CLOSING_WIDTH
        elif which == LOG_ORDERS:
            memory, count = self.order_log, self.order_count * PLACED_WIDTH
        elif which == LOG_DENIALS:
            memory, count = self.denial_log, self.denial_count * DENIAL_WIDTH
        elif which == LOG_CARRIES:
            memory, count = self.carry_log, self.carry_count * CARRY_WIDTH
        elif which == LOG_NOTES:
            memory, count = self.note_log, self.note_count * NOTE_WIDTH
        elif which == LOG_ROLLS:
            memory, count = self.roll, self.rolls_done * ROLL_WIDTH
        told: list[int] = []
        for k in range(count):
            told.append(memory[k])
        return told
