"""The engine's whole numbers with a name: what strategies say to it, what it says in its logs.

Nothing but lines `NAME: Final = number` and comments stands here: Python imports them, and emitted C code takes them as
one `enum`. A number that has been written into a log never changes its meaning.
"""

from __future__ import annotations

from typing import Final

# how many whole numbers the book keeps of an instrument
INSTRUMENT_FIELDS: Final = 57

# sides; a position's sign is the side that it was opened with
BUY: Final = 1
SELL: Final = -1

# what an entry's amount means; SIZE_NONE only for `at most`
SIZE_NONE: Final = 0
SIZE_QUANTITY: Final = 1
SIZE_NOTIONAL: Final = 2
SIZE_RISK: Final = 3

# kinds of order
KIND_MARKET: Final = 1
KIND_NEXT_OPEN: Final = 2
KIND_CLOSING_AUCTION: Final = 3
KIND_LIMIT: Final = 4
KIND_STOP: Final = 5
KIND_STOP_LIMIT: Final = 6

# whether an entry names a stop loss
STOP_NONE: Final = 0
STOP_PRICE: Final = 1

# what an entry's profit target means
TARGET_NONE: Final = 0
TARGET_PRICE: Final = 1
TARGET_DISTANCE: Final = 2
TARGET_R_MULTIPLE: Final = 3
TARGET_NEXT_LEVEL: Final = 4

# how the levels of a ladder lie between their two ends: equally far apart, or each the same multiple of the one below
SPACING_ARITHMETIC: Final = 1
SPACING_GEOMETRIC: Final = 2

# no price of anything is as high; what is beyond is taken for unknown
PRICE_MAX: Final = 1000000000000000

# how an entry's stop follows the best price since the entry; a rate and a multiple are kept in billionths
TRAIL_NONE: Final = 0
TRAIL_DISTANCE: Final = 1
TRAIL_RATE: Final = 2
TRAIL_R_MULTIPLE: Final = 3

# where a rule moves the stop losses of a position to
MOVE_PRICE: Final = 1
MOVE_BREAK_EVEN: Final = 2

# how far from the average entry break even is looked for
BREAK_EVEN_TICKS: Final = 100000

# how long an order lives; the value of LIFE_BARS is a number of bars, that of LIFE_UNTIL a bit of `book.ends`, that of
# LIFE_DATE its last trading day
LIFE_DAY: Final = 1
LIFE_BARS: Final = 2
LIFE_UNTIL: Final = 3
LIFE_IMMEDIATE_OR_CANCEL: Final = 4
LIFE_FILL_OR_KILL: Final = 5
LIFE_UNTIL_FILLED: Final = 6
LIFE_DATE: Final = 7

# what an exit's portion means
PORTION_ALL: Final = 1
PORTION_FRACTION: Final = 2
PORTION_QUANTITY: Final = 3

# what an allocation chooses by, and how far from its target an instrument must be before it is traded
RANK_HIGHEST: Final = 1
RANK_LOWEST: Final = 2
SHARE_PLACES: Final = 0
SHARE_EACH: Final = 1
SHARE_STATED: Final = 2
SHARE_OWN: Final = 3
BAND_NONE: Final = 0
BAND_OF_TARGET: Final = 1
BAND_MONEY: Final = 2

# how an instrument stands in an allocation: no rate of its currency (until that is logged), no bar at this moment, not
# eligible, eligible, chosen to be bought, chosen to be sold short
OFFER_NO_RATE: Final = -1
OFFER_NONE: Final = 0
OFFER_REFUSED: Final = 1
OFFER_ELIGIBLE: Final = 2
OFFER_CHOSEN: Final = 3
OFFER_SHORTED: Final = 4

# which tax lots an exit closes
LOTS_OLDEST: Final = 0
LOTS_NEWEST: Final = 1
LOTS_HIGHEST_COST: Final = 2
LOTS_LOWEST_COST: Final = 3

# spans in which a rule's entries are counted
PERIOD_SESSION: Final = 1
PERIOD_DAY: Final = 2
PERIOD_WEEK: Final = 3
PERIOD_MONTH: Final = 4

