"""Runs to report on: a long quiet one on daily bars, and one made of strings that mean harm."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from stratc.runtime.reports.summary import (
    EquityCurve,
    Fill,
    Origin,
    Prices,
    RoundTrip,
    RuleVerdict,
    Run,
    Side,
    VerdictStatus,
)

NS = 10**9
HOSTILE = "</script><script>alert(1)</script><!-- \" ' & {{x}} \u202egnp.exe \x1b[31m \ud800"


def make_prices(symbol: str, bars: int, **changes) -> Prices:
    """A seeded walk of daily New York sessions; changes replace fields."""
    dice = random.Random(bars)
    opens, closes, rows, level = [], [], [], 100.0
    day = datetime(2000, 1, 3, 14, 30, tzinfo=UTC)
    while len(rows) < bars:
        if day.weekday() < 5:
            start = level
            level *= math.exp(dice.gauss(0.0002, 0.015))
            high, low = max(start, level) * (1 + dice.random() / 80), min(start, level) * (1 - dice.random() / 80)
            rows.append((round(start, 2), round(high, 2), round(low, 2), round(level, 2), 1e6 * (1 + dice.random())))
            opens.append(int(day.timestamp()) * NS)
            closes.append(int((day + timedelta(hours=6, minutes=30)).timestamp()) * NS)
        day += timedelta(days=1)
    columns = [list(column) for column in zip(*rows, strict=True)]
    fields = {
        "symbol": symbol, "currency": "USD", "zone": "America/New_York", "daily": True, "decimals": 2,
        "opens_utc_ns": opens, "closes_utc_ns": closes,
        "open": columns[0], "high": columns[1], "low": columns[2], "close": columns[3], "volume": columns[4],
        "source": "a seeded walk", "licence": "CC0", "synthetic": True,
    }  # fmt: skip
    return Prices(**{**fields, **changes})


def make_run(prices: Prices, trips: int, **changes) -> Run:
    """Long for a while, flat for a while, `trips` times; every second trip ends at its stop or its target."""
    bars, equity, exposure = len(prices.close), [], []
    fills, round_trips, cash, held = [], [], 10_000.0, 0
    step = bars // (2 * trips + 1) if trips else bars + 1
    for bar in range(bars):
        turn, rest = divmod(bar, step)
        if rest == 0 and 1 <= turn <= 2 * trips:
            price, buying = Decimal(f"{prices.open[bar]:.2f}"), turn % 2 == 1
            origin = Origin.RULE if buying else (Origin.RULE, Origin.STOP, Origin.TARGET)[turn // 2 % 3]
            fills.append(
                Fill(
                    symbol=prices.symbol, bar=bar, at_utc_ns=prices.opens_utc_ns[bar],
                    side=Side.BUY if buying else Side.SELL, quantity=Decimal(50), price=price, origin=origin,
                    rule="enter" if buying else "leave", commission=Decimal("1.00"), slippage=Decimal("0.50"),
                )
            )  # fmt: skip
            held = 50 if buying else 0
            cash += (-50 if buying else 50) * float(price) - 1.0
            if not buying:
                bought = fills[-2]
                round_trips.append(
                    RoundTrip(
                        symbol=prices.symbol, side=Side.BUY, quantity=Decimal(50), opened_utc_ns=bought.at_utc_ns,
                        open_price=bought.price, closed_utc_ns=fills[-1].at_utc_ns, close_price=price,
                        fees=Decimal(2), pnl=(price - bought.price) * 50 - 2, rule_in="enter", rule_out="leave",
                        bars_held=step,
                    )
                )  # fmt: skip
        equity.append(cash + held * prices.close[bar])
        exposure.append(held * prices.close[bar])
    curve = EquityCurve(closes_utc_ns=prices.closes_utc_ns, equity=equity, gross_exposure=exposure)
    verdicts = (
        RuleVerdict(
            rule="us.finra.pattern_day_trader", status=VerdictStatus.GUARDED, because="at most 3 day trades in 5 days",
            citation="FINRA Rule 4210(f)(8)(B)", changes_on=date(2026, 6, 4), checked=len(fills), denied=0,
        ),
        RuleVerdict(
            rule="us.finra.intraday_margin", status=VerdictStatus.PROVED, because="paid-up longs have no deficit",
            citation="FINRA Rule 4210(d)", changes_on=None,
        ),
    )  # fmt: skip
    fields = {
        "strategy": "golden_cross", "artefact_digest": "sha256:12ab", "data_digest": "sha256:34cd",
        "stratc_version": "0.1.0", "currency": "USD", "start_equity": Decimal(10_000),
        "final_equity": Decimal(str(round(equity[-1], 2))), "orders": len(fills), "denied": 0,
        "law": "as of 2026-06-03", "prices": (prices,), "curve": curve, "fills": tuple(fills),
        "round_trips": tuple(round_trips), "verdicts": verdicts,
        "assumptions": ("orders fill at the next open", "slippage is one tick"),
    }  # fmt: skip
    return Run(**{**fields, **changes})


@pytest.fixture(scope="session")
def daily() -> Run:
    return make_run(make_prices("IBM", 3_400), 10)


@pytest.fixture(scope="session")
def hostile() -> Run:
    prices = make_prices(HOSTILE, 60, source=HOSTILE, licence=HOSTILE)
    run = make_run(prices, 3)
    verdict = RuleVerdict(
        rule=HOSTILE, status=VerdictStatus.VIOLATED, because=HOSTILE, citation=HOSTILE, changes_on=None
    )
    texts = {"strategy": HOSTILE, "law": HOSTILE, "artefact_digest": HOSTILE, "data_digest": HOSTILE}
    fields = {name: getattr(run, name) for name in Run.__slots__}
    told = {"verdicts": (verdict,), "assumptions": (HOSTILE,), "notes": (HOSTILE,), "backtest_only": HOSTILE}
    return Run(**{**fields, **texts, **told})


@pytest.fixture(scope="session")
def make():
    return make_prices, make_run
