"""The files of each kind of market: prices of what is traded, what happens to it, an account, and tables beside."""

from __future__ import annotations

from datetime import date
from random import Random

from tests.causality import markets, phrases
from tests.causality.files import Files
from tests.causality.markets import DAY_SECONDS, Span, Split, Walk

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

# ── shares ───────────────────────────────────────────────────────────────────────────────────────────────────────────

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
    f"{symbol},2024-01-01,{quantity},35.5,0.02,made up\n"
    for symbol, quantity in zip(SHARES, (400, 90, ""), strict=True)
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


def paid_in_full(random: Random) -> Files:
    """The same on an account that borrows nothing."""
    found = days(random)
    account = ACCOUNT.format(kind="cash", currency="USD", equity="100_000\nsettled_cash = 100_000", broker="")
    return Files(headings=found.headings, rows=found.rows, texts=found.texts | {"account.toml": account})


def chosen(random: Random) -> Files:
    """The same without the split that would leave parts of shares to several pairs, one for four."""
    found = days(random)
    whole = tuple(row for row in found.rows["actions.csv"] if not row.text.startswith(f"{SHARES[1]},split"))
    assert len(whole) == len(found.rows["actions.csv"]) - 1
    return Files(headings=found.headings, rows=found.rows | {"actions.csv": whole}, texts=found.texts)


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
    headings = dict.fromkeys(rows, f"{markets.BARS},open_interest")
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
    rows["rates.csv"] = tuple(markets.Row(markets.midnight(day), text) for day, text in zip(days, rates, strict=True))
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
