"""The examples in two currencies, worked out a second time from prices and words, without the engine."""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from datetime import UTC, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from tests.acceptance.recorded import read_trips
from tests.acceptance.stratc_process import ROOT, stratc

EXAMPLES = ROOT / "examples"
CENT = Decimal("0.01")
NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")


def trips_of(name: str) -> list[dict[str, str]]:
    return read_trips(EXAMPLES / name / "trades.csv")


# ── a US share in euros ──────────────────────────────────────────────────────────────────────────────────────────────


class EuroRates:
    """Euros for a dollar, as known: a day's reference rate since 17:00 New York of that day."""

    def __init__(self) -> None:
        table = pl.read_parquet(EXAMPLES / "prices" / "daily" / "EURUSD.parquet")
        self.known = [datetime.combine(day, time(17), NEW_YORK) for day in table["time"].to_list()]
        self.rates = [1 / Decimal(repr(rate)) for rate in table["close"].to_list()]

    def at(self, moment: datetime) -> Decimal:
        return self.rates[bisect_right(self.known, moment) - 1]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def dividends_of_ibm() -> dict[str, Decimal]:
    """Dollars a share by ex date."""
    with (EXAMPLES / "prices" / "daily" / "actions.csv").open(encoding="utf-8") as file:
        return {row["ex_date"]: Decimal(row["amount"]) for row in csv.DictReader(file) if row["symbol"] == "IBM"}


def shares_in_euro() -> list[tuple[str, Decimal, str, Decimal, int, Decimal]]:
    bars, euro = pl.read_parquet(EXAMPLES / "prices" / "daily" / "IBM.parquet"), EuroRates()
    days, opens, closes = (bars[name].to_list() for name in ("time", "open", "close"))
    cash, shares, wanted, paid, entry, fee = Decimal(100_000), 0, 0, Decimal(0), ("", Decimal(0)), Decimal(0)
    told, dividends = [], dividends_of_ibm()
    for at, day in enumerate(days):
        if shares and day.isoformat() in dividends:
            known_before = euro.at(datetime.combine(days[at - 1], time(16), NEW_YORK))
            cash += cents(shares * dividends[day.isoformat()] * known_before * Decimal("0.9997"))
        rate = euro.at(datetime.combine(day, time(9, 30), NEW_YORK))
        if wanted > 0:
            price = (Decimal(repr(opens[at])) * Decimal("1.0002")).quantize(CENT, ROUND_CEILING)
            shares, fee = wanted, max(Decimal(1), cents(Decimal("0.005") * wanted))
            paid, entry = cents(price * shares * rate * Decimal("1.0003")), (day.isoformat(), price)
            cash -= paid + fee
        elif wanted < 0:
            price = (Decimal(repr(opens[at])) * Decimal("0.9998")).quantize(CENT, ROUND_FLOOR)
            got = cents(price * shares * rate * Decimal("0.9997"))
            cash += got - fee
            told.append((*entry, day.isoformat(), price, shares, got - paid - 2 * fee))
            shares = 0
        wanted = 0
        if at >= 200:
            fast, slow, fast_1, slow_1 = (
                sum(closes[end - length + 1 : end + 1]) / length for end in (at, at - 1) for length in (50, 200)
            )
            known = float(euro.at(datetime.combine(day, time(16), NEW_YORK)))
            if shares == 0 and fast > slow and fast_1 <= slow_1:
                wanted = math.floor(float(cash) * 0.9 / (closes[at] * known) + 1e-9)
            elif shares and fast < slow and fast_1 >= slow_1:
                wanted = -shares
    return told


def test_every_fill_in_dollars_becomes_euros_at_the_rate_that_was_known() -> None:
    told = [
        (
            row["opened_at"][:10],
            Decimal(row["open_price"]),
            row["closed_at"][:10],
            Decimal(row["close_price"]),
            int(float(row["quantity"])),
            Decimal(row["pnl"]),
        )
        for row in trips_of("us_shares_in_euro")
    ]
    assert told == shares_in_euro()
    assert len(told) == 13


# ── the London breakout in yen ───────────────────────────────────────────────────────────────────────────────────────


def boxes() -> dict[str, tuple[float, float]]:
    """Highest and lowest price from midnight to seven o'clock in London, by London's date."""
    found: dict[str, tuple[float, float]] = {}
    for moment, high, low in (
        pl.read_parquet(EXAMPLES / "prices" / "5min" / "USDJPY.parquet").select("time", "high", "low").iter_rows()
    ):
        there = moment.replace(tzinfo=UTC).astimezone(LONDON)
        if there.time() < time(7):
            top, bottom = found.get(there.date().isoformat(), (high, low))
            found[there.date().isoformat()] = (max(top, high), min(bottom, low))
    return found


def test_pips_are_hundredths_of_a_yen_and_windows_are_london_s_in_every_week() -> None:
    """Entry, size and profit of every round trip; half of them lie where London and New York are four hours apart."""
    equity, apart, known = Decimal(10_000), 0, boxes()
    for row in trips_of("london_breakout_yen"):
        opened = datetime.fromisoformat(row["opened_at"]).astimezone(LONDON)
        top, bottom = known[opened.date().isoformat()]
        assert time(7) <= opened.time() <= time(10)
        assert top - bottom <= 0.60 + 1e-9
        bought, price = row["side"] == "buy", Decimal(row["open_price"])
        order = Decimal(f"{top + 0.03:.3f}" if bought else f"{bottom - 0.03:.3f}")
        loss = Decimal(f"{bottom if bought else top:.3f}")
        # Filled at its stop with five ticks of slippage, or worse where the bar opened beyond it.
        assert price >= order + Decimal("0.005") if bought else price <= order - Decimal("0.005")
        a_unit = (abs(order - loss) * Decimal("1.0005") + Decimal("0.010")) / loss
        quantity = Decimal(row["quantity"])
        assert quantity == math.floor(equity * Decimal("0.005") / a_unit)
        gain = quantity * (Decimal(row["close_price"]) - price) * (1 if bought else -1)
        exchanged = gain / Decimal(row["close_price"]) * (Decimal("0.9995") if gain > 0 else Decimal("1.0005"))
        assert Decimal(row["pnl"]) == cents(exchanged)
        equity += Decimal(row["pnl"])
        hours = opened.utcoffset() - opened.astimezone(NEW_YORK).utcoffset()  # type: ignore[operator]
        apart += hours.total_seconds() == 4 * 3600
    assert apart >= 10


