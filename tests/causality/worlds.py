"""What is traded in made-up strategies: for each kind of market its headers, its own phrases and its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.causality import markets, phrases
from tests.causality.files import Files
from tests.causality.markets import DAY_SECONDS, Span, Split, Walk


@dataclass(frozen=True)
class World:
    """`rules` hold `{c}` for conditions that are dealt to them. A round deals every phrase to one of so many `hands`; the rules that are
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


ACCOUNT = """[account]
type = "{kind}"
currency = "{currency}"
equity = {equity}
holder = "individual"

[broker]
name = "example-broker"
slippage = {{ ticks = 1, bps = 1 }}
{broker}
"""

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

SHARES = ("ACME", "BOLT", "CHIP")
INSTRUMENTS = '["ACME"]\nsector = "technology"\n["BOLT"]\nprices = "raw"\nsector = "energy"\n["CHIP"]\n' + (
    'sector = "technology"\nprices = "total_return"\n'
)
# Every form of a table's line, each with a name of its own: where, in what range, how long it is good.
FORMS = ((), ("in -1..1",), ("fresh for 20 hours",), ("in -1..1", "fresh for 2 days"))
MARKET = ("mood", "mood_in", "mood_fresh", "mood_both")
EACH = ("analysts", "analysts_in", "analysts_fresh", "analysts_both")
SCORES = ("score", "score_both")
NEWS = ("news", "news_both")
EVENTS = "symbol,event,on,at,status,known_at,source"
SERIES = "symbol,value,as_of,known_at,source"
BESIDE = {
    "earnings.csv": EVENTS,
    "fomc.csv": EVENTS.removeprefix("symbol,"),
    **{f"{name}.csv": SERIES for name in EACH},
    **{f"{name}.csv": "value,known_at,source" for name in (*MARKET, *NEWS)},
    **{f"{name}.csv": "symbol,value,known_at,source" for name in SCORES},
    "top.csv": "symbol,from,until,known_at,source",
    "actions.csv": "symbol,kind,ex_date,amount,currency,known_at,source,ratio,to",
}
BORROW = "symbol,since,quantity,rate_percent,locate_fee,source\n" + "".join(
    f"{symbol},2024-01-01,{quantity},35.5,0.02,made up\n" for symbol, quantity in zip(SHARES, (4000, 900, ""), strict=True)
)