# why an order or a fill came to be
ROLE_ENTRY: Final = 1
ROLE_EXIT: Final = 2
ROLE_STOP_LOSS: Final = 3
ROLE_TARGET: Final = 4
ROLE_FLATTEN: Final = 5
ROLE_ROLL: Final = 6
ROLE_LEAVE: Final = 7
ROLE_CLOSE_OUT: Final = 8
ROLE_CORPORATE_ACTION: Final = 9
ROLE_REDUCE: Final = 10

# what a rule guard asks for after a breach: to cancel working entries, and to close every position as well
STAND_DOWN: Final = 1
STAND_FLAT: Final = 2

# the rule of orders that no rule wrote
RULE_NONE: Final = -1

# what became of an order
STATUS_WORKING: Final = 1
STATUS_FILLED: Final = 2
STATUS_CANCELED: Final = 3
STATUS_EXPIRED: Final = 4

# why an opening order was denied; `runtime.model.denial` says it in words and in the order in which the gate asks
DENIED_UNKNOWN_VALUE: Final = 1
DENIED_ZERO_QUANTITY: Final = 2
DENIED_WRONG_SIDE_OF_PRICE: Final = 3
DENIED_HALTED: Final = 4
DENIED_CONTRACT_OVER: Final = 5
DENIED_OUTSIDE_HOURS: Final = 6
DENIED_TIME_OVER: Final = 7
DENIED_RULE_LIMIT: Final = 8
DENIED_STOP_DISTANCE: Final = 9
DENIED_CAP_POSITION: Final = 10
DENIED_CAP_UNITS: Final = 11
DENIED_CAP_GROSS: Final = 12
DENIED_CAP_LEVERAGE: Final = 13
DENIED_CAP_ORDERS_PER_SECOND: Final = 14
DENIED_CAP_ENTRIES: Final = 15
DENIED_CAP_DAY_TRADES: Final = 16
DENIED_CASH: Final = 17
DENIED_ORDER_SLOTS: Final = 18
DENIED_ARITHMETIC_LIMIT: Final = 19
DENIED_RULE_GUARD: Final = 20
DENIED_NO_CONVERSION_RATE: Final = 21
DENIED_NO_ENTRIES: Final = 22
DENIED_NO_BORROW: Final = 23
DENIED_SHORT_RESTRICTED: Final = 24
DENIED_BELOW_MINIMUM: Final = 25
DENIED_SAME_TICK: Final = 26
DENIALS: Final = 27

# what `enter` and `exit_position` give where there is nothing to do, such as an exit without a position
NO_ORDER: Final = -1000

# a row of `columns.rows`: day x 2^32 + instrument x 8 + these bits
ROW_MOMENT_END: Final = 1
ROW_SESSION_START: Final = 2
ROW_SESSION_END: Final = 4
ROW_FLAGS: Final = 7
ROW_INSTRUMENT_SHIFT: Final = 3
ROW_INSTRUMENTS: Final = 536870911
ROW_DAY_SHIFT: Final = 32

# account kinds: what cash means, and whether it bounds openings
ACCOUNT_CASH: Final = 1
ACCOUNT_MARGINED: Final = 2
ACCOUNT_BALANCE: Final = 3

# currencies beside the account's that a run may have; a row's rates of one, and its interest of a lot, long and short
CURRENCIES: Final = 32
RATE_AT_OPEN: Final = 0
RATE_AT_CLOSE: Final = 1
RATE_WIDTH: Final = 2
INTEREST_WIDTH: Final = 2

# when a limit order fills: only where the price went through it, or where it was touched
LIMIT_THROUGH: Final = 1
LIMIT_TOUCH: Final = 2

