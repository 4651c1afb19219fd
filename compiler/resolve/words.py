"""The vocabulary: the words that every program may use, and what other platforms call them.

Maps a word to what it names. The indicators are not listed here: the standard library's catalogue is asked.
"""

from __future__ import annotations

from typing import Final

from stratc.runtime.model.instrument import FIAT
from stratc.runtime.model.money import MINOR_UNITS

COLUMNS: Final = ("open", "high", "low", "close", "volume")
ACCOUNT_WORDS: Final = (
    "flat",
    "long",
    "short",
    "position",
    "on_order",
    "entry_price",
    "open_profit",
    "invested",
    "bars_held",
    "sessions_held",
    "units_held",
    "last_entry_price",
    "exits_of_position",
    "initial_risk",
    "open_profit_r",
    "bars_since_exit",
    "sessions_since_exit",
    "losses_in_a_row",
    "last_profit",
    "entries_today",
    "days_since_purchase",
    "days_since_loss",
    "sector_exposure",
    "equity",
    "cash",
    "bar",
)
TIME_WORD: Final = "time"
WORDS: Final = frozenset({*COLUMNS, *ACCOUNT_WORDS, TIME_WORD})

PIVOTS: Final = ("pivot_high", "pivot_low")
BUILT_IN: Final = {"min": 2, "max": 2, "abs": 1, "midpoint": 2} | dict.fromkeys(PIVOTS, 3)
AGGREGATES: Final = frozenset({"highest", "lowest", "first", "last", "sum", "count"})
ACROSS: Final = frozenset({"rank", "highest", "lowest", "sum", "average", "count"})

ACCOUNT_KINDS: Final = ("cash", "margin", "portfolio_margin", "futures", "forex", "crypto", "cfd")
CAP_KINDS: Final = ("position", "units", "gross", "leverage", "orders", "slippage", "entries", "day_trades")

CURRENCIES: Final = FIAT | {"USDT", "USDC", "BTC", "ETH"} | set(MINOR_UNITS)

# What other platforms draw by chance, which nothing here does.
CHANCE: Final = frozenset({"random", "rand", "randint", "random_number", "uniform", "shuffle", "noise"})

FROM_ELSEWHERE: Final = {
    "moving_average": "sma",
    "ma": "sma",
    "simple_moving_average": "sma",
    "exponential_moving_average": "ema",
    "weighted_moving_average": "wma",
    "smma": "rma",
    "wilder": "rma",
    "average": "sma",
    "mean": "sma",
    "std": "stdev",
    "stddev": "stdev",
    "standard_deviation": "stdev",
    "bbands": "bollinger",
    "bollinger_bands": "bollinger",
    "bb": "bollinger",
    "average_true_range": "atr",
    "tr": "true_range",
    "relative_strength_index": "rsi",
    "donchian_high": "highest",
    "donchian_low": "lowest",
    "hhv": "highest",
    "llv": "lowest",
    "highest_high": "highest",
    "lowest_low": "lowest",
    "stoch": "stochastic",
    "dmi": "adx",
    "mom": "momentum",
    "change": "momentum",
    "rate_of_change": "roc",
    "rocp": "roc",
    "linreg": "linear_regression",
    "linreg_slope": "slope",
    "tsf": "linear_regression",
    "z_score": "zscore",
    "percentrank": "percent_rank",
    "percentile": "quantile",
    "on_balance_volume": "obv",
    "hull": "hma",
    "psar": "sar",
    "parabolic_sar": "sar",
    "donchian_channel": "donchian",
    "keltner_channel": "keltner",
    "stoch_rsi": "stochastic_rsi",
    "stochrsi": "stochastic_rsi",
    "willr": "williams_r",
    "ultosc": "ultimate_oscillator",
    "adl": "ad",
    "adosc": "chaikin_oscillator",
    "pvt": "price_volume_trend",
    "crsi": "connors_rsi",
    "chop": "choppiness",
    "chaikin_money_flow": "cmf",
    "money_flow_index": "mfi",
    "apo": "macd",
    "pvo": "ppo",
    "corr": "correlation",
    "correl": "correlation",
    "cov": "covariance",
    "cointegration": "engle_granger",
    "adf": "engle_granger",
    "least_squares": "ols",
    "kurt": "kurtosis",
    "skewness": "skew",
    "volatility": "realized_volatility",
    "historical_volatility": "realized_volatility",
    "rolling_sum": "sum",
}
AS_PHRASE: Final = {
    "crossover": "`a crosses above b`",
    "crossunder": "`a crosses below b`",
    "cross_above": "`a crosses above b`",
    "cross_below": "`a crosses below b`",
    "crosses": "`a crosses above b`",
    "ref": "`close[1]`",
    "shift": "`close[1]`",
    "lag": "`close[1]`",
    "delay": "`close[1]`",
    "hl2": "`midpoint(high, low)`",
    "price": "`close`",
    "mid": "`close`: bars hold no quotes, so the last price stands for the middle of bid and ask",
    "last_price": "`close`",
    "last": "`close`",
    "hour": "`time in 09:45..15:00`",
    "position_size": "`position`",
    "working": "`on_order`",
    "pending": "`on_order`",
    "in_position": "`not flat`",
    "is_flat": "`flat`",
    "is_long": "`long`",
    "is_short": "`short`",
    "balance": "`equity`",
    "capital": "`equity`",
    "account": "`equity`",
    "entry": "`entry_price`",
    "avg_price": "`entry_price`",
    "units": "`units_held`",
    "pyramid": "`units_held`",
    "rank": "`rank(x) across instruments`",
    "barssince": "`bars_held` or `bars_since_exit`",
    "breakeven": "`move stop loss to break even`",
    "trail": "`trailing stop 3 * atr(14)` after an entry",
    "consecutive_losses": "`losses_in_a_row`",
    "r_multiple": "`open_profit_r`",
    "pnl": "`open_profit`",
    "profit": "`open_profit`",
}

ZONES: Final = {
    "UTC": "UTC",
    "London": "Europe/London",
    "New York": "America/New_York",
    "Chicago": "America/Chicago",
    "Toronto": "America/Toronto",
    "Los Angeles": "America/Los_Angeles",
    "Sao Paulo": "America/Sao_Paulo",
    "Tokyo": "Asia/Tokyo",
    "Hong Kong": "Asia/Hong_Kong",
    "Singapore": "Asia/Singapore",
    "Shanghai": "Asia/Shanghai",
    "Seoul": "Asia/Seoul",
    "Mumbai": "Asia/Kolkata",
    "Dubai": "Asia/Dubai",
    "Sydney": "Australia/Sydney",
    "Auckland": "Pacific/Auckland",
    "Frankfurt": "Europe/Berlin",
    "Berlin": "Europe/Berlin",
    "Paris": "Europe/Paris",
    "Zurich": "Europe/Zurich",
    "Amsterdam": "Europe/Amsterdam",
    "Madrid": "Europe/Madrid",
    "Milan": "Europe/Rome",
    "Stockholm": "Europe/Stockholm",
    "Johannesburg": "Africa/Johannesburg",
}
