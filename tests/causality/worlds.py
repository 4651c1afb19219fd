"""What is traded in made-up strategies: for each kind of market its headers, its own phrases and its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.causality.files import Files
from tests.causality.market_files import (
    EACH,
    FORMS,
    MARKET,
    NEWS,
    SCORES,
    abroad,
    chosen,
    coins,
    days,
    futures,
    members,
    members_by_hours,
    one_contract,
    paid_in_full,
    pairs,
    shares,
)
from tests.causality.worlds_of_one import BOUNDED, CHOICES, LADDERS, SIDES


@dataclass(frozen=True)
class World:
    """`rules` hold `{c}` for conditions that are dealt to them. A round deals every phrase to one of so many"
    " `hands`; the rules that are
    `always` there are in each of them. `without` names the pools of phrases that it takes none of."""

    name: str
    money: str
    headers: tuple[str, ...]
    make_files: Callable[[Random], Files]
    rules: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    hands: int = 2
    without: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    unit: str = "shares"
    declared: tuple[tuple[str, str], ...] = ()


# ── rules of days ────────────────────────────────────────────────────────────────────────────────────────────────────

LEAVING = (
    "when long and {c}\n  then exit half",
    "every week, on last session\n  when long and {c}\n  then exit all",
)
DAILY_RULES = (
    "every week, on first session\n  when not short and {c}\n  then buy 2% of equity at next open",
    "every month, on last session\n  when long and {c}\n  then exit all at next open",
    "every month, on session 3\n  when flat and {c}\n  then buy 5% of equity at opening auction",
    "every quarter, on first session\n  when not short and {c}\n  then buy 1% of equity at next open",
    "every half year, on last session\n  when long and {c}\n  then exit 10% of position at next open",
    "every year, on session 20\n  when not short and {c}\n  then buy 1% of equity at next open",
    "every 2 months, on session 4\n  when not short and {c}\n  then buy 1% of equity at next open",
    "every month, on third Friday or session before\n  when not short and {c}\n  then buy 1% of equity at next open",
    "every month, on last Monday or session after\n  when not short and {c}\n  then buy 1% of equity at next open",
    "every Monday or skipped\n  when not short and {c}\n  then buy 1% of equity at next open",
    "every week, on Wednesday or session before\n  when not short and {c}\n  then buy 1% of equity at next open",
)

# ── shares, bars of half an hour ─────────────────────────────────────────────────────────────────────────────────────


def lines(word: str, names: tuple[str, ...], whose: str, source: str) -> tuple[tuple[str, str], ...]:
    told = []
    for name, form in zip(names, FORMS[-len(names) :], strict=True):
        bounds = "".join(f" {part}" for part in form if part.startswith("in"))
        fresh = "".join(f", {part}" for part in form if part.startswith("fresh"))
        told.append((name, f"{word} {name}{whose}: number{bounds}{source}{fresh}"))
    return tuple(told)


TABLES = (
    ("earnings", "events earnings of each instrument"),
    ("fomc", "events fomc"),
    *lines("data", MARKET, "", ""),
    *lines("data", EACH, " of each instrument", ""),
    *lines("advice", SCORES, " of each instrument", " from claude"),
    *lines("advice", NEWS, "", " from claude"),
)
KNOWN = (
    "sessions until earnings <= 2",
    "sessions since earnings <= 3",
    "days until fomc < 3",
    "days since fomc > 1",
    "time until earnings <= 9 hours",
    "time since fomc <= 9 hours",
    "earnings is known",
    "earnings is unknown",
    "fomc is today",
    "earnings is confirmed",
    "earnings is estimated",
    "analysts > sma(analysts, 3)",
    "analysts is known",
    *(f"{name} > 0" for name in (*MARKET, *EACH)),
)
INTRADAY_VALUES = (
    "if time left in session > 30 min then close else open",
    "highest(high) over session so far",
    "lowest(low) over session so far",
    "first(open) over session so far",
    "last(close) over session so far",
    "sum(volume) over session so far",
    "count(close > open) over session so far",
    "highest(high) over first 60 min of session",
    "lowest(low) over 10:00..12:00",
    "sum(volume) over 10:30..12:30",
    "first(open) over 14:00..16:00 London",
    "close on 1 day",
    "close[1 sessions]",
    "(highest(high) over session so far)[2 sessions]",
    "sum(volume) over first 60 min of session on 1 day",
    "vwap() on 1 day",
    "sma(close, 3) on 1 day[1]",
    "rsi(close, 3) on 90 min",
    "close of QQQ",
    "close / close of QQQ",
    "sma(close of QQQ, 3) on 1 hour",
)
ACROSS = (
    "rank(close / close[1]) across instruments",
    "highest(volume / sma(volume, 3)) across instruments",
    "lowest(close / close[2]) across instruments",
    "sum(close / close[1]) across instruments",
    "average(close / open) across instruments",
    "count(close > open) across instruments",
)
INTRADAY_RULES = (
    "every month, on session 2 from end, 30 min before end\n  when long and {c}\n  then exit half at closing auction",
    "every session, 30 min after start\n  when flat and {c}\n  then buy 10% of equity at market\n"
    "       stop loss at 0.97 * close",
    "every session, 60 min before end\n  when {c}\n  then exit all",
    "every day, at 12:00\n  when long and {c}\n  then exit half at market",
    "every day, at 11:30 New York\n  when flat and {c}\n  then buy 4% of equity at closing auction",
    "every month, on first session, 30 min after start\n  when not short and {c}\n  then buy 1% of equity at market",
    "every week, on last session, 60 min before end\n  when not short and {c}\n  then buy 1% of equity at closing"
    " auction",
    "every session, 30 min before end\n  when not short\n  then buy 1% of equity at closing auction",
    "every Friday or session before, at 13:00 New York\n  when not short and {c}\n  then buy 1% of equity at market",
    "when flat and {c}\n  then buy 100 shares at limit 0.999 * close\n       good until 2001-09-13",
    "when flat and {c}\n  then buy 2 round lots at stop 1.001 * high\n       good until 15:00",
    "when flat and {c}\n  then buy 3 round lots at stop 1.001 * high\n       good until 60 min before end",
    *(
        f"when flat and {{c}} and {name} > -0.5\n  then buy 40 shares at next bar\n       trailing stop 20 ticks"
        for name in (*SCORES, *NEWS)
    ),
    "when flat and {c}\n  then short 90_000 USD at market\n       after locate\n       stop loss at 1.02 * close",
    "every session, 3_600 seconds after start\n  when long and {c}\n  then exit half",
    "when flat and {c}\n  then short 4_000 USD at market\n       after locate\n       stop loss at 1.02 * close",
    "when flat and time in 09:45..15:00 and {c}\n  then buy 3_000 USD at opening auction",
    "when long and {c}\n  then exit 20 shares, highest cost first",
    "when long and {c}\n  then exit half, lowest cost first, at market",
    "every session, 30 min before end\n  when long and {c}\n  then exit all at closing auction, oldest first",
)


WORLDS = (
    World(
        name="shares",
        money="USD",
        hands=5,
        headers=(
            "trade ACME, BOLT, CHIP on 30 min, regular session\nread QQQ\naccount margin USD",
            "trade ACME, BOLT on 30 min, 10:00..15:30 New York\nread QQQ\naccount margin USD",
            "trade ACME, CHIP on 30 min, 10:30..15:00\nread QQQ\naccount margin USD",
        ),
        values=(*INTRADAY_VALUES, *ACROSS),
        conditions=(*KNOWN, "time in 10:00..15:00", "time in 14:00..20:00 London", "time > 11:00"),
        rules=INTRADAY_RULES,
        limits=(
            "no entries when mood < -0.7",
            "no entries when earnings is known and earnings is today",
            "cap  day_trades 3 per 5 sessions",
            "cap  position 30 shares",
            "cap  units 1 per instrument",
            "cap  units 1 per side",
            "cap  position 2_000 USD",
            "cap  position 8.1% of equity per side, then reduce",
        ),
        declared=TABLES,
        make_files=shares,
    ),
    World(
        name="days",
        money="USD",
        without=("shorts",),
        hands=3,
        headers=(
            "trade ACME, BOLT, CHIP on 1 day\nread QQQ\naccount margin USD",
            "trade ACME, CHIP on 1 day\nread QQQ\naccount portfolio_margin USD",
        ),
        values=(*ACROSS, "close[2 sessions]", "close of QQQ", "close on 1 month", "sma(close of QQQ, 2) on 1 month"),
        conditions=KNOWN,
        rules=(
            *DAILY_RULES,
            "every month, on last session\n  when long and sector_exposure > 5% of equity and days_since_purchase > 3"
            " and {c}\n  then exit 20% of position at limit close, highest cost first",
        ),
        limits=(
            "cap  position 30_000 USD",
            "cap  gross 90_000 USD",
            "contribute 1_000 USD every month, on first session",
            "withdraw 200 USD every week, on last session",
        ),
        declared=TABLES,
        make_files=days,
    ),
    World(
        name="paid_in_full",
        money="USD",
        hands=1,
        without=("shorts", "limits"),
        headers=("trade ACME, BOLT on 1 day\nread QQQ\naccount cash USD",),
        always=(
            "when close > 0.5 * open\n  then buy 60% of equity at market",
            "when flat and {c}\n  then both of\n         buy 3% of equity of ACME, at next open\n"
            "         buy 2_000 USD of BOLT, at next open",
        ),
        declared=TABLES,
        make_files=paid_in_full,
    ),
    World(
        name="restricted",
        money="USD",
        without=("limits",),
        hands=1,
        headers=("trade ACME, BOLT on 30 min, regular session\nread QQQ\naccount margin USD",),
        always=(
            "when not long\n  then short 20 shares at market\n       stop loss at 1.3 * close",
            "every session, 90 min after start\n  when short\n  then exit all at closing auction",
            "for BOLT\n  when short and {c}\n  then exit half at market",
        ),
        limits=("no entries when mood < -0.3", "cap  leverage 0.3x"),
        declared=TABLES,
        make_files=shares,
    ),
    World(
        name="bounded",
        money="USD",
        without=("entries", "shorts", "limits", "indicators"),
        hands=1,
        headers=("trade ACME, BOLT, CHIP on 30 min, regular session\nread QQQ\naccount margin USD",),
        always=BOUNDED,
        limits=(
            "cap  gross 9% of equity",
            "cap  units 2 per instrument",
            "cap  entries 5 per session",
            "cap  orders 2 per second",
            "cap  day_trades 3 per 5 sessions",
            "stop distance at least 0.2%",
        ),
        declared=TABLES,
        make_files=shares,
    ),
    World(
        name="differences",
        money="USD",
        hands=1,
        headers=("trade ACME on 1 day\nread QQQ\naccount cfd USD",),
        declared=TABLES,
        make_files=days,
    ),
    World(
        name="weights",
        money="USD",
        without=("entries", "shorts"),
        always=LEAVING,
        hands=2,
        headers=(
            "trade ACME, BOLT, CHIP on 1 day\nread QQQ\naccount margin USD\n"
            "contribute 900 USD every week, on first session\nwithdraw 1% of equity every month, on last session",
        ),
        values=ACROSS,
        rules=(
            "then allocate 55% of equity by 1 / stdev(close / close[1] - 1, 4), only where off by more than 30% of"
            " target, new cash to the most underweight, at next open",
            "then allocate 60% of equity by 1 / stdev(close / close[1] - 1, 5), only where off by more than 20% of"
            " target, at next open",
            "every week, on first session\n  then allocate 50% of equity equally,"
            " new cash to the most underweight, at next open,"
            " only where off by more than 2_000 USD",
            "every week, on last session\n  then allocate 60% of equity to top 2 by close / close[2] where {c} by"
            " close / close[3],"
            " at next open",
        ),
        declared=TABLES,
        make_files=days,
    ),
    World(
        name="choices",
        money="USD",
        without=("entries", "shorts", "limits", "indicators"),
        hands=1,
        headers=("trade ACME, BOLT, CHIP on 1 day\nread QQQ\naccount margin USD",),
        always=(*CHOICES, *LEAVING),
        declared=(*TABLES, ("calm", "let calm = 0.4 * close of ACME / open of ACME")),
        make_files=days,
    ),
    World(
        name="members",
        money="USD",
        without=("entries", "shorts"),
        always=("then allocate 15% of equity to each", *LEAVING),
        hands=4,
        headers=(
            "trade universe top on 1 day, leavers exit\nread QQQ\naccount margin USD",
            "trade universe top on 1 day, leavers stay\nread QQQ\naccount margin USD",
        ),
        values=(*ACROSS, "close of QQQ"),
        conditions=("in universe", *KNOWN),
        rules=(
            "every week, on first session\n  then allocate 90% of equity to top 2 by close / close[5] where {c},"
            " equally,"
            " at next open",
            "every week, on last session\n  then allocate 80% of equity to bottom 2 by close / close[3] where {c}"
            " by volume / sma(volume, 3), at next open",
            "every month, on first session\n  then allocate 20% of equity to each where {c}, at next open",
            "then allocate 15% of equity to each where {c}, only where off by more than 30% of target",
            "every week, on first session\n  then allocate 70% of equity to top 3 by close / close[2] where {c},"
            " equally at next open",
            "every month, on session 4\n  then allocate 70% of equity to bottom 2 by close / close[2]",
            "every 4 months, on session 9\n  then allocate 60% of equity to top 2 by close / close[2]",
            "every week, on last session\n  then allocate 18% of equity to each",
            "every Tuesday, or skipped\n  then allocate 15% * (close / open) * equity to each where {c}",
            "every week, on session 3\n  then allocate 60% of equity to top 40% by close / open",
            "every month, on session 3\n  then allocate 60% of equity to top 1 and short bottom 1 by close / close[2],"
            " equally, after locate, at next open",
        ),
        declared=TABLES,
        make_files=members,
    ),
    World(
        name="members_by_hours",
        money="USD",
        always=LEAVING[:1],
        without=("entries", "shorts"),
        headers=(
            "trade universe top on 60 min, regular session, leavers exit\nread QQQ\naccount margin USD",
            "trade universe top on 60 min, 10:30..15:00, leavers exit\nread QQQ\naccount margin USD",
        ),
        rules=(
            "every session, 60 min after start\n  then allocate 60% of equity to top 2 by close / close[3] where {c}",
            "every Thursday, or skipped, 120 min before end\n  then allocate 60% of equity to top 50% by close / open",
            "every session, 120 min before end\n  then allocate 10% of equity to each where {c}",
        ),
        declared=TABLES,
        make_files=members_by_hours,
    ),
    World(
        name="abroad",
        money="EUR",
        hands=1,
        headers=("trade ACME, BOLT, CHIP on 1 day\nread QQQ\naccount margin EUR",),
        always=("every week, on first session\n  when not short\n  then buy 1% of equity at next open",),
        rules=DAILY_RULES,
        declared=TABLES,
        make_files=abroad,
    ),
    World(
        name="futures",
        money="USD",
        hands=3,
        unit="contracts",
        headers=(
            "trade ES, GC on 1 day\nroll 5 sessions before first notice, adjusted by ratio\naccount futures USD",
            "trade ES, GC on 1 day\nroll by open interest, at latest 4 sessions before first notice, adjusted by"
            " ratio\n"
            "account futures USD",
        ),
        values=("close of ES", "close on 1 month"),
        conditions=tuple(f"position * close > {n}_000 USD" for n in (1, 100, 500, 900)),
        rules=(
            "when flat and {c}\n  then buy 2 contracts at market\n       trailing stop 3 * atr(3)",
            "when flat and {c}\n  then one of\n         buy   at stop high, stop loss at high - 2 * atr(3)\n"
            "         short at stop low, stop loss at low + 2 * atr(3)\n       risking 1% of equity",
            "when long and {c}\n  then buy 1 contract\n       at stop last_entry_price + 0.5 * atr(3)\n"
            "       stop loss at last_entry_price - 1.5 * atr(3)",
            "when long and {c}\n  then exit 1 contract",
        ),
        limits=(
            "cap  units 4 per instrument",
            "cap  units 3 per group",
            "cap  units 5 per side",
            "cap  position 300% of equity per group",
            "cap  position 250% of equity per side",
            "cap  position 9_000_000 USD per side",
            "cap  position 8_000_000 USD per group",
            "cap  position 9 contracts",
        ),
        declared=(("group", "group markets = ES, GC"),),
        make_files=futures,
    ),
    World(
        name="joined",
        money="USD",
        unit="contracts",
        hands=4,
        without=("indicators",),
        headers=(
            "trade ES, GC on 1 day\nroll by volume, at latest 3 sessions before first notice, adjusted by difference\n"
            "account futures USD",
            "trade ES on 1 day\nroll 4 sessions before first notice\naccount futures USD",
            "trade ES on 1 day\nroll by volume\naccount futures USD",
            "trade ES, GC on 1 day\nroll by open interest, at latest 4 sessions before first notice\naccount"
            " futures USD",
            "trade ES, GC on 1 day\nroll 4 sessions before first notice, adjusted by difference\naccount futures USD",
        ),
        make_files=futures,
    ),
    World(
        name="by_volume",
        money="USD",
        hands=1,
        unit="contracts",
        headers=("trade ES on 1 day\nroll by volume, adjusted by ratio\naccount futures USD",),
        make_files=futures,
    ),
    World(
        name="contract",
        money="USD",
        always=("when close > 0.5 * open\n  then buy 1 contract at market",),
        without=("shorts", "limits"),
        hands=2,
        unit="contracts",
        headers=(
            "trade ESH24 on 1 hour\nleave 3 sessions before expiry\naccount futures USD",
            "trade ESH24 on 1 hour, regular session\nleave 2 sessions before expiry\naccount futures USD",
        ),
        values=("close on 4 hours", "highest(high) over session so far"),
        rules=(
            "when flat and {c}\n  then buy 2 contracts at market\n       trailing stop 8 points",
            "every session, 1 hour before end\n  when {c}\n  then exit all at market",
        ),
        make_files=one_contract,
    ),
    World(
        name="pairs",
        money="USD",
        hands=3,
        unit="units",
        headers=("trade EUR/USD, USD/JPY on 1 hour\naccount forex USD",),
        values=(
            "highest(high) over 00:00..07:00 London",
            "close on 1 day",
            "close of EUR/USD",
            "rsi(close, 3) on 4 hours",
        ),
        always=("when flat\n  then buy 3% of equity at stop high limit 1.004 * high\n       trailing stop 0.2%",),
        rules=(
            "every day, at 08:00 London\n  when flat and {c}\n  then buy 2 micro lots at stop high + 3 pips\n"
            "       stop loss at high - 40 pips\n       target high + 30 pips\n       good until 17:00 London",
            "every day, at 17:00 London\n  when not flat and {c}\n  then exit all",
            "when flat and {c}\n  then buy 1 mini lot at market\n       stop loss at close - 50 pips",
            "when flat and {c}\n  then short 0.1 lots at market\n       stop loss at close + 50 pips",
            "when flat and {c}\n  then buy 2_000 units at market",
        ),
        limits=("cap  position 90_000 units",),
        make_files=pairs,
    ),
    World(
        name="sides",
        money="USD",
        without=("entries", "shorts"),
        hands=1,
        unit="units",
        headers=("trade EUR/USD, USD/JPY on 1 hour\naccount forex USD",),
        always=SIDES,
        make_files=pairs,
    ),
    World(
        name="ladders",
        money="USD",
        without=("indicators", "shorts"),
        hands=1,
        unit="units",
        headers=("trade EUR/USD, USD/JPY on 1 hour\naccount forex USD",),
        always=LADDERS,
        make_files=pairs,
    ),
    World(
        name="coins",
        money="USDT",
        without=("shorts",),
        hands=2,
        unit="coins",
        headers=(
            "trade BTC/USDT, ETH/USDT on 4 hours, day from 09:00 Seoul\naccount crypto USDT",
            "trade BTC/USDT on 4 hours from 09:00 Tokyo\naccount crypto USDT",
        ),
        values=("close on 1 day", "highest(high, 3) on 12 hours"),
        rules=(
            "every Saturday\n  when not short and {c}\n  then buy 150 USDT at market",
            "every week, on Sunday\n  when not short and {c}\n  then buy 120 USDT at market",
            "every month, on second Tuesday, at 12:00 UTC\n  when not short and {c}\n  then buy 120 USDT at market",
            "every Monday, at 12:00 UTC\n  when not short and {c}\n  then buy 100 USDT at market",
            "every day, at 05:00 Seoul\n  when flat and {c}\n  then buy 0.01 coins at market",
            "every session, 4 hours before end\n  when long and {c}\n  then exit all at market",
        ),
        make_files=coins,
    ),
    World(
        name="chosen",
        money="USD",
        hands=1,
        without=("values", "indicators", "conditions", "states", "entries", "shorts", "limits"),
        headers=("trade pairs of ACME, BOLT, CHIP on 1 day\nread QQQ\naccount margin USD",),
        always=(
            "when flat and near and gap > 0 and sessions left in month > 1\n  then both of\n"
            "         short 3% of equity of one, at next open, after locate\n"
            "         buy   3_000 USD of other, at next open",
            "when flat and gap < spread and highest(gap) across pairs > 0\n  then both of\n"
            "         buy   20 shares of one\n         short (1_000 USD * (1 + abs(gap))) of other, after locate",
            "every month, on last session\n  when not flat\n  then exit all at next open",
            "when not flat and (gap changes sign or bars_held > 8 bars or open_profit < -40 USD)\n  then exit half",
            "when turn or sessions_held > 20\n  then exit 25% of position at next open",
            "when close of QQQ > sma(close, 3) of QQQ and count(gap > 0) across pairs >= 2\n  then note",
        ),
        declared=(
            ("gap", "let gap = close of one / sma(close, 5) of one - close of other / sma(close, 5) of other"),
            ("formed", "let formed = (gap * gap) when (session of month is 1 or weekday is Wednesday)"),
            ("near", "let near = rank(-formed) across pairs <= 2"),
            ("spread", "let spread = average(gap[1]) across pairs"),
            ("turn", "sequence turn\n  first gap > 0\n  then gap < 0 within 6 bars"),
        ),
        make_files=chosen,
    ),
)