# settings of a run, by `book.set_setting`; money and ratios as doubles, a cap of -1 means none
SETTING_ACCOUNT: Final = 0
SETTING_LIMIT_FILL: Final = 1
SETTING_FIFO: Final = 2
SETTING_SLIP_TICKS: Final = 3
SETTING_SLIP_RATE: Final = 4
SETTING_FEE_PER_ORDER: Final = 5
SETTING_FEE_RATE: Final = 6
SETTING_FEE_MINIMUM: Final = 7
SETTING_FEE_RATE_MAX: Final = 8
SETTING_CAP_POSITION_RATIO: Final = 9
SETTING_CAP_POSITION_MONEY: Final = 10
SETTING_CAP_POSITION_UNITS: Final = 11
SETTING_CAP_GROSS_RATIO: Final = 12
SETTING_CAP_GROSS_MONEY: Final = 13
SETTING_CAP_LEVERAGE: Final = 14
SETTING_CAP_ORDERS_PER_SECOND: Final = 15
SETTING_CAP_SLIPPAGE: Final = 16
SETTING_CAP_ENTRIES: Final = 17
SETTING_CAP_ENTRIES_SESSIONS: Final = 18
SETTING_CAP_DAY_TRADES: Final = 19
SETTING_CAP_DAY_TRADES_SESSIONS: Final = 20
SETTING_KEEP_SESSIONS: Final = 21
SETTING_STOP_DISTANCE: Final = 22
SETTING_CAP_UNITS: Final = 23
SETTING_CAP_GROUP_UNITS: Final = 24
SETTING_CAP_SIDE_UNITS: Final = 25
SETTING_CAP_GROUP_RATIO: Final = 26
SETTING_CAP_GROUP_MONEY: Final = 27
SETTING_CAP_SIDE_RATIO: Final = 28
SETTING_CAP_SIDE_MONEY: Final = 29
SETTING_GONE_DAYS: Final = 30
SETTING_DO_NOT_REDUCE: Final = 31
SETTING_MARGIN_RATE: Final = 32
SETTING_SETTLES: Final = 33
SETTING_REDUCE_POSITION_RATIO: Final = 34
SETTING_REDUCE_POSITION_MONEY: Final = 35
SETTING_REDUCE_POSITION_UNITS: Final = 36
SETTING_REDUCE_GROSS_RATIO: Final = 37
SETTING_REDUCE_GROSS_MONEY: Final = 38
SETTING_REDUCE_LEVERAGE: Final = 39
SETTING_REDUCE_GROUP_RATIO: Final = 40
SETTING_REDUCE_GROUP_MONEY: Final = 41
SETTING_REDUCE_SIDE_RATIO: Final = 42
SETTING_REDUCE_SIDE_MONEY: Final = 43
SETTINGS: Final = 44

# which positions a cap counts that says `then reduce`
UNDER_CAP_ONE: Final = 1
UNDER_CAP_GROUP: Final = 2
UNDER_CAP_SIDE: Final = 3
UNDER_CAP_ALL: Final = 4

# sessions over which counting caps remember, a power of two
REMEMBERED_SESSIONS: Final = 64

# sleeves of a book that a run may have, numbered from 1
SLEEVES: Final = 16

# halts: their baselines (none where a condition trips one), how long they last, and the fields of one in `book.halt`
BASELINE_NONE: Final = 0
BASELINE_LAST_CLOSE: Final = 1
BASELINE_PEAK: Final = 2
BASELINE_START: Final = 3
UNTIL_NEXT_SESSION: Final = 1
UNTIL_RELEASED: Final = 2
HALT_BASELINE: Final = 0
HALT_FLATTEN: Final = 1
HALT_UNTIL: Final = 2
HALT_TRIPPED: Final = 3
HALT_FLOOR: Final = 4
HALT_TIMES: Final = 5
HALT_WIDTH: Final = 6
HALTS: Final = 8
NO_FLOOR: Final = -4611686018427387904  # of equity: below anything that it can be

# fields of an order in `book.order`
ORDER_STATUS: Final = 0
ORDER_ID: Final = 1
ORDER_RULE: Final = 2
ORDER_ROLE: Final = 3
ORDER_KIND: Final = 4
ORDER_SIDE: Final = 5
ORDER_LOTS: Final = 6
ORDER_LIMIT: Final = 7
ORDER_STOP: Final = 8
ORDER_TRIGGERED: Final = 9
ORDER_HAS_LOSS: Final = 10
ORDER_LOSS: Final = 11
ORDER_TARGET_KIND: Final = 12
ORDER_LIFE: Final = 13
ORDER_LIFE_VALUE: Final = 14
ORDER_BARS: Final = 15
ORDER_GROUP: Final = 16
ORDER_COUNTS: Final = 17
ORDER_DAY: Final = 18
ORDER_PRICE: Final = 19
ORDER_TRAIL_KIND: Final = 20
ORDER_TRAIL: Final = 21
ORDER_LOT_CHOICE: Final = 22
ORDER_LEVEL: Final = 23
ORDER_OUTLIVES: Final = 24
ORDER_WIDTH: Final = 25