# ── what is held and what is missing ─────────────────────────────────────────────────────────────────────────────────

CARRY = """strategy "Carry"
trade   USD/JPY on 1 day
account forex USD

rule enter
  when flat
  then buy 1 lot
       stop loss at close * 0.5
"""
ACCOUNT = """[account]
type = "forex"
currency = "USD"
equity = 100_000
[broker]
legal_entity = "US"
commissions = { percent_of_value = 0 }
slippage = { ticks = 0 }
"""


def prices(folder: Path, name: str, rows: list[tuple[str, float]]) -> None:
    lines = [f"{day},{price},{price},{price},{price}" for day, price in rows]
    (folder / f"{name}.csv").write_text("\n".join(("time,open,high,low,close", *lines)), "utf-8")


WEEK = [(f"2025-03-{day:02}", 150.0) for day in (10, 11, 12, 13, 14, 17, 18)]


def run(folder: Path, text: str, account: str, *arguments: str) -> dict[str, object]:
    (folder / "strategy.strat").write_text(text, "utf-8")
    (folder / "account.toml").write_text(account, "utf-8")
    outcome = stratc("run", folder / "strategy.strat", "--data", folder, "--json", "--interpret", *arguments)
    return outcome.document


def test_carry_earns_its_interest(tmp_path: Path) -> None:
    """Bought on Tuesday the 11th. 100,000 dollars at 4.5% less 0.5% in yen, of 360 days, each night booked in cents.

    A night is 100,000 x 150 x 0.04 / 360 yen at 150: 11.11 dollars. Tuesday, Thursday, Friday and Monday count one
    night, Wednesday three: 4 x 11.11 + 33.33 = 77.77.
    """
    prices(tmp_path, "USDJPY", WEEK)
    (tmp_path / "rates.csv").write_text("date,USD,JPY\n2025-03-01,4.5,0.5\n", "utf-8")
    paid = run(tmp_path, CARRY, ACCOUNT + 'overnight_interest = { rates = "rates.csv" }\n')
    assert paid["final_equity"] == 100_077.77
    silent = run(tmp_path, CARRY, ACCOUNT)
    assert silent["final_equity"] == 100_000
    wanted = "no overnight interest is known for USD/JPY: none is booked"
    assert [told for told in silent["assumptions"] if "overnight" in told] == [wanted]  # type: ignore[attr-defined]


CROSS = CARRY.replace("USD/JPY", "EUR/GBP")


def test_a_pair_converts_without_being_traded_and_a_missing_one_is_refused_by_name(tmp_path: Path) -> None:
    """A pound of profit a unit: 100,000 x 0.01 pounds at 1.30."""
    rows = [(day, 0.85) for day, _ in WEEK]
    prices(tmp_path, "EURGBP", [*rows[:-1], (rows[-1][0], 0.86)])
    (tmp_path / "strategy.strat").write_text(CROSS, "utf-8")
    (tmp_path / "account.toml").write_text(ACCOUNT, "utf-8")
    refused = stratc("run", tmp_path / "strategy.strat", "--data", tmp_path, "--interpret")
    assert refused.code != 0
    assert "no rate between them is known" in refused.stderr
    prices(tmp_path, "GBPUSD", [(day, 1.30) for day, _ in WEEK])
    assert run(tmp_path, CROSS, ACCOUNT)["final_equity"] == 101_300


def test_a_stale_rate_opens_nothing(tmp_path: Path) -> None:
    """The pound's last price is of the 10th: 96 hours later nothing opens; what was known before is no 1."""
    prices(tmp_path, "EURGBP", [(day, 0.85) for day, _ in WEEK[5:]])
    prices(tmp_path, "GBPUSD", [("2025-03-10", 1.30)])
    document = run(tmp_path, CROSS, ACCOUNT)
    assert (document["fills"], document["denied"]) == (0, 2)
    assert "2 orders were denied: no conversion rate" in document["notes"]  # type: ignore[operator]


def test_shares_in_pence_are_paid_in_pounds(tmp_path: Path) -> None:
    """Half of 10,000 pounds buys 5,000 / 0.80 = 6,250 shares at 80 pence; ten pence more are 625 pounds."""
    (tmp_path / "instruments.toml").write_text(
        '["VOD"]\nkind = "equity"\ncurrency = "GBX"\ntick = "0.02"\ncalendar = "XNYS"\n', "utf-8"
    )
    text = CARRY.replace("USD/JPY", "VOD").replace("forex USD", "margin GBP").replace("1 lot", "50% of equity")
    text = text.replace("close * 0.5", "10 GBX")
    account = ACCOUNT.replace('"forex"', '"margin"').replace("USD", "GBP").replace("100_000", "10_000")
    days = [day for day, _ in WEEK]
    prices(tmp_path, "VOD", [(day, 80.0) for day in days[:-1]] + [(days[-1], 90.0)])
    document = run(tmp_path, text, account.replace('"US"', '"GB"'))
    assert document["final_equity"] == 10_625
