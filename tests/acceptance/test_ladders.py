"""The spot grid, replayed from its bars: which level is bought and sold when, what each earns, and the halt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

import polars as pl

from tests.acceptance.recorded import read_trips
from tests.acceptance.stratc_process import stratc

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "spot_grid"
CENT, STEP = Decimal("0.01"), Decimal("0.0001")
LEVELS = [Decimal(2000) * Decimal(2) ** (Decimal(k) / 39) for k in range(40)]


@dataclass
class Held:
    quantity: Decimal
    price: Decimal
    at: datetime


Trip = tuple[Decimal, str, Decimal, str, Decimal]


def bars() -> list[tuple[datetime, Decimal, Decimal, Decimal, Decimal]]:
    """The beginning of each hour, and its four prices."""
    table = pl.read_parquet(ROOT / "examples" / "prices" / "hourly" / "ETHUSDT.parquet")
    rows = table.select("time", "open", "high", "low", "close").rows()
    return [(row[0], *(Decimal(str(price)) for price in row[1:])) for row in rows]


def replayed() -> list[Trip]:
    """Quantity, open and close of every round trip. A level is bought at its price rounded down to a cent and sold at
    the next one rounded up; limits fill where the price goes through them; what is bought in a bar is sold in a later
    one; an order is decided at a bar's close. No bar opens away from the close before it: nothing fills at an open."""
    working: set[int] = set()
    held: dict[int, Held] = {}
    trips: list[Trip] = []
    halted, flatten = False, False
    for at, opened, high, low, close in bars():
        if flatten:
            # 2 bps of slippage, rounded down to a cent
            price = (opened - opened * Decimal("0.0002")).quantize(CENT, ROUND_FLOOR)
            trips += [closed(leg, price) for leg in held.values()]
            held, flatten = {}, False
        for k, leg in sorted(held.items(), key=lambda item: item[1].at):
            target = LEVELS[k + 1].quantize(CENT, ROUND_CEILING)
            if high > target:
                trips.append(closed(leg, target))
                del held[k]
        for k in sorted(working, reverse=True):
            price = LEVELS[k].quantize(CENT, ROUND_FLOOR)
            if low < price:
                held[k] = Held((25 / price).quantize(STEP, ROUND_FLOOR), price, at)
                working.discard(k)
        if not halted and not 1900 <= close <= 4200:
            halted, flatten, working = True, bool(held), set()
        for k in range(39):
            price = LEVELS[k].quantize(CENT, ROUND_FLOOR)
            in_the_way = k - 1 in held and LEVELS[k].quantize(CENT, ROUND_CEILING) <= price
            if not halted and price < close and k not in held and not in_the_way:
                working.add(k)
    assert not held
    return trips


def closed(leg: Held, price: Decimal) -> Trip:
    fees = leg.quantity * (leg.price + price) * Decimal("0.001")
    profit = leg.quantity * (price - leg.price) - fees
    return leg.quantity, str(leg.price.normalize()), price, leg.at.isoformat(), profit


def test_the_spot_grid_by_hand() -> None:
    kept = read_trips(EXAMPLE / "trades.csv")
    wanted = sorted(replayed(), key=lambda trip: (trip[3], trip[2]))
    told = sorted(kept, key=lambda row: (row["opened_at"], Decimal(row["close_price"])))
    assert len(wanted) == len(told) > 200
    for trip, row in zip(wanted, told, strict=True):
        quantity, opened, price, at, profit = trip
        assert (Decimal(row["quantity"]), Decimal(row["open_price"])) == (quantity, Decimal(opened))
        assert (Decimal(row["close_price"]), row["opened_at"]) == (price, at)
        assert abs(Decimal(row["pnl"]) - profit) <= Decimal("0.000002")
    assert {row["rule_out"] for row in kept} == {"grid", "halt"}


def test_no_more_is_committed_than_bounds_say() -> None:
    """39 levels are bought, for 25 each: 975."""
    shown = stratc("show", EXAMPLE / "strategy.strat", "--stage", "bounds").stdout
    assert "at most 975.00 USDT (975.00 USDT)" in shown
    rows = read_trips(EXAMPLE / "trades.csv")
    moments = sorted({row["opened_at"] for row in rows})
    cost = {at: sum(value(row) for row in rows if row["opened_at"] <= at < row["closed_at"]) for at in moments}
    assert 500 < max(cost.values()) <= 975


def value(row: dict[str, str]) -> Decimal:
    return Decimal(row["quantity"]) * Decimal(row["open_price"])


def test_a_step_that_does_not_pay_is_a_warning_with_numbers(tmp_path: Path) -> None:
    """2000 to 4000 in 200 levels are steps of 2 ** (1 / 199) - 1 = 0.3489%, more than 0.2%; from 3500 0.0671%."""
    text = (EXAMPLE / "strategy.strat").read_text(encoding="utf-8")
    (tmp_path / "account.toml").write_text((EXAMPLE / "account.toml").read_text(encoding="utf-8"), encoding="utf-8")
    strategy = tmp_path / "strategy.strat"
    strategy.write_text(text.replace("of 40 ", "of 200 "), encoding="utf-8")
    assert "C430" not in stratc("check", strategy).stdout
    strategy.write_text(text.replace("of 40 ", "of 200 ").replace("2_000 USDT", "3_500 USDT"), encoding="utf-8")
    told = " ".join(stratc("check", strategy).stdout.split())
    assert "C430" in told
    assert "earns 0.06712% and costs 0.2% in commissions" in told