# fields of a leg, one open tax lot with its protective orders, in `book.leg`
LEG_LOTS: Final = 0
LEG_ENTRY: Final = 1
LEG_HAS_STOP: Final = 2
LEG_STOP: Final = 3
LEG_HAS_TARGET: Final = 4
LEG_TARGET: Final = 5
LEG_ROW: Final = 6
LEG_BAR: Final = 7
LEG_RULE: Final = 8
LEG_ID: Final = 9
LEG_RISK: Final = 10
LEG_FEE: Final = 11
LEG_SIDE: Final = 12
LEG_TRAIL_KIND: Final = 13
LEG_TRAIL: Final = 14
LEG_BEST: Final = 15
LEG_WHOLE_BAR: Final = 16
LEG_FLOW: Final = 17
LEG_PAID: Final = 18
LEG_COST: Final = 19
LEG_DAY: Final = 20
LEG_LEVEL: Final = 21
LEG_WIDTH: Final = 22

# logs by number, and the fields of their rows
LOG_FILLS: Final = 0
LOG_CLOSINGS: Final = 1
LOG_ORDERS: Final = 2
LOG_DENIALS: Final = 3
LOG_ROLLS: Final = 4
LOG_CARRIES: Final = 5
LOG_NOTES: Final = 6
LOGS: Final = 7

FILL_ROW: Final = 0
FILL_INSTRUMENT: Final = 1
FILL_ORDER: Final = 2
FILL_RULE: Final = 3
FILL_ROLE: Final = 4
FILL_SIDE: Final = 5
FILL_LOTS: Final = 6
FILL_TICKS: Final = 7
FILL_FEE: Final = 8
FILL_SLIPPAGE: Final = 9
FILL_WIDTH: Final = 10

CLOSING_INSTRUMENT: Final = 0
CLOSING_SIDE: Final = 1
CLOSING_LOTS: Final = 2
CLOSING_ROW_IN: Final = 3
CLOSING_TICKS_IN: Final = 4
CLOSING_RULE_IN: Final = 5
CLOSING_ROW_OUT: Final = 6
CLOSING_TICKS_OUT: Final = 7
CLOSING_RULE_OUT: Final = 8
CLOSING_ROLE_OUT: Final = 9
CLOSING_FEES: Final = 10
CLOSING_BARS: Final = 11
CLOSING_PROFIT: Final = 12
CLOSING_COST: Final = 13
CLOSING_VALUE: Final = 14
CLOSING_DAY_IN: Final = 15
CLOSING_DAY_OUT: Final = 16
CLOSING_WIDTH: Final = 17

CARRY_ROW: Final = 0
CARRY_INSTRUMENT: Final = 1
CARRY_KIND: Final = 2
CARRY_LOTS: Final = 3
CARRY_QUANTA: Final = 4
CARRY_WIDTH: Final = 5

PLACED_ROW: Final = 0
PLACED_ID: Final = 1
PLACED_INSTRUMENT: Final = 2
PLACED_RULE: Final = 3
PLACED_ROLE: Final = 4
PLACED_KIND: Final = 5
PLACED_SIDE: Final = 6
PLACED_LOTS: Final = 7
PLACED_LIMIT: Final = 8
PLACED_STOP: Final = 9
PLACED_STATUS: Final = 10
PLACED_ROW_DONE: Final = 11
PLACED_EQUITY: Final = 12  # of openings only, from here on: what the account comes to with the order
PLACED_EXPOSURE: Final = 13
PLACED_GROSS: Final = 14
PLACED_HELD: Final = 15
PLACED_RISK: Final = 16
PLACED_WIDTH: Final = 17

