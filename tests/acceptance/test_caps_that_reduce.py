"""`cap leverage 1.5x, then reduce` from the text to the round trips, by hand: five days of one share.

    day      1     2     3     4     5
    open    99   100    90   100    80
    close  100    90   100    80    80

Day 1 orders 1,500 shares for 150,000, which fill at 100. At 90 equity is 85,000 and the position 135,000: of 127,500
come 1,416 shares, so 84 are sold at the next open, 90, for a loss of 840. At 100 the leverage is 1.43. At 80 equity is
70,840, of which 106,260 may be held: 1,328 shares, so 88 are sold at 80 for a loss of 1,760.
"""

from __future__ import annotations

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.judge.bounds import sheet_of
from stratc.dsl.source import Source
from stratc.runtime.executor.terms import AccountKind
from tests.acceptance.recorded import read_trips
from tests.acceptance.stratc_process import stratc

TEXT = """strategy "Brought back"
trade   SPY on 1 day
account margin USD

rule enter
  when flat and close > open
  then buy 150% of equity at next open

cap  leverage 1.5x, then reduce
"""
BARS = ((99, 100), (100, 90), (90, 100), (100, 80), (80, 80))
WITHOUT = TEXT.replace(", then reduce", "")


def ran(folder, text, bars=BARS):
    strategy, prices, table = folder / "s.strat", folder / "SPY.csv", folder / "trades.csv"
    strategy.write_text(text, encoding="utf-8")
    rows = [
        f"2024-01-{day:02},{first},{max(first, last)},{min(first, last)},{last},1000"
        for day, (first, last) in enumerate(bars, start=8)
    ]
    prices.write_text("\n".join(("time,open,high,low,close,volume", *rows)) + "\n", encoding="utf-8")
    done = stratc("run", strategy, "--data", f"SPY={prices}", "--interpret", "--json", "--trades", table)
    assert done.code == 0, done.stderr
    names = ("quantity", "open_price", "close_price", "pnl", "closed_at", "rule_out")
    return done.document, [tuple(row[name] for name in names) for row in read_trips(table)]


def test_what_is_sold_and_when(tmp_path):
    document, sold = ran(tmp_path, TEXT)
    assert [(*map(float, trip[:4]), trip[4][:10], trip[5]) for trip in sold] == [
        (84, 100, 90, -840, "2024-01-10", "cap"),
        (88, 100, 80, -1_760, "2024-01-12", "cap"),
    ]
    assert document["final_equity"] == 100_000 - 840 - 1_760 - 1_328 * 20


def test_without_the_words_drift_is_left(tmp_path):
    document, sold = ran(tmp_path, WITHOUT)
    assert (document["final_equity"], sold) == (70_000, [])


@pytest.mark.fast
def test_orders_in_a_second_count_what_is_brought_back():
    def orders(text):
        program = compile_source(Source("s.strat", text)).program
        assert program is not None
        return sheet_of(program, AccountKind.MARGINED, None).orders.number

    assert (orders(WITHOUT), orders(TEXT)) == (1, 2)


RISING = tuple((100 + day, 101 + day) for day in range(5))
AT_CAP = TEXT.replace("150%", "90%").replace("leverage 1.5x", "position 90% of equity")


@pytest.mark.parametrize(("size", "orders"), [("90%", 3), ("80%", 0)])
def test_what_enters_at_the_cap_sells_at_every_rise(size, orders, tmp_path):
    """Which is why it is a warning: decided on day 1, filled on day 2, and brought back at each open from day 3 on."""
    text = AT_CAP.replace("buy 90%", f"buy {size}")
    told = [problem.code for problem in compile_source(Source("s.strat", text)).diagnostics]
    assert ("T432" in told) is (orders > 0)
    _, sold = ran(tmp_path, text, RISING)
    assert [row[5] for row in sold] == ["cap"] * orders
