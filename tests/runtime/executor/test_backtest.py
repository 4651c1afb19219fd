"""The backtest's rim: from decimals to decimals, exact, and refusals by name."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import nan

import pytest

from stratc.runtime.engine import codes as K
from stratc.runtime.engine.orders import enter, exit_position
from stratc.runtime.engine.strategy import Strategy
from stratc.runtime.engine.words import word_flat
from stratc.runtime.executor.backtest import run_backtest
from stratc.runtime.executor.market import PlacedBar, market
from stratc.runtime.executor.results import Denial, Role, Side
from stratc.runtime.executor.scale import RunRefused, scale
from stratc.runtime.executor.terms import (
    NO_COMMISSION,
    NO_SLIPPAGE,
    AccountKind,
    Caps,
    HaltAt,
    HaltBaseline,
    HaltUntil,
    LimitFill,
    Terms,
)
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.denial import DenialReason
from stratc.runtime.model.instrument import identify

pytestmark = pytest.mark.fast

SPY, ES, BTC, EUR = (identify(symbol) for symbol in ("SPY", "ES", "BTC/USD", "EUR/USD"))
TERMS = Terms(
    kind=AccountKind.MARGINED,
    currency="USD",
    equity=Decimal(100_000),
    commission=NO_COMMISSION,
    slippage=NO_SLIPPAGE,
    limit_fill=LimitFill.TOUCH,
    first_in_first_out=False,
)


class Once(Strategy):
    """Buys after the first bar and sells after the third."""

    def __init__(self, columns, amount=10.0):
        self.amount = amount

    def decide(self, book, r):
        if r == 0:
            enter(
                book, self, 0, 0, K.BUY, K.SIZE_QUANTITY, self.amount, K.SIZE_NONE, 0.0, K.KIND_MARKET, nan, nan,
                K.STOP_NONE, 0.0, K.TARGET_NONE, 0.0, K.LIFE_DAY, 0, 0, False,
            )  # fmt: skip
        if r == 2:
            exit_position(book, self, 0, 1, K.PORTION_ALL, 1.0, K.KIND_MARKET, nan, nan)


def bars(*closes, instrument=0):
    """Bars whose open is their close, a minute each, one session a day of three bars."""
    return [
        PlacedBar(
            instrument=instrument,
            day=k // 3,
            bar=Bar(open_ns=k * 60, close_ns=k * 60 + 60, open=x, high=x, low=x, close=x, volume=1.0),
            ends_session=k % 3 == 2,
        )
        for k, x in enumerate(closes)
    ]


def backtest(instrument, closes, terms=TERMS, caps=None, halts=(), **more):
    return run_backtest(
        market((instrument,), bars(*closes)),
        terms,
        caps or Caps(),
        halts,
        rules=("in", "out"),
        planned_flows=0,
        make_strategy=Once,
        **more,
    )


def test_a_round_trip_in_decimals():
    commission = replace(NO_COMMISSION, per_share=Decimal("0.005"), minimum=Decimal(1))
    slippage = replace(NO_SLIPPAGE, spread_ticks=Decimal(2))
    done = backtest(SPY, [100.0, 100.25, 101.0, 102.5], replace(TERMS, commission=commission, slippage=slippage))
    (trip,) = done.round_trips()
    assert (trip.instrument, trip.side, trip.quantity, trip.bars_held) == ("SPY", Side.BUY, Decimal(10), 2)
    assert (trip.open_price, trip.close_price) == (Decimal("100.26"), Decimal("102.49"))
    assert (trip.fees, trip.pnl) == (Decimal(2), Decimal("20.30"))
    assert (trip.opened_at, trip.closed_at, trip.rule_in, trip.rule_out) == (60, 180, "in", "out")
    assert trip.role_out is Role.EXIT
    assert done.final_equity == Decimal("100020.30")
    assert (done.fees, done.slippage, done.realized) == (Decimal(2), Decimal("0.20"), Decimal("22.30"))
    assert [fill.slippage for fill in done.fills()] == [Decimal("0.10"), Decimal("0.10")]
    assert [order.quantity for order in done.orders()] == [Decimal(10), Decimal(10)]


INSTRUMENTS = {
    "a share": (SPY, [100.0, 100.25, 101.0, 102.5], "22.50"),
    "a future": (ES, [5000.0, 5000.25, 5001.0, 5002.5], "1125"),
    "a coin": (BTC, [60000.0, 60000.01, 60010.0, 60100.02], "1000.10"),
    "a pair": (EUR, [1.1, 1.1001, 1.1, 1.10125], "0.01150"),
}


@pytest.mark.parametrize(("instrument", "closes", "profit"), INSTRUMENTS.values(), ids=INSTRUMENTS)
def test_profit_is_exact(instrument, closes, profit):
    done = backtest(instrument, closes)
    assert done.final_equity - done.start_equity == Decimal(profit)
    assert done.bars == 4
    assert done.round_trip_count == 1


def test_money_has_the_digits_that_the_instruments_need():
    assert scale((SPY,), (100.0,), "USD", Decimal(100)).digits == 2
    assert scale((SPY, EUR), (100.0, 2.0), "USD", Decimal(100)).digits == 5
    assert scale((BTC,), (1e5,), "USD", Decimal(100)).digits == 7
    assert scale((SPY,), (100.0,), "USD", Decimal("0.0001")).digits == 4


def test_bounds_keep_money_in_64_bits():
    scaled = scale((SPY, BTC), (700.0, 100_000.0), "USD", Decimal(10_000_000))
    values = [found.lots_max * found.ticks_max * found.tick_value for found in scaled.instruments]
    assert all(value < 1 << 55 for value in values)
    assert all(found.lots_max * found.step >= 1000 for found in scaled.instruments)


def test_another_currency_is_refused():
    with pytest.raises(RunRefused, match="`SPY` pays in USD and the account is kept in EUR") as refused:
        backtest(SPY, [1.0], replace(TERMS, currency="EUR"))
    assert refused.value.code == "currency"


def test_money_that_does_not_fit_is_refused():
    with pytest.raises(RunRefused) as refused:
        backtest(SPY, [1.0], replace(TERMS, equity=Decimal(10) ** 17))
    assert refused.value.code == "money"


def test_caps_and_halts_reach_the_engine():
    done = backtest(SPY, [100.0] * 4, caps=Caps(position_money=999.0))
    assert done.denied() == {DenialReason.CAP_POSITION: 1}
    assert done.denials() == (Denial(instrument="SPY", rule="in", reason=DenialReason.CAP_POSITION, guard=0, count=1),)
    halt = HaltAt(baseline=HaltBaseline.START, threshold=0.001, flatten=True, until=HaltUntil.RELEASED)
    done = backtest(SPY, [100.0, 100.0, 80.0, 80.0], halts=[halt])
    assert done.halts == (1,)
    assert [fill.role for fill in done.fills()] == [Role.ENTRY, Role.FLATTEN]


def test_balance_accounts_and_cash_accounts_earn_the_same():
    kinds = [replace(TERMS, kind=kind) for kind in AccountKind]
    assert len({backtest(ES, [100.0, 101.0, 102.0, 103.0], terms).final_equity for terms in kinds}) == 1


def test_progress_is_told_and_may_end_the_run():
    class Stop(Exception):
        pass

    def stop(done, rows):
        assert (done, rows) == (4, 4)
        raise Stop

    with pytest.raises(Stop):
        backtest(SPY, [1.0] * 4, progress=stop)


def test_rows_of_a_moment_and_of_a_session():
    placed = [*bars(1.0, 2.0, 3.0, 4.0), *bars(1.0, nan, 3.0, instrument=1)]
    made = market((SPY, ES), placed)
    flags = [row & K.ROW_FLAGS for row in made.rows]
    end, first, last = K.ROW_MOMENT_END, K.ROW_SESSION_START, K.ROW_SESSION_END
    assert flags == [first, first | end, 0, end, last, last | end, first | end]  # the day goes on after the last row
    assert [(row >> K.ROW_INSTRUMENT_SHIFT) & K.ROW_INSTRUMENTS for row in made.rows] == [0, 1, 0, 1, 0, 1, 0]
    assert [row >> K.ROW_DAY_SHIFT for row in made.rows] == [0, 0, 0, 0, 0, 0, 1]
    assert made.price_max == (4.0, 3.0)


def test_no_bars_is_no_run_but_a_result():
    done = backtest(SPY, [])
    assert (done.bars, done.final_equity, list(done.fills())) == (0, Decimal(100_000), [])


def test_a_flat_word_in_decide():
    class Watching(Once):
        flat: tuple = ()

        def decide(self, book, r):
            super().decide(book, r)
            self.flat = (*self.flat, word_flat(book, 0))

    made = []
    run_backtest(
        market((SPY,), bars(1.0, 1.0, 1.0, 1.0)),
        TERMS,
        Caps(),
        (),
        rules=("in", "out"),
        planned_flows=0,
        make_strategy=lambda columns: made.append(Watching(columns)) or made[0],
    )
    assert made[0].flat == (False, False, False, True)