def of_shares(random: Random, span: Span, symbols: tuple[str, ...], read: tuple[str, ...]) -> Files:
    """Prices, actions and every table beside them."""
    sessions = span.all()
    days = [session.date for session in sessions]
    splits = {
        symbols[0]: (Split(days[len(days) // 2], 2, 1),),
        symbols[1]: (Split(days[2 * len(days) // 3], 1, 4),),
    }
    price = {symbol: random.uniform(20.0, 120.0) for symbol in (*symbols, *read)}
    step = 0.006 if span.seconds < DAY_SECONDS else 0.02
    rows = {
        f"{symbol}.csv": markets.bars(random, Walk(symbol, price[symbol], step), span, splits.get(symbol, ()))
        for symbol in (*symbols, *read)
    }
    rows["earnings.csv"] = markets.events_of(random, symbols, days)
    rows["fomc.csv"] = markets.events_of(random, ("",), days)
    for names, whose in ((EACH, symbols), (SCORES, symbols), (MARKET, ("",)), (NEWS, ("",))):
        said = markets.series_of(random, whose, days, dated=names is EACH)
        rows |= {f"{name}.csv": said for name in names}
    rows["top.csv"] = markets.members_of(symbols, days)
    rows["actions.csv"] = markets.actions_of(symbols, splits, days)
    account = ACCOUNT.format(
        kind="margin",
        currency="USD",
        equity="100_000",
        broker="commissions = { per_share = 0.005, minimum = 1 }\nmargin_rate = 8\nborrow_rate = 2\n",
    )
    texts = {"borrow.csv": BORROW, "instruments.toml": INSTRUMENTS, "account.toml": account, **phrases.BLOCKS}
    return markets.table(rows, BESIDE, texts)


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
    "every week, on last session, 60 min before end\n  when not short and {c}\n  then buy 1% of equity at closing auction",
    "every Friday or session before, at 13:00 New York\n  when not short and {c}\n  then buy 1% of equity at market",
    "when flat and {c}\n  then buy 100 shares at limit 0.999 * close\n       good until 14:00 New York",
    "when flat and {c}\n  then buy 2 round lots at stop 1.001 * high\n       good until 15:00",
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


def shares(random: Random) -> Files:
    return of_shares(random, Span("XNYS", date(2024, 6, 26), 7, 1_800), SHARES, ("QQQ",))


def days(random: Random) -> Files:
    """The last of the shares is bought up in the end."""
    span = Span("XNYS", date(2024, 1, 22), 64, DAY_SECONDS)
    found = of_shares(random, span, SHARES, ("QQQ",))
    last, known = span.all()[-9].date, span.all()[-25].date
    text = f"{SHARES[-1]},merger,{last},41.50,USD,{known},made up,,"
    merger = markets.Row(markets.midnight(known), text)
    prices = ended(found.rows[f"{SHARES[-1]}.csv"], last)
    rows = found.rows | {f"{SHARES[-1]}.csv": prices, "actions.csv": (*found.rows["actions.csv"], merger)}
    return Files(headings=found.headings, rows=rows, texts=found.texts)


def ended(rows: tuple[markets.Row, ...], last: date) -> tuple[markets.Row, ...]:
    """The bars up to that day, in which there is one."""
    kept = [row for row in rows if row.text[:10] < last.isoformat()]
    return (*kept, markets.Row(markets.midnight(last) + 20 * 3600 * markets.NS, f"{last}{kept[-1].text[10:]}"))


MEMBERS = ("ACDC", "BMOL", "CRUX", "DRAY", "EMCO")


def members(random: Random) -> Files:
    """One of them has no bars any more after a while, and nobody says why."""
    span = Span("XNYS", date(2024, 3, 11), 50, DAY_SECONDS)
    found = of_shares(random, span, MEMBERS, ("QQQ",))
    gone = {f"{MEMBERS[3]}.csv": ended(found.rows[f"{MEMBERS[3]}.csv"], span.all()[24].date)}
    return Files(headings=found.headings, rows=found.rows | gone, texts=found.texts | {"instruments.toml": ""})


def members_by_hours(random: Random) -> Files:
    found = of_shares(random, Span("XNYS", date(2024, 3, 11), 7, 3_600), MEMBERS, ("QQQ",))
    return Files(headings=found.headings, rows=found.rows, texts=found.texts | {"instruments.toml": ""})


def abroad(random: Random) -> Files:
    """Shares in dollars on an account in euros: the pair converts."""
    found = of_shares(random, Span("XNYS", date(2024, 3, 11), 50, DAY_SECONDS), SHARES, ("QQQ",))
    pair = markets.bars(random, Walk("EUR/USD", 1.08, 0.003), Span("FX", date(2024, 3, 22), 46, DAY_SECONDS))
    account = ACCOUNT.format(
        kind="margin", currency="EUR", equity="90_000", broker="conversion = { every_fill = false, bps = 3 }\n"
    )
    return Files(
        headings=found.headings | {"EURUSD.csv": markets.BARS},
        rows=found.rows | {"EURUSD.csv": pair},
        texts=found.texts | {"account.toml": account},
    )


# ── futures ──────────────────────────────────────────────────────────────────────────────────────────────────────────

FUTURES = {"ES": (4_800.0, 91, ("H24", "M24", "U24")), "GC": (2_000.0, 60, ("G24", "J24", "M24", "Q24"))}


def futures(random: Random) -> Files:
    spans = {
        "ES": Span("CME_GLOBEX", date(2023, 12, 18), 110, DAY_SECONDS),
        "GC": Span("CME_METALS", date(2023, 12, 18), 110, DAY_SECONDS),
    }
    rows = markets.contracts_of(random, FUTURES, spans)
    account = ACCOUNT.format(
        kind="futures", currency="USD", equity="2_000_000", broker="commissions = { per_contract = 2.5 }\n"
    )
    headings = {name: f"{markets.BARS},open_interest" for name in rows}
    return markets.table(rows, headings, {"account.toml": account, **phrases.BLOCKS})


def one_contract(random: Random) -> Files:
    span = Span("CME_GLOBEX", date(2024, 3, 4), 12, 3_600)
    rows = {"ESH24.csv": markets.bars(random, Walk("ES", 5_100.0, 0.002), span)}
    account = ACCOUNT.format(kind="futures", currency="USD", equity="2_000_000", broker="")
    return markets.table(rows, {}, {"account.toml": account, **phrases.BLOCKS})


# ── currencies, coins ────────────────────────────────────────────────────────────────────────────────────────────────


def pairs(random: Random) -> Files:
    span = Span("FX", date(2024, 5, 13), 7, 3_600)
    rows = {
        "EURUSD.csv": markets.bars(random, Walk("EUR/USD", 1.08, 0.0012), span),
        "USDJPY.csv": markets.bars(random, Walk("USD/JPY", 155.0, 0.0012), span),
    }
    days = [session.date for session in span.all()]
    rates = [f"{day},{5.3 + n / 10:.2f},{0.1 + n / 50:.2f},{3.9 - n / 20:.2f}" for n, day in enumerate(days)]
    rows["rates.csv"] = tuple(
        markets.Row(markets.midnight(day), text) for day, text in zip(days, rates, strict=True)
    )
    account = ACCOUNT.format(
        kind="forex",
        currency="USD",
        equity="50_000",
        broker='conversion = { bps = 5 }\novernight_interest = { rates = "rates.csv", markup_percent = 0.5 }\n',
    )
    return markets.table(rows, {"rates.csv": "date,USD,JPY,EUR"}, {"account.toml": account, **phrases.BLOCKS})


def coins(random: Random) -> Files:
    span = Span("CRYPTO", date(2024, 4, 1), 20, 14_400)
    rows = {
        f"{name}USDT.csv": markets.bars(random, Walk(f"{name}/USDT", price, 0.008), span)
        for name, price in (("BTC", 64_000.0), ("ETH", 3_100.0))
    }
    account = ACCOUNT.format(
        kind="crypto", currency="USDT", equity="80_000", broker="commissions = { percent_of_value = 0.01 }\n"
    )
    return markets.table(rows, {}, {"account.toml": account, **phrases.BLOCKS})


WORLDS = (
    World(
        name="shares",
        money="USD",
        hands=6,
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
            "cap  position 900 shares",
            "cap  units 3 per instrument",
            "cap  units 5 per side",
            "cap  position 40_000 USD",
        ),
        declared=TABLES,
        make_files=shares,
    ),
    World(
        name="days",
        money="USD",
        without=("shorts",),
        hands=4,
        headers=(
            "trade ACME, BOLT, CHIP on 1 day\nread QQQ\naccount margin USD",
            "trade ACME, BOLT on 1 day\nread QQQ\naccount cash USD",
            "trade ACME, CHIP on 1 day\nread QQQ\naccount portfolio_margin USD",
        ),
        values=(*ACROSS, "close[2 sessions]", "close of QQQ", "close on 1 month", "sma(close of QQQ, 2) on 1 month"),
        conditions=KNOWN,
        rules=(
            *DAILY_RULES,
            "every month, on last session\n  when long and sector_exposure > 5% of equity and days_since_purchase > 3"
            " and {c}\n  then exit 20% of position at limit close, highest cost first",
        ),
        limits=("cap  position 30_000 USD", "cap  gross 90_000 USD"),
        declared=TABLES,
        make_files=days,
    ),
    World(
        name="paid_in_full",
        money="USD",
        hands=1,
        without=("shorts",),
        headers=("trade ACME, BOLT on 1 day\nread QQQ\naccount cash USD",),
        always=("when {c}\n  then buy 60% of equity at market",),
        declared=TABLES,
        make_files=days,
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
        hands=3,
        headers=("trade ACME, BOLT, CHIP on 1 day\nread QQQ\naccount margin USD",),
        values=ACROSS,
        rules=(
            "then allocate 60% of equity by 1 / stdev(close / close[1] - 1, 5), only where off by more than 20% of"
            " target, at next open",
            "every week, on first session\n  then allocate 50% of equity equally, at next open,"
            " only where off by more than 2_000 USD",
            "every week, on last session\n  then allocate 60% of equity to top 2 by close / close[2] where {c} by close / close[3],"
            " at next open",
        ),
        declared=TABLES,
        make_files=days,
    ),
    World(
        name="members",
        money="USD",
        without=("entries", "shorts"),
        always=LEAVING,
        hands=8,
        headers=(
            "trade universe top on 1 day, leavers exit\nread QQQ\naccount margin USD",
            "trade universe top on 1 day, leavers stay\nread QQQ\naccount margin USD",
        ),
        values=(*ACROSS, "close of QQQ"),
        conditions=("in universe", *KNOWN),
        rules=(
            "every week, on first session\n  then allocate 90% of equity to top 2 by close / close[5] where {c}, equally,"
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
            "every session, 120 min before end\n  then allocate 10% of equity to each where {c}",
        ),
        declared=TABLES,
        make_files=members_by_hours,
    ),
    World(
        name="abroad",
        money="EUR",
        hands=2,
        headers=("trade ACME, BOLT, CHIP on 1 day\nread QQQ\naccount margin EUR",),
        rules=DAILY_RULES,
        declared=TABLES,
        make_files=abroad,
    ),
    World(
        name="futures",
        money="USD",
        hands=4,
        unit="contracts",
        headers=(
            "trade ES, GC on 1 day\nroll 5 sessions before first notice, adjusted by ratio\naccount futures USD",
            "trade ES, GC on 1 day\nroll by open interest, at latest 4 sessions before first notice, adjusted by ratio\n"
            "account futures USD",
        ),
        values=("close of ES", "close on 1 month"),
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
            "trade ES, GC on 1 day\nroll by open interest, at latest 4 sessions before first notice\naccount futures USD",
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
        always=("when {c}\n  then buy 1 contract at market",),
        without=("shorts",),
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
        values=("highest(high) over 00:00..07:00 London", "close on 1 day", "close of EUR/USD", "rsi(close, 3) on 4 hours"),
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
)