NOTE_ROW: Final = 0
NOTE_INSTRUMENT: Final = 1
NOTE_RULE: Final = 2
NOTE_WIDTH: Final = 3

DENIAL_ROW: Final = 0
DENIAL_INSTRUMENT: Final = 1
DENIAL_RULE: Final = 2
DENIAL_REASON: Final = 3
DENIAL_GUARD: Final = 4
DENIAL_WIDTH: Final = 5

# what becomes of a futures position at a row that was announced, and the fields of such a row in `book.roll`
ROLL_ON: Final = 1
ROLL_OUT: Final = 2

ROLL_ROW: Final = 0
ROLL_INSTRUMENT: Final = 1
ROLL_KIND: Final = 2
ROLL_OLD: Final = 3
ROLL_NEW: Final = 4
ROLL_LOTS: Final = 5
ROLL_COST: Final = 6
ROLL_WIDTH: Final = 7

# rows that the log of denials keeps; more are counted, not kept
DENIALS_KEPT: Final = 100000

# what an instrument's events are, and the fields of one in `book.event`. A split gives NUMERATOR new lots for
# DENOMINATOR old ones; a dividend pays AMOUNT quanta a lot; an end closes every lot at AMOUNT ticks. A borrow says that
# from now on AMOUNT lots may be borrowed (-1: any number) at NUMERATOR millionths of their value a year, and that to
# locate a lot costs DENOMINATOR quanta
EVENT_SPLIT: Final = 1
EVENT_DIVIDEND: Final = 2
EVENT_END: Final = 3
EVENT_BORROW: Final = 4
EVENT_INSTRUMENT: Final = 0
EVENT_DAY: Final = 1
EVENT_KIND: Final = 2
EVENT_NUMERATOR: Final = 3
EVENT_DENOMINATOR: Final = 4
EVENT_AMOUNT: Final = 5
EVENT_NEXT: Final = 6
EVENT_WIDTH: Final = 7

# what holding a position paid or cost, by kind
CARRY_DIVIDEND: Final = 1
CARRY_IN_LIEU: Final = 2
CARRY_BORROW: Final = 3
CARRY_MARGIN_INTEREST: Final = 4
CARRY_LOCATE: Final = 5
CARRY_CONTRIBUTION: Final = 6
CARRY_WITHDRAWAL: Final = 7

# the trading days, counted from 1970-01-01, since which shares settle on the second and on the first session after the
# trade (82 FR 15564, 88 FR 13872); before, on the third
SETTLES_IN_TWO: Final = 17414
SETTLES_IN_ONE: Final = 19871
SETTLES_IN_MAX: Final = 3

# what an account may be funded with at most, in quanta
FUNDED_MAX: Final = 72057594037927936

# which prices signals read: as they were, restated for the splits so far, or for dividends too
PRICES_RAW: Final = 0
PRICES_SPLIT_ADJUSTED: Final = 1
PRICES_TOTAL_RETURN: Final = 2

# borrow fees and margin interest are rates of a year of 360 days, in millionths
YEAR_MILLIONTHS: Final = 360000000

# `book.total`: counters of a run
TOTAL_ORDERS: Final = 0
TOTAL_FILLS: Final = 1
TOTAL_FEES: Final = 2
TOTAL_SLIPPAGE: Final = 3
TOTAL_REALIZED: Final = 4
TOTAL_DAY_TRADES: Final = 5
TOTAL_HALTS: Final = 6
TOTAL_GUARD_CHECKS: Final = 7
TOTAL_CONVERSION: Final = 8
TOTAL_INTEREST: Final = 9
TOTAL_INTEREST_UNKNOWN: Final = 10
TOTAL_DIVIDENDS: Final = 11
TOTAL_IN_LIEU: Final = 12
TOTAL_BORROW: Final = 13
TOTAL_MARGIN_INTEREST: Final = 14
TOTAL_LOCATE: Final = 15
TOTAL_FUNDED: Final = 16
TOTAL_NOT_MOVED: Final = 17
TOTALS: Final = 18
